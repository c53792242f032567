"""When: events, ports and targets over time, the longest silence, and the episodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from scantui.snapshot import Course, Detail, Snapshot
from scantui.ui.burst_draw import plot
from scantui.ui.columns import VERDICT_SIGNS
from scantui.ui.detail.pieces import pace, section, shown, text
from scantui.ui.lines import Parts
from scantui.ui.text import EIGHTHS, clock, count, fit, middle, plain, span, spark, stamp

_CHART_ROWS, _PLOT_ROWS = 4, 8
_LANES = 6  # distinct values up to which each has a line of its own
_LABEL = 7
_WIDEST = 120  # columns of a chart


def when_lines(detail: Detail, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """From the first event to the last."""
    lasted = detail.last - detail.first
    yield ((" first  ", "muted"), (stamp(detail.first), "plain"))
    yield ((" last   ", "muted"), (stamp(detail.last), "plain"))
    within = span(lasted) if lasted else "one stamp"
    yield ((" in     ", "muted"), (f"{within}: {detail.events:,} events{pace(detail.events, lasted)}", "plain"))
    course = detail.course
    if course is not None and course.quiet > 0:
        yield from text(f"longest silence {span(course.quiet)}, from {stamp(course.quiet_from)}", width, "muted")
    if len(detail.episodes) > 1:
        yield from section(f"episodes ({len(detail.episodes)}; . later, , earlier)", width)
        yield from _episodes(detail, width)
    if course is None:
        return
    columns = _columns(len(course.events), width - _LABEL - 2)
    if course.by_order:
        yield from text("so few stamps tell no course; below is the order of the log", width, "muted")
    else:
        yield from section("events", width)
        yield from _chart(_binned(course.events, columns))
        yield _axis(course, columns)
        if (ruler := _ruler(detail, course, columns)) is not None:
            yield ruler
    yield from _over_time("ports", course.port_dots, course, columns, width, str)
    yield from _over_time(
        "targets", course.target_dots, course, columns, width, lambda code: plain(snapshot.address(code))
    )


def _episodes(detail: Detail, width: int) -> Iterator[Parts]:
    for number, scan in enumerate(detail.episodes):
        verdict = scan.verdict.value
        here = "▸" if number == detail.episode else " "
        told = f"{stamp(scan.first)[:19]}  {span(scan.last - scan.first)}  {scan.kind.value}  {scan.ports:,} × {scan.targets:,}"
        yield (
            (here, "accent"),
            (f"{VERDICT_SIGNS[verdict]} ", verdict),
            (fit(told, max(8, width - 4)).rstrip(), "plain"),
        )


def _columns(spans: int, room: int) -> int:
    """As many columns as fit of which each is the same number of spans, so that a steady rate looks steady."""
    return max(n for n in range(1, min(_WIDEST, max(1, room)) + 1) if spans % n == 0)


def _binned(values: NDArray[np.int64], columns: int) -> NDArray[np.int64]:
    """Sums over columns of equal width; `columns` divides them."""
    return values.reshape(columns, -1).sum(axis=1)


def _chart(values: NDArray[np.int64]) -> Iterator[Parts]:
    """Columns of eighth blocks; what is there is never drawn as nothing."""
    peak = max(1, int(values.max()))
    heights = np.where(values > 0, np.maximum(1, np.rint(values * _CHART_ROWS * 8 / peak)), 0).astype(np.int64)
    for row in range(_CHART_ROWS - 1, -1, -1):
        filled = np.clip(heights - row * 8, 0, 8).tolist()
        label = count(peak) if row == _CHART_ROWS - 1 else "0" if row == 0 else ""
        yield ((f"{label:>{_LABEL - 1}} ", "muted"), ("│", "muted"), ("".join(EIGHTHS[n] for n in filled), "accent"))


def _axis(course: Course, columns: int) -> Parts:
    """The clock at both ends, and how long a column is."""
    end = course.start + course.width * len(course.events)
    left, right = clock(course.start, end), clock(end, end)
    between = columns - len(left) - len(right)
    name = f"a column {span(course.width * len(course.events) // columns)}"
    gap = name.center(between) if between >= len(name) + 2 else " " * max(1, between)
    return ((f"{'':{_LABEL}} {left}{gap}{right}", "muted"),)


def _ruler(detail: Detail, course: Course, columns: int) -> Parts | None:
    """Where the episode shown lies, when there are others."""
    scan = shown(detail)
    if scan is None or len(detail.episodes) < 2:
        return None
    total = course.width * len(course.events)
    start, end = (max(0, min(columns - 1, (at - course.start) * columns // total)) for at in (scan.first, scan.last))
    line = "▸" if start == end else "├" + "─" * (end - start - 1) + "┤"
    return ((f"{'':{_LABEL}} {' ' * start}", "muted"), (line, "strong"), (" this episode", "muted"))


def _over_time(
    name: str, dots: NDArray[np.int64], course: Course, columns: int, width: int, label: Callable[[int], str]
) -> Iterator[Parts]:
    """Values over time: a line each where they are few, else as dots, ascending from below."""
    if not len(dots) or (course.by_order and len(set(dots[:, 1].tolist())) == 1):
        return
    values, at = np.unique(dots[:, 1], return_inverse=True)
    over = "in order" if course.by_order else "over time"
    spans = len(course.events)
    if len(values) <= _LANES:
        widest = min(max(len(label(int(value))) for value in values), max(_LABEL - 1, width // 3))
        columns = _columns(spans, min(columns, width - widest - 3))
        yield from section(f"{name} {over}", width)
        for row, value in enumerate(values.tolist()):
            mine = dots[at == row]
            series = np.bincount(mine[:, 0], mine[:, 2], spans).astype(np.int64)
            lane = spark(tuple(_binned(series, columns).tolist()), columns)
            yield ((f" {middle(label(value), widest):>{widest}} ", "muted"), (lane, "accent"))
        return
    low, high = label(int(values[0])), label(int(values[-1]))
    yield from section(f"{name} {over}: {len(values):,}, {low} to {high}", width)
    ys, up = (dots[:, 1], (int(values[0]), int(values[-1]))) if name == "ports" else (at, (0, len(values) - 1))
    drawn = plot(dots[:, 0], ys, (0, spans - 1), up, columns, _PLOT_ROWS)
    marks = {0: up[1], len(drawn) - 1: up[0]} if name == "ports" else {0: len(values), len(drawn) - 1: 1}
    for row, line in enumerate(drawn):
        yield ((f"{marks.get(row, ''):>{_LABEL - 1}} ", "muted"), ("│", "muted"), (line, "accent"))
