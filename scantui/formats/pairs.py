"""`key=value` messages: positions of all values by the skeleton of their keys.

The first of a name counts. A value runs to the next blank, or from a quote to the next one (a quote inside quotes, `\\"`, is read
plainly); where blanks belong to values, it runs to the next key. Before the pairs there may be texts between bars (CEF, LEEF).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, find_byte, token_end
from scantui.columns.skeleton import SkeletonBook, keys_of
from scantui.columns.words import WordTable
from scantui.formats.base import SMALL
from scantui.formats.board import Board, add, settle_zone
from scantui.formats.flow_flags import Told
from scantui.formats.quotes import Quotes
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Value, sweeping

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(rb"[^\x00-\x20]*")
_FURTHEST = 512
_BAR, _BACKSLASH, _BLANK = 124, 92, 32
_TAB = b"#011"  # a tab as rsyslog escapes it


@dataclass(frozen=True)
class _At:
    """Which key of a skeleton holds each value; the lengths of all keys' names."""

    places: dict[bytes, int]
    names: list[int]


@dataclass(frozen=True)
class _Cells:
    """The values of lines that share a skeleton: where they begin (lines, keys), where the lines end, and where the quotes around
    values close, by key; without such a table a value runs to the next key."""

    lines: Lines
    at: Positions
    found: _At
    line_end: Positions
    close: Mapping[int, Positions] | None

    def pick(self, some: Mask) -> _Cells:
        close = self.close and {key: close[some] for key, close in self.close.items()}
        return _Cells(self.lines, self.at[some], self.found, self.line_end[some], close)

    def bare(self, number: int) -> bool:
        """Whether the values of a key run to the next blank."""
        return self.close is not None and number not in self.close

    def span(self, number: int) -> tuple[Positions, Positions, Mask]:
        """Where the values of a key stand, and which of them are surely whole."""
        lines, start = self.lines, self.at[:, number]
        if self.close is None:
            more = number + 1 < self.at.shape[1]
            end = self.at[:, number + 1] - self.found.names[number + 1] - 2 if more else self.line_end
            end = np.maximum(end, start)
            return start, end, (end == start) | (lines.u8[end - 1] > _BLANK)
        if number in self.close:
            return start + 1, self.close[number], np.ones(len(start), np.bool_)
        end = token_end(lines, start, _FURTHEST)
        return start, np.minimum(end, self.line_end), end - start < _FURTHEST


def _among(texts: frozenset[bytes], token: bytes) -> int:
    return int(token in texts)


def _outside(text: bytes, keys: list[tuple[bytes, bytes, int]]) -> dict[bytes, int]:
    """The first place of each key that does not stand inside quotes, by its number among `keys`."""
    found: dict[bytes, int] = {}
    end = 0
    for number, (_, key, at) in enumerate(keys):
        if at - len(key) - 1 < end:
            continue
        quoted = _QUOTED.match(text, at)
        end = quoted.end() if quoted else at
        found.setdefault(key, number)
    return found


@dataclass(frozen=True)
class PairsForm:
    """Values by key ("a b": of both, which stand together); by the number of the bar before them; what every line says; the keys
    (one of each set) that a line of the format has, and those that a packet's has; whether blanks belong to
    values; what the flags of a flow record tell; texts of keys of lines that tell of no packet, and whether all
    without a packet's keys do."""

    values: Mapping[bytes, Value]
    barred: Mapping[int, Value]
    always: Record
    marks: Sequence[frozenset[bytes]]
    need: Sequence[frozenset[bytes]]
    to_next: bool
    flow: Told | None = None
    silent: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    rest_silent: bool = False
    colons: bool = False  # `key:"value"`

    def keys(self, line: bytes) -> list[tuple[bytes, bytes, int]]:
        return keys_of(line, colons=self.colons)

    @property
    def bars(self) -> int:
        return max(self.barred, default=-1) + 1


def _have(keys: Mapping[bytes, int], sets: Sequence[frozenset[bytes]]) -> bool:
    return all(not names.isdisjoint(keys) for names in sets)


