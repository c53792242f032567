"""Words: the same few texts in every line become small numbers, with one Python call a distinct text.

A text is up to sixteen windows (128 bytes). The table compares whole texts, not only their hashes: two texts that an
attacker made collide are still two.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, Lines, Positions, U, Words64
from scantui.columns.numbers import no_digit

MOST = 128  # bytes of the longest text; longer ones are not claimed
_USUAL = 64  # longer texts are looked up apart, so that one does not cost all the others its windows
UNCLAIMED = -1
_WORTH = 4  # fields a run of the same text, on average, for which runs are looked up once
_ZEROS = U(0x3030303030303030)
_LENGTH = U(0xD1B54A32D192ED03)
_MULTIPLIERS = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0xD6E8FEB86659FD93,
        0xFF51AFD7ED558CCD,
        0xC4CEB9FE1A85EC53,
        0x94D049BB133111EB,
        0xBF58476D1CE4E5B9,
        0xBDD732262FEB6E95,
        0x28EFE333B266F103,
        0x47526757130F9F53,
        0x581CE1FF0E4AE395,
        0x09BC585A244823F3,
        0xDE4431FA3C80DB07,
        0x37E9671C45376D5D,
        0xCCF635EE9E9E2FA5,
    ],
    U,
)


class WordTable:
    """Text to number by `meaning`, remembered. `meaning` gives a number >= 0, or `UNCLAIMED` to leave the line to the
    plain parser. Junk cannot make the table grow without bound: past `most` texts it starts anew. `blind` makes windows of
    texts that mean the same equal."""

    def __init__(
        self, meaning: Callable[[bytes], int], most: int = 8192, *, blind: Callable[[Words64], None] | None = None
    ) -> None:
        self._meaning = meaning
        self._most = most
        self._blind = blind
        self._clear()

    def _clear(self) -> None:
        self._hash: Words64 = np.zeros(0, U)
        self._text: Words64 = np.zeros((MOST // 8, 0), U)
        self._length: Positions = np.zeros(0, np.int64)
        self._value: NDArray[np.int64] = np.zeros(0, np.int64)

    def look_up(self, lines: Lines, start: Positions, end: Positions) -> NDArray[np.int64]:
        """Numbers of the texts `start[i]:end[i]`; `UNCLAIMED` where one is longer than 128 bytes or negative."""
        length = end - start
        longest = int(length.max(initial=0))
        out = np.full(len(start), UNCLAIMED, np.int64)
        if longest > MOST or int(length.min(initial=0)) < 0:
            good = np.flatnonzero((length >= 0) & (length <= MOST))
            out[good] = self.look_up(lines, start[good], end[good])
            return out
        if longest > _USUAL and int(length.min()) <= _USUAL:
            for some in (np.flatnonzero(length <= _USUAL), np.flatnonzero(length > _USUAL)):
                out[some] = self.look_up(lines, start[some], end[some])
            return out
        windows = _windows(lines, start, length, longest)
        if self._blind is not None:
            self._blind(windows)
        changed = np.ones(len(start), np.bool_)
        changed[1:] = length[1:] != length[:-1]
        for window in windows:
            changed[1:] |= window[1:] != window[:-1]
        if _WORTH * np.count_nonzero(changed) > len(start):
            return self._numbers(lines, windows, start, end)
        first = np.flatnonzero(changed)  # of each run of the same text
        number = self._numbers(lines, windows[:, first], start[first], end[first])
        return np.repeat(number, np.diff(first, append=len(start)))

    def _numbers(self, lines: Lines, windows: Words64, start: Positions, end: Positions) -> NDArray[np.int64]:
        length = end - start
        key = length.astype(U)
        key *= _LENGTH
        for window, multiplier in zip(windows, _MULTIPLIERS, strict=False):
            mixed = window * multiplier  # nothing of an empty window: a text has one hash, however long the others are
            mixed ^= mixed >> U(29)
            key ^= mixed
        at, same = self._place(key, windows, length)
        if not same.all():
            missing = np.flatnonzero(~same)
            self._learn(lines, key[missing], windows[:, missing], start[missing], end[missing])
            at, same = self._place(key, windows, length)
            if not same.all():
                return np.where(same, self._value[at], UNCLAIMED)
        return self._value[at]

    def _place(self, key: Words64, windows: Words64, length: Positions) -> tuple[Positions, NDArray[np.bool_]]:
        """Row of each text in the table, and whether it is there (another text may hold its hash)."""
        if not len(self._hash):
            return np.zeros(len(key), np.int64), np.zeros(len(key), np.bool_)
        at = np.minimum(np.searchsorted(self._hash, key), len(self._hash) - 1)
        same = self._length[at] == length
        for known, window in zip(self._text, windows, strict=False):
            same &= known[at] == window
        return at, same

    def _learn(self, lines: Lines, key: Words64, windows: Words64, start: Positions, end: Positions) -> None:
        _, first = np.unique(key, return_index=True)
        if len(self._hash) + len(first) > self._most:
            self._clear()
            first = first[: self._most]
        texts = np.zeros((MOST // 8, len(first)), U)
        texts[: len(windows)] = windows[:, first]
        values = [
            self._meaning(bytes(lines.data[a:b]))
            for a, b in zip(start[first].tolist(), end[first].tolist(), strict=True)
        ]
        fresh = ~np.isin(key[first], self._hash)
        hashes = np.concatenate((self._hash, key[first][fresh]))
        order = np.argsort(hashes, kind="stable")
        self._hash = hashes[order]
        self._text = np.concatenate((self._text, texts[:, fresh]), axis=1)[:, order]
        self._length = np.concatenate((self._length, (end - start)[first][fresh]))[order]
        self._value = np.concatenate((self._value, np.array(values, np.int64)[fresh]))[order]


def zero_digits(windows: Words64) -> None:
    """Make a zero of each digit, so that texts that differ in their digits only are one."""
    other = no_digit(windows)
    other >>= U(7)
    other *= U(255)
    windows &= other
    np.invert(other, out=other)
    other &= _ZEROS
    windows |= other


def _windows(lines: Lines, start: Positions, length: Positions, longest: int) -> Words64:
    """The windows of texts (windows, texts), zeros behind their ends."""
    count = max(1, -(-longest // 8))
    windows = np.empty((count, len(start)), U)
    for i in range(0, count, 2):
        at = np.minimum(start + 8 * i, len(lines.w16) - 1) if i else start
        if i + 1 < count:
            windows[i : i + 2] = lines.w16[at].view("<u8").reshape(-1, 2).T
        else:
            windows[i] = lines.w8[at]
    if count == 1:
        windows[0] &= LOW[length]
    else:
        for i, window in enumerate(windows):
            window &= LOW[np.clip(length - 8 * i, 0, 8)]
    return windows
