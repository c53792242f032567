"""The heatmap's numbers, kept up to date as events come: distinct (source, port) pairs by port bin and time bucket.

A bucket's set of pairs is kept while it may still grow; a bucket long past keeps its counts only, and is counted anew when
events come late (several inputs, one read after the other).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts
from scantui.events import Events, without_notices
from scantui.session.bins import WHOLE, Bins, port_keys
from scantui.session.cut import Column, columns, pairs_of
from scantui.snapshot import HEAT_BUCKETS, Heat

BUCKETS = 192  # columns kept: what the widest terminals show
MINUTE = 60_000_000
_SHOWN = 64  # columns that fit beside the table of a common terminal
_WIDEST = 5 * MINUTE  # chosen without being asked; eight hours of columns
_OPEN = 4  # newest buckets whose pairs are still told apart


class _Bucket:
    """One time bucket: counts by bin, and the pairs seen while it is open."""

    __slots__ = ("packets", "pairs", "seen")

    def __init__(self, column: Column | None = None) -> None:
        none = np.zeros(len(WHOLE), np.int64)
        self.pairs, self.packets = column or (none, none.copy())
        self.seen: NDArray[np.uint64] | None = np.zeros(0, np.uint64) if column is None else None

    def add(self, keys: NDArray[np.uint64], weight: NDArray[np.uint32]) -> None:
        self.packets += np.bincount(WHOLE.of_keys(keys), weights=weight, minlength=len(WHOLE)).astype(np.int64)
        if self.seen is None:
            return
        fresh = np.sort(keys)
        fresh = fresh[run_starts(fresh)]
        if len(self.seen):
            fresh = fresh[self.seen[np.minimum(np.searchsorted(self.seen, fresh), len(self.seen) - 1)] != fresh]
        self.pairs += pairs_of(fresh)
        self.seen = np.sort(np.concatenate((self.seen, fresh)))


class HeatKeeper:
    """Buckets of one width over the whole port space."""

    def __init__(self, bucket: int = MINUTE) -> None:
        self.bucket = bucket
        self.late: set[int] = set()  # buckets that were closed and got more events: their pairs are too few
        self._buckets: dict[int, _Bucket] = {}
        self._newest = -(1 << 62)

    def load(self, batches: Sequence[Events], newest: int) -> None:
        """Count a history, in a keeper without events, whose newest event is at `newest` (microseconds)."""
        last = newest // self.bucket
        self._newest = last
        first = last - BUCKETS + 1
        closed = columns(batches, WHOLE, self.bucket, first, last - _OPEN)
        self._buckets = {which: _Bucket(column) for which, column in closed.items()}
        since = (last - _OPEN + 1) * self.bucket
        for batch in batches:
            self.add(batch.take(batch.ts >= since))

    def add(self, batch: Events) -> None:
        """Count a batch (any order). Events older than the columns kept are left out."""
        if not len(batch):
            return
        number = batch.ts // self.bucket
        newest = int(number.max())
        if not batch.count.all():
            number, batch = number[batch.count > 0], without_notices(batch)
        keys = port_keys(batch)
        order = np.argsort(number, kind="stable")  # nearly in order already, which a merge sort likes
        number, keys, weight = number[order], keys[order], batch.count[order]
        for begin, end in pairwise([*run_starts(number).tolist(), len(number)]):
            which = int(number[begin])
            if which > max(newest, self._newest) - BUCKETS:
                bucket = self._buckets.setdefault(which, _Bucket())
                bucket.add(keys[begin:end], weight[begin:end])
                if bucket.seen is None:
                    self.late.add(which)
        if newest > self._newest:
            self._newest = newest
            for which in [which for which in self._buckets if which <= newest - BUCKETS]:
                del self._buckets[which]
            for which, bucket in self._buckets.items():
                if which <= newest - _OPEN:
                    bucket.seen = None

    def mend(self, during: Callable[[int, int], Sequence[Events]]) -> None:
        """Count the late buckets anew. `during` gives the events from one time (microseconds) to before another."""
        late = sorted(self.late & self._buckets.keys())
        self.late.clear()
        if late:
            batches = during(late[0] * self.bucket, (late[-1] + 1) * self.bucket)
            made = columns(batches, WHOLE, self.bucket, late[0], late[-1])
            self._buckets |= {which: _Bucket(made[which]) for which in late if which in made}

    def picture(self) -> Heat:
        """The columns from the oldest bucket kept to the newest."""
        made = {which: (bucket.pairs, bucket.packets) for which, bucket in self._buckets.items()}
        return heat_of(made, WHOLE, self.bucket, self._newest)

    def fits(self, since: int, until: int) -> bool:
        """Whether the span fits the columns of a common terminal, or no wider bucket would be chosen."""
        return self.bucket >= _WIDEST or (until - since) // self.bucket < _SHOWN


def heat_of(made: Mapping[int, Column], bins: Bins, bucket: int, newest: int) -> Heat:
    """A picture of these columns (by number), from the oldest to `newest`."""
    oldest = min(made, default=newest + 1)
    pairs = np.zeros((len(bins), max(0, newest - oldest + 1)), np.int64)
    packets = np.zeros_like(pairs)
    for which, (one, other) in made.items():
        pairs[:, which - oldest], packets[:, which - oldest] = one, other
    start = oldest * bucket if made else 0
    return Heat(bins.low, bins.high, bins.names, start, bucket, pairs, packets)


def zoom_for(since: int, until: int) -> int:
    """The narrowest bucket of a minute or more whose columns hold the span; five minutes when none does."""
    wide = (bucket for bucket in HEAT_BUCKETS if bucket >= MINUTE and (until - since) // bucket < _SHOWN)
    return min(next(wide, _WIDEST), _WIDEST)
