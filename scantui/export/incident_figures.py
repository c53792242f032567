"""The drawings of an incident report: packets over time, by outcome, by port and by target."""

from __future__ import annotations

import numpy as np

from scantui.events import Events
from scantui.export.activity import OUTCOMES, Spans, Strip, ports, spans_of, strip, targets
from scantui.export.document import Block, Figure
from scantui.export.handover import Handover
from scantui.export.times import iso, span

_TICKS = 5  # labels along the time axis


def figures(handover: Handover, events: Events | None, key: str, whose: str) -> tuple[Block, ...]:
    """Drawings of `events` (in time order), none where there is nothing to draw. `key` is a word for their names."""
    spans = spans_of(events) if events is not None else None
    if events is None or spans is None:
        return ()
    labels = _labels(handover, spans)
    made: list[Figure] = []
    each = "Columns are the log's lines in their order: their stamps are too few to tell a course."
    if not spans.by_order:  # a count by order says nothing
        bars = strip(events, spans)
        each = f"A column is {span(spans.width)}."
        made.append(
            Figure(
                f"{key}-time", f"Packets of {whose} over time", f"{each} {_peak(handover, bars, spans)}", bars, labels
            )
        )
    grid = ports(events, spans, _names(handover))
    if grid is not None:
        row, column = np.unravel_index(int(np.argmax(grid.counts)), grid.counts.shape)
        says = f"{each} {_most(handover, grid.labels[row], grid.counts[row, column], spans, int(column))}"
        made.append(Figure(f"{key}-ports", f"Packets of {whose} by destination port and time", says, grid, labels))
    grid = targets(events, spans)
    if grid is not None:
        row, column = np.unravel_index(int(np.argmax(grid.counts)), grid.counts.shape)
        says = f"{each} Targets in the order in which they were first met; +n: so many more share the row. " + _most(
            handover, grid.labels[row], grid.counts[row, column], spans, int(column)
        )
        made.append(Figure(f"{key}-targets", f"Packets of {whose} by target and time", says, grid, labels))
    return tuple(made)


def _names(handover: Handover) -> dict[int, str]:
    """Ports that have a name in the monitor's heatmap."""
    heat = handover.snapshot.heat
    rows = zip(heat.low.tolist(), heat.high.tolist(), heat.names, strict=True)
    return {low: name for low, high, name in rows if low == high and low >= 0}


def _peak(handover: Handover, bars: Strip, spans: Spans) -> str:
    totals = bars.counts.sum(axis=0)
    column = int(np.argmax(totals))
    shares = ", ".join(
        f"{count:,} {name}" for name, count in zip(OUTCOMES, bars.counts.sum(axis=1).tolist(), strict=True) if count
    )
    most = f"The most in a column: {int(totals[column]):,}{_when(handover, spans, column)}."
    return f"{int(totals.sum()):,} packets: {shares}. {most}"


def _most(handover: Handover, label: str, count: int, spans: Spans, column: int) -> str:
    return f"The most in a cell: {int(count):,} packets, {label}{_when(handover, spans, column)}."


def _when(handover: Handover, spans: Spans, column: int) -> str:
    if spans.by_order:
        return ""
    return f" at {_clock(handover, spans, spans.start + column * spans.width)}"


def _labels(handover: Handover, spans: Spans) -> list[tuple[float, str]]:
    """Labels along the axis: times at whole spans, or how many lines."""
    if spans.by_order:
        return [(0.0, "first line"), (1.0, "last line")]
    step = max(1, -(-spans.count // _TICKS))
    return [
        (column / spans.count, _clock(handover, spans, spans.start + column * spans.width))
        for column in range(0, spans.count, step)
        if column == 0 or column / spans.count < 0.95
    ]


def _clock(handover: Handover, spans: Spans, micros: int) -> str:
    """As much of a time as the spans need: day and minute, or time of day."""
    text = iso(micros, handover.wishes.where)
    if spans.width >= 86_400_000_000:
        return text[:10]
    if spans.width >= 60_000_000:
        return f"{text[5:10]} {text[11:16]}"
    return text[11:19] if spans.width >= 1_000_000 else text[11:23]
