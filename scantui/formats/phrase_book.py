"""All phrases of a format, found by the words they begin with, so that many cost a message no more than its own.

The first phrase that reads a message counts. A format may say which messages tell of no packet: their beginning, as long as
the shortest beginning of its phrases, is `silent`, and no phrase begins so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, Lines, Positions, word
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.phrase import Phrase
from scantui.formats.sheet import Record, Sheet

_BLANKS = bytes(range(33))
_FEW = 3  # messages that are worth a walk together
_WINDOW = 8


class PhraseBook:
    """Reads messages that run to their line's end, blanks there not counted."""

    def __init__(self, phrases: Sequence[Phrase], silent: str = "") -> None:
        leads = [phrase.form.lead for phrase in phrases]
        self._width = min(_WINDOW, min(map(len, leads)))
        if silent and not self._width:
            raise ValueError("silent: every phrase must begin with words")
        self._silent = re.compile(silent.encode()) if silent else None
        self._by_head: dict[bytes, list[Phrase]] = {}
        for phrase, lead in zip(phrases, leads, strict=True):
            self._by_head.setdefault(lead[: self._width], []).append(phrase)
        self._heads = WordTable(lambda head: 0 if self._is_silent(head) else UNCLAIMED)

    def _is_silent(self, head: bytes) -> bool:
        return self._silent is not None and head not in self._by_head and bool(self._silent.fullmatch(head))

    def plain(self, text: bytes) -> Record | None:
        """The columns of one message; {} when it tells of no packet, None when it cannot be read."""
        body = text.rstrip(_BLANKS)
        head = body[: self._width]
        for phrase in self._by_head.get(head, ()):
            record = phrase.plain(body)
            if record is not None:
                return record
        return {} if self._is_silent(head) else None

    def fill(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions) -> None:
        """Read the messages of `rows` that begin at `begin`."""
        end = _trimmed(lines, begin, lines.end[rows])
        long_enough = end - begin >= self._width
        window = lines.w8[begin] & LOW[self._width]
        left = long_enough
        for head, phrases in self._by_head.items():
            some = np.flatnonzero(long_enough & (window == word(head))) if self._width else np.arange(len(rows))
            if not len(some):
                continue
            left[some] = False
            for phrase in phrases:
                if len(some) < _FEW:
                    break
                some = some[phrase.fill(lines, sheet, rows[some], begin[some], end[some])]
        if self._silent is not None:
            some = np.flatnonzero(left)
            number = self._heads.look_up(lines, begin[some], begin[some] + self._width)
            sheet.silent[rows[some[number != UNCLAIMED]]] = True


def _trimmed(lines: Lines, begin: Positions, end: Positions) -> Positions:
    """`end` without the blanks and control bytes before it."""
    end = end.copy()
    going = np.flatnonzero((end > begin) & (lines.u8[end - 1] <= 32))
    while len(going):
        end[going] -= 1
        going = going[(end[going] > begin[going]) & (lines.u8[end[going] - 1] <= 32)]
    return end
