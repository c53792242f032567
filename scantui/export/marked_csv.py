"""Marked sources for spreadsheets: one row a marked source and scan; a source without a scan has one row."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.cells import Cell, rows
from scantui.export.handover import Export, Handover
from scantui.export.marked import MarkedSource, marked
from scantui.export.report_csv import SCAN_COLUMNS, scan_cells

_COLUMNS = ("source", "note", "judged", "source_verdict", "source_events", "source_ports", "source_targets", "source_first",
            "source_last")  # fmt: skip


def render(handover: Handover) -> Iterator[str]:
    return rows((*_COLUMNS, *SCAN_COLUMNS), _rows(marked(handover.snapshot, handover.marks).sources))


def _rows(sources: list[MarkedSource]) -> Iterator[tuple[Cell, ...]]:
    for item in sources:
        about: tuple[Cell, ...] = (item.source, item.note, item.judged, item.verdict, item.events, item.ports, item.targets,
                                   item.first, item.last)  # fmt: skip
        for scan in item.scans:
            yield (*about, *scan_cells(scan))
        if not item.scans:
            yield (*about, *(None for _ in SCAN_COLUMNS))


EXPORT = Export("csv", ".csv", "sources, one row a scan, safe to open in a spreadsheet", render)
