"""The store: recent events whole, older ones folded into touches, all inside one memory budget.

Segments hold events in the order of arrival; each finds its rows of a source by a small index. When the budget is nearly
used, the oldest segment is folded; when the touches outgrow their half, the least interesting of them go. Both are counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts
from scantui.events import COLUMNS, Array, Events, concat
from scantui.tables import Tables
from scantui.touches import Touches, fold, merge

SEGMENT = 65_536  # rows; a row's place in its segment fits 16 bits
_FOLD_AT, _TOUCH_SHARE, _EVICT = 0.9, 0.5, 0.1
_MERGE_TABLES = 6


class Segment:
    """Up to SEGMENT rows in order of arrival. Never changed once made, but for the index, which is made when first asked for;
    so that other threads may read it."""

    __slots__ = ("_index", "events", "first_row", "since", "until")

    def __init__(self, batch: Events, first_row: int) -> None:
        self.events = batch
        self.first_row = first_row
        self.since, self.until = int(batch.ts.min()), int(batch.ts.max())
        self._index: tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[Any]] | None = None

    def index(self) -> tuple[NDArray[np.uint16], NDArray[np.uint32], NDArray[Any]]:
        """Rows by source and, of one source, by arrival; the sources (ascending); where each begins in the rows, and the end."""
        index = self._index
        if index is None:
            order = np.argsort(self.events.src, kind="stable")
            ordered = self.events.src[order]
            starts = run_starts(ordered)
            index = order.astype(np.uint16), ordered[starts], np.append(starts, len(order)).astype(np.int32)
            self._index = index
        return index

    def rows_of(self, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Rows of these sources (ascending codes), in order of arrival."""
        places, sources, begin = self.index()
        at = np.searchsorted(sources, codes)
        hit = at[(at < len(sources)) & (sources[np.minimum(at, len(sources) - 1)] == codes)]
        if not len(hit):
            return np.zeros(0, np.int64)
        if len(hit) == 1:
            return np.sort(places[begin[hit[0]] : begin[hit[0] + 1]]).astype(np.int64)
        lengths = begin[hit + 1] - begin[hit]
        before = np.concatenate(([0], np.cumsum(lengths)[:-1]))
        at_each = np.repeat(begin[hit] - before, lengths) + np.arange(int(lengths.sum()))
        return np.sort(places[at_each]).astype(np.int64)

    def until_row(self, rows: int) -> Segment | None:
        """What of it is among the first `rows` ever appended."""
        mine = rows - self.first_row
        if mine >= len(self.events):
            return self
        return Segment(self.events.take(slice(0, mine)), self.first_row) if mine > 0 else None

    def until_time(self, until: int) -> Segment | None:
        """What of it happened up to `until`."""
        if self.until <= until:
            return self
        return Segment(self.events.take(self.events.ts <= until), self.first_row) if self.since <= until else None

    @property
    def nbytes(self) -> int:
        return self.events.nbytes + (0 if self._index is None else sum(part.nbytes for part in self._index))


def _with_rows(batch: Events, rows: NDArray[np.int64], others: Events) -> Events:
    """The batch with other events in these rows."""
    columns: dict[str, Array] = {}
    for name in COLUMNS:
        values, new = getattr(batch, name), getattr(others, name)
        if values.strides != (0,) or (new != values[0]).any():
            values = values.copy()
            values[rows] = new
        columns[name] = values
    return Events(batch.tables, **columns)


