"""What a format is: how its lines are recognised and how they become columns, with samples that prove it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scantui.columns.lines import LITTLE_ENDIAN, Lines, Mask
from scantui.columns.search import first_of
from scantui.formats.records import Records
from scantui.formats.sheet import Record, Sheet
from scantui.tables import Tables

SMALL = 24  # lines of one kind; below it a plain parser is quicker than some hundred numpy calls (docs/performance.md)


@dataclass(frozen=True, slots=True)
class Sample:
    """A line and the event it must give: column name to value, addresses and texts as text. `None` is null. `header` must have
    stood above it."""

    line: bytes
    expect: dict[str, object]
    header: bytes = b""


class LineParser(Protocol):
    """A format bound to the tables of one run; where a format has headers, to one input of it."""

    def line(self, text: bytes) -> Record | None:
        """The reference: one line (without its newline) to a record; {} when it is understood but tells of no packet, None
        when it is not this format's or is damaged."""

    def fast(self, lines: Lines, sheet: Sheet) -> None:
        """All lines at once, for as many as it can prove right; it must agree with `line` on every line it claims."""


class Carrier(Protocol):
    """What reads lines or packets, by its name, and the event columns it can carry."""

    @property
    def name(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Format:
    """One log format. `fields` are the event columns it can carry; `claims` looks at a line cheaply, and never at one that lacks
    `holds`."""

    name: str
    title: str
    fields: tuple[str, ...]
    samples: tuple[Sample, ...]
    claims: Callable[[bytes], bool]
    bind: Callable[[Tables], LineParser]
    holds: bytes  # a text that every line of it has, 1 to 16 bytes
    noise: Callable[[bytes], bool] | None = None  # lines between them that tell of no packet
    records: Records | None = None  # where a record is several lines
    # Lines that may say how the ones after them are to be read. Where there are such, a parser belongs to one input.
    headers: Callable[[Lines], Mask] | None = None
    general: bool = False  # reads what is nobody else's
    objects: bool = False  # its lines are JSON objects, bare or behind a header
    own: bool = False  # the user's


def fill(parser: LineParser, form: Format, sheet: Sheet) -> None:
    """Fill `sheet` from its lines: in bulk where the bulk parser can prove it, line by line where it cannot."""
    headers = form.headers(sheet.lines) if form.headers is not None else np.zeros(0, np.bool_)
    if not headers.any():
        _fill(parser, form, sheet)
        return
    turns = np.flatnonzero(np.diff(headers)) + 1
    for rows in np.split(np.arange(len(headers)), turns):
        part = Sheet(sheet.lines.pick(rows))
        _fill(parser, form, part, heads=bool(headers[rows[0]]))
        sheet.adopt(part, rows)


def _fill(parser: LineParser, form: Format, sheet: Sheet, *, heads: bool = False) -> None:
    lines = sheet.lines
    if LITTLE_ENDIAN and not heads and len(lines) >= SMALL:
        parser.fast(lines, sheet)
    left = sheet.left
    if form.headers is None and len(left) >= SMALL:
        left = left[first_of(lines.pick(left), form.holds) >= 0]
    below = form.headers is not None and not heads  # what such a line is, the header above it says
    for row in left.tolist():
        text = lines.text(row)
        if below or form.claims(text):
            record = parser.line(text)
            if record:
                sheet.put_record(row, record)
            elif record is not None:
                sheet.silent[row] = True
