"""Lists of objects that are one long line, or an object on many: what clouds and their tools write. Cut into their elements.

`{"records":[{...},{...}]}`, as Azure stores its flow logs, has no line's end however large it is. Every element becomes a line of
its own: the comma behind it turns into a line's end, line ends inside it into blanks, so that every byte keeps its place.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from scantui.ingest.lines import SAMPLE

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(\{\s*\"(?:records|Records|events|logEvents)\"\s*:\s*)?\[\s*(?=\{)")
_FULL = re.compile(rb"[^ \t\r\n]")
_LONGEST_HEAD = 256  # bytes
_WIDER = 4  # an element may be as much longer than a line
_QUOTE, _SLASH, _COMMA, _BLANK, _TAB, _END = b'"\\, \t\n'
_STEP = np.zeros(256, np.int64)
_STEP[list(b"{[")], _STEP[list(b"}]")] = 1, -1
_STRUCTURE = _STEP != 0
_STRUCTURE[_COMMA] = True
_BREAKS = np.zeros(256, np.bool_)
_BREAKS[list(b"\r\n")] = True


def is_list(head: bytes | bytearray, longest: int) -> bool:
    """Whether a content that begins so is a list of objects whose lines are none: in one line of more than `longest` bytes, or
    in an object that goes on behind its first line."""
    match = _HEAD.match(head)
    if match is None:
        return False
    first = head.find(b"\n", 0, longest + 1)
    return len(head) > longest if first < 0 else bool(match[1]) and not head[:first].rstrip().endswith(b"}")


class _Walk:
    """Where elements end, from any place in a list on."""

    def __init__(self, depth: int = 0) -> None:
        self.depth, self._inside, self._escaped = depth, False, False

    def over(self, data: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Brackets and commas outside strings, and the depth behind each."""
        slashes, quotes = np.flatnonzero(data == _SLASH), np.flatnonzero(data == _QUOTE)
        if len(slashes) or self._escaped:
            quotes = quotes[~self._behind(slashes, quotes)]
            self._escaped = bool(self._behind(slashes, np.array([len(data)]))[0])
        marks = np.flatnonzero(_STRUCTURE[data])
        marks = marks[(np.searchsorted(quotes, marks) + self._inside) % 2 == 0]
        depth = self.depth + np.cumsum(_STEP[data[marks]])
        self._inside ^= len(quotes) % 2 == 1
        self.depth = int(depth[-1]) if len(depth) else self.depth
        return marks, depth

    def _behind(self, slashes: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which places stand behind an odd number of backslashes."""
        if not len(slashes):
            return np.asarray((places == 0) & self._escaped)
        begins = np.concatenate(([True], np.diff(slashes) != 1))
        start = np.maximum.accumulate(np.where(begins, slashes, 0))
        run = slashes - start + 1 + ((start == 0) & self._escaped)
        at = np.minimum(np.searchsorted(slashes, places - 1), len(slashes) - 1)
        return np.where(slashes[at] == places - 1, run[at] % 2 == 1, (places == 0) & self._escaped)


class ListCutter:
    """As `lines.LineCutter`, for elements of a list."""

    trouble = ""

    def __init__(self, max_line: int) -> None:
        self.carry = b""
        self.pending = False
        self.oversized = 0
        self.sample = b""
        self._longest = _WIDER * max_line
        self._outside = True  # before a list, or behind one
        self._keyed = False  # the list is in an object
        self._passing: _Walk | None = None  # what is passed over: an element that is too long, or what follows a list
        self._lost = False  # what follows is no list

    def load(self, buffer: bytearray) -> int:
        buffer[: len(self.carry)] = self.carry
        return len(self.carry)

    def cut(self, buffer: bytearray, end: int, last: bool) -> tuple[int, int]:
        """As LineCutter's. What follows on a list, or on what is passed over, is cut when this is called again."""
        self.carry, self.pending = b"", False
        begin = 0
        while begin < end:
            if self._lost:
                begin = end
            elif self._outside:
                first = self._head(buffer, begin, end, last)
                if first < 0:
                    break
                begin = first
            elif self._passing is not None:
                begin = self._pass(self._passing, buffer, begin, end)
            else:
                found = _FULL.search(buffer, begin, end)
                begin = found.start() if found else end
                if found:
                    buffer[: end - begin] = buffer[begin:end]
                    return self._elements(buffer, begin, end - begin, last)
        self.carry = bytes(buffer[begin:end])
        return begin, 0

    def _head(self, buffer: bytearray, begin: int, end: int, last: bool) -> int:
        """Where the first element of the next list begins; -1 when more must come to tell."""
        match = _HEAD.match(buffer, begin, end)
        if match is not None:
            self._outside, self._keyed = False, bool(match[1])
            return match.end()
        rest = bytes(buffer[begin:end]).strip()
        if rest and not last and len(rest) < _LONGEST_HEAD:
            return -1
        if rest:
            self._lost = True
            self._skipped(rest)
        return end

    def _pass(self, walk: _Walk, buffer: bytearray, begin: int, end: int) -> int:
        """Where what is passed over ends, or the buffer."""
        behind = walk.depth < 0  # a list; else inside of it
        marks, depth = walk.over(np.frombuffer(buffer, np.uint8, end - begin, begin))
        commas = np.frombuffer(buffer, np.uint8)[marks + begin] == _COMMA
        over = depth < -1 if behind else (depth < 0) | (commas & (depth == 0))
        if not over.any():
            return end
        first = int(np.argmax(over))
        if depth[first] < 0:
            self._leave(behind=behind)
        else:
            self._passing = None
        return begin + int(marks[first]) + 1

    def _leave(self, *, behind: bool) -> None:
        """The list is over, or what stands `behind` it."""
        self._passing = _Walk(-1) if self._keyed and not behind else None
        self._outside = self._passing is None

    def _elements(self, buffer: bytearray, dropped: int, end: int, last: bool) -> tuple[int, int]:
        walk = _Walk()
        data = np.frombuffer(buffer, np.uint8)[:end]
        marks, depth = walk.over(data)
        closing = int(np.argmax(depth < 0)) if (depth < 0).any() else len(marks)
        between = marks[:closing][(depth[:closing] == 0) & (data[marks[:closing]] == _COMMA)]
        if closing < len(marks):
            size = int(marks[closing]) + 1
            self._leave(behind=False)
        elif len(between):
            size, between = int(between[-1]) + 1, between[:-1]
        elif last:
            buffer[end] = _BLANK
            size = end + 1
        else:
            if end <= min(self._longest, len(buffer) // 2):
                self.carry = bytes(buffer[:end])
                return dropped, 0
            self._skipped(bytes(buffer[:SAMPLE]))
            self._passing = walk
            return dropped + end, 0
        self.carry, self.pending = bytes(buffer[size:end]), size < end
        lines = np.frombuffer(buffer, np.uint8)
        lines[:size][_BREAKS[lines[:size]]] = _BLANK
        seen = np.flatnonzero((lines[:size] != _BLANK) & (lines[:size] != _TAB))
        lines[between] = _BLANK
        lines[seen[np.searchsorted(seen, between + 1)] - 1] = _END
        lines[size - 1] = _END
        return dropped, size

    def _skipped(self, sample: bytes) -> None:
        self.oversized += 1
        self.sample = sample[:SAMPLE]