class Store:
    """The session's memory. `budget` is in bytes."""

    def __init__(self, tables: Tables, budget: int = 512 << 20) -> None:
        self.tables = tables
        self.budget = budget
        self.rows = 0  # events ever appended
        self.folded = 0  # of them now only in touches
        self.evicted = 0  # touches dropped
        self.amended = 0  # times rows held were replaced
        self.beside = 0  # bytes that others hold for these events, within the same budget
        self._segments: list[Segment] = []
        self._touches: list[Touches] = []
        self._until: int | None = None  # of a past store: when its touches end

    def append(self, batch: Events) -> None:
        """Add a batch. Small ones are put together, so that a trickle makes no more segments than a flood."""
        for start in range(0, len(batch), SEGMENT):
            part = batch.take(slice(start, start + SEGMENT)) if len(batch) > SEGMENT else batch
            if len(part):
                self._segments.append(Segment(part, self.rows))
                self.rows += len(part)
                self._carry()
        while self.nbytes > _FOLD_AT * self.budget and len(self._segments) > 1:
            self._fold_oldest()

    def amend(self, batch: Events) -> tuple[Events, Events]:
        """Rows held of the lines of `batch` (of one source, ascending offsets) become those of it. Returns the rows that this
        changed: as they were, and as they are."""
        places = [self._lines_of(segment.events, batch) for segment in self._segments]
        offsets = np.concatenate(
            [segment.events.offset[at] for segment, at in zip(self._segments, places, strict=True)]
        )
        order = np.argsort(offsets, kind="stable")
        nth = np.empty(len(order), np.int64)  # of the events of its line
        nth[order] = np.arange(len(order)) - np.searchsorted(offsets[order], offsets[order])
        match = np.searchsorted(batch.offset, offsets) + nth
        match[match >= np.searchsorted(batch.offset, offsets, "right")] = -1
        before, after = [], []
        for i, rows in enumerate(places):
            at, match = match[: len(rows)], match[len(rows) :]
            rows, at = rows[at >= 0], at[at >= 0]
            old = self._segments[i].events
            differ = np.zeros(len(rows), np.bool_)
            for name in COLUMNS:
                differ |= getattr(old, name)[rows] != getattr(batch, name)[at]
            if differ.any():
                before.append(old.take(rows[differ]))
                after.append(batch.take(at[differ]))
                self._segments[i] = Segment(_with_rows(old, rows[differ], after[-1]), self._segments[i].first_row)
        self.amended += bool(before)
        return concat(before, self.tables), concat(after, self.tables)

    @staticmethod
    def _lines_of(events: Events, batch: Events) -> NDArray[np.int64]:
        """Rows of the lines of a batch of one source."""
        near = (events.offset >= batch.offset[0]) & (events.offset <= batch.offset[-1])
        return np.flatnonzero(near & (events.source == batch.source[0]))

    def _carry(self) -> None:
        """Put segments of like size together, as a counter carries, so that a row is copied a logarithmic number of times."""
        while len(self._segments) > 1:
            last, before = self._segments[-1], self._segments[-2]
            if len(before.events) > 2 * len(last.events) or len(before.events) + len(last.events) > SEGMENT:
                return
            self._segments[-2:] = [Segment(concat([before.events, last.events], self.tables), before.first_row)]

    def _fold_oldest(self) -> None:
        oldest = min(self._segments, key=lambda segment: segment.until)  # what is read ahead comes before older events
        self._segments.remove(oldest)
        self.folded += len(oldest.events)
        self._touches.append(fold(oldest.events))
        if len(self._touches) >= _MERGE_TABLES:
            self._touches = [merge(self._touches)]
        while sum(table.nbytes for table in self._touches) > _TOUCH_SHARE * self.budget:
            table = merge(self._touches)
            kept = table.without_least(_EVICT)
            self.evicted += len(table) - len(kept)
            self._touches = [kept]
            if len(kept) == len(table):
                break

    @property
    def nbytes(self) -> int:
        """Bytes held: events, indexes, touches, intern tables, and what others hold beside them."""
        return (
            sum(segment.nbytes for segment in self._segments)
            + sum(table.nbytes for table in self._touches)
            + self.tables.nbytes
            + self.beside
        )

    def touches(self) -> Touches | None:
        """The folded past; None when nothing was folded."""
        if len(self._touches) > 1:
            self._touches = [merge(self._touches)]
        return self._touches[0] if self._touches else None

    def window(self, since: int | None = None, until: int | None = None, rows: int | None = None) -> Events:
        """Whole events with since <= ts < until, of the first `rows` appended, in order of arrival."""
        parts = []
        for segment in self._segments:
            if (since is not None and segment.until < since) or (until is not None and segment.since >= until):
                continue
            batch = segment.events
            if rows is not None and segment.first_row + len(batch) > rows:
                batch = batch.take(slice(0, max(0, rows - segment.first_row)))
            inside: Any = None
            if since is not None and segment.since < since:
                inside = batch.ts >= since
            if until is not None and segment.until >= until:
                inside = batch.ts < until if inside is None else inside & (batch.ts < until)
            parts.append(batch if inside is None else batch.take(inside))
        return concat(parts, self.tables)

    def segments(self) -> tuple[Segment, ...]:
        """The events held whole, oldest arrival first."""
        return tuple(self._segments)

    def past(self, until: int | None = None, rows: int | None = None) -> Store:
        """What is held of the events up to `until` (microseconds) and of the first `rows` ever appended, as a store of its own.

        It shares the columns and nothing is ever added to it: another thread may ask it. `rows` does not reach into touches.
        """
        made = Store(self.tables, self.budget)
        made.folded, made.evicted, made.rows = self.folded, self.evicted, self.rows
        made.amended, made._until = self.amended, until
        table, segments = self.touches(), self._segments
        if rows is not None and rows < self.rows:
            segments = [part for segment in segments if (part := segment.until_row(rows)) is not None]
            made.rows = rows
        if until is not None:
            segments = [part for segment in segments if (part := segment.until_time(until)) is not None]
            touched = int(table.events_until(until).sum()) if table is not None else 0
            made.rows = touched + sum(len(segment.events) for segment in segments)
        made._segments, made._touches = list(segments), [table] if table is not None else []
        return made

    def extent(self) -> tuple[int, int] | None:
        """Times of the oldest and the newest event held; None when there is none."""
        ends = [(segment.since, segment.until) for segment in self._segments]
        table = self.touches()
        if table is not None:
            until = np.iinfo(np.int64).max if self._until is None else self._until
            began = table.first.ts[table.first.ts <= until]
            if len(began):
                ended = table.last[table.last <= until]
                ends.append((int(began.min()), max(int(began.max()), int(ended.max(initial=0)))))
        return (min(since for since, _ in ends), max(until for _, until in ends)) if ends else None

    def during(self, since: int, until: int, codes: NDArray[np.uint32] | None = None) -> list[Events]:
        """Batches that hold everything held with since <= time < until, touches included, of these sources (ascending) or of
        all, and perhaps more."""
        parts = []
        table = self.touches()
        if table is not None:
            near = table.take(np.flatnonzero((table.first.ts < until) & (table.last >= since)))
            parts.append(near.as_events(codes, self._until))
        for segment in self._segments:
            if segment.until >= since and segment.since < until:
                parts.append(segment.events if codes is None else segment.events.take(segment.rows_of(codes)))
        return [part for part in parts if len(part)]

    def batches(self) -> list[Events]:
        """Everything held, touches included, without a copy."""
        table = self.touches()
        folded = [table.as_events(until=self._until)] if table is not None else []
        return folded + [segment.events for segment in self._segments]

    def newest(self, rows: int) -> Events:
        """About the newest `rows` events held whole."""
        parts: list[Events] = []
        for segment in sorted(self._segments, key=lambda segment: segment.until, reverse=True):
            parts.append(segment.events)
            rows -= len(segment.events)
            if rows <= 0:
                break
        return concat(parts[::-1], self.tables)

    def as_of(self, moment: int) -> Events:
        """Everything held that happened up to `moment` (microseconds), touches included."""
        return self._with_touches(self.window(until=moment + 1), None, moment)

    def everything(self) -> Events:
        """Everything held, touches included, as events."""
        return self._with_touches(self.window(), None, self._until)

    def of_sources(self, codes: NDArray[np.uint32], rows: int | None = None) -> Events:
        """Everything held of these sources, touches included, of the first `rows` appended."""
        codes = np.unique(codes)
        parts = []
        for segment in self._segments:
            mine = segment.rows_of(codes)
            if rows is not None:
                mine = mine[mine < rows - segment.first_row]
            if len(mine):
                parts.append(segment.events.take(mine))
        return self._with_touches(concat(parts, self.tables), codes, self._until)

    def _with_touches(self, whole: Events, codes: NDArray[np.uint32] | None, until: int | None) -> Events:
        table = self.touches()
        if table is None:
            return whole
        return concat([table.as_events(codes, until), whole], self.tables)
