"""Some messages read part by part, all at once: where each stands, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from scantui.columns.lines import LOW, Lines, Mask, Positions, U, Words64, word
from scantui.columns.numbers import uint_long
from scantui.columns.search import blanks, first_after, holds
from scantui.formats.column_parts import Rows, merged, picked, spread
from scantui.formats.phrase_text import Field, Option, Part, Words
from scantui.formats.values import Column, Sweeping, Value, sweeping

_FURTHEST = 512  # bytes a field may have
_BLANK = 32
_MOST_DIGITS = 15
_MANY = 10  # fields that end at blanks for which all blanks are worth being found


class Step(NamedTuple):
    """A part with what reads it: the value of a field or of what is said, the steps of an optional part."""

    part: Part
    value: Value | None = None
    sweeping: Sweeping | None = None
    inner: tuple[Step, ...] = ()
    blanks: tuple[int, ...] = ()  # of a field: where each text that may follow it has its first blank, if all have one


def step(part: Part, values: dict[str, Value]) -> Step:
    """How a part is walked. A field sweeps when its value shows its end before any words that may follow it."""
    if isinstance(part, Words):
        return Step(part)
    if isinstance(part, Option):
        return Step(part, inner=tuple(step(one, values) for one in part.parts))
    if not isinstance(part, Field):
        return Step(part, values[part.text])
    value = values.get(part.name)
    at = tuple(words.find(b" ") for words in part.ends)
    joints = at if min(at, default=-1) >= 0 else ()
    swept = sweeping(value)
    if swept is not None and any(words[0] in swept.alphabet for words in (*part.ends, b" ")):
        swept = None
    return Step(part, value, swept, blanks=joints)


def many_blanks(steps: Sequence[Step]) -> bool:
    """Whether so many fields end at blanks that these are better found all at once than one by one."""
    return sum(bool(one.blanks) and one.sweeping is None for one in steps) >= _MANY


@dataclass
class _Span:
    """A field's places; `columns` of those rows that are `good` are read already."""

    value: Value
    start: Positions
    stop: Positions
    columns: list[Column] = field(default_factory=list)
    good: Mask | None = None


