"""Shapes: what JSON lines with the same keys in the same order have in common, learned from one of them.

A writer's objects differ in their values, seldom in what stands between them. A shape is that fixed text, and where the values
lie between it; `json_match` compares lines with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, WIDE, WIDEST, U, Words64, word

MOST_QUOTES = 1200  # of a line that is worth a shape
_TOKEN = re.compile(rb'[ \t\r]*(?:([{}\[\],:])|"((?:[^"\\\x00-\x1f]|\\.)*)"|([^\s{}\[\],:"]+))')


@dataclass(frozen=True)
class Leaf:
    """A string (what is inside its quotes) or another scalar of a line, and the keys that lead to it joined by dots; the
    name is empty for what stands in a list."""

    name: str
    start: int
    end: int
    quoted: bool


def leaves(line: bytes) -> list[Leaf] | None:
    """The leaves of a line that is known to be a JSON object, in order; None when a key is empty, escaped or comes twice."""
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


class Spans:
    """Some spans as columns, to be added to anchors; `bare` are the places of those without quotes."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self.first = np.array([one.first for one in spans], np.int64)
        self.last = np.array([one.last for one in spans], np.int64)
        self.ahead = np.array([one.ahead for one in spans], np.int64)
        self.behind = np.array([one.behind for one in spans], np.int64)
        self.bare = np.flatnonzero([not one.quoted for one in spans])


@dataclass(frozen=True)
class Windows:
    """Stretches of fixed text of the same number of words: where each lies, and its text."""

    anchor: NDArray[np.int64]  # (windows)
    ahead: NDArray[np.int64]  # (windows)
    want: Words64  # (windows, words)
    mask: Words64

    @property
    def words(self) -> int:
        return self.want.shape[1]

    def some(self, step: int) -> Windows:
        """Each `step`-th of them."""
        return Windows(self.anchor[::step], self.ahead[::step], self.want[::step], self.mask[::step])


@dataclass(frozen=True)
class Shape:
    """What one order of keys looks like. Anchors are key ends by number: the closing quote of a key, any quote before a colon in
    truth. Where texts stand in lists, between which there are no keys, anchors are quotes. The last anchor is the line's end."""

    quotes: int
    of_quotes: bool
    marks: int  # how many quotes or key ends there are
    anchors: NDArray[np.int64]
    apart: NDArray[np.int64]  # how far an anchor is from the one before, when the value between them is empty
    windows: tuple[Windows, ...]
    head: int  # distance of the first anchor from the line's beginning
    tail: tuple[int, int]  # anchor, distance to the line's end
    numbers: Spans  # unquoted values, by what the first line had there
    read: Spans  # numbers that are proved by being read
    literals: Spans
    spans: dict[str, Span]

    @property
    def reach(self) -> int:
        """How far a window may begin behind its anchor."""
        return max(int(some.ahead.max()) for some in self.windows)


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


def shape_of(line: bytes, found: list[Leaf], fixed: Callable[[Leaf], bool], read: Collection[str] = ()) -> Shape | None:
    """The shape of a valid line. The texts of leaves that are `fixed` belong to the shape; what stands at `read`, when it begins
    with a digit, is refused by its reader if it is no decimal number."""
    quotes = _quotes(line)
    pieces = _pieces(line, found, fixed)
    if not quotes or len(quotes) > MOST_QUOTES or any(b"\\" in line[begin:end] for _, begin, end in pieces):
        return None
    ends = [at for at in quotes if line[at + 1 : at + 2] == b":"]
    of_quotes = not all(_within(ends, begin, end) for _, begin, end in pieces[:-1])
    marks = quotes if of_quotes else ends
    number = {at: i for i, at in enumerate(marks)}
    anchors: list[int] = []
    place: list[tuple[int, int]] = []  # of each stretch: its anchor, and where that stands in the line
    for _, begin, end in pieces:
        its = _within(marks, begin, end)
        if its:
            anchors.append(number[its[0]])
        place.append((len(anchors) - 1, its[0]) if its else (-1, len(line)))
    last = len(anchors)
    place = [(last if anchor < 0 else anchor, at) for anchor, at in place]
    both = zip(pieces, place, pieces[1:], place[1:], strict=False)
    apart = [end - at + to - begin for (_, _, end), (_, at), (_, begin, _), (_, to) in both]
    apart += [0] * (last - len(apart))  # where the last stretch has an anchor
    windows = [
        (anchor, begin + step - at, line[begin + step : min(end, begin + step + WIDEST)])
        for (_, begin, end), (anchor, at) in zip(pieces, place, strict=True)
        for step in range(0, end - begin, WIDEST)
    ]
    spans: dict[str, Span] = {}
    scalars: list[tuple[Span, Leaf]] = []
    for (left, left_at), (right, right_at), (leaf, _, _) in zip(place, place[1:], pieces[1:], strict=False):
        assert leaf is not None
        span = Span(left, leaf.start - left_at, right, leaf.end - right_at, leaf.quoted)
        if leaf.name:
            spans[leaf.name] = span
        if not leaf.quoted:
            scalars.append((span, leaf))
    for leaf in found:
        if leaf.name and leaf.name not in spans:
            piece = next(i for i, (_, begin, end) in enumerate(pieces) if begin <= leaf.start and leaf.end <= end)
            anchor, at = place[piece]
            spans[leaf.name] = Span(anchor, leaf.start - at, anchor, leaf.end - at, leaf.quoted)
    return Shape(
        len(quotes),
        of_quotes,
        len(marks),
        np.array(anchors, np.int64),
        np.array(apart, np.int64),
        _windows(windows),
        marks[0],
        (place[-1][0], len(line) - place[-1][1]),
        Spans([span for span, leaf in scalars if _is_number(line, leaf) and leaf.name not in read]),
        Spans([span for span, leaf in scalars if _is_number(line, leaf) and leaf.name in read]),
        Spans([span for span, leaf in scalars if not _is_number(line, leaf)]),
        spans,
    )


def _is_number(line: bytes, leaf: Leaf) -> bool:
    return not line[leaf.start : leaf.end].isalpha()


def _within(marks: list[int], begin: int, end: int) -> list[int]:
    """The `marks` (in order) in begin:end."""
    return marks[bisect_left(marks, begin) : bisect_left(marks, end)]


def _windows(texts: Sequence[tuple[int, int, bytes]]) -> tuple[Windows, ...]:
    """Stretches (anchor, distance, text) by their number of words."""
    made = []
    for least, most in ((0, 8), (8, WIDE), (WIDE, WIDEST)):
        its = [one for one in texts if least < len(one[2]) <= most]
        if its:
            steps = range(0, most, 8)
            made.append(
                Windows(
                    np.array([anchor for anchor, _, _ in its], np.int64),
                    np.array([ahead for _, ahead, _ in its], np.int64),
                    np.array([[word(text[step:]) for step in steps] for _, _, text in its], U),
                    np.array([[LOW[min(8, max(0, len(text) - step))] for step in steps] for _, _, text in its], U),
                )
            )
    return tuple(made)


def _quotes(line: bytes) -> list[int]:
    """Where quotes stand that no backslash escapes."""
    return [match.start() for match in re.finditer(rb'\\.|(")', line, re.DOTALL) if match[1]]
