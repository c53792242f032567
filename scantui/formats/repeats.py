"""`last message repeated 3 times`, as syslogd writes it below the message: three more packets like the one above."""

from __future__ import annotations

import re
from collections.abc import Container

import numpy as np

from scantui.columns.search import first_of
from scantui.events import KNOWN
from scantui.formats.envelope import header, program_rest
from scantui.formats.sheet import STAMP_DTYPES, Record, Sheet
from scantui.tables import Tables

_WORDS = b"message repeated"
_LINE = re.compile(rb"(.*)\blast message repeated ([1-9][0-9]{0,6}) times?\s*\Z", re.DOTALL)


class Repeats:
    """The repeats of one input."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._above: Record | None = None  # what the last line before this block told of

    def fill(self, sheet: Sheet) -> None:
        """Read the repeats among the lines that nobody has read."""
        if not len(sheet.lines):
            return
        left = sheet.left
        left = left[first_of(sheet.lines.pick(left), _WORDS) >= 0] if len(left) else left
        repeats = {row: match for row in left.tolist() if (match := _LINE.fullmatch(sheet.lines.text(row)))}
        for row, match in repeats.items():
            above = self._told(sheet, row - 1, repeats.keys())
            stamp = header(match[1], self._tables, program_rest)
            if stamp is None:
                continue
            if above is None:
                sheet.silent[row] = True
            elif stamp.get("sensor", 0) == above.get("sensor", 0):
                sheet.put_record(row, above | stamp | {"count": int(match[2])})
        self._above = self._told(sheet, len(sheet.lines) - 1, repeats.keys())

    def _told(self, sheet: Sheet, row: int, repeats: Container[int]) -> Record | None:
        """What the nearest line that is no repeat told of, from `row` up; None when that is no packet."""
        while row >= 0 and row in repeats:
            row -= 1
        if row < 0:
            return self._above
        if not sheet.got[row]:
            return None
        known = np.uint32(sheet.known[row])
        return {
            name: int(values[row])
            for name, values in sheet.columns.items()
            if name not in STAMP_DTYPES and (name not in KNOWN or known & KNOWN[name])
        }