class Walk:
    """Messages from `at` to `end`. `fits`: so far of this form; `unsure`: too long to tell; `read`: all fields could be read.
    `numbered`: the blanks are found all at once."""

    def __init__(self, lines: Lines, at: Positions, end: Positions, *, numbered: bool = True) -> None:
        self.lines, self.at, self.end, self._numbered = lines, at, end, numbered
        self.rows = np.arange(len(at))  # those still looked at
        self.fits = np.ones(len(at), np.bool_)
        self.unsure = np.zeros(len(at), np.bool_)
        self.read = np.ones(len(at), np.bool_)
        self.columns: list[Column] = []
        self._spans: list[_Span] = []
        self._window: Words64 | None = None  # the eight bytes at `at`
        self._blank: Positions | None = None  # the first blank at or after `at`, by number; of those that fit

    def steps(self, steps: Sequence[Step], *, narrow: bool = False) -> None:
        """Walk; with `narrow`, messages of another form are let go of when they are many."""
        before: Part | None = None
        for one in steps:
            part, last = one.part, before
            before = part
            if isinstance(part, Words):
                if not (isinstance(last, Field) and last.ends == (part.text,) and not last.last):
                    self.fits &= self._holds(part.text)  # else the field ended where it was found
                self._pass(part.text)
                if narrow and 4 * np.count_nonzero(self.fits) < 3 * len(self.fits):
                    self._narrow()
                    if not len(self.rows):
                        return
            elif isinstance(part, Option):
                self._option(part, one.inner)
            elif isinstance(part, Field):
                self._field(part, one)
            elif one.value is not None:
                self.columns += one.value.bulk(self.lines, self.at, self.at)[0]

    def finish(self) -> None:
        """Read the fields of the messages that have the form."""
        fits = self.fits & ~self.unsure
        all_fit = bool(fits.all())
        for span in self._spans:
            columns, left = span.columns, fits if span.good is None else fits & ~span.good
            if span.good is None and all_fit:
                columns, good = span.value.bulk(self.lines, span.start, span.stop)
                self.read &= good
            elif left.any():
                rest = np.flatnonzero(left)
                part, good = span.value.bulk(self.lines, span.start[rest], span.stop[rest])
                self.read[rest] &= good
                columns = (
                    merged(columns, rest, part, len(fits))
                    if columns
                    else [spread(one, rest, len(fits)) for one in part]
                )
            self.columns += columns

    def fork(self, rows: Rows) -> Walk:
        """The same walk of some of its messages, to be gone on with apart."""
        other = copy(self)
        if len(rows) < len(self.at):
            other._keep(rows)
        else:  # what is changed in place
            other.fits, other.unsure, other.read = self.fits.copy(), self.unsure.copy(), self.read.copy()
            other._blank = None if self._blank is None else self._blank.copy()
            other.columns, other._spans = list(self.columns), list(self._spans)
        return other

    def _move(self, at: Positions) -> None:
        self.at, self._window = at, None

    def _pass(self, text: bytes) -> None:
        """Go on behind a text that stands here."""
        self._move(self.at + len(text))
        if self._blank is not None:
            self._blank = self._blank + text.count(b" ")

    def _holds(self, text: bytes) -> Mask:
        if self._window is None:
            self._window = self.lines.w8[np.minimum(self.at, len(self.lines.w8) - 1)]
        same: Mask = ((self._window ^ word(text)) & LOW[min(8, len(text))]) == U(0)
        if len(text) > 8 and same.any():
            same &= holds(self.lines, self.at + 8, text[8:])
        # Words that end in no blank cannot reach over the end of a message, after which only blanks stand.
        return same & (self.at + len(text) <= self.end) if text[-1] <= _BLANK else same

    def _field(self, part: Field, one: Step) -> None:
        start = self.at
        if part.digits:
            _, digits = uint_long(self.lines, np.minimum(start, self.lines.size))
            self.fits &= (digits >= 1) & (digits <= _MOST_DIGITS)
            self._move(start + digits)
            if one.value is not None:
                self._spans.append(_Span(one.value, start, self.at))
            return
        if one.sweeping is None:
            self._move(self._stop(one, part, start, self.end, slice(None)))
            if one.value is not None:
                self._spans.append(_Span(one.value, start, self.at))
            return
        if one.blanks and self._numbered and self._blank is None:
            self._blank = np.searchsorted(blanks(self.lines), start)
        columns, stop, good = one.sweeping.sweep(self.lines, start)
        self._move(stop)
        ways = [self._holds(words) for words in part.ends]
        if part.last:
            ways.append(stop == self.end)
        follows = ways[0] if len(ways) == 1 else np.logical_or.reduce(ways)
        good &= follows
        odd = self.fits & ~good
        if odd.any():
            rest = np.flatnonzero(odd)
            stop = stop.copy()
            stop[rest] = self._stop(one, part, start[rest], self.end[rest], rest)
            self._move(stop)
        self._spans.append(_Span(one.sweeping, start, stop, columns, good))

    def _stop(self, one: Step, part: Field, start: Positions, end: Positions, rows: slice | Rows) -> Positions:
        """Where the field ends; what has no end, or one too far, is marked."""
        if not part.ends:
            return np.maximum(end, start)
        if not (one.blanks and self._numbered):
            stop = self._searched(part, start, end, rows)
            self._pass_blanks(stop, rows)
            return stop
        stop = self._by_blank(one, part, start, end, rows)
        left = stop < 0
        left &= self.fits[rows]
        if left.any():
            rest = np.flatnonzero(left)
            some = rest if isinstance(rows, slice) else rows[rest]
            stop[rest] = self._searched(part, start[rest], end[rest], some)
            self._pass_blanks(stop[rest], some)
        return np.where(stop < 0, start, stop)

    def _searched(self, part: Field, start: Positions, end: Positions, rows: slice | Rows) -> Positions:
        """Where the field of `rows` ends, found by a search for what may follow it."""
        place, known = first_after(self.lines, start, end, part.ends, _FURTHEST)
        found = place >= 0
        if not known.all():
            self.unsure[rows] |= ~known
        if found.all():
            return place
        if not part.last:
            self.fits[rows] &= found | ~known
        return np.where(found, place, np.maximum(end, start) if part.last else start)

    def _by_blank(self, one: Step, part: Field, start: Positions, end: Positions, rows: slice | Rows) -> Positions:
        """Where the field ends if one of the texts that may follow has the first blank after `start`; -1 where none has."""
        first = self._next_blank(rows)
        if len(part.ends) == 1 and not part.last:
            place, fits = self._before(first, one.blanks[0], part.ends[0], start, end)
            return place if fits.all() else np.where(fits, place, -1)
        stop = np.full(len(start), -1, np.int64)
        for text, offset in zip(part.ends, one.blanks, strict=True):
            place, fits = self._before(first, offset, text, start, end)
            stop = np.where(fits & ((stop < 0) | (place < stop)), place, stop)
        return np.where((stop < 0) & (first >= end), np.maximum(end, start), stop) if part.last else stop

    def _before(
        self, blank: Positions, offset: int, text: bytes, start: Positions, end: Positions
    ) -> tuple[Positions, Mask]:
        """Where `text` begins if its first blank, at `offset`, is this one; whether it stands there, from `start` to `end`."""
        place = blank - offset if offset else blank
        fits: Mask = place + len(text) <= end
        if len(text) > 1:
            fits &= place >= start
            fits &= holds(self.lines, np.maximum(place, 0) if offset else place, text)
        return place, fits

    def _next_blank(self, rows: slice | Rows) -> Positions:
        """Where the first blank after each of `rows` stands."""
        places = blanks(self.lines)
        if self._blank is None:
            self._blank = np.searchsorted(places, self.at)
        return places[np.minimum(self._blank[rows], len(places) - 1)]

    def _pass_blanks(self, at: Positions, rows: slice | Rows) -> None:
        """Number the blanks anew for those of `rows` that go to `at` over some."""
        if self._blank is not None:
            passed = self._next_blank(rows) < at
            if passed.any():
                over = np.flatnonzero(passed)
                some = over if isinstance(rows, slice) else rows[over]
                self._blank[some] = np.searchsorted(blanks(self.lines), at[over])

    def _option(self, part: Option, steps: Sequence[Step]) -> None:
        there = self.fits & self._holds(part.lead)
        if not there.any():
            return
        rows = np.flatnonzero(there)
        if len(rows) == np.count_nonzero(self.fits):  # no message lacks it
            self._pass(part.lead)
            self.steps(steps[1:])
            return
        inner = Walk(self.lines, self.at[rows], self.end[rows], numbered=self._numbered)
        inner._blank = None if self._blank is None else self._blank[rows]
        inner.steps(steps)
        inner.finish()
        at = self.at.copy()
        at[rows] = inner.at
        self._move(at)
        self._pass_blanks(inner.at, rows)
        self.fits[rows] &= inner.fits
        self.read[rows] &= inner.read
        self.unsure[rows] |= inner.unsure
        whole = len(rows) == len(at)
        self.columns += inner.columns if whole else [spread(one, rows, len(at)) for one in inner.columns]

    def _narrow(self) -> None:
        self._keep(np.flatnonzero(self.fits | self.unsure))

    def _keep(self, keep: Rows) -> None:
        for name in ("rows", "at", "end", "fits", "unsure", "read"):
            setattr(self, name, getattr(self, name)[keep])
        self._window = None
        self._blank = None if self._blank is None else self._blank[keep]
        self.columns = [picked(column, keep) for column in self.columns]
        self._spans = [
            replace(
                span,
                start=span.start[keep],
                stop=span.stop[keep],
                columns=[picked(column, keep) for column in span.columns],
                good=None if span.good is None else span.good[keep],
            )
            for span in self._spans
        ]
