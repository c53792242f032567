"""Exact sliding-window fan-out: how many distinct items a group holds within any span of time.

A sweep line over sorted columns. Each run of one (group, item) whose rows are less than the window apart counts +1 from
its first row until the window after its last; the running sum of a group is its distinct count at every moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Peaks:
    """Per group (ascending): the largest number of distinct items in any window, and when `threshold` was first reached."""

    group: NDArray[np.int64]
    count: Rows
    crossed: Rows  # microseconds; NEVER where the threshold was not reached


NEVER = np.iinfo(np.int64).max


def fan_out(ts: Rows, group: NDArray[Any], item: NDArray[Any], window: int, threshold: int) -> Peaks:
    """Peak distinct `item` count of each `group` within `window` microseconds (half open: rows `window` apart do not meet),
    and the time of the row that first brought it to `threshold`."""
    if not len(ts):
        empty = np.zeros(0, np.int64)
        return Peaks(empty, empty, empty)
    order = np.lexsort((ts, item, group))
    g, i, t = group[order], item[order], ts[order]
    begins = np.zeros(len(t), np.bool_)
    begins[run_starts(g, i)] = True
    begins[1:] |= t[1:] - t[:-1] >= window
    ends = np.append(begins[1:], True)
    when = np.concatenate((t[begins], t[ends] + window))
    who = np.concatenate((g[begins], g[ends])).astype(np.int64)
    step = np.concatenate((np.ones(int(begins.sum()), np.int64), -np.ones(int(ends.sum()), np.int64)))
    # Ends before begins at the same moment: the window is half open.
    line = np.lexsort((step, when, who))
    who, when, total = who[line], when[line], np.cumsum(step[line])
    starts = run_starts(who)
    crossed = np.where((total == threshold) & (step[line] > 0), when, NEVER)
    return Peaks(who[starts], np.maximum.reduceat(total, starts), np.minimum.reduceat(crossed, starts))
