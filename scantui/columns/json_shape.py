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

from scantui.columns.lines import LOW, SLACK, Lines, Mask, Positions, U, Words64, word
from scantui.columns.numbers import digit_run, no_digit

Layout = TypeVar("Layout")
_TOKEN = re.compile(rb'[ \t\r]*(?:([{}\[\],:])|"((?:[^"\\\x00-\x1f]|\\.)*)"|([^\s{}\[\],:"]+))')
_PIECE = 1 << 17  # bytes that are searched at a time
_SOME = 2048  # objects that are compared at a time
_WIDE = 16  # bytes that are compared at a time
_MOST_QUOTES = 1200  # of a line that is worth a shape
_MOST_NEW = 16  # shapes learned in one block; what is stranger than that goes line by line
_PROBES = 4  # windows that are looked at before all are
_ESCAPES = np.zeros(256, np.bool_)
_ESCAPES[list(b'"\\/bfnrt')] = True  # \u is left out: its digits would have to be checked
_LITERALS = tuple((len(text), word(text)) for text in (b"true", b"false", b"null"))
_NULL = word(b"null")


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
    quoted: bool


@dataclass
class Shape(Generic[Layout]):
    """What one order of keys looks like. Anchors are quotes by number; the last one is the line's end."""

    quotes: int
    anchors: NDArray[np.int64]
    windows: NDArray[np.int64]  # (windows, 2): anchor, distance
    want: Words64  # (windows, 2)
    mask: Words64
    head: int  # distance of the first anchor from the line's beginning
    tail: tuple[int, int]  # anchor, distance to the line's end
    scalars: NDArray[np.int64]  # (scalars, 4): a Span each
    spans: dict[str, Span]
    layout: Layout
    hits: int = 0

    @property
    def reach(self) -> int:
        """How far a window may begin behind its anchor."""
        return int(self.windows[:, 1].max())


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
        (anchor, begin + step - at, line[begin + step : min(end, begin + step + _WIDE)])
        for (_, begin, end), (anchor, at) in zip(pieces, place, strict=True)
        for step in range(0, end - begin, _WIDE)
    ]
    spans: dict[str, Span] = {}
    scalars: list[Span] = []
    for (left, left_at), (right, right_at), (leaf, _, _) in zip(place, place[1:], pieces[1:], strict=False):
        assert leaf is not None
        span = Span(left, leaf.start - left_at, right, leaf.end - right_at, leaf.quoted)
        if leaf.name:
            spans[leaf.name] = span
        if not leaf.quoted:
            scalars.append(span)
    for leaf in found:
        if leaf.name and leaf.name not in spans:
            piece = next(i for i, (_, begin, end) in enumerate(pieces) if begin <= leaf.start and leaf.end <= end)
            anchor, at = place[piece]
            spans[leaf.name] = Span(anchor, leaf.start - at, anchor, leaf.end - at, leaf.quoted)
    return Shape(
        len(quotes),
        np.array(anchors, np.int64),
        np.array([(anchor, distance) for anchor, distance, _ in windows], np.int64),
        np.array([(word(text), word(text[8:])) for _, _, text in windows], U),
        np.array([(LOW[min(8, len(text))], LOW[max(0, len(text) - 8)]) for _, _, text in windows], U),
        quotes[0],
        (place[-1][0], len(line) - place[-1][1]),
        np.array([(s.first, s.ahead, s.last, s.behind) for s in scalars], np.int64).reshape(-1, 4),
        spans,
        layout,
    )


def _quotes(line: bytes) -> list[int]:
    """Where quotes stand that no backslash escapes."""
    return [match.start() for match in re.finditer(rb'\\.|(")', line, re.DOTALL) if match[1]]


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
    """Whether one of `signs` lies in begin:end, for each."""
    if not len(signs):
        return np.zeros(len(begin), np.bool_)
    return np.searchsorted(signs, begin) != np.searchsorted(signs, end)


@dataclass(frozen=True)
class Group(Generic[Layout]):
    """Lines (by number) of one shape, their anchors (anchors + 1, lines), and where backslashes stand."""

    rows: NDArray[np.int64]
    at: Positions
    shape: Shape[Layout]
    slashes: Positions

    def span(self, name: str) -> tuple[Positions, Positions]:
        """Beginning and end of a named value in each line."""
        span = self.shape.spans[name]
        return self.at[span.first] + span.ahead, self.at[span.last] + span.behind

    def escaped(self, begin: Positions, end: Positions) -> Mask:
        """Whether a value is not meant as written."""
        return _any_inside(self.slashes, begin, end)

    def empty(self, lines: Lines, name: str, begin: Positions, end: Positions) -> Mask:
        """Whether a named value is an empty string or null."""
        none: Mask = begin >= end
        if not self.shape.spans[name].quoted:
            none |= (end - begin == 4) & (lines.w8[begin] & LOW[4] == _NULL)
        return none


