"""JSON lines compared with known shapes, all at once, and read as a matrix of value positions.

One look at the quotes of a line tells which shapes it may have. Comparing all the fixed text and all numbers of the line with a
shape then proves it valid JSON (RFC 8259) without parsing it: when every quote of the line belongs to the fixed text, no value
holds one. What cannot be proved so is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.columns.counts import PIECE, Counts
from scantui.columns.json_shape import MOST_QUOTES, Shape, Spans, Windows
from scantui.columns.lines import LOW, WIDE, Lines, Mask, Positions, U, Words64, before_mark, word
from scantui.columns.numbers import digit_run, no_digit

Layout = TypeVar("Layout")
_SOME = 2048  # objects that are compared at a time
_MOST_NEW = 16  # shapes learned in one block; what is stranger than that goes line by line
_PROBES = 4  # windows that are looked at before all are
_ESCAPES = np.zeros(256, np.bool_)
_ESCAPES[list(b'"\\/bfnrt')] = True  # \u is left out: its digits would have to be checked
_LITERALS = tuple((len(text), word(text)) for text in (b"true", b"false", b"null"))
_NULL = ord("n")
# The first i bytes of two windows.
_LOW_PAIRS = np.array([(LOW[min(8, i)], LOW[max(0, i - 8)]) for i in range(WIDE + 1)], U)


class _Signs:
    """Quotes, backslashes and control characters of a stretch of the buffer. Reads it in pieces into memory that is kept: fresh
    memory by the megabyte costs more than the reading."""

    def __init__(self) -> None:
        self._quote, self._colon = np.empty(PIECE, np.bool_), np.empty(PIECE, np.bool_)
        self._ends = np.empty(0, np.int64)
        self._counts = Counts(0, 0)  # of quotes
        self._hidden: Positions = self._ends  # quotes that are escaped, which count as none
        self._quotes: Positions | None = None
        self.ends: Positions = self._ends  # quotes before a colon
        self.slashes = self.wrong = self.controls = np.zeros(0, np.int64)  # wrong: those that begin no plain escape

    def read(self, lines: Lines, low: int, high: int, newlines: int) -> None:
        """Read the bytes low:high, which hold at least so many newlines."""
        self._counts, self._quotes = Counts(low, high), None
        count = controls = 0
        slashes = []
        for at in range(low, high, PIECE):
            stop = min(high, at + PIECE)
            text, quote, colon = lines.u8[at:stop], self._quote[: stop - at], self._colon[: stop - at]
            controls += int(np.count_nonzero(np.less(text, 32, out=quote)))
            np.equal(text, 34, out=quote)
            self._counts.put(at, quote)
            np.equal(lines.u8[at + 1 : stop + 1], 58, out=colon)
            colon &= quote
            found = np.flatnonzero(colon)
            if count + len(found) > len(self._ends):  # untouched memory costs nothing
                self._ends = np.concatenate((self._ends[:count], np.empty((high - low) // 4 + len(found), np.int64)))
            np.add(found, at, out=self._ends[count : count + len(found)])
            count += len(found)
            if lines.data.find(b"\\", at, stop) >= 0:
                slashes.append(np.flatnonzero(np.equal(text, 92, out=quote)) + at)
        self._counts.sum()
        self.ends = self._ends[:count]
        self.slashes = np.concatenate(slashes) if slashes else np.zeros(0, np.int64)
        self.wrong = self.controls = self._hidden = np.zeros(0, np.int64)
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
        self._hidden = active[escaped == 34] + 1
        self.ends = _without(self.ends, self._hidden)
        self.wrong = active[~_ESCAPES[escaped]]

    def before(self, p: Positions) -> Positions:
        """How many quotes stand before each `p`."""
        count = self._counts.before(p)
        return count - np.searchsorted(self._hidden, p) if len(self._hidden) else count

    @property
    def quotes(self) -> Positions:
        """Where all quotes stand."""
        if self._quotes is None:
            self._quotes = _without(self._counts.places(), self._hidden)
        return self._quotes


def _without(positions: Positions, hidden: Positions) -> Positions:
    """`positions` that are none of `hidden`; both in order."""
    if not len(hidden) or not len(positions):
        return positions
    at = np.searchsorted(positions, hidden)
    at = at[(at < len(positions)) & (positions[np.minimum(at, len(positions) - 1)] == hidden)]
    return np.delete(positions, at)


def _any_inside(signs: Positions, begin: Positions, end: Positions) -> Mask:
    """Whether one of `signs` lies in begin:end, for each (any shape)."""
    if not len(signs):
        return np.zeros(begin.shape, np.bool_)
    return np.searchsorted(signs, begin) != np.searchsorted(signs, end)


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """Lines (by number) of one shape, their anchors (lines, anchors + 1), and what the format made of the shape."""

    rows: NDArray[np.int64]
    at: Positions
    layout: Layout
    slashes: Positions  # where backslashes stand in all lines

    def values(self, lines: Lines, spans: Spans) -> tuple[Positions, Positions, Mask, Mask]:
        """Of some values of each line, as (values, lines): beginning, end, whether it is an empty string or null, and whether it
        is not meant as written."""
        begin = (self.at[:, spans.first] + spans.ahead).T
        end = (self.at[:, spans.last] + spans.behind).T
        empty: Mask = begin >= end
        for bare in spans.bare.tolist():
            empty[bare] |= lines.u8[begin[bare]] == _NULL  # no other scalar begins so
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
        objects: _Objects[Layout] = _Objects(lines, signs, begin, end)
        counts = np.minimum(objects.quotes, MOST_QUOTES + 1)
        # A carriage return at the end is part of the shape.
        counts[_any_inside(signs.controls, begin, end - 1) | _any_inside(signs.wrong, begin, end)] = 0
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

    def __init__(self, lines: Lines, signs: _Signs, begin: Positions, end: Positions) -> None:
        self._lines, self._signs = lines, signs
        self._begin, self._end = begin, end
        self._follow = bool((begin[1:] == end[:-1] + 1).all())
        self._low_quote, self.quotes = self._counted(signs.before)
        self._low_end, self._ends = self._counted(lambda p: np.searchsorted(signs.ends, p))

    def _counted(self, before: Callable[[Positions], Positions]) -> tuple[Positions, Positions]:
        """How many marks stand before each object, and in it."""
        high = before(self._end)
        low = np.concatenate((before(self._begin[:1]), high[:-1])) if self._follow else before(self._begin)
        return low, high - low

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
        signs = self._signs
        marks, low, count = (
            (signs.quotes, self._low_quote, self.quotes) if shape.of_quotes else (signs.ends, self._low_end, self._ends)
        )
        picked = np.flatnonzero(count[rows] == shape.marks)
        rows = rows[picked] if len(picked) < len(rows) else rows
        at = np.empty((len(rows), len(shape.anchors) + 1), np.int64)
        at[:, :-1] = marks[low[rows][:, None] + shape.anchors]
        at[:, -1] = self._end[rows]
        anchor, distance = shape.tail
        ok = (at[:, 0] - shape.head == self._begin[rows]) & (at[:, anchor] + distance == at[:, -1])
        wide = np.diff(at, axis=1)
        wide -= shape.apart
        if len(at) and int(wide.min()) < 0:
            ok &= (wide >= 0).all(axis=1)
        proofs: tuple[Callable[[Positions], Mask], ...] = (
            lambda at: self._same(shape, at, [some.some(max(1, len(some.want) // _PROBES)) for some in shape.windows]),
            lambda at: self._same(shape, at, shape.windows),
            lambda at: _scalars(self._lines, shape, at),
        )
        for proof in proofs[alone:]:
            if not ok.all():
                at, picked = at[ok], picked[ok]
            ok = proof(at) if len(picked) else np.zeros(0, np.bool_)
        if not ok.all():
            at, picked = at[ok], picked[ok]
        return picked, at

    def _same(self, shape: Shape, at: Positions, windows: Sequence[Windows]) -> Mask:
        """Which of the objects with these anchors have the shape's text."""
        near = int(at[:, -1].max()) + shape.reach < len(self._lines.w32)
        same: Mask = np.ones(len(at), np.bool_)
        for some in windows:
            p = at.take(some.anchor, axis=1)
            p += some.ahead
            if not near:
                p.clip(0, len(self._lines.w32) - 1, out=p)
            found = self._lines.seen(p, some.words).reshape(len(at), -1)
            found ^= some.want.reshape(-1)
            found &= some.mask.reshape(-1)
            if np.bitwise_or.reduce(found, axis=None):
                same &= ~found.any(axis=1)
        return same


