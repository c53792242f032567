"""All phrases of a format, found by the words they begin with, so that many cost a message no more than its own.

The first phrase that reads a message counts. A format may say which messages tell of no packet: their beginning, as long as
the shortest beginning of its phrases, is `silent`, and no phrase begins so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, Lines, Mask, Positions, word
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.patterns import Pattern
from scantui.formats.phrase import Phrase
from scantui.formats.phrase_text import lead
from scantui.formats.phrase_walk import Walk, many_blanks
from scantui.formats.sheet import Record, Sheet

_LAST_BLANK = 32
_BLANKS = bytes(range(_LAST_BLANK + 1))
_MOST_BLANKS = 64
_FEW = 3  # messages that are worth a walk together
_WINDOW = 8


class _Branch:
    """Phrases that are tried one after another. What their texts begin with alike, up to the step `shared`, is walked once."""

    def __init__(self, phrases: Sequence[Phrase], shared: int = 0) -> None:
        self.first, self.begin = phrases[0], shared
        while len(phrases) > 1 and all(
            len(one.steps) > shared and one.steps[shared] == self.first.steps[shared] for one in phrases
        ):
            shared += 1
        self.shared = shared
        self.branches: list[_Branch] = []
        if len(phrases) > 1:
            groups = groupby(phrases, lambda one: one.steps[shared] if len(one.steps) > shared else None)
            self.branches = [_Branch(list(group), shared) for _, group in groups]

    def fill(self, walk: Walk, sheet: Sheet, rows: NDArray[np.int64]) -> Mask:
        """Read messages by the first phrase that can; `walk` is of these messages and has taken the steps before `begin`.
        Which messages certainly have another form."""
        if not self.branches:
            return self.first.fill(walk, self.begin, sheet, rows)
        count, walk.rows = len(walk.rows), np.arange(len(walk.rows))
        walk.steps(self.first.steps[self.begin : self.shared], narrow=True)
        left = np.arange(len(walk.rows))
        for branch in self.branches:
            if len(left) < _FEW:
                break
            left = left[branch.fill(walk.fork(left), sheet, rows[walk.rows[left]])]
        other = np.ones(count, np.bool_)
        other[walk.rows] = False
        other[walk.rows[left]] = True
        return other


class PhraseBook:
    """Reads messages that run to their line's end, blanks there not counted. A phrase is its text and what makes it."""

    def __init__(self, phrases: Sequence[tuple[str, Callable[[], Phrase]]], silent: Pattern | None = None) -> None:
        leads = [lead(text) for text, _ in phrases]
        self._width = min(_WINDOW, min(map(len, leads)))
        if silent is not None and not self._width:
            raise ValueError("silent: every phrase must begin with words")
        self._silent = silent
        self._by_head: dict[bytes, list[Callable[[], Phrase]]] = {}
        for (_, make), begin in zip(phrases, leads, strict=True):
            self._by_head.setdefault(begin[: self._width], []).append(make)
        self._made: dict[bytes, list[Phrase]] = {}
        self._branches: dict[bytes, tuple[_Branch, bool]] = {}
        self._heads = WordTable(lambda head: 0 if self._is_silent(head) else UNCLAIMED)

    def _is_silent(self, head: bytes) -> bool:
        return self._silent is not None and head not in self._by_head and bool(self._silent.fullmatch(head))

    def _phrases(self, head: bytes) -> list[Phrase]:
        """The phrases that begin so, made when the first such message is met."""
        made = self._made.get(head)
        if made is None:
            made = self._made[head] = [make() for make in self._by_head.get(head, ())]
        return made

    def make_all(self) -> None:
        """Make every phrase. Raises ValueError for one that is wrong."""
        for head in self._by_head:
            self._phrases(head)

    def plain(self, text: bytes) -> Record | None:
        """The columns of one message; {} when it tells of no packet, None when it cannot be read."""
        body = text.rstrip(_BLANKS)
        head = body[: self._width]
        for phrase in self._phrases(head) if head in self._by_head else ():
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
        for head in self._by_head:
            some = np.flatnonzero(long_enough & (window == word(head)))
            if not len(some):
                continue
            left[some] = False
            if head not in self._branches:
                phrases = self._phrases(head)
                self._branches[head] = _Branch(phrases), any(many_blanks(one.steps) for one in phrases)
            branch, numbered = self._branches[head]
            branch.fill(Walk(lines, begin[some], end[some], numbered=numbered), sheet, rows[some])
        if self._silent is not None:
            some = np.flatnonzero(left)
            number = self._heads.look_up(lines, begin[some], begin[some] + self._width)
            sheet.silent[rows[some[number != UNCLAIMED]]] = True


def _trimmed(lines: Lines, begin: Positions, end: Positions) -> Positions:
    """`end` without the blanks and control bytes before it; before `begin` where they are too many for a look at each."""
    end = end.copy()
    going = np.flatnonzero((end > begin) & (lines.u8[end - 1] <= _LAST_BLANK))
    for _ in range(_MOST_BLANKS):
        if not len(going):
            return end
        end[going] -= 1
        going = going[(end[going] > begin[going]) & (lines.u8[end[going] - 1] <= _LAST_BLANK)]
    end[going] = begin[going] - 1
    return end
