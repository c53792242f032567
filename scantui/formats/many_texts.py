"""Values of fields of which a log has too many different texts to learn each: where only a few of them say something, and where
they differ in their numbers alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from scantui.columns.lines import Lines, Mask, Positions
from scantui.columns.numbers import uint_until
from scantui.columns.search import holds
from scantui.columns.templates import TemplateBook
from scantui.formats.sheet import Record
from scantui.formats.values import Column

_MOST_DIGITS = 15


class Listed:
    """Only the texts of `said` say something. None of them is empty."""

    def __init__(self, said: Mapping[bytes, Record]) -> None:
        self._said = said
        self._names = {name for record in said.values() for name in record}

    def plain(self, token: bytes) -> Record | None:
        return dict(self._said.get(token, {}))

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        made = {name: (np.zeros(len(start), np.int64), np.zeros(len(start), np.bool_)) for name in self._names}
        width = end - start
        for text, record in self._said.items():
            rows = np.flatnonzero(width == len(text))
            rows = rows[holds(lines, start[rows], text)] if len(rows) else rows
            for name, value in record.items() if len(rows) else ():
                values, has = made[name]
                values[rows], has[rows] = value, True
        return [(name, values, has) for name, (values, has) in made.items() if has.any()], np.ones(len(start), np.bool_)


class Templated:
    """A text that means the same whatever the numbers in it are that are the groups of `changing`."""

    def __init__(self, meaning: Callable[[bytes], Record | None], changing: re.Pattern[bytes]) -> None:
        self._meaning, self._changing = meaning, changing
        self._book: TemplateBook[tuple[Record, list[tuple[int, int]]]] = TemplateBook(self._judge, most=1024)

    def plain(self, token: bytes) -> Record | None:
        return self._meaning(token)

    def _judge(self, text: bytes) -> tuple[tuple[Record, list[tuple[int, int]]] | None, list[tuple[int, int]]]:
        record = self._meaning(text)
        holes = [
            match.span(group)
            for match in self._changing.finditer(text)
            for group in range(1, self._changing.groups + 1)
            if match[group] and len(match[group]) <= _MOST_DIGITS
        ]
        return None if record is None else (record, holes), holes

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        made: dict[str, tuple[Positions, Mask]] = {}
        ok = np.zeros(len(start), np.bool_)
        for rows, (record, holes) in self._book.split(lines, start, end, 1):
            good = np.ones(len(rows), np.bool_)
            for first, last in holes:
                good &= uint_until(lines, start[rows] + first, start[rows] + last)[1]
            some = rows[good]
            ok[some] = True
            for name, value in record.items():
                values, has = made.setdefault(name, (np.zeros(len(start), np.int64), np.zeros(len(start), np.bool_)))
                values[some], has[some] = value, True
        return [(name, values, has) for name, (values, has) in made.items()], ok
