"""Phrases: messages of fixed words around fields; `phrase_text` tells how they are written.

Plainly a phrase is a regular expression. In bulk it walks all messages from words to words; a message whose next words are
further off than `_FURTHEST` is left to the plain form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scantui.columns.lines import Lines, Mask, Positions
from scantui.columns.search import first_after, holds
from scantui.formats.column_parts import Rows, merged, picked, spread
from scantui.formats.phrase_text import Field, Option, Part, Said, Words, form
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Column, Sweeping, Value

_FURTHEST = 512  # bytes a field may have in bulk


class _Walk:
    """Some messages, read part by part: where each stands, and what became of it."""

    def __init__(self, lines: Lines, at: Positions, end: Positions) -> None:
        self.lines, self.at, self.end = lines, at, end
        self.rows = np.arange(len(at))  # those still looked at
        self.fits = np.ones(len(at), np.bool_)
        self.unsure = np.zeros(len(at), np.bool_)  # too far to tell
        self.spans: list[tuple[Value, Positions, Positions]] = []
        self.columns: list[Column] = []
        self.read = np.ones(len(at), np.bool_)  # of the fields that showed their own end

    def words(self, text: bytes) -> None:
        self.fits &= holds(self.lines, self.at, text) & (self.at + len(text) <= self.end)
        self.at = self.at + len(text)

    def field(self, field: Field, value: Value | None) -> None:
        if isinstance(value, Sweeping) and not any(words[0] in value.alphabet for words in field.ends):
            self._swept(field, value)
            return
        start = self.at
        self.at = self._stop(field, start, self.end, slice(None))
        if value is not None:
            self.spans.append((value, start, self.at))

    def _stop(self, field: Field, start: Positions, end: Positions, rows: slice | Rows) -> Positions:
        """Where the field ends; what has no end, or one too far, is marked."""
        if not field.ends:
            return np.maximum(end, start)
        stop, known = first_after(self.lines, start, end, field.ends, _FURTHEST)
        found = stop >= 0
        self.unsure[rows] |= ~known
        if field.last:
            return np.where(found, stop, np.maximum(end, start))
        self.fits[rows] &= found | ~known
        return np.where(found, stop, start)

    def _swept(self, field: Field, value: Sweeping) -> None:
        start = self.at
        columns, stop, good = value.sweep(self.lines, start)
        follows = (stop == self.end) if field.last else np.zeros(len(stop), np.bool_)
        for words in field.ends:
            follows |= holds(self.lines, stop, words) & (stop + len(words) <= self.end)
        good &= follows
        rest = np.flatnonzero(~good & self.fits)
        if len(rest):
            stop = stop.copy()
            stop[rest] = self._stop(field, start[rest], self.end[rest], rest)
            part, good[rest] = value.bulk(self.lines, start[rest], stop[rest])
            columns = merged(columns, rest, part, len(stop))
        self.read &= good
        self.columns += columns
        self.at = stop

    def option(self, option: Option, values: Mapping[str, Value]) -> None:
        there = self.fits & holds(self.lines, self.at, option.lead) & (self.at + len(option.lead) <= self.end)
        rows = np.flatnonzero(there)
        if not len(rows):
            return
        inner = _Walk(self.lines, self.at[rows], self.end[rows])
        inner.parts(option.parts, values)
        inner.finish()
        self.at = self.at.copy()
        self.at[rows] = inner.at
        for mine, theirs in ((self.fits, inner.fits), (self.read, inner.read)):
            mine[rows] &= theirs
        self.unsure[rows] |= inner.unsure
        whole = len(rows) == len(self.at)
        self.columns += inner.columns if whole else [spread(one, rows, len(self.at)) for one in inner.columns]

    def parts(self, parts: Sequence[Part], values: Mapping[str, Value], *, narrow: bool = False) -> None:
        """Read the parts; with `narrow`, messages of another form are let go of when they are many."""
        for part in parts:
            if isinstance(part, Words):
                self.words(part.text)
                if narrow and 4 * np.count_nonzero(self.fits) < 3 * len(self.fits):
                    self._narrow()
            elif isinstance(part, Field):
                self.field(part, values.get(part.name))
            elif isinstance(part, Said):
                self.columns += values[part.text].bulk(self.lines, self.at, self.at)[0]
            else:
                self.option(part, values)

    def _narrow(self) -> None:
        keep = np.flatnonzero(self.fits | self.unsure)
        for name in ("rows", "at", "end", "fits", "unsure", "read"):
            setattr(self, name, getattr(self, name)[keep])
        self.spans = [(value, start[keep], stop[keep]) for value, start, stop in self.spans]
        self.columns = [picked(column, keep) for column in self.columns]

    def finish(self) -> None:
        """Read the fields whose ends were looked for."""
        rows = np.flatnonzero(self.fits & ~self.unsure)
        for value, start, stop in self.spans:
            columns, good = value.bulk(self.lines, start[rows], stop[rows])
            self.read[rows] &= good
            whole = len(rows) == len(self.at)
            self.columns += columns if whole else [spread(one, rows, len(self.at)) for one in columns]


class Phrase:
    """One message form. `values` reads the fields it names; `always` is what every such message says."""

    def __init__(self, text: str, values: Mapping[str, Value], always: Record | None = None) -> None:
        self.form = form(text)
        self._always = always or {}
        self._values = [values[name] for name in self.form.names()]
        self._by_name = {name: values[name] for name in self.form.names()}
        self._regex = self.form.pattern()

    def plain(self, body: bytes) -> Record | None:
        """The columns of one message; None when it is another or is damaged."""
        match = self._regex.match(body)
        if match is None:
            return None
        record = dict(self._always)
        for value, token in zip(self._values, match.groups(), strict=True):
            if token is None:
                continue
            part = value.plain(token)
            if part is None:
                return None
            record |= part
        return record

    def fill(self, lines: Lines, sheet: Sheet, rows: Rows, begin: Positions, end: Positions) -> Mask:
        """Read those of `rows` whose message, from `begin` to `end`, has this form. Which of them certainly have another."""
        walk = _Walk(lines, begin, end)
        walk.parts(self.form.parts, self._by_name, narrow=True)
        if not self.form.open:
            walk.fits &= walk.at == walk.end
        walk.finish()
        good = np.flatnonzero(walk.fits & ~walk.unsure & walk.read)
        if len(good):
            put: list[Column] = [(name, value, None) for name, value in self._always.items()]
            put += [picked(column, good) for column in walk.columns]
            sheet.put_all(rows[walk.rows[good]], put, np.ones(len(good), np.bool_))
        other = np.ones(len(rows), np.bool_)
        other[walk.rows[walk.fits | walk.unsure]] = False
        return other
