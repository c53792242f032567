"""How many events each source sent in each of the last RATE_SPANS spans of time, kept up to date as events come.

The spans are as short as they can be and still hold the whole run, in steps of two from a second up; past `_WIDEST` they
hold the newest part of it. So the counts are a function of the events alone, in whatever batches they came.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.snapshot import RATE_SPANS, Rates

_NARROWEST = 1_000_000  # microseconds
_WIDEST = _NARROWEST << 15  # nine hours: four days and a half in all, about what the heatmap holds at its widest
_MOST = int(np.iinfo(np.uint16).max)


def bucket_for(oldest: int, newest: int) -> int:
    """The narrowest span whose RATE_SPANS hold this time; the widest when none does."""
    bucket = _NARROWEST
    while newest // bucket - oldest // bucket >= RATE_SPANS and bucket < _WIDEST:
        bucket *= 2
    return bucket


class RateKeeper:
    """One row of counts a source, in whatever order the owner keeps its rows. Span `n` is column `n % RATE_SPANS`."""

    def __init__(self) -> None:
        self._counts = np.zeros((0, RATE_SPANS), np.uint16)
        self._bucket = _NARROWEST
        self._oldest, self._newest = 1 << 62, -(1 << 62)  # microseconds
        self._head = 0  # the newest span, by number

    def insert(self, where: NDArray[np.int64]) -> None:
        """New rows of zeros before the rows `where`."""
        self._counts = np.insert(self._counts, where, 0, axis=0)

    def add(
        self, rows: NDArray[np.int64], owner: NDArray[np.int64], ts: NDArray[np.int64], sent: NDArray[np.bool_]
    ) -> None:
        """Count events in: event i is of the source in row `rows[owner[i]]`. `rows` are distinct. Those that are not `sent` are
        notices: their time counts, they do not."""
        if not len(ts):
            return
        self._reach(int(ts.min()), int(ts.max()))
        span = ts // self._bucket
        inside = sent & (span > self._head - RATE_SPANS)
        if not inside.all():
            owner, span = owner[inside], span[inside]
        cells = owner * RATE_SPANS + span % RATE_SPANS
        fresh = np.bincount(cells, minlength=len(rows) * RATE_SPANS).reshape(-1, RATE_SPANS)
        self._counts[rows] = np.minimum(fresh + self._counts[rows], _MOST)

    def _reach(self, oldest: int, newest: int) -> None:
        """Make room for this time: wider spans, or newer ones in place of the oldest."""
        first = self._newest < self._oldest
        self._oldest, self._newest = min(self._oldest, oldest), max(self._newest, newest)
        if first:
            self._head = self._newest // self._bucket
        while self._bucket < bucket_for(self._oldest, self._newest):
            self._double()
        head = self._newest // self._bucket
        for span in range(max(self._head + 1, head - RATE_SPANS + 1), head + 1):
            self._counts[:, span % RATE_SPANS] = 0
        self._head = head

    def _double(self) -> None:
        wide = np.zeros(self._counts.shape, np.int64)
        for span in range(self._head - RATE_SPANS + 1, self._head + 1):
            wide[:, span // 2 % RATE_SPANS] += self._counts[:, span % RATE_SPANS]
        self._counts = np.minimum(wide, _MOST).astype(np.uint16)
        self._bucket *= 2
        self._head //= 2

    def picture(self) -> Rates:
        """A frozen copy, oldest span first."""
        cut = (self._head + 1) % RATE_SPANS
        counts: NDArray[Any] = np.concatenate((self._counts[:, cut:], self._counts[:, :cut]), axis=1)
        return Rates(counts, self._bucket, (self._head + 1) * self._bucket)
