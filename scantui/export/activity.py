"""What happened when, as numbers for a drawing: packets by outcome, and by port or target, in equal spans of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import Action, Events
from scantui.snapshot import HEAT_BUCKETS

COLUMNS = 120  # at most
ROWS = 40  # of targets at most; of ports a few more
_BUSY = 12  # ports at most that get a row of their own for being busy
# A burst whose stamps are too few has no course in time; the order of its lines is one (as in session/course.py).
_FEW_STAMPS, _MANY_EVENTS = 8, 16
_FINE = tuple(step * 10**power for power in range(3, 6) for step in (1, 2, 5))  # 1 ms to 0.5 s
_DAY = 86_400_000_000
_WIDTHS = (*_FINE, *HEAT_BUCKETS, *(_DAY * days for days in (2, 7, 14, 30, 90, 365, 3650)))
OUTCOMES = ("stopped", "let through", "not said")


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Equal spans of `width` microseconds from `start` on. `by_order`: of the events in their order, not of time."""

    start: int
    width: int
    count: int
    by_order: bool
    at: NDArray[np.int64]  # the span of each event


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """Packets by outcome (rows as OUTCOMES) and span."""

    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Packets by row and span; `labels` are the rows', first on top."""

    labels: tuple[str, ...]
    counts: NDArray[np.int64]


def spans_of(events: Events) -> Spans | None:
    """Spans for events in order of time; None when there is nothing to draw (no events, or all in one span)."""
    if not len(events):
        return None
    first, last = int(events.ts[0]), int(events.ts[-1])
    few = int(np.count_nonzero(np.diff(events.ts))) < _FEW_STAMPS
    if few and len(events) >= _MANY_EVENTS:
        count = min(COLUMNS, len(events))
        return Spans(first, 1, count, True, np.arange(len(events)) * count // len(events))
    finest = 1 if np.any(events.ts % 1_000_000) else 1_000_000  # whole-second stamps tell nothing finer
    for width in _WIDTHS:
        start = first // width * width
        count = (last - start) // width + 1
        if width >= finest and count <= COLUMNS:
            break
    if count < 2:
        return None
    return Spans(start, width, count, False, (events.ts - start) // width)


def strip(events: Events, spans: Spans) -> Strip:
    """Packets by what was done with them."""
    stopped = np.isin(events.action, (Action.DROP, Action.REJECT))
    row = np.where(stopped, 0, np.where(events.action == Action.ACCEPT, 1, 2))
    return Strip(_counts(row, spans, events, len(OUTCOMES)))


def ports(events: Events, spans: Spans, names: dict[int, str]) -> Grid | None:
    """Packets by destination port, lowest on top; neighbouring ports share a row where there are too many; None when the log
    tells no port. `names` of well-known ports."""
    said = events.is_known("dport")
    if not said.any():
        return None
    distinct, of = np.unique(events.dport[said], return_inverse=True)
    packets = np.bincount(of.reshape(-1), weights=events.count[said], minlength=len(distinct))
    edges, row = _rows(_cuts(packets), of)
    labels = [_range(int(distinct[a]), int(distinct[b - 1]), b - a, names) for a, b in edges]
    full = np.full(len(events), len(labels), np.int64)
    full[said] = row
    if not said.all():
        labels.append("no port")
    return Grid(tuple(labels), _counts(full, spans, events, len(labels)))


def targets(events: Events, spans: Spans) -> Grid | None:
    """Packets by target, in the order in which they were first met; None for a single one."""
    distinct, first, of = np.unique(events.dst, return_index=True, return_inverse=True)
    if len(distinct) < 2:
        return None
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    edges, row = _rows(_equal(0, len(distinct), min(ROWS, len(distinct))), rank[of])
    name = events.tables.addresses.text
    labels = []
    for a, b in edges:
        text = name(int(distinct[order[a]]))
        labels.append(text if b - a == 1 else f"{text} +{b - a - 1}")
    return Grid(tuple(labels), _counts(row, spans, events, len(labels)))


def _cuts(packets: NDArray[Any]) -> list[int]:
    """Where rows of ports begin: a busy port has one of its own, the others share what is left."""
    if len(packets) <= ROWS:
        return list(range(len(packets)))
    fair = packets.sum() / ROWS
    busiest = np.argsort(-packets, kind="stable")[:_BUSY]
    busy = sorted(busiest[packets[busiest] > fair].tolist())
    most = -(-(len(packets) - len(busy)) // (ROWS - len(busy)))  # ports that share a row
    begins: list[int] = []
    at = 0
    for stop in [*busy, len(packets)]:
        begins += _equal(at, stop, -(-(stop - at) // most)) if stop > at else []
        begins += [stop] if stop < len(packets) else []
        at = stop + 1
    return begins


def _equal(start: int, stop: int, parts: int) -> list[int]:
    """Where equal parts of [start, stop) begin."""
    return [start + (stop - start) * part // parts for part in range(parts)]


def _rows(begins: list[int], of: NDArray[Any]) -> tuple[list[tuple[int, int]], NDArray[np.int64]]:
    """The rows that begin there, as [from, to) of `of`'s values; and the row of each event."""
    values = int(of.max()) + 1
    row = np.searchsorted(np.array(begins), of.reshape(-1), side="right") - 1
    return list(zip(begins, [*begins[1:], values], strict=True)), row.astype(np.int64)


def _range(low: int, high: int, held: int, names: dict[int, str]) -> str:
    if low == high:
        return names.get(low, str(low))
    return f"{low}–{high}" + ("" if held == high - low + 1 else f" ({held})")


def _counts(row: NDArray[Any], spans: Spans, events: Events, rows: int) -> NDArray[np.int64]:
    flat = np.bincount(row * spans.count + spans.at, weights=events.count, minlength=rows * spans.count)
    return flat.astype(np.int64).reshape(rows, spans.count)
