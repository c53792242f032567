"""Shapes: JSON lines with the same keys in the same order, found together and read as a matrix of value positions.

A writer's objects differ in their values, seldom in what stands between them. So one look at a line's quotes tells its shape,
and comparing all the fixed text and all numbers of a line with that shape proves it valid JSON (RFC 8259) without parsing it:
when every quote of the line belongs to the fixed text, no value holds one. What cannot be proved so is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, Lines, Mask, Positions, U, Words64, word
from scantui.columns.numbers import digit_run

Layout = TypeVar("Layout")
_TOKEN = re.compile(rb'[ \t\r]*(?:([{}\[\],:])|"((?:[^"\\\x00-\x1f]|\\.)*)"|([^\s{}\[\],:"]+))')
_MOST_QUOTES = 1200  # of a line that is worth a shape
_MOST_NEW = 16  # shapes learned in one block; what is stranger than that goes line by line
_PROBES = 4  # windows that are looked at before all are
_ESCAPES = np.zeros(256, np.bool_)
_ESCAPES[list(b'"\\/bfnrt')] = True  # \u is left out: its digits would have to be checked
_LITERALS = tuple((len(text), word(text)) for text in (b"true", b"false", b"null"))
NULL = word(b"null")


@dataclass(frozen=True)
class Leaf:
    """A string (what is inside its quotes) or another scalar of a line, and the keys that lead to it joined by dots; the
    name is empty for what stands in a list."""

    name: str
    start: int
    end: int
    quoted: bool


def leaves(line: bytes) -> list[Leaf] | None:
    """The leaves of a line that is known to be a JSON object, in their order; None when a key is empty, escaped or comes twice."""
    found: list[Leaf] = []
    names: set[str] = set()
    stack: list[str | None] = []  # of each open object the name before it ("" at the top), None for a list
    key: bytes | None = None
    expects_key = False
    for match in _TOKEN.finditer(line):
        sign, text = match[1], match[2]
        if sign in (b"{", b"["):
            name = _joined(stack, key)
            if name and name in names:
                return None
            names.add(name)
            stack.append(name if sign == b"{" else None)
            key, expects_key = None, sign == b"{"
        elif sign in (b"}", b"]"):
            stack.pop()
            expects_key = False
        elif sign == b",":
            expects_key = stack[-1] is not None
        elif sign == b":":
            expects_key = False
        elif expects_key:
            if not text or b"\\" in text:
                return None
            key = text
        else:
            group = 3 if text is None else 2
            name = _joined(stack, key)
            if name and name in names:
                return None
            names.add(name)
            found.append(Leaf(name, match.start(group), match.end(group), text is not None))
    return found


def _joined(stack: list[str | None], key: bytes | None) -> str:
    """The name of what stands behind `key`; empty inside lists, and at the top."""
    if not stack or None in stack or key is None:
        return ""
    return ".".join(filter(None, (stack[-1], key.decode("utf-8", "replace"))))


@dataclass(frozen=True)
class Span:
    """Where a value lies: between two anchors, each with a distance."""

    first: int
    ahead: int
    last: int
    behind: int


@dataclass
class Shape(Generic[Layout]):
    """What one order of keys looks like. Anchors are quotes by number; the last one is the line's end."""

    quotes: int
    anchors: NDArray[np.int64]
    windows: NDArray[np.int64]  # (windows, 2): anchor, distance
    want: Words64
    mask: Words64
    head: int  # distance of the first anchor from the line's beginning
    tail: tuple[int, int]  # anchor, distance to the line's end
    scalars: NDArray[np.int64]  # (scalars, 4): a Span each
    spans: dict[str, Span]
    layout: Layout
    hits: int = 0

    def span(self, name: str, at: Positions) -> tuple[Positions, Positions]:
        """Beginning and end of a named value in each line; `at` are the lines' anchors."""
        span = self.spans[name]
        return at[span.first] + span.ahead, at[span.last] + span.behind


def _pieces(line: bytes, found: list[Leaf], fixed: Callable[[Leaf], bool]) -> list[tuple[Leaf | None, int, int]]:
    """(the value before it, begin, end) of each stretch of fixed text."""
    made: list[tuple[Leaf | None, int, int]] = []
    begin, before = 0, None
    for leaf in found:
        if fixed(leaf) or (not leaf.quoted and not leaf.name):
            continue
        made.append((before, begin, leaf.start))
        begin, before = leaf.end, leaf
    return [*made, (before, begin, len(line))]


