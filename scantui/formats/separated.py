"""Fields between one separator byte (CSV without quotes, TSV): positions of all fields of all lines at once.

What a line's fields mean may depend on some of them (an IP version, a protocol). A format says so by its `judge`: given how
many fields there are and the texts of the fields asked for so far, it answers with the number of the next field it must know,
with the layout, or with None for a line that is not its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.base import SMALL
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Column, Value

_MOST_FIELDS = 200
_MOST_KNOWN = 512  # texts of a deciding field; a line with a stranger one is read plainly


@dataclass(frozen=True)
class Layout:
    """Which field holds what: (field number, value); and what every such line says without a field."""

    values: tuple[tuple[int, Value], ...]
    always: Record = field(default_factory=dict)


Judge = Callable[[int, Mapping[int, bytes]], "int | Layout | None"]
Group = tuple[NDArray[np.int64], Positions, Positions, Layout]


class Separated:
    """Reads bodies of lines: everything from a given position to the line's end."""

    def __init__(self, separator: bytes, judge: Judge) -> None:
        self._separator, self._judge = separator, judge
        self._words: dict[int, tuple[WordTable, list[bytes]]] = {}

    def plain(self, body: bytes) -> Record | None:
        """The columns of one body; None when it is damaged or not this format's."""
        fields = body.split(self._separator)
        known: dict[int, bytes] = {}
        found = self._judge(len(fields), known)
        while isinstance(found, int):
            known[found] = fields[found]
            found = self._judge(len(fields), known)
        if found is None:
            return None
        record = dict(found.always)
        for number, value in found.values:
            part = value.plain(fields[number])
            if part is None:
                return None
            record |= part
        return record

    def fill(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions) -> None:
        """Read the bodies of `rows` that begin at `begin`."""
        for some, start, end, layout in self._groups(lines, rows, begin):
            ok = np.ones(len(some), np.bool_)
            put: list[Column] = [(name, value, None) for name, value in layout.always.items()]
            for number, value in layout.values:
                columns, good = value.bulk(lines, start[:, number], end[:, number])
                ok &= good
                put += columns
            sheet.put_all(some, put, ok)

    def _groups(self, lines: Lines, rows: NDArray[np.int64], begin: Positions) -> Iterator[Group]:
        signs = np.flatnonzero(lines.u8[: lines.size] == self._separator[0])
        low, high = np.searchsorted(signs, begin), np.searchsorted(signs, lines.end[rows])
        counts = high - low
        for count in np.flatnonzero(np.bincount(np.minimum(counts, _MOST_FIELDS))).tolist():
            some = np.flatnonzero(counts == count)
            if len(some) < SMALL or count >= _MOST_FIELDS:
                continue
            at = signs[low[some, None] + np.arange(count)] if count else np.zeros((len(some), 0), np.int64)
            start = np.concatenate((begin[some, None], at + 1), axis=1)
            end = np.concatenate((at, lines.end[rows[some], None]), axis=1)
            yield from self._refine(lines, rows[some], start, end, {})

    def _refine(
        self, lines: Lines, rows: NDArray[np.int64], start: Positions, end: Positions, known: dict[int, bytes]
    ) -> Iterator[Group]:
        found = self._judge(start.shape[1], known)
        if isinstance(found, Layout):
            yield rows, start, end, found
        elif found is not None:
            table, texts = self._words.setdefault(found, _deciding())
            number = table.look_up(lines, start[:, found], end[:, found])
            for which in np.flatnonzero(np.bincount(number[number != UNCLAIMED])).tolist():
                some = np.flatnonzero(number == which)
                if len(some) >= SMALL:
                    yield from self._refine(lines, rows[some], start[some], end[some], {**known, found: texts[which]})


def _deciding() -> tuple[WordTable, list[bytes]]:
    """A table that numbers texts, and the texts by number."""
    texts: list[bytes] = []
    numbers: dict[bytes, int] = {}

    def number(token: bytes) -> int:
        if token not in numbers:
            if len(texts) >= _MOST_KNOWN:
                return UNCLAIMED
            numbers[token] = len(texts)
            texts.append(token)
        return numbers[token]

    return WordTable(number, 2 * _MOST_KNOWN), texts
