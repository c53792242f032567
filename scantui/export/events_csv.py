"""The events of the chosen sources for spreadsheets and scripts: one row an event, empty where the log did not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from scantui.export.cells import cell, columns
from scantui.export.event_columns import COLUMNS, Column, batches
from scantui.export.handover import Export, Handover, Needs
from scantui.export.times import iso


def render(handover: Handover) -> Iterator[str]:
    events = handover.events
    parts = batches(events, handover.paths) if events is not None else iter(())
    return columns(COLUMNS, ([_cells(column) for column in part] for part in parts))


def _cells(column: Column) -> Sequence[str]:
    if column.null.all():
        return [""] * len(column.values)
    values: list[Any] = column.values.tolist()
    if column.texts is not None:
        texts = [cell(text) for text in column.texts]
        told = [texts[place] for place in values]
    elif column.name == "ts":
        told = [iso(value) for value in values]
    elif column.name == "answered":
        told = [cell(value) for value in values]
    else:
        told = list(map(str, values))
    if column.null.any():
        told = ["" if null else text for text, null in zip(told, column.null.tolist(), strict=True)]
    return told


EXPORT = Export(
    "events-csv", ".csv", "events of the sources, one row each, safe to open in a spreadsheet", render, Needs.EVENTS
)
