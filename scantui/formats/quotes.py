"""Quotes around the values of `key=value` lines: which keys they open at, and that no key stands inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from scantui.columns.counts import Counts, count_byte
from scantui.columns.lines import Lines, Mask, Positions

_QUOTE, _BACKSLASH = 34, 92
_MOST = 8  # ways of quoting that lines of one skeleton are told apart by


class Quotes:
    """The quotes of a block. Each `"` of a line must open a value, right after its `=`, or close it before the next key."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        low, high = (int(lines.start[0]), int(lines.end[-1])) if len(lines) else (0, 0)
        self._any = lines.data.find(b'"', low, high) >= 0
        self._slash = lines.data.find(b"\\", low, high) >= 0
        self._counts = count_byte(lines.u8, _QUOTE, low, high) if self._any else Counts(0, 0)
        self._at: Positions | None = None  # where they are, once it is asked for

    def alike(
        self, rows: NDArray[np.int64], at: Positions, names: Sequence[int], least: int
    ) -> Iterator[tuple[NDArray[np.int64], dict[int, Positions]]]:
        """Groups of at least `least` of `rows` with the same keys quoted: (their numbers among `rows`, where the quotes close by
        key). `at` are the values of all keys, `names` the lengths of the keys' names. Other lines are in no group."""
        if not self._any:
            yield np.arange(len(rows)), {}
            return
        lines = self._lines
        start, end = lines.start[rows], lines.end[rows]
        low = self._counts.before(start)
        count = self._counts.before(end) - low
        opened = lines.u8[at] == _QUOTE
        left = np.arange(len(rows))
        for _ in range(_MOST):
            if len(left) < least:
                return
            pattern = opened[left[0]]
            its = opened[left] == pattern
            same = np.ones(len(left), np.bool_) if its.all() else its.all(axis=1)
            some, left = left[same], left[~same]
            keys = np.flatnonzero(pattern)
            some = some[count[some] == 2 * len(keys)]
            for usual in (True, False):
                if len(some) < least:
                    break
                its_at = at[some]
                close = self._usual(its_at, keys, names, end[some]) if usual else self._later(its_at, keys, low[some])
                whole = self._closed(its_at, keys, names, close)
                if whole.all():
                    yield some, {key: close[:, number] for number, key in enumerate(keys.tolist())}
                    break
                if int(np.count_nonzero(whole)) >= least:
                    yield some[whole], {key: close[whole, number] for number, key in enumerate(keys.tolist())}
                some = some[~whole]

    def _usual(self, at: Positions, keys: NDArray[np.int64], names: Sequence[int], end: Positions) -> Positions:
        """Where each quote closes, when it does right before the blank before the next key, or at the line's end."""
        after = np.empty_like(at)
        after[:, :-1] = at[:, 1:]
        after[:, :-1] -= np.array(names[1:], np.int64) + 2
        after[:, -1] = end
        close: Positions = after.take(keys, axis=1)
        close -= 1
        return close

    def _later(self, at: Positions, keys: NDArray[np.int64], low: Positions) -> Positions:
        """Where each quote closes, when all quotes of the line open and close values in turn; -1 where they do not."""
        if self._at is None:
            self._at = self._counts.places()
        marks = self._at[low[:, None] + np.arange(2 * len(keys))]
        return np.where(marks[:, ::2] == at.take(keys, axis=1), marks[:, 1::2], -1)

    def _closed(self, at: Positions, keys: NDArray[np.int64], names: Sequence[int], close: Positions) -> Mask:
        """Whether quotes that no backslash escapes stand at `close`, behind those that open and before the next key."""
        good = self._lines.u8[close] == _QUOTE
        good &= close > at.take(keys, axis=1)
        if self._slash:
            good &= self._lines.u8[close - 1] != _BACKSLASH
        inner = keys[keys + 1 < at.shape[1]]
        good[:, : len(inner)] &= close[:, : len(inner)] < at.take(inner + 1, axis=1) - np.array(names)[inner + 1] - 1
        return np.ones(len(good), np.bool_) if good.all() else good.all(axis=1)
