"""The report on rules as data: schema `scantui.rules/1`. Every form of it tells what stands here, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from scantui.detect.scan import Scan, Verdict
from scantui.events import Events
from scantui.explain.rules.answer import Answer, answer, near_first
from scantui.explain.rules.causes import causes
from scantui.explain.rules.decoder import decoder_notes
from scantui.explain.rules.draft import drafts
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.reach import Reach, Yard
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import Ruleset
from scantui.explain.rules.telling import told

SCHEMA = "scantui.rules/1"
_MOST_NEAR = 25  # answers told a scan; the others are counted


class RefusalItem(msgspec.Struct, frozen=True):
    path: str
    line: int
    reason: str
    text: str


class FindingItem(msgspec.Struct, frozen=True):
    level: str
    code: str
    text: str


class ReachItem(msgspec.Struct, frozen=True):
    """`alerts` is null when a threshold's effect is not worked out, `alerts_a_day` also for a log shorter than a day."""

    packets: int
    undecided: int
    sources: int
    scans: int
    scans_in_all: int
    suspects: int
    suspects_in_all: int
    benign_sources: int
    benign_packets: int
    alerts: int | None
    alerts_a_day: float | None
    first: str | None


class RuleItem(msgspec.Struct, frozen=True):
    name: str
    path: str
    line: int
    dialect: str
    enabled: bool
    loads: bool
    message: str
    text: str
    findings: list[FindingItem]
    whole_log: ReachItem


class StopItem(msgspec.Struct, frozen=True):
    """`alone`: packets that this clause alone stopped; `unknown`: those of which it cannot tell for want of `needs`."""

    clause: str
    stopped: int
    alone: int
    unknown: int
    needs: str


class CauseItem(msgspec.Struct, frozen=True):
    name: str
    state: str
    text: str


class AnswerItem(msgspec.Struct, frozen=True):
    rule: str
    path: str
    line: int
    fires: bool
    packets: int
    matched: int
    undecided: int
    stopped: int
    first: str | None
    alerts: int | None
    first_alert: str | None
    missing: list[str]
    stops: list[StopItem]
    causes: list[CauseItem]
    told: str


class DraftItem(msgspec.Struct, frozen=True):
    breadth: str
    language: str
    text: str
    matched: int
    packets: int
    whole_log: ReachItem


class SubjectItem(msgspec.Struct, frozen=True):
    """Packets that were asked about: one scan, or all of one source. `verdict` is empty when nothing was judged.

    `others` rules neither fire nor come near; they are counted, not listed."""

    id: str
    sources: list[str]
    verdict: str
    kind: str
    techniques: list[str]
    packets: int
    first: str | None
    last: str | None
    answers: list[AnswerItem]
    others: int
    notes: list[str]
    drafts: list[DraftItem]


class RulesReport(msgspec.Struct, frozen=True):
    schema: str
    version: str
    dialect: str
    dialect_reason: str
    dialect_obvious: bool
    packets: int
    first: str | None
    last: str | None
    refusals: list[RefusalItem]
    includes: list[str]
    rules: list[RuleItem]
    subjects: list[SubjectItem]


@dataclass(frozen=True)
class Subject:
    """What to answer for: a scan, or the events of a source that none was found of."""

    id: str
    sources: tuple[str, ...]
    events: Events
    scan: Scan | None = None


def check(
    rules: Ruleset, yard: Yard, subjects: Sequence[Subject], when: Callable[[int], str], version: str
) -> RulesReport:
    """Every rule against the whole log and against each subject. `when` writes microseconds UTC as text."""
    events = yard.bench.events
    return RulesReport(
        schema=SCHEMA,
        version=version,
        dialect=rules.dialect.value,
        dialect_reason=rules.guess.reason,
        dialect_obvious=rules.guess.obvious,
        packets=int(yard.bench.weight.sum()),
        first=when(int(events.ts[0])) if len(events) else None,
        last=when(int(events.ts[-1])) if len(events) else None,
        refusals=[RefusalItem(one.path, one.line, one.reason, one.text) for one in rules.refusals],
        includes=list(rules.includes),
        rules=[_rule(rule, yard, when) for rule in rules.rules],
        subjects=[_subject(subject, rules, yard, when) for subject in subjects],
    )


