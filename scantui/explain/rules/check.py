"""The report on rules as data: schema `scantui.rules/1`. Every form of it tells what stands here, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from scantui.detect.scan import Verdict
from scantui.explain.rules.reach import Reach
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.telling import told
from scantui.explain.rules.trial import Drafted, Outcome, Trial, Tried

SCHEMA = "scantui.rules/1"


class RefusalItem(msgspec.Struct, frozen=True):
    path: str
    line: int
    reason: str
    text: str


class IncludeItem(msgspec.Struct, frozen=True):
    """A file that another names and that was not read."""

    path: str
    line: int
    file: str
    reason: str


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
    benign_alerts: int | None
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
    """`note`: what the narrowest holds beyond the scan's hosts and ports, empty when nothing."""

    breadth: str
    language: str
    text: str
    note: str
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
    """`read`: rules there were; `rules` lists those that were asked of the whole log, all of them in `rules check`.
    `packets`, `first` and `last` are of the events the reach was measured on; `newest_only`: older ones were left out."""

    schema: str
    version: str
    dialect: str
    dialect_reason: str
    dialect_obvious: bool
    packets: int
    first: str | None
    last: str | None
    newest_only: bool
    read: int
    refusals: list[RefusalItem]
    includes: list[IncludeItem]
    rules: list[RuleItem]
    subjects: list[SubjectItem]


When = Callable[[int], str]  # writes microseconds UTC as text


def report(outcome: Outcome, when: When, version: str) -> RulesReport:
    """What came out, as data."""
    rules, extent = outcome.rules, outcome.extent
    return RulesReport(
        schema=SCHEMA,
        version=version,
        dialect=rules.dialect.value,
        dialect_reason=rules.guess.reason,
        dialect_obvious=rules.guess.obvious,
        packets=extent.packets,
        first=_time(extent.first, when),
        last=_time(extent.last, when),
        newest_only=extent.newest_only,
        read=len(rules.rules),
        refusals=[RefusalItem(one.path, one.line, one.reason, one.text) for one in rules.refusals],
        includes=[IncludeItem(one.path, one.line, one.file, one.reason) for one in rules.includes],
        rules=[_rule(rule, reach, when) for rule, reach in outcome.listed],
        subjects=[_subject(trial, when) for trial in outcome.trials],
    )


def _time(micros: int | None, when: When) -> str | None:
    return None if micros is None else when(micros)


def _rule(rule: Rule, reach: Reach, when: When) -> RuleItem:
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
        whole_log=_reach(reach, when),
    )


def _reach(found: Reach, when: When) -> ReachItem:
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
        benign_alerts=found.benign_alerts,
        first=_time(found.first, when),
    )


def _subject(trial: Trial, when: When) -> SubjectItem:
    scan = trial.scan
    return SubjectItem(
        id=trial.id,
        sources=list(trial.sources),
        verdict=scan.verdict.value if scan else "",
        kind=scan.kind.value if scan and scan.verdict is not Verdict.BENIGN else "",
        techniques=list(scan.techniques) if scan else [],
        packets=trial.packets,
        first=_time(trial.first, when),
        last=_time(trial.last, when),
        answers=[_answer(one, when) for one in trial.tried],
        others=trial.others,
        notes=list(trial.notes),
        drafts=[_draft(one, trial.packets, when) for one in trial.drafts],
    )


def _draft(one: Drafted, packets: int, when: When) -> DraftItem:
    draft = one.draft
    return DraftItem(
        draft.breadth, draft.language, draft.text, draft.note, one.matched, packets, _reach(one.reach, when)
    )


def _answer(tried: Tried, when: When) -> AnswerItem:
    found = tried.answer
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
        first=_time(found.first, when),
        alerts=found.alerts,
        first_alert=_time(found.first_alert, when),
        missing=list(found.missing),
        stops=[
            StopItem(one.clause.text, one.stopped, one.alone, one.unknown, one.clause.needs)
            for one in found.stops
            if one.stopped or one.unknown
        ],
        causes=[CauseItem(one.name, one.state, one.text) for one in tried.causes],
        told=told(found, tried.causes),
    )