def shape_of(line: bytes, found: list[Leaf], fixed: Callable[[Leaf], bool], layout: Layout) -> Shape[Layout] | None:
    """The shape of a valid line. The texts of leaves that are `fixed` belong to the shape."""
    quotes = [at for at in _quotes(line)]
    pieces = _pieces(line, found, fixed)
    if not quotes or len(quotes) > _MOST_QUOTES or any(b"\\" in line[begin:end] for _, begin, end in pieces):
        return None
    number = {at: i for i, at in enumerate(quotes)}
    anchors: list[int] = []
    place: list[tuple[int, int]] = []  # of each stretch: its anchor, and where that stands in the line
    for _, begin, end in pieces:
        first = line.find(b'"', begin, end)
        if first >= 0:
            anchors.append(number[first])
        place.append((len(anchors) - 1, first) if first >= 0 else (-1, len(line)))
    last = len(anchors)
    place = [(last if anchor < 0 else anchor, at) for anchor, at in place]
    windows = [
        (anchor, begin + step - at, line[begin + step : min(end, begin + step + 8)])
        for (_, begin, end), (anchor, at) in zip(pieces, place, strict=True)
        for step in range(0, end - begin, 8)
    ]
    spans: dict[str, Span] = {}
    scalars: list[Span] = []
    for (left, left_at), (right, right_at), (leaf, _, _) in zip(place, place[1:], pieces[1:], strict=False):
        assert leaf is not None
        span = Span(left, leaf.start - left_at, right, leaf.end - right_at)
        if leaf.name:
            spans[leaf.name] = span
        if not leaf.quoted:
            scalars.append(span)
    for leaf in found:
        if leaf.name and leaf.name not in spans:
            piece = next(i for i, (_, begin, end) in enumerate(pieces) if begin <= leaf.start and leaf.end <= end)
            anchor, at = place[piece]
            spans[leaf.name] = Span(anchor, leaf.start - at, anchor, leaf.end - at)
    return Shape(
        len(quotes),
        np.array(anchors, np.int64),
        np.array([(anchor, distance) for anchor, distance, _ in windows], np.int64),
        np.array([word(text) for _, _, text in windows], U),
        LOW[[len(text) for _, _, text in windows]],
        quotes[0],
        (place[-1][0], len(line) - place[-1][1]),
        np.array([(s.first, s.ahead, s.last, s.behind) for s in scalars], np.int64).reshape(-1, 4),
        spans,
        layout,
    )


def _quotes(line: bytes) -> list[int]:
    """Where quotes stand that no backslash escapes."""
    return [match.start() for match in re.finditer(rb'\\.|(")', line, re.DOTALL) if match[1]]


def _unescaped(lines: Lines, low: int, high: int) -> tuple[Positions, Positions, Positions]:
    """Quotes that are not escaped, all backslashes, and those that begin no plain escape."""
    u8 = lines.u8
    quotes = np.flatnonzero(u8[low:high] == 34) + low
    slashes = np.flatnonzero(u8[low:high] == 92) + low
    if not len(slashes):
        return quotes, slashes, slashes
    begins = np.ones(len(slashes), np.bool_)
    begins[1:] = np.diff(slashes) != 1
    run = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    active = slashes[(np.arange(len(slashes)) - run) % 2 == 0]
    escaped = u8[active + 1]
    hidden = active[escaped == 34] + 1
    if len(hidden):
        quotes = quotes[~np.isin(quotes, hidden, assume_unique=True)]
    return quotes, slashes, active[~_ESCAPES[escaped]]


def _any_inside(signs: Positions, begin: Positions, end: Positions) -> Mask:
    """Whether one of `signs` lies in begin:end, for each."""
    return np.searchsorted(signs, begin) != np.searchsorted(signs, end)


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """Lines (by number) of one shape, and their anchors (anchors + 1, lines)."""

    rows: NDArray[np.int64]
    at: Positions
    shape: Shape[Layout]


