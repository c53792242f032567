"""JSON lines compared with known shapes, all at once, and read as a matrix of value positions.

One look at the quotes of a line tells which shapes it may have. Comparing all the fixed text and all numbers of the line with a
shape then proves it valid JSON (RFC 8259) without parsing it: when every quote of the line belongs to the fixed text, no value
holds one. What cannot be proved so is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.columns.json_shape import MOST_QUOTES, Shape, Spans
from scantui.columns.lines import LOW, Lines, Mask, Positions, U, Words64, word
from scantui.columns.numbers import digit_run, no_digit

Layout = TypeVar("Layout")
_PIECE = 1 << 17  # bytes that are searched at a time
_SOME = 2048  # objects that are compared at a time
_MOST_NEW = 16  # shapes learned in one block; what is stranger than that goes line by line
_PROBES = 4  # windows that are looked at before all are
_ESCAPES = np.zeros(256, np.bool_)
_ESCAPES[list(b'"\\/bfnrt')] = True  # \u is left out: its digits would have to be checked
_LITERALS = tuple((len(text), word(text)) for text in (b"true", b"false", b"null"))
_NULL = word(b"null")


class _Signs:
    """Quotes, backslashes and control characters of a stretch of the buffer. Reads it in pieces into memory that is kept: fresh
    memory by the megabyte costs more than the reading."""

    def __init__(self) -> None:
        self._mask = np.empty(_PIECE, np.bool_)
        self._quotes = np.empty(_PIECE, np.int64)
        self.quotes: Positions = self._quotes[:0]  # those that are not escaped
        self.slashes = self.wrong = self.controls = np.zeros(0, np.int64)  # wrong: those that begin no plain escape

    def read(self, lines: Lines, low: int, high: int, newlines: int) -> None:
        """Read the bytes low:high, which hold at least so many newlines."""
        count = controls = 0
        slashes = []
        for at in range(low, high, _PIECE):
            text = lines.u8[at : min(high, at + _PIECE)]
            mask = self._mask[: len(text)]
            found = np.flatnonzero(np.equal(text, 34, out=mask))
            if count + len(found) > len(self._quotes):
                self._quotes = np.concatenate((self._quotes, np.empty(len(self._quotes) + len(found), np.int64)))
            np.add(found, at, out=self._quotes[count : count + len(found)])
            count += len(found)
            if lines.data.find(b"\\", at, at + len(text)) >= 0:
                slashes.append(np.flatnonzero(np.equal(text, 92, out=mask)) + at)
            controls += int(np.count_nonzero(np.less(text, 32, out=mask)))
        self.quotes = self._quotes[:count]
        self.slashes = np.concatenate(slashes) if slashes else np.zeros(0, np.int64)
        self.wrong = self.controls = np.zeros(0, np.int64)
        if controls > newlines:
            text = lines.u8[low:high]
            self.controls = np.flatnonzero((text < 32) & (text != 10)) + low
        if len(self.slashes):
            self._escapes(lines.u8)

    def _escapes(self, u8: NDArray[np.uint8]) -> None:
        begins = np.ones(len(self.slashes), np.bool_)
        begins[1:] = np.diff(self.slashes) != 1
        run = np.flatnonzero(begins)[np.cumsum(begins) - 1]
        active = self.slashes[(np.arange(len(self.slashes)) - run) % 2 == 0]
        escaped = u8[active + 1]
        hidden = active[escaped == 34] + 1
        if len(hidden):
            keep = np.ones(len(self.quotes), np.bool_)
            keep[np.searchsorted(self.quotes, hidden)] = False
            self.quotes = self.quotes[keep]
        self.wrong = active[~_ESCAPES[escaped]]


def _any_inside(signs: Positions, begin: Positions, end: Positions) -> Mask:
    """Whether one of `signs` lies in begin:end, for each (any shape)."""
    if not len(signs):
        return np.zeros(begin.shape, np.bool_)
    return np.searchsorted(signs, begin) != np.searchsorted(signs, end)


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """Lines (by number) of one shape, their anchors (anchors + 1, lines), and what the format made of the shape."""

    rows: NDArray[np.int64]
    at: Positions
    layout: Layout
    slashes: Positions  # where backslashes stand in all lines

    def values(self, lines: Lines, spans: Spans) -> tuple[Positions, Positions, Mask, Mask]:
        """Of some values of each line, as (values, lines): beginning, end, whether it is an empty string or null, and whether it
        is not meant as written."""
        begin = self.at[spans.first] + spans.ahead
        end = self.at[spans.last] + spans.behind
        empty: Mask = begin >= end
        for bare in spans.bare.tolist():
            empty[bare] |= (end[bare] - begin[bare] == 4) & (lines.w8[begin[bare]] & LOW[4] == _NULL)
        return begin, end, empty, _any_inside(self.slashes, begin, end)


@dataclass
class _Known(Generic[Layout]):
    shape: Shape
    layout: Layout
    hits: int = 0


class ShapeBook(Generic[Layout]):
    """The shapes a format has met. `learn` makes the shape of a line and what the format needs to read it, or None when it is
    none to learn from."""

    def __init__(self, learn: Callable[[bytes], tuple[Shape, Layout] | None], most: int = 512) -> None:
        self._learn = learn
        self._most = most
        self._known: dict[int, list[_Known[Layout]]] = {}
        self._count = 0
        self._signs = _Signs()

    def split(self, lines: Lines, begin: Positions, end: Positions, least: int) -> Iterator[Group[Layout]]:
        """Groups of the objects `begin[i]:end[i]` (in order), proved valid. Objects of a shape that few have are left out."""
        if not len(begin):
            return
        signs = self._signs
        signs.read(lines, int(begin[0]), int(end[-1]), len(begin) - 1)
        high = np.searchsorted(signs.quotes, end)
        whole = bool((begin[1:] == end[:-1] + 1).all())
        low = np.concatenate(([0], high[:-1])) if whole else np.searchsorted(signs.quotes, begin)
        counts = np.minimum(high - low, MOST_QUOTES + 1)
        # A carriage return at the end is part of the shape.
        counts[_any_inside(signs.controls, begin, end - 1) | _any_inside(signs.wrong, begin, end)] = 0
        objects: _Objects[Layout] = _Objects(lines, signs, low, begin, end)
        fresh = 0
        for count in np.flatnonzero(np.bincount(counts)).tolist():
            if not count or count > MOST_QUOTES:
                continue
            rows = np.flatnonzero(counts == count)
            known = self._known.setdefault(count, [])
            known.sort(key=lambda one: -one.hits)
            for one in list(known):
                if len(rows) < least:
                    break
                groups, rows = objects.match(one, rows, alone=len(known) == 1)
                yield from groups
            while len(rows) >= least and fresh < _MOST_NEW:
                fresh += 1
                learned = self._learn(bytes(lines.data[int(begin[rows[0]]) : int(end[rows[0]])]))
                if learned is None or learned[0].quotes != count:
                    rows = rows[1:]
                    continue
                one = _Known(*learned)
                groups, rows = objects.match(one, rows)
                yield from groups
                if one.hits >= least:
                    self._keep(one)

    def _keep(self, known: _Known[Layout]) -> None:
        if self._count >= self._most:
            self._known.clear()
            self._count = 0
        self._known.setdefault(known.shape.quotes, []).append(known)
        self._count += 1


class _Objects(Generic[Layout]):
    """The objects of one block, to be compared with shapes."""

    def __init__(self, lines: Lines, signs: _Signs, low: Positions, begin: Positions, end: Positions) -> None:
        self._lines, self._signs = lines, signs
        self._low, self._begin, self._end = low, begin, end

    def match(
        self, known: _Known[Layout], rows: NDArray[np.int64], *, alone: bool = False
    ) -> tuple[list[Group[Layout]], NDArray[np.int64]]:
        """Those of `rows` that have the shape, and the others; `alone` when most of them will."""
        made: list[Group[Layout]] = []
        other = np.ones(len(rows), np.bool_)
        for at in range(0, len(rows), _SOME):
            some = rows[at : at + _SOME]
            picked, anchors = self._some(known.shape, some, alone)
            if len(picked):
                other[at + picked] = False
                made.append(Group(some[picked], anchors, known.layout, self._signs.slashes))
                known.hits += len(picked)
        return made, rows[other]

    def _some(self, shape: Shape, rows: NDArray[np.int64], alone: bool) -> tuple[NDArray[np.int64], Positions]:
        """Which of `rows` have the shape, and their anchors."""
        at = np.empty((len(shape.anchors) + 1, len(rows)), np.int64)
        at[:-1] = self._signs.quotes[self._low[rows] + shape.anchors[:, None]]
        at[-1] = self._end[rows]
        anchor, distance = shape.tail
        ok = (at[0] - shape.head == self._begin[rows]) & (at[anchor] + distance == at[-1])
        picked = np.arange(len(rows))
        probes = slice(0, None, max(1, len(shape.want) // _PROBES))
        proofs: tuple[Callable[[Positions], Mask], ...] = (
            lambda at: self._same(shape, at, probes),
            lambda at: self._same(shape, at),
            lambda at: _scalars(self._lines, shape, at),
        )
        for proof in proofs[alone:]:
            if not ok.all():
                at, picked = at[:, ok], picked[ok]
            ok = proof(at) if len(picked) else np.zeros(0, np.bool_)
        if not ok.all():
            at, picked = at[:, ok], picked[ok]
        return picked, at

    def _same(self, shape: Shape, at: Positions, some: slice = slice(None)) -> Mask:
        """Which of the objects with these anchors have the shape's text."""
        windows = shape.windows[some]
        p = at[windows[:, 0]]
        p += windows[:, 1, None]
        if int(at[-1].max()) + shape.reach >= len(self._lines.w16):
            p.clip(0, len(self._lines.w16) - 1, out=p)
        found = self._lines.w16[p].view("<u8").reshape(*p.shape, 2)
        either: Words64 = np.zeros(at.shape[1], U)
        for half in (0, 1):
            differs = found[..., half] ^ shape.want[some, half, None]
            differs &= shape.mask[some, half, None]
            either |= np.bitwise_or.reduce(differs, axis=0)
        same: Mask = either == 0
        return same


