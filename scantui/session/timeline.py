"""The time line of a whole run: events and distinct (source, port) pairs in equal spans, kept up to date in bounded memory.

Spans are widened by twos as the run grows. What is distinct is counted by sketches, which can be put together, so that
widening needs no event again.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events, without_notices
from scantui.looks import Moment, Timeline
from scantui.session.bins import port_keys
from scantui.session.bursts import Bursts
from scantui.session.sketch import Seen, Sketch

SPANS = 240  # most that are shown
_FINE = 8 * SPANS  # most that are kept: bursts are found in these
_HOSTS = np.uint64(0xD1B54A32D192ED03)  # odd: tells the hosts of a key apart
_TOGETHER = 4_096  # events that are counted in at once
_NARROWEST = 1_000_000  # microseconds
_EXACT_AT_ONCE = 4
_CLOCK_SET = 365 * 86_400_000_000  # stamps of 1970 are those of a clock that was not set yet
Exact = Callable[
    [int, int], tuple[int, int]
]  # pairs and targets from one moment to before another, counted in the events


class TimelineKeeper:
    """Fed batches in any order."""

    def __init__(self) -> None:
        self.oldest = 0  # microseconds: time of the oldest event, 0 when none
        self._bucket = _NARROWEST
        self._start = 0  # number (time // bucket) of the first span
        self._count = 0  # spans from the first to the newest
        self._held: list[Events] = []
        self._waiting = 0
        self._events = np.zeros(_FINE, np.int64)
        self._new = np.zeros(_FINE, np.int64)  # targets never met before
        self._pairs = Sketch(_FINE)
        self._targets_seen, self._sources_seen = Seen(), Seen()
        self._bursts = Bursts()
        self._stale = 0  # the first span that changed since bursts were looked for
        self._changed = False
        self._made: Timeline | None = None
        self._exact: dict[
            tuple[int, int], tuple[int, Moment]
        ] = {}  # by time: a burst, and its events when it was counted

    def add(self, batch: Events) -> None:
        """Count a batch in, now or with others before the next picture."""
        batch = without_notices(batch)
        if len(batch):
            self._held.append(batch)
            self._waiting += len(batch)
        if self._waiting >= _TOGETHER:
            self._take_in()

    def _take_in(self) -> None:
        held, self._held, self._waiting = self._held, [], 0
        if not held:
            return
        ts, src, dst = (np.concatenate([getattr(batch, name) for batch in held]) for name in ("ts", "src", "dst"))
        keys = np.concatenate([port_keys(batch) for batch in held])
        if int(ts.min()) < _CLOCK_SET:
            told = ts >= _CLOCK_SET
            ts, src, dst, keys = ts[told], src[told], dst[told], keys[told]
            if not len(ts):
                return
        oldest, newest = int(ts.min()), int(ts.max())
        self.oldest = min(self.oldest or oldest, oldest)
        self._reach(oldest, newest)
        span = ts // self._bucket - self._start
        self._events += np.bincount(span, minlength=_FINE)
        self._pairs.add(span, keys)
        # A source's very first target is left out: all sources of a new log are new, and those of a flood.
        self._new += np.bincount(span[self._targets_seen.new(keys ^ dst * _HOSTS)], minlength=_FINE)
        self._new -= np.bincount(span[self._sources_seen.new(src.astype(np.uint64))], minlength=_FINE)
        self._stale = min(self._stale, int(span.min()))
        self._changed = True

    def _reach(self, oldest: int, newest: int) -> None:
        """Make room for this time: wider spans, or earlier ones."""
        end = newest // self._bucket
        if not self._count:
            self._start, self._count = oldest // self._bucket, 1
        first, last = min(self._start, oldest // self._bucket), max(self._start + self._count - 1, end)
        while last - first >= _FINE:
            self._double()
            first, last = first >> 1, last >> 1
        if first < self._start:
            by = self._start - first
            for values in (self._events, self._new):
                values[by : by + self._count] = values[: self._count].copy()
                values[:by] = 0
            self._pairs.shift(by, self._count)
            self._start, self._count, self._stale = first, self._count + by, 0
        self._count = max(self._count, last - self._start + 1)

    def _double(self) -> None:
        """Spans twice as wide."""
        odd = self._start & 1  # the first one stands alone
        halves = (self._count + odd + 1) // 2
        for values in (self._events, self._new):
            wide = _summed(values[: self._count], odd, 2)
            values[:] = 0
            values[:halves] = wide
        self._pairs.double(odd, self._count)
        self._start, self._count, self._bucket = self._start >> 1, halves, self._bucket * 2
        self._stale = 0

    def picture(self, exact: Exact) -> Timeline | None:
        """The time line as it stands; None without an event. `exact` counts a burst's pairs and targets."""
        self._take_in()
        if not self._changed:
            return self._made
        count = self._count
        self._bursts.look((self._pairs.counts[:count], self._new[:count]), self._stale)
        width = 1
        while -(-(count + self._start % width) // width) > SPANS:
            width *= 2
        before = self._start % width
        self._made = Timeline(
            (self._start - before) * self._bucket,
            self._bucket * width,
            _summed(self._events[:count], before, width),
            self._wide_pairs(before, width),
            self._moments(exact),
        )
        self._stale = max(0, count - 1)
        return self._made

    def _wide_pairs(self, before: int, width: int) -> NDArray[np.int64]:
        """Pairs by `width` spans; those that have not changed are as they were in the last picture."""
        last, bucket, start = self._made, self._bucket * width, (self._start - before) * self._bucket
        same = 0
        if last is not None and (last.bucket, last.start) == (bucket, start):
            same = min((self._stale + before) // width, len(last.pairs))
        first = max(0, same * width - before)
        pairs = self._pairs.merged(first, self._count - first, width, 0 if same else before)
        return np.concatenate((last.pairs[:same], pairs)) if last is not None and same else pairs

    def _moments(self, exact: Exact) -> tuple[Moment, ...]:
        """The bursts. A few new ones a picture are counted exactly; the others wait for the next."""
        found = self._bursts.found(self._count)
        kept: dict[tuple[int, int], tuple[int, Moment]] = {}
        made, left = [], _EXACT_AT_ONCE
        for first, last in found:
            since, until = (self._start + first) * self._bucket, (self._start + last + 1) * self._bucket
            events = int(self._events[first : last + 1].sum())
            known = self._exact.get((since, until))
            if (known is None or known[0] != events) and left:
                known, left = (events, Moment(since, until, *exact(since, until))), left - 1
            if known is not None:
                kept[since, until] = known
                made.append(known[1])
            else:
                spans = last - first + 1
                about = int(self._pairs.merged(first, spans, spans)[0])
                made.append(Moment(since, until, about, max(about, int(self._new[first : last + 1].sum()))))
        self._exact, self._changed = kept, not left
        return tuple(made)


def _summed(values: NDArray[np.int64], before: int, width: int) -> NDArray[np.int64]:
    """Sums of `width` values each, as if `before` zeros came first."""
    wide = np.zeros(-(-(before + len(values)) // width) * width, np.int64)
    wide[before : before + len(values)] = values
    total: NDArray[np.int64] = wide.reshape(-1, width).sum(axis=1)
    return total
