"""Sketches: counts of what is distinct and of what is new, in fixed memory however much comes.

How many distinct keys a cell met is told from 2 KiB. Linear counting (Whang, Vander-Zanden and Taylor, ACM TODS 15(2),
1990): a key sets one bit of its cell's bitmap, and the bits left say how many keys there were; within about 1 % up to some
50,000, within 3 % up to 100,000, and never more than 170,351. Two bitmaps together are the bitmap of both cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts

_BITS = 14
_SIZE = 1 << _BITS
_SEEN_BITS = 25  # 4 MiB
_BYTES = _SIZE >> 3
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)  # Steele, Lea and Flood, OOPSLA 2014


class Sketch:
    """Cells in a row. `counts` is the estimate for each."""

    def __init__(self, cells: int) -> None:
        self._bits = np.zeros((cells, _BYTES), np.uint8)
        self.counts = np.zeros(cells, np.int64)

    def add(self, cell: NDArray[np.int64], keys: NDArray[np.uint64]) -> None:
        """Put each key into its cell."""
        bit = np.sort(cell << _BITS | _hashed(keys, _BITS))
        bit = bit[run_starts(bit)]
        _set(self._bits.reshape(-1), bit)
        touched = bit >> _BITS
        touched = touched[run_starts(touched)]
        self.counts[touched] = _estimates(self._bits[touched])

    def shift(self, by: int, cells: int) -> None:
        """Move the first `cells` by so many, and leave empty ones behind."""
        for values in (self._bits, self.counts):
            values[by : by + cells] = values[:cells].copy()
            values[:by] = 0

    def double(self, odd: int, cells: int) -> None:
        """Put the first `cells` together by twos; the first one stands alone if `odd`."""
        halves = (cells + odd + 1) // 2
        bits = self._spread(odd, cells, 2 * halves, 0)
        self._bits[:], self.counts[:] = 0, 0
        self._bits[:halves] = bits[::2] | bits[1::2]
        self.counts[:halves] = _estimates(self._bits[:halves])

    def merged(self, first: int, cells: int, width: int, before: int = 0) -> NDArray[np.int64]:
        """Counts of `cells` cells from `first` on put together by `width`, as if `before` empty ones came first."""
        if width == 1:
            return self.counts[first : first + cells].copy()
        groups = -(-(cells + before) // width)
        bits = self._spread(before, cells, groups * width, first)
        return _estimates(np.bitwise_or.reduce(bits.reshape(groups, width, _BYTES), axis=1))

    def _spread(self, before: int, cells: int, total: int, first: int) -> NDArray[np.uint8]:
        bits = np.zeros((total, _BYTES), np.uint8)
        bits[before : before + cells] = self._bits[first : first + cells]
        return bits


class Seen:
    """Which keys came before: a Bloom filter (CACM 13(7), 1970) of one hash. A new key is taken for an old one in 3 % of cases
    after a million, in 26 % after ten million; an old one never for new."""

    def __init__(self) -> None:
        self._bits = np.zeros(1 << _SEEN_BITS >> 3, np.uint8)

    def new(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Rows whose key comes for the first time, in no order."""
        bit = _hashed(keys, _SEEN_BITS)
        rows = np.flatnonzero((self._bits[bit >> 3] >> (bit & 7).astype(np.uint8) & 1) == 0)
        order = rows[np.argsort(bit[rows], kind="stable")]
        bit = bit[order]
        starts = run_starts(bit)
        _set(self._bits, bit[starts])
        return order[starts]


def _hashed(keys: NDArray[np.uint64], bits: int) -> NDArray[np.int64]:
    """The finaliser of splitmix64: ports in a row must fall as if at random."""
    mixed = (keys ^ keys >> np.uint64(30)) * _MIX[0]
    mixed = (mixed ^ mixed >> np.uint64(27)) * _MIX[1]
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _set(flat: NDArray[np.uint8], bit: NDArray[np.int64]) -> None:
    """Set these bits (ascending, distinct)."""
    byte = bit >> 3
    starts = run_starts(byte)
    if len(starts):
        flat[byte[starts]] |= np.bitwise_or.reduceat(np.uint8(1) << (bit & 7).astype(np.uint8), starts)


def _estimates(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Distinct keys by bitmap."""
    left = _SIZE - np.bitwise_count(bits.view(np.uint64)).sum(axis=1, dtype=np.int64)
    return np.rint(-_SIZE * np.log(np.maximum(left, 0.5) / _SIZE)).astype(np.int64)
