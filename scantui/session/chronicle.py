"""The chronicle: what is needed to tell the source table as of any moment without going through all events again.

Each segment of the store is digested once. Counts and last times are kept by segment, and added up for a moment; what only
ever happens for a first time is kept by source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import group_max, group_min, group_sum, run_lengths, run_starts
from scantui.events import Events, Proto
from scantui.session.cut import go_on
from scantui.session.firsts import NEVER, FirstPairs, OneValue
from scantui.session.rates import bucket_for
from scantui.snapshot import RATE_SPANS, Rates
from scantui.store import SEGMENT, Segment, Store
from scantui.touches import Touches

SEALED = SEGMENT * 2 // 3  # rows from which a segment is never put together with another
_MOST = int(np.iinfo(np.uint16).max)
_VALUES = ("sport", "flags", "dport", "proto")
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Digest:
    """What some of a segment's sources did in it: by row of the chronicle, events, of them no notices, and last time."""

    rows: NDArray[np.int32]
    events: NDArray[np.int32]
    sent: NDArray[np.int32]
    last: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The listed sources that had been seen by a moment, one row each, by ascending code. Dtypes as in SOURCE_DTYPES."""

    column: dict[str, NDArray[Any]]
    rates: Rates
    odd: NDArray[np.bool_]  # sent something without a port or of an unknown protocol
    noticed: NDArray[np.bool_]  # a notice named it


class Chronicle:
    """Fed segments, asked for figures. Holds about 16 bytes a source and segment and 32 a distinct (source, port or host)."""

    def __init__(self) -> None:
        self._codes = np.zeros(0, np.uint32)  # in the order of being listed: a row stays where it is
        self._sorted = np.zeros(0, np.int64)  # rows by ascending code
        self._first = np.zeros(0, np.int64)
        self._odd, self._noticed = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self._ports, self._targets = FirstPairs(), FirstPairs()
        self._value = {name: OneValue() for name in _VALUES}
        self._digests: dict[Segment, list[_Digest]] = {}
        self._covered: dict[Segment, int] = {}  # rows of the chronicle that were listed when it was digested
        self._known_folded = 0  # events that were digested before they were folded into touches
        self._folded: Touches | None = None
        self._folded_listed = 0  # rows of the chronicle that were listed when the touches were taken in
        self._folded_rows = np.zeros(
            0, np.int32
        )  # of each touch: row of the chronicle, -1 for a source that is not listed

    @property
    def nbytes(self) -> int:
        parts = sum(16 * len(one.rows) for digests in self._digests.values() for one in digests)
        kept = self._ports.nbytes + self._targets.nbytes + sum(one.nbytes for one in self._value.values())
        return parts + kept + 36 * len(self._codes)

    # Events in -----------------------------------------------------------------------------------------------------
    def enlist(self, codes: NDArray[np.uint32]) -> None:
        """Tell of these sources from now on, and of what they did before."""
        new = np.setdiff1d(codes, self._codes)
        if not len(new):
            return
        self._codes = np.append(self._codes, new)
        self._sorted = np.argsort(self._codes)
        self._first = np.append(self._first, np.full(len(new), NEVER))
        self._odd = np.append(self._odd, np.full(len(new), NEVER))
        self._noticed = np.append(self._noticed, np.full(len(new), NEVER))
        for one in self._value.values():
            one.grow(len(self._codes))

    def keep(self, store: Store) -> None:
        """Let go of the segments that are no longer there, and follow what became of them."""
        for segment in self._digests.keys() - set(store.segments()):
            if len(segment.events) >= SEALED and self._covered[segment] == len(self._codes):
                self._known_folded += len(segment.events)
            del self._digests[segment], self._covered[segment]
        table = store.touches()
        if table is None or (table is self._folded and self._folded_listed == len(self._codes)):
            return
        fresh = self._codes[self._folded_listed :]
        if self._known_folded < store.folded:
            fresh, self._known_folded = self._codes, store.folded
        src = table.first.src
        if len(fresh):
            mine = np.flatnonzero(np.isin(src, fresh))
            mine = mine[np.argsort(src[mine], kind="stable")]
            starts = run_starts(src[mine])
            self._take(table.first.take(mine), self._rows_of(src[mine[starts]])[0], starts)
        rows, listed = self._rows_of(src)
        self._folded, self._folded_rows = table, np.where(listed, rows, np.int32(-1))
        self._folded_listed = len(self._codes)

    def lacks(self, segment: Segment) -> bool:
        """Whether a segment that will not change any more is yet to be digested."""
        return len(segment.events) >= SEALED and segment not in self._covered

    def digest(self, segment: Segment) -> None:
        """Take a segment in, or what was listed since it was."""
        covered = self._covered.get(segment, 0)
        if covered == len(self._codes):
            return
        rows, places, starts = self._runs(segment, np.sort(self._codes[covered:]))
        if len(rows):
            self._take(segment.events.take(places), rows, starts)
            self._digests.setdefault(segment, []).append(_digest(segment.events, rows, places, starts))
        else:
            self._digests.setdefault(segment, [])
        self._covered[segment] = len(self._codes)

    def _runs(
        self, segment: Segment, codes: NDArray[np.uint32] | None = None
    ) -> tuple[NDArray[np.int32], NDArray[np.int64], Ints]:
        """The rows of the chronicle met in a segment, their places in it in runs of one source, and where the runs begin.
        `codes`: of these (ascending) only."""
        places, sources, begin = segment.index()
        rows, mine = self._rows_of(sources)
        if codes is not None and len(codes) < len(self._codes):
            mine &= codes[np.minimum(np.searchsorted(codes, sources), len(codes) - 1)] == sources
        lengths = np.diff(begin).astype(np.int64)
        if mine.all():
            return rows, places.astype(np.int64), begin[:-1].astype(np.int64)
        chosen = places[np.repeat(mine, lengths)].astype(np.int64)
        starts = np.cumsum(lengths[mine]) - lengths[mine]
        return rows[mine], chosen, starts

    def _rows_of(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The chronicle's row of each source, and whether it has one."""
        if not len(self._codes):
            return np.zeros(len(codes), np.int32), np.zeros(len(codes), np.bool_)
        by_code = self._codes[self._sorted]
        at = np.minimum(np.searchsorted(by_code, codes), len(by_code) - 1)
        return self._sorted[at].astype(np.int32), by_code[at] == codes

    def _take(self, events: Events, rows: NDArray[np.int32], starts: Ints) -> None:
        """Take in events in runs of one source."""
        ts, sent = events.ts, events.count > 0
        ported = events.is_known("dport") & sent
        self._first[rows] = np.minimum(self._first[rows], group_min(ts, starts))
        odd = np.where((ported & (events.proto != Proto.UNKNOWN)) | ~sent, NEVER, ts)
        self._odd[rows] = np.minimum(self._odd[rows], group_min(odd, starts))
        noticed = np.where(sent, NEVER, ts)
        self._noticed[rows] = np.minimum(self._noticed[rows], group_min(noticed, starts))
        owner = np.repeat(rows, run_lengths(starts, len(ts)))
        self._targets.add(owner[sent], events.dst[sent], ts[sent])
        self._ports.add(owner[ported], events.dport[ported], ts[ported])
        for name, one in self._value.items():
            known = events.proto != Proto.UNKNOWN if name == "proto" else events.is_known(name)
            one.add(rows, starts, getattr(events, name), known & sent, ts)

    # Figures out ---------------------------------------------------------------------------------------------------
    def at(self, moment: int, segments: Sequence[Segment], check: Callable[[], None] = go_on) -> Figures:
        """The figures as of `moment` from the segments of the store as of it. Those that they are, or were cut from, must have
        been digested. `check` is called once a segment."""
        total = len(self._codes)
        events, last = np.zeros(total, np.int64), np.full(total, -NEVER)
        parts: list[tuple[Segment, list[_Digest]]] = []
        for segment in segments:
            check()
            digests = self._digests.get(segment)
            if digests is None:
                digests = [_digest(segment.events, *self._runs(segment))]
            parts.append((segment, digests))
            for one in digests:
                events[one.rows] += one.events
                last[one.rows] = np.maximum(last[one.rows], one.last)
        self._add_folded(moment, events, last)
        seen = self._sorted[events[self._sorted] > 0]
        column: dict[str, NDArray[Any]] = {
            "code": self._codes[seen],
            "events": events[seen],
            "ports": self._ports.count(moment, total)[seen],
            "targets": self._targets.count(moment, total)[seen],
            "first": self._first[seen],
            "last": last[seen],
        }
        check()
        column |= {name: one.at(moment)[seen] for name, one in self._value.items()}
        rates = self._rates(moment, parts, column, seen)
        return Figures(column, rates, self._odd[seen] <= moment, self._noticed[seen] <= moment)

    def _add_folded(self, moment: int, events: Ints, last: Ints) -> None:
        if self._folded is None:
            return
        counts = self._folded.events_until(moment)
        mine = np.flatnonzero((counts > 0) & (self._folded_rows >= 0))
        rows, ends = self._folded_rows[mine], self._folded.last[mine]
        np.add.at(events, rows, counts[mine])
        np.maximum.at(last, rows, np.where(ends <= moment, ends, self._folded.first.ts[mine]))

    def _rates(
        self, moment: int, parts: Sequence[tuple[Segment, list[_Digest]]], column: dict[str, NDArray[Any]], seen: Ints
    ) -> Rates:
        if not len(seen):
            return Rates(np.zeros((0, RATE_SPANS), np.uint16), bucket_for(0, 0), 0)
        newest = int(column["last"].max())
        bucket = bucket_for(int(column["first"].min()), newest)
        oldest = newest // bucket - RATE_SPANS + 1  # the first span's number
        counts = np.zeros((len(self._codes), RATE_SPANS), np.int64)
        for segment, digests in parts:
            first, last = segment.since // bucket - oldest, segment.until // bucket - oldest
            if last < 0:
                continue
            if first == last:
                for one in digests:
                    counts[one.rows, first] += one.sent
                continue
            rows, places, starts = self._runs(segment)
            span = segment.events.ts[places] // bucket - oldest
            owner = np.repeat(np.arange(len(rows)), run_lengths(starts, len(places)))
            inside = (span >= 0) & (segment.events.count[places] > 0)
            cells = owner[inside] * RATE_SPANS + span[inside]
            counts[rows] += np.bincount(cells, minlength=len(rows) * RATE_SPANS).reshape(-1, RATE_SPANS)
        if self._folded is not None:  # an hour's events of a touch are counted where it began
            each = self._folded.events_until(moment)
            span = self._folded.first.ts // bucket - oldest
            mine = np.flatnonzero((each > 0) & (self._folded_rows >= 0) & (span >= 0) & (self._folded.packets > 0))
            np.add.at(counts, (self._folded_rows[mine], span[mine]), each[mine])
        return Rates(np.minimum(counts[seen], _MOST).astype(np.uint16), bucket, (oldest + RATE_SPANS) * bucket)


def _digest(events: Events, rows: NDArray[np.int32], places: NDArray[np.int64], starts: Ints) -> _Digest:
    """What these rows did by the events at `places`, in runs of one of them that begin at `starts`."""
    counts = run_lengths(starts, len(places)).astype(np.int32)
    sent = counts if events.count.all() else group_sum(events.count[places] > 0, starts).astype(np.int32)
    return _Digest(rows, counts, sent, group_max(events.ts[places], starts))
