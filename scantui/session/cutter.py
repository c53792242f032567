"""Heatmaps for any wish, as of any moment. Columns that are over and done with are computed once and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

import numpy as np

from scantui.events import Events
from scantui.looks import HeatWish
from scantui.session.bins import bins_for
from scantui.session.cut import Column, columns
from scantui.session.heat import BUCKETS, heat_of, zoom_for
from scantui.snapshot import Heat
from scantui.store import Store

_MOST_COLUMNS = 4_000  # kept, of all cuts; some 500 bytes each
Cut = tuple[int, int, int, int | None]  # bucket, lowest and highest port, source


def is_plain(wish: HeatWish) -> bool:
    """Whether this is the whole port space up to the newest event: what is kept up to date as events come."""
    return wish.until is None and wish.source is None and wish.low <= 0 and wish.high >= 65_535


class Cutter:
    """Asked for one cut after another, of stores that share their history."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Cut, int], Column | None] = (
            OrderedDict()
        )  # by cut and column; None is an empty one
        self._rows = 0

    def renew(self, base: Store) -> None:
        """Forget the columns in which something has come since. `base` is all that is held."""
        oldest = min((int(batch.ts.min()) for batch in _appended(base, self._rows)), default=None)
        self._rows = base.rows
        if oldest is not None:
            for cut, number in [key for key in self._kept if (key[1] + 1) * key[0][0] > oldest]:
                del self._kept[cut, number]

    def heat(
        self, store: Store, wish: HeatWish, at: int | None, check: Callable[[], None], *, cached: bool = True
    ) -> Heat:
        """The picture of `store`, which holds what happened up to `at` (all of it if None). `check` ends the work by raising."""
        bins = bins_for(wish.low, wish.high)
        oldest, newest = store.extent() or (0, 0)
        bucket = wish.bucket or zoom_for(oldest, newest)
        last = (newest if wish.until is None else wish.until - 1) // bucket
        first = last - BUCKETS + 1
        cut: Cut = (bucket, wish.low, wish.high, wish.source)
        done = {
            number: self._kept[cut, number]
            for number in range(first, last + 1)
            if cached and (cut, number) in self._kept and (at is None or (number + 1) * bucket - 1 <= at)
        }
        lacking = [number for number in range(first, last + 1) if number not in done]
        if lacking:
            begin, end = lacking[0] * bucket, (lacking[-1] + 1) * bucket
            codes = None if wish.source is None else np.array([wish.source], np.uint32)
            made = columns(store.during(begin, end, codes), bins, bucket, lacking[0], lacking[-1], check)
            for number in lacking:
                done[number] = made.get(number)
                if cached and (at is None or (number + 1) * bucket - 1 <= at):
                    self._kept[cut, number] = done[number]
        for number in done:
            if (cut, number) in self._kept:
                self._kept.move_to_end((cut, number))
        while len(self._kept) > _MOST_COLUMNS:
            self._kept.popitem(last=False)
        there = {number: column for number, column in done.items() if column is not None}
        return heat_of(there, bins, bucket, last)


def _appended(store: Store, since: int) -> Iterator[Events]:
    """The events appended after the first `since`."""
    for segment in store.segments():
        left = since - segment.first_row
        if left < len(segment.events):
            yield segment.events.take(slice(max(0, left), None))
