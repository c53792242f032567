"""Templates: texts that are alike but for a few bytes, such as a log header around its changing uptime.

A word table with holes. The first text of a new kind is judged in plain Python, which says what it means and which bytes
may differ; every other text of that length and those bytes then has the same meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions, U, Words64
from scantui.columns.numbers import uint_long

Meaning = TypeVar("Meaning")
MOST = 128  # bytes of the longest template


@dataclass(frozen=True)
class Template(Generic[Meaning]):
    """`windows` under `mask`, both (ceil(length / 8),), and what it means; `meaning` None: leave it to the plain parser."""

    windows: Words64
    mask: Words64
    meaning: Meaning | None


_MOST_STRANGE = (
    8  # texts without a meaning and without others like them, after which no more of their length are learned
)


class TemplateBook(Generic[Meaning]):
    """Templates by length. `judge` gives a text's meaning and its holes (start, end), or None for the meaning."""

    def __init__(self, judge: Callable[[bytes], tuple[Meaning | None, list[tuple[int, int]]]], most: int = 256) -> None:
        self._judge = judge
        self._most = most
        self._by_length: dict[int, list[Template[Meaning]]] = {}
        self._count = 0

    def split(
        self, lines: Lines, start: Positions, end: Positions, least: int
    ) -> list[tuple[NDArray[np.int64], Meaning]]:
        """Groups (indices into `start`) of one meaning each. Texts of fewer than `least` of a kind, too long ones and those
        the judge refuses are in no group."""
        length = end - start
        groups: list[tuple[NDArray[np.int64], Meaning]] = []
        for size in np.flatnonzero(np.bincount(np.clip(length, 0, MOST + 1))).tolist():
            if size > MOST:
                continue
            rows = np.flatnonzero(length == size) if size else np.flatnonzero(length <= 0)
            if size == 0:
                rows = rows[length[rows] == 0]
            at = start[rows]
            windows = np.array([lines.w8[at + i] for i in range(0, size, 8)], U).reshape(-(-size // 8), len(rows))
            known = self._by_length.get(size, [])
            tried = strange = 0
            while len(rows) >= least:
                fresh = tried >= len(known)
                if fresh:
                    if strange >= _MOST_STRANGE or self._count >= self._most:
                        break
                    template = self._learn(lines.data[int(at[0]) : int(at[0]) + size])
                    known = self._by_length[size]
                else:
                    template = known[tried]
                tried += 1
                differs = np.zeros(len(rows), U)
                for i in range(len(windows)):
                    differs |= (windows[i] ^ template.windows[i]) & template.mask[i]
                same = differs == 0
                if template.meaning is None and fresh and np.count_nonzero(same) == 1:  # it may well never come again
                    known.pop()
                    self._count -= 1
                    tried -= 1
                    strange += 1
                if same.any():
                    if template.meaning is not None:
                        groups.append((rows[same], template.meaning))
                    rest = ~same
                    rows, at, windows = rows[rest], at[rest], windows[:, rest]
        return groups

    def _learn(self, data: bytearray | bytes) -> Template[Meaning]:
        text = bytes(data)
        meaning, holes = self._judge(text)
        mask = bytearray(b"\xff" * len(text))
        for begin, stop in holes:
            mask[begin:stop] = b"\0" * (stop - begin)
        padded = -(-len(text) // 8) * 8
        template = Template(
            np.frombuffer(text.ljust(padded, b"\0"), "<u8").astype(U),
            np.frombuffer(bytes(mask).ljust(padded, b"\0"), "<u8").astype(U),
            meaning,
        )
        self._by_length.setdefault(len(text), []).append(template)
        self._count += 1
        return template


def padded_number(lines: Lines, p: Positions, width: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number in the `width` (at most 15) bytes at `p`, blanks before it allowed: value, whether it is one."""
    value, digits = uint_long(lines, p)
    ok = digits == width
    if ok.all():
        return value, ok
    blank = np.flatnonzero(~ok)
    value[blank], ok[blank] = _blanks_before(lines, p[blank], width)
    return value, ok


def _blanks_before(lines: Lines, p: Positions, width: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    value = np.zeros(len(p), np.int64)
    ok = np.ones(len(p), np.bool_)
    begun = np.zeros(len(p), np.bool_)
    for offset in range(width):
        byte = lines.u8[p + offset]
        digit = byte - np.uint8(48)
        is_digit = digit <= 9
        ok &= is_digit | ((byte == 32) & ~begun)
        begun |= is_digit
        value = value * 10 + np.where(is_digit, digit, 0)
    return value, ok & begun
