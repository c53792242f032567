"""Fields between one separator byte (CSV, TSV, W3C): positions of the fields of all lines at once.

What a line's fields mean may depend on some of them (an IP version, a protocol). A format says so by its `judge`: given how
many fields there are and the texts of the fields asked for so far, it answers with the number of the next field it must know,
with the layout, or with None for a line that is not its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.base import SMALL
from scantui.formats.board import Board, add
from scantui.formats.flow_flags import Told
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Value

_MOST_FIELDS = 200
_MOST_KNOWN = 512  # texts of a deciding field; a line with a stranger one is read plainly
_QUOTE, _RETURN, _BLANK = 34, 13, 32


@dataclass(frozen=True, eq=False)
class Layout:
    """What the fields hold: (first field, last field, value), mostly one and the same; what every such line says without a field;
    with `flow`, what the ORed flags of a record tell of its first packet. A `silent` line tells of no packet."""

    values: tuple[tuple[int, int, Value], ...]
    always: Record = field(default_factory=dict)
    flow: Told | None = None
    silent: bool = False


Judge = Callable[[int, Mapping[int, bytes]], "int | Layout | None"]


@dataclass(frozen=True)
class _Cells:
    """Lines of one number of fields: `signs[:, i]` is the separator after field i."""

    lines: Lines
    rows: NDArray[np.int64]
    begin: Positions
    end: Positions
    signs: Positions
    quoted: bool
    trim: bool

    @property
    def count(self) -> int:
        return self.signs.shape[1] + 1

    def take(self, some: NDArray[np.int64]) -> _Cells:
        if len(some) == len(self.rows):
            return self
        return replace(self, rows=self.rows[some], begin=self.begin[some], end=self.end[some], signs=self.signs[some])

    def span(self, first: int, last: int) -> tuple[Positions, Positions]:
        """Where fields `first` to `last` stand, without the blanks and quotes around them."""
        start = self.begin if first == 0 else self.signs[:, first - 1] + 1
        end = self.end if last == self.count - 1 else self.signs[:, last]
        u8 = self.lines.u8
        if self.trim:
            start = start + ((end > start) & (u8[start] == _BLANK))
            end = end - ((end > start) & (u8[end - 1] == _BLANK))
        if self.quoted:
            around = (end - start >= 2) & (u8[start] == _QUOTE) & (u8[end - 1] == _QUOTE)
            start, end = start + around, end - around
        return start, end


class Separated:
    """Reads bodies of lines: everything from a given position to the line's end. With `quoted` a separator counts only where
    the quotes before it are even in number; with `trim` a blank at each end of a field is none of it."""

    def __init__(self, separator: bytes, judge: Judge, *, quoted: bool = False, trim: bool = False) -> None:
        self._separator, self._judge, self._quoted, self._trim = separator, judge, quoted, trim
        self._words: dict[int, tuple[WordTable, list[bytes]]] = {}

    def plain(self, body: bytes) -> Record | None:
        """The columns of one body; {} when it tells of no packet, None when it is damaged or not this format's."""
        body = body.removesuffix(b"\r")
        spans = self._spans(body)
        known: dict[int, bytes] = {}
        found = self._judge(len(spans), known)
        while isinstance(found, int):
            known[found] = body[slice(*spans[found])]
            found = self._judge(len(spans), known)
        if found is None or found.silent:
            return None if found is None else {}
        record: Record = {}
        for first, last, value in found.values:
            part = value.plain(body[spans[first][0] : spans[last][1]])
            if part is None:
                return None
            add(record, part)
        record = found.always | record
        if found.flow is not None:
            found.flow.one(record)
        return record

    def _spans(self, body: bytes) -> list[tuple[int, int]]:
        spans, at, parts = [], 0, body.split(self._separator)
        if self._quoted and b'"' in body:
            whole: list[bytes] = []
            since, is_open = 0, False
            for number, part in enumerate(parts):
                if not is_open:
                    since = number
                is_open ^= part.count(b'"') % 2 == 1
                if not is_open:
                    whole.append(part if since == number else self._separator.join(parts[since : number + 1]))
            parts = [*whole, self._separator.join(parts[since:])] if is_open else whole
        for part in parts:
            start, end = at, at + len(part)
            if self._trim:
                start += body[start:end].startswith(b" ")
                end -= body[start:end].endswith(b" ")
            around = self._quoted and end - start >= 2 and body[start] == body[end - 1] == _QUOTE
            spans.append((start + around, end - around))
            at += len(part) + 1
        return spans

    def fill(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions) -> None:
        """Read the bodies of `rows` that begin at `begin`."""
        for cells, layout in self._groups(lines, rows, begin):
            if layout.silent:
                sheet.silent[cells.rows] = True
                continue
            board = Board(len(cells.rows))
            for first, last, value in layout.values:
                board.add(*value.bulk(lines, *cells.span(first, last)))
            board.default([layout.always], np.zeros(len(cells.rows), np.int64))
            if layout.flow is not None:
                board.first_packets(np.ones(len(cells.rows), np.bool_), layout.flow)
            board.write(sheet, cells.rows)

    def _groups(self, lines: Lines, rows: NDArray[np.int64], begin: Positions) -> Iterator[tuple[_Cells, Layout]]:
        end = lines.end[rows]
        end = end - ((end > begin) & (lines.u8[end - 1] == _RETURN))
        if not len(rows):
            return
        first, last = int(begin[0]), int(end[-1])
        signs = _places(lines, first, last, self._separator[0])
        quotes = _places(lines, first, last, _QUOTE) if self._quoted else signs[:0]
        if len(quotes):
            owner = np.minimum(np.searchsorted(end, signs), len(rows) - 1)
            before = np.searchsorted(quotes, signs) - np.searchsorted(quotes, begin)[owner]
            signs = signs[before & 1 == 0]
        each = _alike(signs, begin, end)
        if each is not None:
            if len(rows) >= SMALL and each.shape[1] < _MOST_FIELDS:
                yield from self._refine(_Cells(lines, rows, begin, end, each, len(quotes) > 0, self._trim), {})
            return
        low, high = np.searchsorted(signs, begin), np.searchsorted(signs, end)
        counts = high - low
        for count in np.flatnonzero(np.bincount(np.minimum(counts, _MOST_FIELDS))).tolist():
            some = np.flatnonzero(counts == count)
            if len(some) >= SMALL and count < _MOST_FIELDS:
                at = signs[low[some, None] + np.arange(count)] if count else np.zeros((len(some), 0), np.int64)
                yield from self._refine(
                    _Cells(lines, rows[some], begin[some], end[some], at, len(quotes) > 0, self._trim), {}
                )

    def _refine(self, cells: _Cells, known: dict[int, bytes]) -> Iterator[tuple[_Cells, Layout]]:
        found = self._judge(cells.count, known)
        if isinstance(found, Layout):
            yield cells, found
        if not isinstance(found, int):
            return
        table, texts = self._words.setdefault(found, _deciding())
        number = table.look_up(cells.lines, *cells.span(found, found))
        alike: dict[Layout, list[int]] = {}  # texts by what they lead to
        for which in np.flatnonzero(np.bincount(number[number != UNCLAIMED])).tolist():
            more = {**known, found: texts[which]}
            leads = self._judge(cells.count, more)
            if isinstance(leads, Layout):
                alike.setdefault(leads, []).append(which)
            elif leads is not None:
                some = np.flatnonzero(number == which)
                if len(some) >= SMALL:
                    yield from self._refine(cells.take(some), more)
        for layout, those in alike.items():
            chosen = np.zeros(len(texts) + 1, np.bool_)  # the last place is UNCLAIMED's
            chosen[those] = True
            some = np.flatnonzero(chosen[number])
            if len(some) >= SMALL:
                yield cells.take(some), layout


def _alike(signs: Positions, begin: Positions, end: Positions) -> Positions | None:
    """The signs of each body (bodies, signs), where all have as many, and as many stand before each but the first; else None."""
    inside = int(np.searchsorted(signs, end[0]))
    between = int(np.searchsorted(signs, begin[1])) - inside if len(begin) > 1 else 0
    width = between + inside
    if not inside or len(signs) + between != width * len(begin):
        return None
    first = signs[None, :inside]
    others = signs[inside:].reshape(len(begin) - 1, width)
    if between and not ((others[:, between - 1] < begin[1:]) & (others[:, 0] >= end[:-1])).all():
        return None
    each = np.concatenate((first, others[:, between:]))
    return each if (each[:, 0] >= begin).all() and (each[:, -1] < end).all() else None


def _places(lines: Lines, first: int, last: int, byte: int) -> Positions:
    """Where a byte stands from `first` to `last`."""
    found = np.flatnonzero(lines.u8[first:last] == byte)
    if first:
        found += first
    return found


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
