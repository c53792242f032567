"""What else can keep a rule silent though the logged packets match: each cause with what the log says for or against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from scantui.events import CWR, ECE, PSH, Action, flag_text
from scantui.explain.rules.answer import Answer
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.flags import Mode
from scantui.safe_text import harmless


@dataclass(frozen=True, slots=True)
class Cause:
    """`state`: `open` (look there), `ruled out` by rule or log, or `certain`."""

    name: str
    state: str
    text: str


def causes(found: Answer, bench: Bench) -> list[Cause]:
    """The causes for silence on the packets of `bench` that the rule matches."""
    if not found.matched:
        return []
    rule = found.rule
    matched: Any = bench.verdict(rule).yes
    if rule.firewall:
        return [*_loading(found), _order()]
    return [
        *_loading(found),
        *_flags(found, bench, matched),
        *_addresses(found),
        _position(bench, matched),
        *_threshold(found),
    ]


def _loading(found: Answer) -> list[Cause]:
    rule = found.rule
    made = []
    for finding in rule.findings:
        if finding.level == "error" and finding.code.startswith("load"):
            made.append(Cause("rule refused", "certain", finding.text))
    if not rule.enabled:
        made.append(Cause("rule disabled", "certain", f"it is commented out in line {rule.line}"))
    else:
        where = "the firewall has" if rule.firewall else "the sensor has"
        text = (
            f"it is enabled in line {rule.line}; whether {where} loaded it, with no later list that disables it, is to be looked "
            "up there"
        )
        made.append(Cause("rule disabled", "open", text))
    return made


def _order() -> Cause:
    text = "a rule before it in the chain, or in another chain, may have taken the packets first"
    return Cause("order of rules", "open", text)


def _flags(found: Answer, bench: Bench, matched: Any) -> list[Cause]:
    rule = found.rule
    test = rule.flags
    if test is None or test.mode is not Mode.EXACT:
        return []
    loose = ~(test.listed | test.ignored)
    names = [flag_text(bit) for bit in (ECE, CWR, PSH) if bit & loose]
    if not names:
        return []
    sets = ", ".join(flag_text(int(flags)) for flags in np.unique(bench.events.flags[matched]).tolist()[:4])
    text = (
        f"flags:{rule.flags_text} is exact; the log gives these packets {sets} and nothing more, so it "
        "matches them if the log names every "
        f"bit. Packets with {', '.join(names)} too would not match"
    )
    return [Cause("exact flags", "open", text)]


def _addresses(found: Answer) -> list[Cause]:
    rule = found.rule
    if "$" in rule.text.split("(", 1)[0]:
        text = (
            "it matches with the values given here; if the sensor's own $HOME_NET or $EXTERNAL_NET differ, "
            "its answer does"
        )
        return [Cause("HOME_NET", "open", text)]
    return [Cause("HOME_NET", "ruled out", "the rule's header uses no variable")]


def _position(bench: Bench, matched: Any) -> Cause:
    action = bench.events.action[matched]
    weight = bench.weight[matched]
    total = int(weight.sum())
    stopped = int(weight[np.isin(action, (Action.DROP, Action.REJECT))].sum())
    if stopped:
        words = [
            bench.events.tables.texts.text(int(code))
            for code in np.unique(bench.events.rule[matched]).tolist()[:2]
            if code
        ]
        said = f" (log: {', '.join(harmless(word, 40) for word in words)})" if words else ""
        text = (
            f"the firewall dropped or rejected {stopped:,} of these {total:,}{said}: a sensor behind it never saw them"
        )
        return Cause("sensor position", "open", text)
    if (action == Action.ACCEPT).all():
        return Cause(
            "sensor position",
            "open",
            "the firewall let them pass; a sensor on another link does not see them all the same",
        )
    return Cause(
        "sensor position",
        "open",
        "the log does not say what became of them; a sensor behind a firewall that dropped them never saw them",
    )


def _threshold(found: Answer) -> list[Cause]:
    rule = found.rule
    if rule.silent:
        return [Cause("noalert", "certain", "the rule never alerts itself")]
    if not rule.limits:
        text = (
            "the rule has none; an event_filter, threshold or suppress line elsewhere (threshold.conf, threshold.config) "
            "would count: name that file too"
        )
        return [Cause("threshold", "open", text)]
    words = "; ".join(limit.text for limit in rule.limits)
    if found.alerts is None:
        return [Cause("threshold", "open", f"{words}: not worked out here")]
    left = f"{found.alerts:,} alert{'' if found.alerts == 1 else 's'} left of {found.matched:,} matches"
    return [Cause("threshold", "open" if found.alerts else "certain", f"{words}: {left}")]
