"""Some messages read part by part, all at once: where each stands, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np

from scantui.columns.lines import LOW, Lines, Mask, Positions, U, Words64, word
from scantui.columns.numbers import uint_long
from scantui.columns.search import first_after, holds
from scantui.formats.column_parts import Rows, merged, picked, spread
from scantui.formats.phrase_text import Field, Option, Part, Words
from scantui.formats.values import Column, Sweeping, Value

_FURTHEST = 512  # bytes a field may have
_BLANK = 32
_MOST_DIGITS = 15


@dataclass(frozen=True)
class Step:
    """A part with what reads it: the value of a field or of what is said, the steps of an optional part."""

    part: Part
    value: Value | None = None
    sweeping: Sweeping | None = None
    inner: tuple[Step, ...] = ()


def step(part: Part, values: dict[str, Value]) -> Step:
    """How a part is walked. A field sweeps when its value shows its end before any words that may follow it."""
    if isinstance(part, Words):
        return Step(part)
    if isinstance(part, Option):
        return Step(part, inner=tuple(step(one, values) for one in part.parts))
    if not isinstance(part, Field):
        return Step(part, values[part.text])
    value = values.get(part.name)
    if isinstance(value, Sweeping) and not any(words[0] in value.alphabet for words in part.ends):
        return Step(part, value, value)
    return Step(part, value)


@dataclass
class _Span:
    """A field's places; `columns` of those rows that are `good` are read already."""

    value: Value
    start: Positions
    stop: Positions
    columns: list[Column] = field(default_factory=list)
    good: Mask | None = None


class Walk:
    """Messages from `at` to `end`. `fits`: so far of this form; `unsure`: too long to tell; `read`: all fields could be read."""

    def __init__(self, lines: Lines, at: Positions, end: Positions) -> None:
        self.lines, self.at, self.end = lines, at, end
        self.rows = np.arange(len(at))  # those still looked at
        self.fits = np.ones(len(at), np.bool_)
        self.unsure = np.zeros(len(at), np.bool_)
        self.read = np.ones(len(at), np.bool_)
        self.columns: list[Column] = []
        self._spans: list[_Span] = []
        self._window: Words64 | None = None  # the eight bytes at `at`

    def steps(self, steps: Sequence[Step], *, narrow: bool = False) -> None:
        """Walk; with `narrow`, messages of another form are let go of when they are many."""
        for one in steps:
            part = one.part
            if isinstance(part, Words):
                self.fits &= self._holds(part.text)
                self._move(self.at + len(part.text))
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
        for span in self._spans:
            rest = np.flatnonzero(fits if span.good is None else fits & ~span.good)
            columns = span.columns
            if len(rest):
                part, good = span.value.bulk(self.lines, span.start[rest], span.stop[rest])
                self.read[rest] &= good
                if columns:
                    columns = merged(columns, rest, part, len(fits))
                else:
                    columns = part if len(rest) == len(fits) else [spread(one, rest, len(fits)) for one in part]
            self.columns += columns

    def fork(self, rows: Rows) -> Walk:
        """The same walk of some of its messages, to be gone on with apart."""
        other = copy(self)
        other._keep(rows)
        return other

    def _move(self, at: Positions) -> None:
        self.at, self._window = at, None

    def _holds(self, text: bytes) -> Mask:
        if len(text) > 8:
            same = holds(self.lines, self.at, text)
        else:
            if self._window is None:
                self._window = self.lines.w8[np.minimum(self.at, len(self.lines.w8) - 1)]
            same = ((self._window ^ word(text)) & LOW[len(text)]) == U(0)
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
            self._move(self._stop(part, start, self.end, slice(None)))
            if one.value is not None:
                self._spans.append(_Span(one.value, start, self.at))
            return
        columns, stop, good = one.sweeping.sweep(self.lines, start)
        follows = (stop == self.end) if part.last else np.zeros(len(stop), np.bool_)
        self._move(stop)
        for words in part.ends:
            follows |= self._holds(words)
        good &= follows
        rest = np.flatnonzero(~good & self.fits)
        if len(rest):
            stop = stop.copy()
            stop[rest] = self._stop(part, start[rest], self.end[rest], rest)
            self._move(stop)
        self._spans.append(_Span(one.sweeping, start, stop, columns, good))

    def _stop(self, part: Field, start: Positions, end: Positions, rows: slice | Rows) -> Positions:
        """Where the field ends; what has no end, or one too far, is marked."""
        if not part.ends:
            return np.maximum(end, start)
        stop, known = first_after(self.lines, start, end, part.ends, _FURTHEST)
        found = stop >= 0
        self.unsure[rows] |= ~known
        if part.last:
            return np.where(found, stop, np.maximum(end, start))
        self.fits[rows] &= found | ~known
        return np.where(found, stop, start)

    def _option(self, part: Option, steps: Sequence[Step]) -> None:
        rows = np.flatnonzero(self.fits & self._holds(part.lead))
        if not len(rows):
            return
        inner = Walk(self.lines, self.at[rows], self.end[rows])
        inner.steps(steps)
        inner.finish()
        at = self.at.copy()
        at[rows] = inner.at
        self._move(at)
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
