"""Headers that are the same from line to line, as those of one second are, read once a run of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import WIDE, Lines, Mask, Positions
from scantui.events import KNOWN
from scantui.formats.sheet import Record, Sheet

Rows = NDArray[np.int64]
_LONGEST = 128  # bytes of headers that are compared
_SAMPLE = 256  # headers that show whether there are runs
_WORTH = 4  # lines a run, on average


class Headers(Protocol):
    """What stands before a message."""

    def plain(self, text: bytes) -> Record | None: ...

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]: ...


def fill_runs(headers: Headers, lines: Lines, sheet: Sheet, rows: Rows, anchor: Positions, least: int) -> Mask:
    """Read the headers of `rows`, each ending at `anchor`; which of them were read."""
    first = _first_of_runs(lines, lines.start[rows], anchor)
    if first is None:
        return headers.fill(lines, sheet, rows, anchor, least)
    part = Sheet(lines.pick(rows[first]))
    done = headers.fill(part.lines, part, np.arange(len(first)), anchor[first], 1)
    which = np.repeat(np.arange(len(first)), np.diff(first, append=len(rows)))
    for name, values in part.columns.items():
        said = (part.known & np.uint32(KNOWN[name])) != 0 if name in KNOWN else done
        whole = bool(said.all())
        if whole or said.any():
            sheet.put(rows, name, values[which], None if whole else said[which])
    every: Mask = done[which]
    return every


def _first_of_runs(lines: Lines, start: Positions, end: Positions) -> Rows | None:
    """The first of each run of texts that are the same; None where they are too short or too long, or runs not worth it."""
    length = end - start
    if len(start) < _SAMPLE or int(length.min()) < WIDE or int(length.max()) > _LONGEST:
        return None
    if _WORTH * np.count_nonzero(_changes(lines, start[:_SAMPLE], end[:_SAMPLE])) > _SAMPLE:
        return None
    first = np.flatnonzero(_changes(lines, start, end))
    return first if _WORTH * len(first) <= len(start) else None


def _changes(lines: Lines, start: Positions, end: Positions) -> Mask:
    """Which texts are not the one before."""
    length, last = end - start, end - WIDE
    changed = np.ones(len(start), np.bool_)
    changed[1:] = length[1:] != length[:-1]
    for step in range(0, int(length.max()), WIDE):
        window = lines.w16[np.minimum(start + step, last)].view("<u8").reshape(-1, 2)
        differs = window[1:] != window[:-1]
        changed[1:] |= differs[:, 0] | differs[:, 1]
    return changed
