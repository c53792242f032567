"""How often a byte stands before any place: a bit a byte of the buffer, and sums by 64 of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Mask, Positions, U, Words64

PIECE = 1 << 17  # bytes that are searched at a time, in memory that is used again; a multiple of 64


class Counts:
    """Which of the bytes low:high of a buffer are marked. They are put in piece by piece, then `sum` is to be called."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._size = low, high - low
        words = self._size // 64 + 1  # one more than there are, or the last is not whole
        self._bits = np.empty(8 * words, np.uint8)
        self._words: Words64 = self._bits.view("<u8")
        self._before = np.zeros(words, np.int64)

    def put(self, at: int, marked: Mask) -> None:
        """The bytes from `at` on; `at` is a multiple of 64 beyond `low`."""
        bits = np.packbits(marked, bitorder="little")
        first = (at - self._low) // 8
        self._bits[first : first + len(bits)] = bits

    def sum(self) -> None:
        self._bits[(self._size + 7) // 8 :] = 0
        np.cumsum(np.bitwise_count(self._words[:-1]), dtype=np.int64, out=self._before[1:])

    def before(self, p: Positions) -> Positions:
        """How many marked bytes stand before each `p` (low..high)."""
        at = p - self._low
        word = at >> 6
        rest = self._words[word]
        rest &= (U(1) << (at & 63).view(U)) - U(1)
        count: Positions = self._before[word] + np.bitwise_count(rest)
        return count

    def places(self) -> Positions:
        """Where the marked bytes are."""
        places: Positions = np.flatnonzero(np.unpackbits(self._bits[: (self._size + 7) // 8], bitorder="little"))
        return places + self._low


def count_byte(u8: NDArray[np.uint8], byte: int, low: int, high: int) -> Counts:
    """A byte's counts in low:high."""
    counts = Counts(low, high)
    mask = np.empty(min(PIECE, high - low), np.bool_)
    for at in range(low, high, PIECE):
        text = u8[at : min(high, at + PIECE)]
        counts.put(at, np.equal(text, byte, out=mask[: len(text)]))
    counts.sum()
    return counts