def _scalars(lines: Lines, shape: Shape, at: Positions) -> Mask:
    """Whether all unquoted values are numbers or literals."""
    good: Mask = np.ones(at.shape[1], np.bool_)
    for spans, usual in ((shape.numbers, _is_whole), (shape.literals, _is_literal)):
        if len(spans.first):
            begin = at[spans.first] + spans.ahead
            end = at[spans.last] + spans.behind
            ok = usual(lines, begin, end - begin)
            if not ok.all():
                odd = np.nonzero(~ok)
                ok[odd] = _is_scalar(lines, begin[odd], end[odd])
                good &= ok.all(axis=0)
    return good


def _is_literal(lines: Lines, begin: Positions, length: Positions) -> Mask:
    """Whether these are `true`, `false` or `null`."""
    window = lines.w8[begin] & LOW[length.clip(0, 8)]
    literal: Mask = np.zeros(begin.shape, np.bool_)
    for size, text in _LITERALS:
        literal |= (length == size) & (window == text)
    return literal


def _is_whole(lines: Lines, begin: Positions, length: Positions) -> Mask:
    """Whether these are whole numbers of up to eight digits, or of sixteen where most of a row are."""
    ok = (length >= 1) & ((lines.u8[begin] != 48) | (length == 1))
    ok &= no_digit(lines.w8[begin]) & LOW[length.clip(0, 8)] == 0
    long = np.flatnonzero(length[:, 0] > 8)
    if len(long):
        ok[long] &= no_digit(lines.w8[begin[long] + 8]) & LOW[(length[long] - 8).clip(0, 8)] == 0
    longest = np.full((len(length), 1), 8)
    longest[long] = 16
    whole: Mask = ok & (length <= longest)
    return whole


def _is_scalar(lines: Lines, begin: Positions, end: Positions) -> Mask:
    """Whether `begin:end` is a literal or a number, perhaps with a sign and a fraction; exponents are not claimed."""
    at = begin + (lines.u8[begin] == 45)
    run = digit_run(lines, at)
    good = (run >= 1) & ((run == 1) | (lines.u8[at] != 48)) & (at + run < end)
    at = at + run
    fraction = digit_run(lines, np.minimum(at + 1, lines.size))
    number = good & (lines.u8[np.minimum(at, lines.size)] == 46) & (fraction >= 1) & (at + 1 + fraction == end)
    whole = (run >= 1) & ((run == 1) | (lines.u8[at - run] != 48)) & (at == end)
    return number | whole | _is_literal(lines, begin, end - begin)