class Pairs:
    """Reads the fields of whole lines; bars are counted from where the message begins."""

    def __init__(self, form: PairsForm) -> None:
        self._form = form
        self._values = [(key.split(b" "), value) for key, value in form.values.items()]
        self._silent = {key: WordTable(partial(_among, texts)) for key, texts in form.silent.items()}
        self._book: SkeletonBook[_At] = SkeletonBook(self._judge, colons=form.colons, inner=form.to_next)

    def _places(self, text: bytes, keys: list[tuple[bytes, bytes, int]]) -> dict[bytes, int]:
        if not self._form.to_next:
            return _outside(text, keys)
        found: dict[bytes, int] = {}
        for number, (_, key, _) in enumerate(keys):
            found.setdefault(key, number)
        return found

    def _judge(self, line: bytes) -> _At | None:
        quoted = [] if self._form.to_next else list(_QUOTED.finditer(line))
        if not self._form.colons and any(b"=" in match[1] for match in quoted):
            return None  # a sign inside quotes: the same keys may hold another number of them in the next line
        keys = self._form.keys(line)
        if self._form.colons and not {at for _, _, at in keys} <= {match.start() for match in quoted}:
            return None  # a key inside quotes, as where a quote is missing
        places = self._places(line, keys)
        return _At(places, [len(key) for _, key, _ in keys]) if _have(places, self._form.marks) else None

    def _span(self, names: list[bytes], places: Mapping[bytes, int]) -> tuple[int, int] | None:
        """The numbers of the first and last key of `names`; None when they do not stand together."""
        numbers = [places.get(name, -1) for name in names]
        first = numbers[0]
        return None if first < 0 or numbers != list(range(first, first + len(numbers))) else (first, numbers[-1])

    # One line
    def begin(self, text: bytes) -> int:
        """Where the first pair begins; -1 when there is none."""
        keys = self._form.keys(text)
        return keys[0][2] - len(keys[0][1]) - 1 if keys else -1

    def plain(self, text: bytes, begin: int) -> Record | None:
        """The columns of one line, whose message begins at `begin`; {} when it tells of no packet, None when it is
        damaged or not this format's."""
        if self._form.to_next:
            text = text.replace(_TAB, b"\t")
        keys = self._form.keys(text)
        places = self._places(text, keys)
        if not _have(places, self._form.marks):
            return None
        for key, silent in self._form.silent.items():
            stands = self._value(text, keys, places[key]) if key in places else None
            if stands is not None and text[slice(*stands)] in silent:
                return {}
        if not _have(places, self._form.need):
            return {} if self._form.rest_silent else None
        record: Record = {}
        for names, value in self._values:
            span = self._span(names, places)
            if span is None:
                continue
            begins, ends = (self._value(text, keys, number) for number in span)
            if begins is None or ends is None:
                return None
            part = value.plain(text[begins[0] : ends[1]])
            if part is None:
                return None
            add(record, part)
        texts = re.split(rb"(?<!\\)\|", text[begin:], maxsplit=self._form.bars) if self._form.bars else []
        if len(texts) <= self._form.bars and self._form.bars:
            return None
        for number, value in self._form.barred.items():
            part = value.plain(texts[number])
            if part is None:
                return None
            add(record, part)
        settle_zone(record)
        record = self._form.always | record
        if self._form.flow is not None:
            self._form.flow.one(record)
        return record

    def _value(self, text: bytes, keys: list[tuple[bytes, bytes, int]], number: int) -> tuple[int, int] | None:
        """Where the value of a key stands."""
        at = keys[number][2]
        if self._form.to_next:
            end = keys[number + 1][2] - len(keys[number + 1][1]) - 2 if number + 1 < len(keys) else len(text)
            return at, at + len(text[at:end].rstrip())
        if text[at : at + 1] == b'"':
            match = _QUOTED.match(text, at)
            return match.span(1) if match else None
        bare = _BARE.match(text, at)
        return at, bare.end() if bare else at

    # Many lines
    def fill(self, lines: Lines, sheet: Sheet, begin: Positions) -> Positions:
        """Read all lines that share their keys with enough others, with messages from `begin`, or where that is -1 from the
        first pair: where that is, is given back."""
        begin = begin.copy()
        quotes = None if self._form.to_next else Quotes(lines)
        for rows, at, found in self._book.split(lines, SMALL):
            if found is None:
                continue
            unknown = rows[begin[rows] < 0]
            begin[unknown] = at[begin[rows] < 0, 0] - found.names[0] - 1
            if quotes is None:
                self._group(lines, sheet, rows, _Cells(lines, at, found, lines.end[rows], None), begin[rows])
                continue
            for some, close in quotes.alike(rows, at, found.names, SMALL):
                cells = _Cells(lines, at[some], found, lines.end[rows[some]], close)
                self._group(lines, sheet, rows[some], cells, begin[rows[some]])
        return begin

    def _group(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], cells: _Cells, begin: Positions) -> None:
        found = cells.found
        silent = self._silent_rows(lines, cells)
        if silent.any():
            sheet.silent[rows[silent]] = True
            rows, cells, begin = rows[~silent], cells.pick(~silent), begin[~silent]
        if not _have(found.places, self._form.need):
            sheet.silent[rows] |= self._form.rest_silent
            return
        board = Board(len(rows))
        for names, value in self._values:
            span = self._span(names, found.places)
            if span is None:
                continue
            if span[1] == span[0] and self._swept(board, cells, span[0], value):
                continue
            start, end, good = cells.span(span[0])
            if span[1] != span[0]:
                _, end, last_good = cells.span(span[1])
                good &= last_good
            columns, read = value.bulk(lines, start, end)
            board.add(columns, good & read)
        bar = begin
        for number in range(self._form.bars):
            close = find_byte(lines, bar, _BAR, 128)
            good = (close >= 0) & (close < lines.end[rows])
            close = np.where(good, close, bar)
            good &= lines.u8[close - 1] != _BACKSLASH
            if number in self._form.barred:
                columns, read = self._form.barred[number].bulk(lines, bar, close)
                board.add(columns, good & read)
            else:
                board.add([], good)
            bar = close + 1
        board.settle_zone()
        board.default([self._form.always], np.zeros(len(rows), np.int64))
        if self._form.flow is not None:
            board.first_packets(np.ones(len(rows), np.bool_), self._form.flow)
        board.write(sheet, rows)

    def _swept(self, board: Board, cells: _Cells, number: int, value: Value) -> bool:
        """Whether a value shows by itself where it ends, in all lines; then it has been read."""
        sweep = sweeping(value)
        if sweep is None or not cells.bare(number):
            return False
        columns, after, good = sweep.sweep(cells.lines, cells.at[:, number])
        good &= after <= cells.line_end
        if not (good & (cells.lines.u8[np.minimum(after, cells.line_end)] <= _BLANK)).all():
            return False
        board.add(columns, good)
        return True

    def _silent_rows(self, lines: Lines, cells: _Cells) -> Mask:
        silent = np.zeros(len(cells.at), np.bool_)
        for key, table in self._silent.items():
            if key in cells.found.places:
                start, end, good = cells.span(cells.found.places[key])
                silent |= good & (table.look_up(lines, start, end) == 1)
        return silent
