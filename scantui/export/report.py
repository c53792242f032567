"""The report as data: schema `scantui.report/1` (docs/report.schema.json), made from a snapshot."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, tzinfo

import msgspec

from scantui import __version__
from scantui.detect.scan import Cluster, Evidence, Scan, Signature, Verdict, port_ranges
from scantui.explain.attribution import NAMED, Attribution
from scantui.explain.toolbook import CUSTOM
from scantui.export.times import iso
from scantui.safe_text import harmless
from scantui.snapshot import InputStatus, Snapshot

SCHEMA = "scantui.report/1"
_MOST_ODDS = 999.0  # JSON has no infinity
_RANK = {Verdict.SCAN: 0, Verdict.SUSPECT: 1, Verdict.BENIGN: 2}

Value = int | str


class InputItem(msgspec.Struct, frozen=True):
    """One input as it was read."""

    path: str
    format: str
    lines: int
    events: int
    unread: int
    doubt: str  # why the format may be the wrong one


class EventsItem(msgspec.Struct, frozen=True):
    count: int
    first: str | None
    last: str | None


class SignatureItem(msgspec.Struct, frozen=True):
    name: str
    fields: dict[str, Value]


class EvidenceItem(msgspec.Struct, frozen=True):
    """`weight` in log-odds (natural log)."""

    name: str
    weight: float
    text: str


class ToolItem(msgspec.Struct, frozen=True):
    """A tool that could have sent this; `missing` are the columns the log did not give."""

    name: str
    probability: float
    speaks_for: list[str] = msgspec.field(name="for")
    against: list[str]
    missing: list[str]


class ScanItem(msgspec.Struct, frozen=True):
    id: str
    sources: list[str]
    kind: str
    slow: bool
    proto: str
    techniques: list[str]
    first: str
    last: str
    flagged_at: str | None
    events: int
    targets: int
    ports: int
    port_ranges: str
    score: float
    verdict: str
    signature: SignatureItem
    evidence: list[EvidenceItem]
    tools: list[ToolItem]
    cluster: str | None


class ClusterItem(msgspec.Struct, frozen=True):
    id: str
    scans: list[str]
    sources: list[str]
    relation: str
    signature: dict[str, Value]
    first: str
    last: str


class FeedItem(msgspec.Struct, frozen=True):
    """`cannot_see`: what these inputs can never show; `dropped_lines`: lines that were lost before they were read."""

    cannot_see: list[str]
    dropped_lines: int
    judging: list[str]  # home networks, sensitivity, allow-list: what the verdicts rest on and hold back


class Report(msgspec.Struct, frozen=True):
    """Keys in this order; lists in a fixed order, so that equal runs give equal bytes."""

    schema: str
    version: str
    inputs: list[InputItem]
    events: EventsItem
    scans: list[ScanItem]
    clusters: list[ClusterItem]
    feed: FeedItem


def report(
    snapshot: Snapshot,
    *,
    everything: bool = False,
    where: tzinfo = UTC,
    cannot_see: Iterable[str] = (),
    dropped_lines: int = 0,
) -> Report:
    """The report on `snapshot`: scans and suspects, with `everything` the benign too; times in zone `where`."""
    shown = [scan for scan in snapshot.scans if everything or scan.verdict is not Verdict.BENIGN]
    shown.sort(key=weightiest_first)
    ids = {scan.id for scan in shown}
    return Report(
        schema=SCHEMA,
        version=__version__,
        inputs=[input_item(item) for item in snapshot.status.inputs],
        events=_events(snapshot, where),
        scans=[scan_item(scan, snapshot, where) for scan in shown],
        clusters=[
            cluster_item(cluster, snapshot, where) for cluster in snapshot.clusters if not ids.isdisjoint(cluster.scans)
        ],
        feed=FeedItem(
            [harmless(text) for text in (*snapshot.cannot_see, *cannot_see)],
            dropped_lines,
            list(snapshot.status.judging),
        ),
    )


def weightiest_first(scan: Scan) -> tuple[int, float, int, str]:
    """Sort key: scans before suspects before the benign, then by score, time and id."""
    return (_RANK[scan.verdict], -scan.score, scan.first, scan.id)


def input_item(item: InputStatus) -> InputItem:
    return InputItem(harmless(item.path), item.format, item.lines, item.events, item.unread, harmless(item.doubt))


def scan_item(scan: Scan, snapshot: Snapshot, where: tzinfo = UTC) -> ScanItem:
    """One scan as the report tells it."""
    return ScanItem(
        id=scan.id,
        sources=[snapshot.address(code) for code in scan.sources],
        kind=scan.kind.value,
        slow=scan.slow,
        proto=scan.proto,
        techniques=list(scan.techniques),
        first=iso(scan.first, where),
        last=iso(scan.last, where),
        flagged_at=None if scan.flagged_at is None else iso(scan.flagged_at, where),
        events=scan.events,
        targets=scan.targets,
        ports=scan.ports,
        port_ranges=port_ranges(scan.port_list),
        score=_odds(scan.score),
        verdict=scan.verdict.value,
        signature=_signature(scan.signature),
        evidence=[_evidence(item) for item in scan.evidence],
        tools=tool_items(snapshot.tools.get(scan.id)),
        cluster=scan.cluster,
    )


def tool_items(tools: Attribution | None) -> list[ToolItem]:
    """The candidates; where none is named, also the program of unknown make, unless it is more likely than not."""
    if tools is None:
        return []
    items = [
        ToolItem(one.name, one.probability, list(one.speaks_for), list(one.against), list(one.missing))
        for one in tools.candidates
    ]
    if tools.named is None and 0 < tools.other < NAMED:
        items.append(ToolItem(CUSTOM, tools.other, [], [], []))
    return sorted(items, key=lambda item: -item.probability)


def cluster_item(cluster: Cluster, snapshot: Snapshot, where: tzinfo = UTC) -> ClusterItem:
    return ClusterItem(
        id=cluster.id,
        scans=list(cluster.scans),
        sources=[snapshot.address(code) for code in cluster.sources],
        relation=cluster.relation,
        signature=_values(cluster.signature),
        first=iso(cluster.first, where),
        last=iso(cluster.last, where),
    )


def _events(snapshot: Snapshot, where: tzinfo) -> EventsItem:
    sources = snapshot.sources
    if not len(sources):
        return EventsItem(snapshot.status.events, None, None)
    last = max(int(sources.last.max()), snapshot.status.now)
    return EventsItem(snapshot.status.events, iso(int(sources.first.min()), where), iso(last, where))


def _signature(signature: Signature) -> SignatureItem:
    return SignatureItem(harmless(signature.name), _values(signature.fields))


def _values(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: harmless(value) if isinstance(value, str) else int(value) for name, value in sorted(values.items())}


def _evidence(item: Evidence) -> EvidenceItem:
    return EvidenceItem(harmless(item.name), _odds(item.weight), harmless(item.text))


def _odds(value: float) -> float:
    """Log-odds at three decimals, a finite number always."""
    if math.isnan(value):
        raise ValueError("a score is not a number")
    return round(max(-_MOST_ODDS, min(_MOST_ODDS, float(value))), 3) + 0.0
