"""Phrases: messages of fixed words around fields; `phrase_text` tells how they are written.

Plainly a phrase is a regular expression; in bulk `phrase_walk` goes through all messages from words to words.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scantui.columns.lines import Mask
from scantui.formats.column_parts import Rows, picked
from scantui.formats.phrase_text import Form, form
from scantui.formats.phrase_walk import Step, Walk, step
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Column, Value


class Phrase:
    """One message form. `value_of` gives what reads a name of it; `always` is what every such message says."""

    def __init__(self, text: str, value_of: Callable[[str], Value], always: Record | None = None) -> None:
        self.form: Form = form(text)
        self._always = always or {}
        names = self.form.names()
        by_name = {name: value_of(name) for name in dict.fromkeys(names)}
        self._values = [by_name[name] for name in names]
        self.steps: list[Step] = [step(part, by_name) for part in self.form.parts]

    def plain(self, body: bytes) -> Record | None:
        """The columns of one message; None when it is another or is damaged."""
        match = self.form.pattern.match(body)
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

    def fill(self, walk: Walk, after: int, sheet: Sheet, rows: Rows) -> Mask:
        """Read those of `rows` whose message has this form; `walk` is of these messages and has taken the first `after`
        steps. Which of them certainly have another form."""
        count, walk.rows = len(walk.rows), np.arange(len(walk.rows))
        walk.steps(self.steps[after:], narrow=True)
        if not self.form.open:
            walk.fits &= walk.at == walk.end
        walk.finish()
        good = np.flatnonzero(walk.fits & ~walk.unsure & walk.read)
        if len(good):
            put: list[Column] = [(name, value, None) for name, value in self._always.items()]
            whole = len(good) == len(walk.rows)
            put += walk.columns if whole else [picked(column, good) for column in walk.columns]
            sheet.put_all(rows[walk.rows[good]], put, np.ones(len(good), np.bool_))
        other = np.ones(count, np.bool_)
        other[walk.rows[walk.fits | walk.unsure]] = False
        return other
