"""Where messages begin: an anchor text that all have, and what a pattern allows between it and the message."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.search import first_of, holds
from scantui.formats.base import SMALL
from scantui.formats.patterns import Compile, ours
from scantui.formats.sheet import Record
from scantui.formats.values import Value

MOST_ANCHOR = 16  # bytes of the longest text that is searched for
_MOST_KEPT = 256
_MOST_JOINTS = 16  # texts between anchor and message that are learned in a block
_LONGEST_WORD = 64
_BLANK = 32


class WordBody:
    """Finds messages that begin with the word right before the first anchor."""

    def __init__(self, anchor: str) -> None:
        self._anchor = anchor.encode()[:MOST_ANCHOR]

    def said(self, joint: bytes) -> Record | None:  # noqa: ARG002
        """Nothing stands between."""
        return {}

    def plain(self, text: bytes) -> tuple[int, int] | None:
        """(where the envelope ends, where the message begins)."""
        begin = at = text.find(self._anchor)
        while begin > 0 and text[begin - 1] > _BLANK:
            begin -= 1
        return None if begin == at else (begin, begin)

    def bulk(
        self, lines: Lines
    ) -> tuple[NDArray[np.int64], Positions, Positions, list[tuple[NDArray[np.int64], Record]]]:
        """As `Body.bulk`; what follows a longer word is left to `plain`."""
        anchor = first_of(lines, self._anchor)
        rows = np.flatnonzero(anchor >= 0)
        begin, start = anchor[rows], lines.start[rows]
        going = np.arange(len(rows))
        for _ in range(_LONGEST_WORD):
            going = going[(begin[going] > start[going]) & (lines.u8[begin[going] - 1] > _BLANK)]
            begin[going] -= 1
        found = begin < anchor[rows]
        found[going] = False
        return rows[found], begin[found], begin[found], []


class Body:
    """Finds messages by a pattern that begins with the anchor."""

    def __init__(
        self, anchor: str, pattern: str, read: Callable[[str], Value] | None = None, compiled: Compile = ours
    ) -> None:
        self._anchor = anchor.encode()[:MOST_ANCHOR]
        self._pattern = compiled(pattern or re.escape(anchor))
        self._joints: list[bytes] = []
        self._values = {name: read(name) for name in self._pattern.groupindex} if read else {}
        self._records: dict[bytes, Record | None] = {}

    def said(self, joint: bytes) -> Record | None:
        """What the pattern's named groups say; None when one of them is no such field."""
        if joint not in self._records:
            match = self._pattern.fullmatch(joint)
            record: Record | None = {}
            for name, value in self._values.items():
                part = value.plain(match[self._pattern.groupindex[name]] or b"") if match else None
                record = None if record is None or part is None else record | part
            if len(self._records) >= _MOST_KEPT:
                self._records.clear()
            self._records[joint] = record
        return self._records[joint]

    def plain(self, text: bytes) -> tuple[int, int] | None:
        """(where the envelope ends, where the message begins)."""
        match = self._pattern.search(text)
        return None if match is None else match.span()

    def bulk(
        self, lines: Lines
    ) -> tuple[NDArray[np.int64], Positions, Positions, list[tuple[NDArray[np.int64], Record]]]:
        """(rows, where their envelope ends, where their message begins; rows and what the pattern says of them)."""
        told: list[tuple[NDArray[np.int64], Record]] = []
        anchor = first_of(lines, self._anchor)
        rows = np.flatnonzero(anchor >= 0)
        envelope, begin = np.full(len(lines), -1, np.int64), np.full(len(lines), -1, np.int64)
        joints = list(self._joints)
        learned = 0
        while len(rows) >= SMALL:
            if not joints:
                row, learned = int(rows[0]), learned + 1
                text = lines.text(row)
                at = int(anchor[row] - lines.start[row])
                match = self._pattern.match(text, at)
                if match is None or learned > _MOST_JOINTS:
                    rows = rows[1:] if learned <= _MOST_JOINTS else rows[:0]
                    continue
                joints.append(match[0])
                self._joints = [*self._joints, match[0]][-_MOST_JOINTS:]
            joint = joints.pop(0)
            same = holds(lines, anchor[rows], joint)
            record = self.said(joint)
            if record is None:
                rows = rows[~same]
                continue
            if record:
                told.append((rows[same], record))
            envelope[rows[same]] = anchor[rows[same]]
            begin[rows[same]] = anchor[rows[same]] + len(joint)
            rows = rows[~same]
        found = np.flatnonzero(begin >= 0)
        found = found[begin[found] <= lines.end[found]]
        return found, envelope[found], begin[found], told