def _rule(rule: Rule, yard: Yard, when: Callable[[int], str]) -> RuleItem:
    return RuleItem(
        name=rule.name,
        path=rule.path,
        line=rule.line,
        dialect=rule.dialect.value,
        enabled=rule.enabled,
        loads=rule.loads,
        message=rule.message,
        text=rule.text,
        findings=[FindingItem(one.level, one.code, one.text) for one in rule.findings],
        whole_log=_reach(yard.reach(rule), when),
    )


def _reach(found: Reach, when: Callable[[int], str]) -> ReachItem:
    return ReachItem(
        packets=found.packets,
        undecided=found.undecided,
        sources=found.sources,
        scans=found.scans,
        scans_in_all=found.scans_in_all,
        suspects=found.suspects,
        suspects_in_all=found.suspects_in_all,
        benign_sources=found.benign,
        benign_packets=found.benign_packets,
        alerts=found.alerts,
        alerts_a_day=found.alerts_a_day,
        first=None if found.first is None else when(found.first),
    )


def _subject(subject: Subject, rules: Ruleset, yard: Yard, when: Callable[[int], str]) -> SubjectItem:
    bench = Bench(subject.events)
    answers = sorted((answer(rule, bench) for rule in rules.rules), key=near_first)
    shown = [one for one in answers if one.fires or one.near or len(rules.rules) == 1]
    scan = subject.scan
    ts = bench.events.ts
    made = []
    if len(bench):
        for draft in drafts(bench.events):
            whole = bench.verdict(draft.rule)
            reach = _reach(yard.reach(draft.rule), when)
            made.append(
                DraftItem(
                    draft.breadth, draft.language, draft.text, bench.packets(whole.yes), int(bench.weight.sum()), reach
                )
            )
    return SubjectItem(
        id=subject.id,
        sources=list(subject.sources),
        verdict=scan.verdict.value if scan else "",
        kind=scan.kind.value if scan and scan.verdict is not Verdict.BENIGN else "",
        techniques=list(scan.techniques) if scan else [],
        packets=int(bench.weight.sum()),
        first=when(int(ts[0])) if len(ts) else None,
        last=when(int(ts[-1])) if len(ts) else None,
        answers=[_answer(one, bench, when) for one in shown[:_MOST_NEAR]],
        others=len(answers) - len(shown[:_MOST_NEAR]),
        notes=_notes(bench),
        drafts=made,
    )


def _answer(found: Answer, bench: Bench, when: Callable[[int], str]) -> AnswerItem:
    why = causes(found, bench)
    rule = found.rule
    return AnswerItem(
        rule=rule.name,
        path=rule.path,
        line=rule.line,
        fires=found.fires,
        packets=found.packets,
        matched=found.matched,
        undecided=found.undecided,
        stopped=found.stopped,
        first=None if found.first is None else when(found.first),
        alerts=found.alerts,
        first_alert=None if found.first_alert is None else when(found.first_alert),
        missing=list(found.missing),
        stops=[
            StopItem(one.clause.text, one.stopped, one.alone, one.unknown, one.clause.needs)
            for one in found.stops
            if one.stopped or one.unknown
        ],
        causes=[CauseItem(one.name, one.state, one.text) for one in why],
        told=told(found, why),
    )


def _notes(bench: Bench) -> list[str]:
    """What Snort's own decoder says of such packets, and how exact the counts are."""
    notes = decoder_notes(bench)
    if not bench.single:
        notes.append("some rows stand for several packets of one time; thresholds count them at that time")
    return notes