class ShapeBook(Generic[Layout]):
    """The shapes a format has met. `learn` makes the shape of a line, or None when it is none to learn from."""

    def __init__(self, learn: Callable[[bytes], Shape[Layout] | None], most: int = 512) -> None:
        self._learn = learn
        self._most = most
        self._known: dict[int, list[Shape[Layout]]] = {}
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
        counts = np.minimum(high - low, _MOST_QUOTES + 1)
        # A carriage return at the end is part of the shape.
        counts[_any_inside(signs.controls, begin, end - 1) | _any_inside(signs.wrong, begin, end)] = 0
        objects: _Objects[Layout] = _Objects(lines, signs, low, begin, end)
        fresh = 0
        for count in np.flatnonzero(np.bincount(counts)).tolist():
            if not count or count > _MOST_QUOTES:
                continue
            rows = np.flatnonzero(counts == count)
            known = self._known.setdefault(count, [])
            known.sort(key=lambda shape: -shape.hits)
            for shape in list(known):
                if len(rows) < least:
                    break
                groups, rows = objects.match(shape, rows)
                yield from groups
            while len(rows) >= least and fresh < _MOST_NEW:
                fresh += 1
                shaped = self._learn(bytes(lines.data[int(begin[rows[0]]) : int(end[rows[0]])]))
                if shaped is None or shaped.quotes != count:
                    rows = rows[1:]
                    continue
                groups, rows = objects.match(shaped, rows)
                yield from groups
                if shaped.hits >= least:
                    self._keep(shaped)

    def _keep(self, shape: Shape[Layout]) -> None:
        if self._count >= self._most:
            self._known.clear()
            self._count = 0
        self._known.setdefault(shape.quotes, []).append(shape)
        self._count += 1


class _Objects(Generic[Layout]):
    """The objects of one block, to be compared with shapes."""

    def __init__(self, lines: Lines, signs: _Signs, low: Positions, begin: Positions, end: Positions) -> None:
        self._lines, self._signs = lines, signs
        self._low, self._begin, self._end = low, begin, end
        self._wide = np.ndarray((lines.size + SLACK - _WIDE,), f"V{_WIDE}", lines.data, strides=(1,))

    def match(self, shape: Shape[Layout], rows: NDArray[np.int64]) -> tuple[list[Group[Layout]], NDArray[np.int64]]:
        """Those of `rows` that have the shape, and the others."""
        made: list[Group[Layout]] = []
        other = np.ones(len(rows), np.bool_)
        for at in range(0, len(rows), _SOME):
            picked, group = self._some(shape, rows[at : at + _SOME])
            if len(picked):
                other[at + picked] = False
                made.append(group)
                shape.hits += len(picked)
        return made, rows[other]

    def _some(self, shape: Shape[Layout], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Group[Layout]]:
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
        for proof in proofs:
            at, picked = at[:, ok], picked[ok]
            ok = proof(at) if len(picked) else np.zeros(0, np.bool_)
        at, picked = at[:, ok], picked[ok]
        return picked, Group(rows[picked], at, shape, self._signs.slashes)

    def _same(self, shape: Shape[Layout], at: Positions, some: slice = slice(None)) -> Mask:
        """Which of the objects with these anchors have the shape's text."""
        windows = shape.windows[some]
        p = at[windows[:, 0]]
        p += windows[:, 1, None]
        if int(at[-1].max()) + shape.reach >= len(self._wide):
            p.clip(0, len(self._wide) - 1, out=p)
        found = self._wide[p].view("<u8").reshape(*p.shape, 2)
        either = np.zeros(at.shape[1], U)
        for half in (0, 1):
            differs = found[..., half] ^ shape.want[some, half, None]
            differs &= shape.mask[some, half, None]
            either |= np.bitwise_or.reduce(differs, axis=0)
        same: Mask = either == 0
        return same


def _scalars(lines: Lines, shape: Shape[Layout], at: Positions) -> Mask:
    """Whether all unquoted values are numbers or literals."""
    if not len(shape.scalars):
        return np.ones(at.shape[1], np.bool_)
    begin = at[shape.scalars[:, 0]] + shape.scalars[:, 1, None]
    end = at[shape.scalars[:, 2]] + shape.scalars[:, 3, None]
    ok = _is_whole(lines, begin, end - begin)
    odd = np.nonzero(~ok)
    if len(odd[0]):
        ok[odd] = _is_scalar(lines, begin[odd], end[odd])
    whole: Mask = ok.all(axis=0)
    return whole


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
