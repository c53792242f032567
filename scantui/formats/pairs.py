"""`key=value` messages whose values may stand in quotes: positions of all values by the skeleton of their keys.

The first of a name counts. A value runs to the next blank, or from a quote to the next one; a quote inside quotes (`\\"`) is
read plainly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, find_byte, token_end
from scantui.columns.skeleton import SkeletonBook, keys_of
from scantui.formats.base import SMALL
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Column, Value

_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(rb"[^\x00-\x20]*")
_FURTHEST = 512
_At: TypeAlias = "dict[bytes, int]"


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


class Pairs:
    """Reads the fields of whole lines. `claims` says which lines are the format's by their keys."""

    def __init__(self, values: Mapping[str, Value], always: Record, claims: Callable[[set[bytes]], bool]) -> None:
        self._values = {key.encode(): value for key, value in values.items()}
        self._always, self._claims = always, claims
        self._book: SkeletonBook[_At] = SkeletonBook(self._judge)

    def _judge(self, line: bytes) -> _At | None:
        if b'"' in line and any(b"=" in match[1] for match in _QUOTED.finditer(line)):
            return None  # a sign inside quotes: the same keys may hold another number of them in the next line
        at = _outside(line, keys_of(line))
        if not self._claims(set(at)):
            return None
        return {key: number for key, number in at.items() if key in self._values}

    def plain(self, text: bytes) -> Record | None:
        """The columns of one line; None when it is damaged or not this format's."""
        keys = keys_of(text)
        places = _outside(text, keys)
        if not self._claims(set(places)):
            return None
        record = dict(self._always)
        for key, value in self._values.items():
            number = places.get(key)
            if number is None:
                continue
            at = keys[number][2]
            if text[at : at + 1] == b'"':
                match = _QUOTED.match(text, at)
                if match is None:
                    return None
                token = match[1]
            else:
                bare = _BARE.match(text, at)
                token = bare[0] if bare else b""
            part = value.plain(token)
            if part is None:
                return None
            for name, said in part.items():
                record.setdefault(name, said)
        return record

    def fill(self, lines: Lines, sheet: Sheet) -> None:
        """Read all lines that share their keys with enough others."""
        for rows, at, places in self._book.split(lines, SMALL):
            if places is not None:
                self._group(lines, sheet, rows, at, places)

    def _group(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], at: Positions, places: _At) -> None:
        ok = np.ones(len(rows), np.bool_)
        put: list[Column] = []
        said: set[str] = set()
        for key, value in self._values.items():
            if key not in places:
                continue
            start, end, good = _span(lines, at[:, places[key]], lines.end[rows])
            columns, read = value.bulk(lines, start, end)
            ok &= good & read
            if any(name in said and where is not None for name, _, where in columns):
                return  # two keys may give one column, each now and then: read plainly
            put += [column for column in columns if column[0] not in said]
            said |= {name for name, _, _ in columns}
        put += [(name, value, None) for name, value in self._always.items() if name not in said]
        sheet.put_all(rows, put, ok)


def _span(lines: Lines, start: Positions, line_end: Positions) -> tuple[Positions, Positions, Mask]:
    """Where the values lie that begin at `start`: after an opening quote and before the closing one, or to a blank."""
    end = token_end(lines, start, _FURTHEST)
    good = end - start < _FURTHEST
    quoted = np.flatnonzero(lines.u8[start] == 34)
    if len(quoted):
        start, end = start.copy(), end.copy()
        close = find_byte(lines, np.minimum(start[quoted] + 1, lines.size), 34, _FURTHEST)
        slash = find_byte(lines, np.minimum(start[quoted] + 1, lines.size), 92, _FURTHEST)
        good[quoted] = (close >= 0) & (close < line_end[quoted]) & ((slash < 0) | (slash > close))
        start[quoted] += 1
        end[quoted] = np.maximum(close, start[quoted])
    return start, np.minimum(end, line_end), good
