"""Headers that are the same from line to line, as those of one second are, read once a run of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions
from scantui.columns.runs import Rows, first_of_runs, run_of
from scantui.events import KNOWN
from scantui.formats.sheet import Record, Sheet


class Headers(Protocol):
    """What stands before a message."""

    def plain(self, text: bytes) -> Record | None: ...

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]: ...


def fill_runs(headers: Headers, lines: Lines, sheet: Sheet, rows: Rows, anchor: Positions, least: int) -> Mask:
    """Read the headers of `rows`, each ending at `anchor`; which of them were read."""
    first = first_of_runs(lines, lines.start[rows], anchor)
    if first is None:
        return headers.fill(lines, sheet, rows, anchor, least)
    part = Sheet(lines.pick(rows[first]))
    done = headers.fill(part.lines, part, np.arange(len(first)), anchor[first], 1)
    which = run_of(first, len(rows))
    for name, values in part.columns.items():
        said = (part.known & np.uint32(KNOWN[name])) != 0 if name in KNOWN else done
        whole = bool(said.all())
        if whole or said.any():
            sheet.put(rows, name, values[which], None if whole else said[which])
    every: Mask = done[which]
    return every
