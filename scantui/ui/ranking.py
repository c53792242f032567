"""Which sources stand in the table, and in what order: numpy over the columns, once a new table or wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.find import Facts, Filter
from scantui.snapshot import Snapshot
from scantui.ui.text import VARIES

_WORDS = frozenset({"kind", "technique", "proto", "cluster", "tool", "country", "known", "mark", "note"})


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort by what one column of the screen says; `column` empty is the session's own ranking. `letter` chooses it."""

    title: str
    column: str
    descending: bool
    letter: str

    @property
    def first(self) -> str:
        """What stands first, in words."""
        if self.column in _WORDS:
            return "a to z"
        if self.column in ("first", "last"):
            return "newest first" if self.descending else "oldest first"
        return "highest first" if self.descending else "lowest first"


SORTS = (
    Sort("interest", "", True, "i"), Sort("last seen", "last", True, "l"), Sort("first seen", "first", False, "f"),
    Sort("ports", "ports", True, "p"), Sort("targets", "targets", True, "t"), Sort("events", "events", True, "e"),
    Sort("rate now", "rate", True, "r"), Sort("score", "score", True, "x"), Sort("source address", "source", False, "a"),
    Sort("source port", "sport", False, "o"), Sort("one port", "port", False, "1"), Sort("kind", "kind", False, "d"),
    Sort("technique", "technique", False, "q"), Sort("protocol", "proto", False, "u"),
    Sort("cluster", "cluster", False, "c"), Sort("tool", "tool", False, "w"),
    Sort("country", "country", False, "y"), Sort("AS number", "as", False, "s"), Sort("known as", "known", False, "b"),
    Sort("mark", "mark", False, "m"),
    Sort("note", "note", False, "n"),
)  # fmt: skip
BY_COLUMN = {sort.column: sort for sort in SORTS}


def sort_key(facts: Facts, column: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """A number a row to sort by, and where there is something to sort: what was not said comes last either way."""
    rows = facts.snapshot.sources
    every = np.ones(len(rows), np.bool_)
    if column in _WORDS:
        return facts.ranks(column)
    if column == "source":
        return facts.sources().order(), every
    if column == "as":
        numbers = facts.place("asn")
        return numbers, numbers >= 0
    if column == "rate":
        counts = rows.rates.counts
        newest = counts[:, -2].astype(np.int64) + counts[:, -1]  # the last span is not over yet
        return (newest, every) if len(newest) == len(rows) else (np.zeros(len(rows)), ~every)
    values: NDArray[Any] = rows.dport if column == "port" else getattr(rows, column)
    if column in ("port", "sport"):
        return values, values > VARIES
    return values, np.isfinite(values) if values.dtype.kind == "f" else every


def ordered(facts: Facts, sort: Sort, reverse: bool) -> NDArray[np.int64]:
    """Row numbers in order; rows that tie keep the session's ranking."""
    rank = facts.snapshot.sources.order
    if not sort.column:
        return rank[::-1] if reverse else rank
    values, said = sort_key(facts, sort.column)
    ranked = rank[said[rank]]
    key = values[ranked]
    if sort.descending != reverse:
        key = -key.astype(np.float64 if key.dtype.kind == "f" else np.int64)
    return np.concatenate((ranked[np.argsort(key, kind="stable")], rank[~said[rank]]))


class Ranking:
    """The table's order: filter and sort applied to the newest snapshot, remembered until one of the three changes."""

    def __init__(self) -> None:
        self.sort = SORTS[0]
        self.reverse = False
        self.filter = Filter("")
        self.facts = Facts()
        self._made_of: tuple[object, ...] = ()
        self._rows: NDArray[np.int64] = np.zeros(0, np.int64)

    def sort_by(self, sort: Sort) -> None:
        """Sort so; by the same again, the other way around."""
        self.reverse = not self.reverse if sort is self.sort else False
        self.sort = sort

    def set_filter(self, text: str) -> None:
        """Raises FindError when `text` is no filter; the old one then stays."""
        self.filter = Filter(text)

    def rows(self, snapshot: Snapshot) -> NDArray[np.int64]:
        """Row numbers of the source table, as the screen shows them."""
        marked = self.filter.uses_marks or self.sort.column in ("mark", "note")
        more = bool(self.filter or self.sort.column)
        made_of = (snapshot.sources, snapshot.scans if more else None, snapshot.places if more else None, self.sort,
                   self.reverse, self.filter, snapshot.marks if marked else None)  # fmt: skip
        if len(self._made_of) != len(made_of) or any(a is not b for a, b in zip(made_of, self._made_of, strict=True)):
            facts = self.facts.see(snapshot)
            rows = ordered(facts, self.sort, self.reverse)
            if self.filter:
                rows = rows[self.filter.mask(snapshot, facts)[rows]]
            self._made_of, self._rows = made_of, rows
        return self._rows
