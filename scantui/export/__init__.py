"""What scantui writes for others: reports, and exports of marked sources. One file a kind; the registries are here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scantui.export import atomic
from scantui.export.marked_csv import render_marked_csv
from scantui.export.marked_json import render_marked_json
from scantui.export.report import Report
from scantui.export.report_csv import render_csv
from scantui.export.report_json import render_json, render_jsonl
from scantui.export.report_text import render_text
from scantui.snapshot import Mark, Snapshot


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file made from marked sources. `suffix` has its dot; `description` is one line for a menu."""

    name: str
    suffix: str
    description: str
    render: Callable[[Snapshot, Mapping[int, Mark]], Iterable[str]]

    def write(self, path: Path, snapshot: Snapshot, marks: Mapping[int, Mark], overwrite: bool = False) -> None:
        """Write the file in one step; see `atomic.write` for what it refuses."""
        atomic.write(path, self.render(snapshot, marks), overwrite)


EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        Export("csv", ".csv", "marked sources, one row a scan, safe to open in a spreadsheet", render_marked_csv),
        Export("json", ".json", "marked sources with their scans and evidence (scantui.marked/1)", render_marked_json),
    )
}

REPORTS: dict[str, Callable[[Report], Iterable[str]]] = {
    "text": render_text,
    "json": render_json,
    "jsonl": render_jsonl,
    "csv": render_csv,
}