class ShapeBook(Generic[Layout]):
    """The shapes a format has met. `learn` makes the shape of a line, or None when it is none to learn from."""

    def __init__(self, learn: Callable[[bytes], Shape[Layout] | None], most: int = 512) -> None:
        self._learn = learn
        self._most = most
        self._known: dict[int, list[Shape[Layout]]] = {}
        self._count = 0

    def split(
        self, lines: Lines, begin: Positions, end: Positions, least: int
    ) -> Iterator[tuple[Group[Layout], Positions]]:
        """Groups of at least `least` of the objects `begin[i]:end[i]`, proved valid, and where backslashes stand."""
        if not len(begin):
            return
        quotes, slashes, wrong = _unescaped(lines, int(begin[0]), int(end[-1]))
        low, high = np.searchsorted(quotes, begin), np.searchsorted(quotes, end)
        counts = np.minimum(high - low, _MOST_QUOTES + 1)
        controls = np.flatnonzero(lines.u8[int(begin[0]) : int(end[-1])] < 32) + int(begin[0])
        controls = controls[lines.u8[controls] != 10]
        bad = np.zeros(len(begin), np.bool_)
        if len(controls):
            bad |= _any_inside(controls, begin, end - 1)  # a carriage return at the end is part of the shape
        if len(wrong):
            bad |= _any_inside(wrong, begin, end)
        counts[bad] = 0
        fresh = 0
        for count in np.flatnonzero(np.bincount(counts)).tolist():
            rows = np.flatnonzero(counts == count)
            if not count or count > _MOST_QUOTES:
                continue
            known = self._known.setdefault(count, [])
            known.sort(key=lambda shape: -shape.hits)
            for shape in list(known):
                if len(rows) < least:
                    break
                group = _match(lines, shape, rows, quotes, low, begin, end)
                if len(group.rows) >= least:
                    shape.hits += len(group.rows)
                    yield group, slashes
                    rows = np.setdiff1d(rows, group.rows, assume_unique=True)
            while len(rows) >= least and fresh < _MOST_NEW:
                fresh += 1
                shaped = self._learn(bytes(lines.data[int(begin[rows[0]]) : int(end[rows[0]])]))
                if shaped is None or shaped.quotes != count:
                    rows = rows[1:]
                    continue
                group = _match(lines, shaped, rows, quotes, low, begin, end)
                if len(group.rows) >= least:
                    self._keep(shaped)
                    yield group, slashes
                rows = np.setdiff1d(rows[1:], group.rows, assume_unique=True)

    def _keep(self, shape: Shape[Layout]) -> None:
        if self._count >= self._most:
            self._known.clear()
            self._count = 0
        self._known.setdefault(shape.quotes, []).append(shape)
        self._count += 1


def _match(
    lines: Lines,
    shape: Shape[Layout],
    rows: NDArray[np.int64],
    quotes: Positions,
    low: Positions,
    begin: Positions,
    end: Positions,
) -> Group[Layout]:
    """Those of `rows` that have the shape."""

    def positions(rows: NDArray[np.int64]) -> Positions:
        at = np.empty((len(shape.anchors) + 1, len(rows)), np.int64)
        at[:-1] = quotes[low[rows] + shape.anchors[:, None]]
        at[-1] = end[rows]
        return at

    def same(at: Positions, some: slice) -> Mask:
        windows = shape.windows[some]
        p = at[windows[:, 0]]
        p += windows[:, 1, None]
        p.clip(0, len(lines.w8) - 1, out=p)
        differs = lines.w8[p]
        differs ^= shape.want[some, None]
        differs &= shape.mask[some, None]
        equal: Mask = np.bitwise_or.reduce(differs, axis=0) == 0
        return equal

    at = positions(rows)
    anchor, distance = shape.tail
    ok = (at[0] - shape.head == begin[rows]) & (at[anchor] + distance == at[-1])
    ok &= same(at, slice(0, None, max(1, len(shape.want) // _PROBES)))
    if not ok.all():
        at, rows = at[:, ok], rows[ok]
    for prove in (lambda at: same(at, slice(None)), lambda at: _scalars(lines, shape, at)):
        ok = prove(at)
        if not ok.all():
            at, rows = at[:, ok], rows[ok]
    return Group(rows, at, shape)


def _scalars(lines: Lines, shape: Shape[Layout], at: Positions) -> Mask:
    """Whether all unquoted values are numbers or literals."""
    if not len(shape.scalars):
        return np.ones(at.shape[1], np.bool_)
    begin = at[shape.scalars[:, 0]] + shape.scalars[:, 1, None]
    end = at[shape.scalars[:, 2]] + shape.scalars[:, 3, None]
    length = end - begin
    run = digit_run(lines, begin)
    ok = (run == length) & (run >= 1) & ((run == 1) | (lines.u8[begin] != 48))
    odd = np.nonzero(~ok)
    if len(odd[0]):
        ok[odd] = _is_scalar(lines, begin[odd], end[odd])
    whole: Mask = ok.all(axis=0)
    return whole


def _is_scalar(lines: Lines, begin: Positions, end: Positions) -> Mask:
    """Whether `begin:end` is a literal or a number, perhaps with a sign and a fraction; exponents are not claimed."""
    length = end - begin
    window = lines.w8[begin] & LOW[np.clip(length, 0, 8)]
    literal = np.zeros(len(begin), np.bool_)
    for size, text in _LITERALS:
        literal |= (length == size) & (window == text)
    at = begin + (lines.u8[begin] == 45)
    run = digit_run(lines, at)
    good = (run >= 1) & ((run == 1) | (lines.u8[at] != 48)) & (at + run < end)
    at = at + run
    fraction = digit_run(lines, np.minimum(at + 1, lines.size))
    number = good & (lines.u8[np.minimum(at, lines.size)] == 46) & (fraction >= 1) & (at + 1 + fraction == end)
    whole = (run >= 1) & ((run == 1) | (lines.u8[at - run] != 48)) & (at == end)
    return literal | number | whole
