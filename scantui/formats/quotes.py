"""Quotes around the values of `key=value` lines: which keys they open at, and that no key stands inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions

_QUOTE, _BACKSLASH = 34, 92
_MOST = 8  # ways of quoting that lines of one skeleton are told apart by


class Quotes:
    """The quotes of a block. Each `"` of a line must open a value, right after its `=`, or close it before the next key."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._at = np.flatnonzero(lines.u8[: lines.size] == _QUOTE)

    def alike(
        self, rows: NDArray[np.int64], at: Positions, names: Sequence[int], least: int
    ) -> Iterator[tuple[NDArray[np.int64], dict[int, Positions]]]:
        """Groups of at least `least` of `rows` with the same keys quoted: (their numbers among `rows`, where the quotes close by
        key). `at` are the values of all keys, `names` the lengths of the keys' names. Other lines are in no group."""
        lines = self._lines
        if not len(self._at):
            yield np.arange(len(rows)), {}
            return
        low, high = np.searchsorted(self._at, lines.start[rows]), np.searchsorted(self._at, lines.end[rows])
        opened = lines.u8[at] == _QUOTE
        left = np.arange(len(rows))
        for _ in range(_MOST):
            if len(left) < least:
                return
            pattern = opened[left[0]]
            same = (opened[left] == pattern).all(axis=1)
            some, left = left[same], left[~same]
            keys = np.flatnonzero(pattern)
            some = some[high[some] - low[some] == 2 * len(keys)]
            marks = self._at[low[some, None] + np.arange(2 * len(keys))]
            close = marks[:, 1::2]
            whole = (marks[:, ::2] == at[some][:, keys]).all(axis=1) & (lines.u8[close - 1] != _BACKSLASH).all(axis=1)
            for number, key in enumerate(keys.tolist()):
                if key + 1 < at.shape[1]:
                    whole &= close[:, number] < at[some, key + 1] - names[key + 1] - 1
            some, close = some[whole], close[whole]
            if len(some) >= least:
                yield some, {key: close[:, number] for number, key in enumerate(keys.tolist())}