def _scalars(lines: Lines, shape: Shape, at: Positions) -> Mask:
    """Whether all unquoted values are numbers or literals."""
    good: Mask = np.ones(len(at), np.bool_)
    kinds = ((shape.numbers, _is_number), (shape.read, _begins_number), (shape.literals, _is_literal))
    for spans, usual in kinds:
        if len(spans.first):
            begin = at.take(spans.first, axis=1) + spans.ahead
            end = at.take(spans.last, axis=1) + spans.behind
            ok = usual(lines, begin, end - begin)
            if not ok.all():
                odd = np.nonzero(~ok)
                ok[odd] = _is_scalar(lines, begin[odd], end[odd])
                good &= ok.all(axis=1)
    return good


def _is_literal(lines: Lines, begin: Positions, length: Positions) -> Mask:
    """Whether these are `true`, `false` or `null`."""
    window = lines.w8[begin] & LOW[length.clip(0, 8)]
    literal: Mask = np.zeros(begin.shape, np.bool_)
    for size, text in _LITERALS:
        literal |= (length == size) & (window == text)
    return literal


def _begins_number(lines: Lines, begin: Positions, length: Positions) -> Mask:
    """Whether these begin with a digit, and with no zero that a number may not begin with."""
    first = lines.u8[begin]
    ok: Mask = first - np.uint8(48) <= 9
    zero = np.nonzero(first == 48)
    if len(zero[0]):
        ok[zero] = (length[zero] == 1) | (lines.u8[begin[zero] + 1] == 46)
    ok &= length >= 1
    return ok


def _is_number(lines: Lines, begin: Positions, length: Positions) -> Mask:
    """Whether these are numbers of up to sixteen bytes without a sign."""
    text = lines.seen(begin, 2)
    odd = no_digit(text)
    odd &= _LOW_PAIRS.take(length.clip(0, WIDE), axis=0)
    ok: Mask = (length >= 1) & (length <= WIDE) & ((lines.u8[begin] != 48) | (length == 1))
    some = np.nonzero(odd[..., 0] | odd[..., 1])
    if len(some[0]):
        ok[some] = _is_fraction(lines, begin[some], length[some], odd[some])
    return ok


def _is_fraction(lines: Lines, begin: Positions, length: Positions, odd: Words64) -> Mask:
    """Whether these, in which `odd` (two windows each) marks what is no digit, are digits, a point and digits."""
    whole = before_mark(odd)
    good: Mask = (np.bitwise_count(odd).sum(axis=1) == 1) & (lines.u8[begin + whole] == 46) & (length <= WIDE)
    good &= (whole >= 1) & (whole + 1 < length) & ((whole == 1) | (lines.u8[begin] != 48))
    return good


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
