"""Shapes: what JSON lines with the same keys in the same order have in common, learned from one of them.

A writer's objects differ in their values, seldom in what stands between them. A shape is that fixed text, and where the values
lie between it; `json_match` compares lines with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, WIDE, U, Words64, word

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
        self.ahead = np.array([one.ahead for one in spans], np.int64)[:, None]
        self.behind = np.array([one.behind for one in spans], np.int64)[:, None]
        self.bare = np.flatnonzero([not one.quoted for one in spans])


@dataclass(frozen=True)
class Shape:
    """What one order of keys looks like. Anchors are quotes by number; the last one is the line's end."""

    quotes: int
    anchors: NDArray[np.int64]
    windows: NDArray[np.int64]  # (windows, 2): anchor, distance
    want: Words64  # (windows, 2)
    mask: Words64
    head: int  # distance of the first anchor from the line's beginning
    tail: tuple[int, int]  # anchor, distance to the line's end
    numbers: Spans  # unquoted values, by what the first line had there
    literals: Spans
    spans: dict[str, Span]

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


def shape_of(line: bytes, found: list[Leaf], fixed: Callable[[Leaf], bool]) -> Shape | None:
    """The shape of a valid line. The texts of leaves that are `fixed` belong to the shape."""
    quotes = _quotes(line)
    pieces = _pieces(line, found, fixed)
    if not quotes or len(quotes) > MOST_QUOTES or any(b"\\" in line[begin:end] for _, begin, end in pieces):
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
        (anchor, begin + step - at, line[begin + step : min(end, begin + step + WIDE)])
        for (_, begin, end), (anchor, at) in zip(pieces, place, strict=True)
        for step in range(0, end - begin, WIDE)
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
        np.array(anchors, np.int64),
        np.array([(anchor, distance) for anchor, distance, _ in windows], np.int64),
        np.array([(word(text), word(text[8:])) for _, _, text in windows], U),
        np.array([(LOW[min(8, len(text))], LOW[max(0, len(text) - 8)]) for _, _, text in windows], U),
        quotes[0],
        (place[-1][0], len(line) - place[-1][1]),
        Spans([span for span, leaf in scalars if not line[leaf.start : leaf.end].isalpha()]),
        Spans([span for span, leaf in scalars if line[leaf.start : leaf.end].isalpha()]),
        spans,
    )


def _quotes(line: bytes) -> list[int]:
    """Where quotes stand that no backslash escapes."""
    return [match.start() for match in re.finditer(rb'\\.|(")', line, re.DOTALL) if match[1]]
