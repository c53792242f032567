"""Which sources stand in the table, and in what order: numpy over the columns, once a new table or wish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.snapshot import Snapshot, SourceTable
from scantui.ui.filters import Filter, Texts


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort by one column of the source table; `column` empty is the session's own ranking."""

    title: str
    column: str
    descending: bool


SORTS = (
    Sort("interest", "", True), Sort("last seen", "last", True), Sort("ports", "ports", True),
    Sort("targets", "targets", True), Sort("events", "events", True), Sort("score", "score", True),
    Sort("first seen", "first", False), Sort("source", "code", False), Sort("source port", "sport", False),
)  # fmt: skip


def ordered(sources: SourceTable, sort: Sort, reverse: bool) -> NDArray[np.int64]:
    """Row numbers in order; rows that tie keep the session's ranking."""
    rank = sources.order
    if not sort.column:
        return rank[::-1] if reverse else rank
    key = getattr(sources, sort.column)[rank]
    if sort.descending != reverse:
        key = -key.astype(np.float64 if key.dtype.kind == "f" else np.int64)
    return np.asarray(rank[np.argsort(key, kind="stable")])


class Ranking:
    """The table's order: filter and sort applied to the newest snapshot, remembered until one of the three changes."""

    def __init__(self) -> None:
        self.sort = SORTS[0]
        self.reverse = False
        self.filter = Filter("")
        self._texts = Texts()
        self._made_of: tuple[object, ...] = ()
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)

    def next_sort(self, step: int = 1) -> None:
        self.sort = SORTS[(SORTS.index(self.sort) + step) % len(SORTS)]
        self.reverse = False

    def set_filter(self, text: str) -> None:
        """Raises ValueError when `text` is no filter; the old one then stays."""
        self.filter = Filter(text)
        if not self.filter:
            self._texts = Texts()

    def rows(self, snapshot: Snapshot) -> NDArray[np.int64]:
        """Row numbers of the source table, as the screen shows them."""
        marks = tuple(snapshot.marks) if self.filter.uses_marks else ()
        made_of = (snapshot.sources, self.sort, self.reverse, self.filter, marks)
        same = len(self._made_of) == len(made_of) and all(
            a is b for a, b in zip(made_of[:4], self._made_of[:4], strict=True)
        )
        if not (same and marks == self._made_of[4]):
            rows = ordered(snapshot.sources, self.sort, self.reverse)
            if self.filter:
                rows = rows[self.filter.mask(snapshot, self._texts)[rows]]
            self._made_of, self._rows = made_of, rows
        return self._rows
