"""What the analyst marked, as data: each marked source with its scans. The exports render this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

import msgspec
import numpy as np

from scantui import __version__
from scantui.export.report import ScanItem, scan_item, weightiest_first
from scantui.export.times import iso
from scantui.safe_text import harmless
from scantui.snapshot import VERDICT_NAMES, Mark, Snapshot

SCHEMA = "scantui.marked/1"


class MarkedSource(msgspec.Struct, frozen=True):
    """One marked source. The counts are null for a source the session holds no events of."""

    source: str
    note: str
    judged: str  # the analyst's verdict; "" is none
    verdict: str  # "" is too little to judge
    events: int | None
    ports: int | None
    targets: int | None
    first: str | None
    last: str | None
    scans: list[ScanItem]


class Marked(msgspec.Struct, frozen=True):
    schema: str
    version: str
    sources: list[MarkedSource]


def marked(snapshot: Snapshot, marks: Mapping[int, Mark], where: tzinfo = UTC) -> Marked:
    """The marked sources in the order they were marked, each with its scans, weightiest first."""
    return Marked(SCHEMA, __version__, [_source(snapshot, mark, where) for mark in marks.values()])


def _source(snapshot: Snapshot, mark: Mark, where: tzinfo) -> MarkedSource:
    table = snapshot.sources
    scans = sorted((scan for scan in snapshot.scans if mark.code in scan.sources), key=weightiest_first)
    items = [scan_item(scan, snapshot, where) for scan in scans]
    address, note = snapshot.address(mark.code), harmless(mark.note)
    row = int(np.searchsorted(table.code, np.uint32(mark.code)))
    if row >= len(table) or int(table.code[row]) != mark.code:
        return MarkedSource(address, note, mark.verdict, "", None, None, None, None, None, items)
    return MarkedSource(
        source=address,
        note=note,
        judged=mark.verdict,
        verdict=VERDICT_NAMES[table.verdict[row]],
        events=int(table.events[row]),
        ports=int(table.ports[row]),
        targets=int(table.targets[row]),
        first=iso(int(table.first[row]), where),
        last=iso(int(table.last[row]), where),
        scans=items,
    )
