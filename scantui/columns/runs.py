"""Runs of texts that are the same from line to line, as stamps of one second are: what is read of the first holds for all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import WIDE, Lines, Mask, Positions

Rows = NDArray[np.int64]
_LONGEST = 128  # bytes of texts that are compared
_SAMPLE = 256  # texts that show whether there are runs
_WORTH = 4  # texts a run, on average


def first_of_runs(lines: Lines, start: Positions, end: Positions) -> Rows | None:
    """The first of each run of texts `start[i]:end[i]` that are the same; None where they are too short (below 16 bytes) or too
    long, or runs not worth it."""
    length = end - start
    if len(start) < _SAMPLE or int(length.min()) < WIDE or int(length.max()) > _LONGEST:
        return None
    if _WORTH * np.count_nonzero(_changes(lines, start[:_SAMPLE], end[:_SAMPLE])) > _SAMPLE:
        return None
    first = np.flatnonzero(_changes(lines, start, end))
    return first if _WORTH * len(first) <= len(start) else None


def run_of(first: Rows, count: int) -> Rows:
    """The number of the run that each of `count` texts is in."""
    return np.repeat(np.arange(len(first)), np.diff(first, append=count))


def _changes(lines: Lines, start: Positions, end: Positions) -> Mask:
    """Which texts are not the one before."""
    length, last = end - start, end - WIDE
    changed = np.ones(len(start), np.bool_)
    changed[1:] = length[1:] != length[:-1]
    for step in range(0, int(length.max()), WIDE):
        for window in lines.seen(np.minimum(start + step, last), 2).T:
            changed[1:] |= window[1:] != window[:-1]
    return changed
