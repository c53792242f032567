"""Rule exports: numbers, counts and comments; read back by our own parser and by one that is not ours."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import suricataparser

from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.ruleset import read_rules
from scantui.export import snort2, snort3, suricata
from scantui.export.handover import FIRST_SID, Export, Handover
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing

KINDS = [(snort2.EXPORT, Dialect.SNORT2), (snort3.EXPORT, Dialect.SNORT3), (suricata.EXPORT, Dialect.SURICATA)]


def written(export: Export, handover: Handover) -> str:
    return "".join(str(chunk) for chunk in export.render(handover))


def rules_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.match(r"(# )?alert ", line)]


@pytest.mark.parametrize(("export", "dialect"), KINDS)
@pytest.mark.parametrize("log", [SYNFIN, MIXED])
def test_every_rule_loads(export: Export, dialect: Dialect, log: str) -> None:
    text = written(export, demo(log))
    read = read_rules([("export.rules", text)], dialect=dialect)
    assert not read.refusals
    assert len(read.rules) == len(rules_of(text)) > 1
    assert all(rule.loads for rule in read.rules)
    findings = [
        finding for rule in read.rules for finding in rule.findings if finding.level == "warning" and rule.enabled
    ]
    assert {finding.code for finding in findings} <= {
        "exact flags",
        "S without mask",
    }  # as the narrowest are meant to be
    assert all(f"# warning: {finding.text}" in text for finding in findings)
    assert [rule.sid for rule in read.rules] == list(range(FIRST_SID, FIRST_SID + len(read.rules)))
    assert [rule.enabled for rule in read.rules] == [line.startswith("alert") for line in rules_of(text)]


@pytest.mark.parametrize(("export", "dialect"), KINDS)
def test_another_parser_reads_the_same(export: Export, dialect: Dialect) -> None:
    text = written(export, demo(MIXED))
    theirs = suricataparser.parse_rules(text)
    ours = read_rules([("export.rules", text)], dialect=dialect).rules
    told = [(rule.sid, rule.enabled, rule.action, rule.msg) for rule in theirs]
    assert told == [(rule.sid, rule.enabled, rule.action, rule.message) for rule in ours]
    assert {rule.classtype for rule in theirs} == {"attempted-recon"}


@pytest.mark.parametrize(("export", "dialect"), KINDS)
def test_the_narrowest_take_their_scans_and_the_counts_are_true(export: Export, dialect: Dialect) -> None:
    handover = demo(MIXED)
    assert handover.events is not None
    bench = Bench(handover.events)
    lines = written(export, handover).splitlines()
    narrow = [at for at, line in enumerate(lines) if line.startswith("# narrowest")]
    assert len(narrow) == len(handover.marks)
    for at in narrow:
        matched, packets = re.match(r"# ([\d,]+) of ([\d,]+) packets of the scan", lines[at + 1]).groups()  # type: ignore[union-attr]
        rule = next(line for line in lines[at:] if line.startswith("alert"))
        verdict = bench.verdict(read_rules([("one", rule)], dialect=dialect).rules[0])
        assert f"{bench.packets(verdict.yes):,}" == matched == packets


def test_what_alerts_on_others_is_commented_out() -> None:
    text = written(snort3.EXPORT, demo(MIXED))
    quiet = [line for line in text.splitlines() if line.startswith("alert") and " any any -> any any " in line]
    loud = [line for line in text.splitlines() if line.startswith("# alert")]
    assert ["flags:0;" in line or "count 11," in line for line in quiet] == [True, True]
    assert ["count 2," in line or "detection_filter" not in line for line in loud] == [True, True]
    above = text.splitlines()[text.splitlines().index(loud[0]) - 1]
    assert "99 sources that did not scan, 166 alerts for them" in above


def test_one_filter_stands_for_those_that_count_further() -> None:
    text = written(snort3.EXPORT, demo(MIXED))
    (line,) = (line for line in text.splitlines() if line.startswith("# broadest") and " more" in line)
    assert line.startswith("# broadest, 198.18.115.223, ")
    assert line.endswith("and 12 more")


def test_numbers_begin_where_wished() -> None:
    text = written(suricata.EXPORT, wishing(demo(SYNFIN), sid=9_000_000))
    assert re.findall(r"sid:(\d+);", text) == ["9000000", "9000001"]
    with pytest.raises(ValueError, match="at most 4294967295"):
        written(suricata.EXPORT, wishing(demo(SYNFIN), sid=(1 << 32) - 1))


def test_nothing_to_draft_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rule can be drafted"):
        written(snort3.EXPORT, demo(MIXED, "198.51.100.200"))
    with pytest.raises(ValueError, match="no rule can be drafted"):
        written(snort3.EXPORT, replace(demo(SYNFIN), dossiers={}))


def test_who_has_no_rule_is_told() -> None:
    text = written(snort3.EXPORT, demo(MIXED, "203.0.113.51", "198.51.100.200"))
    assert "# 198.51.100.200: no rule: not judged a scan" in text


def test_no_note_is_in_a_rule_file() -> None:
    assert written(snort3.EXPORT, noted(demo(SYNFIN), "\nalert")) == written(snort3.EXPORT, demo(SYNFIN))
