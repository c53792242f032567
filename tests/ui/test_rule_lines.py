"""Rules in the detail pane: the same answers as `rules check`, wrapped; drafts in one line to be copied."""

from __future__ import annotations

import pytest

from scantui.explain.rules.ruleset import Ruleset, read_rules
from scantui.explain.rules.trial import Outcome
from scantui.ingest.follow import Follower
from scantui.resources import folder
from scantui.session import Options, Session
from scantui.ui.lines import Parts
from scantui.ui.rule_lines import draft_lines, rule_lines

NARROW = "alert tcp any any -> any :1023 (flags:SF; sid:1;)\n"


def tried(rules: Ruleset | None) -> Outcome:
    log = str(folder("demo_logs") / "synfin-burst.kv.log")
    detail = Session(Follower([log], follow=False), Options(rules=rules)).run_to_end("203.0.113.7").detail
    assert detail is not None and detail.rules is not None
    return detail.rules


def texts(lines: list[Parts]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("width", [30, 60, 100])
def test_why_the_rule_did_or_did_not_fire_in_any_width(width: int) -> None:
    lines = texts(list(rule_lines(tried(read_rules([("local.rules", NARROW + "nonsense\n")])), width)))
    flat = "".join("".join(lines).split())
    for part in ("destination port :1023 stopped 130 of 200; 70 matched", "look at: rule disabled, exact flags",
                 "sensor position (open)", "1 refused", "'nonsense' begins no rule", "warning: flags:SF is exact",
                 "whole log: 70 packets of 1 source", "note: Snort's decoder rule 116:420", "flags:SF+; classtype"):  # fmt: skip
        assert "".join(part.split()) in flat, part
    assert max(map(len, lines)) <= width


def test_drafts_come_in_the_language_of_the_rules() -> None:
    def told(text: str | None) -> str:
        rules = read_rules([("x", text)]) if text else None
        return " ".join(" ".join(texts(list(rule_lines(tried(rules), 120)))).split())

    without = told(None)
    assert "no rules given; --rules FILE" in without and "snort3, suricata" in without and "iptables" not in without
    firewall = told("iptables -A INPUT -p tcp --tcp-flags SYN,FIN SYN,FIN -j DROP")
    assert "-j LOG" in firewall and "classtype" not in firewall
    assert "classtype" in told(NARROW) and "suricata" not in told(NARROW).partition("narrowest")[2]


def test_all_drafts_stand_in_one_line_each_to_be_copied() -> None:
    found = tried(None)
    drafts = [one.draft.text for one in found.trials[0].drafts]
    assert len(drafts) == 8
    assert [line.endswith(f" {text}") for line, text in zip(texts(list(draft_lines(found))), drafts, strict=True)] == [
        True
    ] * 8


def test_what_a_rule_file_says_is_shown_and_not_obeyed() -> None:
    evil = read_rules([("a\x1b[2J.rules", NARROW + "\x1b]0;x\x07 \u202ehello\n"), ("b", "include \x9b31m\n")])
    found = tried(evil)
    lines = [*rule_lines(found, 60), *draft_lines(found)]
    assert all(text.isprintable() for text in texts(lines))
