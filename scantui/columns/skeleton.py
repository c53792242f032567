"""Skeletons: lines with the same keys in the same order, found together and read as a matrix of value positions.

A kernel's `KEY=value` line has some twenty keys, and a log has a handful of orders. So one look at a line's `=` signs
tells its skeleton, and every value position of every line that shares it follows without searching for a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, Lines, Positions, U, Words64, window_at

Layout = TypeVar("Layout")
# A key and the one byte before it: a blank (or the line's start), a bracket, or what ends a log prefix: a colon,
# a bar, `<PRI>`, the quote that closes one; or LEEF's usual separator. Check Point's interface has a bar in its name.
_KEY = re.compile(rb"(^|[\x00-\x20\[\]:|>^]|(?<=[: ])\")([A-Za-z_][A-Za-z0-9_.-]{0,40}|i/f_[a-z]{1,8})=")
# `key:"value";` of Check Point (`scheme::"IKE"`, too): the sign is the colon before a quote.
_COLON_KEY = re.compile(rb"(^|[\x00-\x20\[;])([A-Za-z_][A-Za-z0-9_.-]{0,39}:?):(?=\")")
# A sign inside a value, as in `tag=product=VPN[mgmt=fw;date=1]`, and the text back to what no key could have before it. `#011`
# may be a tab.
_INNER = re.compile(rb"[^A-Za-z0-9_./#\x00-\x20\[\]:|>^\"-][A-Za-z0-9_.-]{1,40}\Z")
_EQUALS, _COLONS = re.compile(rb"="), re.compile(rb":(?=\")")
_LONGEST = 43  # bytes of a key and those before it
_MOST_NEW = 16  # skeletons learned in one block; what is stranger than that goes line by line


def keys_of(line: bytes, *, colons: bool = False) -> list[tuple[bytes, bytes, int]]:
    """Every `KEY=` (or `KEY:"`) of a line: the byte before the key (empty at the start), the key, the position of its value."""
    return [(m[1], m[2], m.end()) for m in (_COLON_KEY if colons else _KEY).finditer(line)]


@dataclass(frozen=True)
class Skeleton(Generic[Layout]):
    """What one order of keys looks like in windows, and what a format made of it (None: not this format's)."""

    equals: int
    near: Words64  # (equals, 1 or 2) the bytes before each `=`, masked: sixteen where a key has more than eight
    near_mask: Words64
    far: Words64  # (windows, equals) the eight bytes before those and so on, for long keys
    far_mask: Words64
    at_start: NDArray[np.bool_]  # this key starts the line
    keys: NDArray[np.int64] | slice  # which of the signs end keys
    layout: Layout | None


def _compare_part(line: bytes, position: int, wanted: int) -> tuple[np.uint64, np.uint64]:
    """The `wanted` (0..8) bytes of `line` that end at `position`, in a window's high bytes, and their mask."""
    if wanted <= 0:
        return U(0), U(0)
    text = line[max(0, position - 8) : position].rjust(8, b"\0")
    mask = ~LOW[8 - wanted] if wanted < 8 else ~U(0)
    return U(int.from_bytes(text, "little")) & mask, U(mask)


def _signs(line: bytes, *, colons: bool, inner: bool) -> tuple[list[tuple[int, int, bool]], list[int]] | None:
    """Every sign of a line: where it stands, how many bytes before it tell what it is, and whether these start the line; and
    which of them end keys. None when one has no plain key before it and, with `inner`, is not surely inside a value either."""
    keys = {
        at - 1: (len(before) + len(key) + (before == b'"'), not before)  # what stands before a quote counts
        for before, key, at in keys_of(line, colons=colons)
    }
    signs: list[tuple[int, int, bool]] = []
    for match in (_COLONS if colons else _EQUALS).finditer(line):
        at = match.start()
        if at in keys:
            signs.append((at, *keys[at]))
            continue
        before = _INNER.search(line, max(0, at - _LONGEST), at) if inner else None
        if before is None:
            return None
        signs.append((at, at - before.start(), False))
    return signs, [number for number, (at, _, _) in enumerate(signs) if at in keys]


def _skeleton(line: bytes, layout: Layout | None, *, colons: bool, inner: bool) -> Skeleton[Layout] | None:
    """The skeleton of `line`; None when some sign is one that only the plain parser can judge."""
    found = _signs(line, colons=colons, inner=inner)
    if found is None or not found[1]:
        return None
    signs, keys = found
    lengths = [length for _, length, _ in signs]
    if max(lengths, default=0) > _LONGEST:
        return None
    words = 1 if max(lengths) <= 8 else 2
    windows = [
        [_compare_part(line, at - back, min(8, length - back)) for at, length, _ in signs]
        for back in range(0, max(8 * words, *lengths), 8)
    ]
    text, mask = np.moveaxis(np.array(windows, U), 2, 0).copy()
    near, near_mask = text[:words][::-1].T.copy(), mask[:words][::-1].T.copy()
    at_start = np.array([starts for _, _, starts in signs], np.bool_)
    ends = slice(None) if len(keys) == len(signs) else np.array(keys)
    return Skeleton(len(signs), near, near_mask, text[words:], mask[words:], at_start, ends, layout)


class SkeletonBook(Generic[Layout]):
    """The skeletons a format has met. `judge` turns a line into the format's layout, or None when the line is not its own; with
    `colons` keys end as in `key:"value"`, with `inner` signs may stand in values."""

    def __init__(
        self, judge: Callable[[bytes], Layout | None], most: int = 64, *, colons: bool = False, inner: bool = False
    ) -> None:
        self._judge, self._colons, self._inner = judge, colons, inner
        self._most = most
        self._known: dict[int, list[Skeleton[Layout]]] = {}
        self._count = 0

    def split(self, lines: Lines, least: int) -> Iterator[tuple[NDArray[np.int64], Positions, Layout | None]]:
        """Groups of at least `least` lines with one skeleton: (line numbers, (lines, keys) value positions, layout).

        A layout of None says the lines are not the format's. Lines in no group are left to the caller.
        """
        if not len(lines):
            return
        if self._colons:
            signs = np.flatnonzero((lines.u8[: lines.size] == 58) & (lines.u8[1 : lines.size + 1] == 34))
        else:
            signs = np.flatnonzero(lines.u8[: lines.size] == 61)
        high = np.searchsorted(signs, lines.end)
        whole = lines.start[0] == 0 and bool((lines.start[1:] == lines.end[:-1] + 1).all())
        low = np.concatenate(([0], high[:-1])) if whole else np.searchsorted(signs, lines.start)
        counts = high - low
        fresh = 0
        for equals in np.flatnonzero(np.bincount(counts)).tolist():
            if not equals:
                continue
            rows = np.flatnonzero(counts == equals)
            if len(rows) < least:
                continue
            at = signs.take(low[rows, None] + np.arange(equals))
            before = _Before(lines, at)
            for known in list(self._known.get(equals, ())):
                same = _matches(lines, rows, before, known)
                if int(np.count_nonzero(same)) >= least:
                    yield rows[same], at[same][:, known.keys] + 1, known.layout
                    rows, at = rows[~same], at[~same]
                    before.keep(~same)
                if len(rows) < least:
                    break
            while len(rows) >= least and fresh < _MOST_NEW:
                fresh += 1
                line = lines.text(int(rows[0]))
                learned = _skeleton(line, self._judge(line), colons=self._colons, inner=self._inner)
                if learned is None:
                    rows, at = rows[1:], at[1:]
                    before.keep(slice(1, None))
                    continue
                same = _matches(lines, rows, before, learned)
                same[0] = True
                self._learn(learned)
                if int(np.count_nonzero(same)) >= least:
                    yield rows[same], at[same][:, learned.keys] + 1, learned.layout
                rows, at = rows[~same], at[~same]
                before.keep(~same)

    def _learn(self, skeleton: Skeleton[Layout]) -> None:
        if self._count >= self._most:
            self._known.clear()
            self._count = 0
        self._known.setdefault(skeleton.equals, []).append(skeleton)
        self._count += 1


class _Before:
    """What stands before the signs of some lines, looked at when it is asked for."""

    def __init__(self, lines: Lines, at: Positions) -> None:
        self._lines, self.at = lines, at
        self._near: dict[int, Words64] = {}

    def near(self, words: int) -> Words64:
        """(lines, signs, words)"""
        if words not in self._near:
            self._near[words] = window_at(self._lines, self.at, words=words)
        return self._near[words]

    def keep(self, some: NDArray[np.bool_] | slice) -> None:
        """These lines only."""
        self.at = self.at[some]
        self._near = {words: near[some] for words, near in self._near.items()}


def _matches(lines: Lines, rows: NDArray[np.int64], before: _Before, want: Skeleton[Layout]) -> NDArray[np.bool_]:
    """Which of the lines have the skeleton."""
    at = before.at
    all_differ = (before.near(want.near.shape[1]) ^ want.near).reshape(len(rows), -1)
    all_differ &= want.near_mask.reshape(-1)
    if np.bitwise_or.reduce(all_differ, axis=None):
        differs = np.bitwise_or.reduce(all_differ, axis=1)
    else:
        differs = np.zeros(len(rows), U)
    beyond = 8 * want.near.shape[1]
    for step, key in np.argwhere(want.far_mask).tolist():
        far = window_at(lines, at[:, key], back=beyond + 8 * step)[:, 0]
        differs |= (far ^ want.far[step, key]) & want.far_mask[step, key]
    same: NDArray[np.bool_] = differs == 0
    for key in np.flatnonzero(want.at_start).tolist():
        length = int(np.bitwise_count(want.near_mask[key]).sum() + np.bitwise_count(want.far_mask[:, key]).sum()) // 8
        same &= at[:, key] - length == lines.start[rows]
    return same
