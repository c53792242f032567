"""Groups: runs of equal values in sorted columns, first occurrences, and per-group figures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


def run_starts(*columns: NDArray[Any]) -> Rows:
    """Positions where any of the (equally long, sorted) columns differs from the row before; 0 first, if there are rows."""
    rows = len(columns[0])
    if not rows:
        return np.zeros(0, np.int64)
    differs = np.zeros(rows, np.bool_)
    differs[0] = True
    for values in columns:
        differs[1:] |= values[1:] != values[:-1]
    return np.flatnonzero(differs)


def run_lengths(starts: Rows, rows: int) -> Rows:
    return np.diff(starts, append=rows)


def first_seen(group: NDArray[Any], *key: NDArray[Any]) -> NDArray[np.bool_]:
    """Rows that hold a (group, key…) for the first time, in row order."""
    seen = np.zeros(len(group), np.bool_)
    order = np.lexsort((*key, group))
    starts = run_starts(group[order], *(part[order] for part in key))
    seen[order[starts]] = True
    return seen


def distinct_counts(group: NDArray[np.uint32], item: NDArray[Any]) -> tuple[NDArray[np.uint32], Rows]:
    """Groups (ascending) and how many distinct `item` (below 2**32) each holds. One sort of plain 64-bit numbers, no index."""
    key = np.sort(group.astype(np.uint64) << np.uint64(32) | item.astype(np.uint64))
    key = key[run_starts(key)]
    owner = (key >> np.uint64(32)).astype(np.uint32)
    starts = run_starts(owner)
    return owner[starts], run_lengths(starts, len(owner))


def previous_time(group: NDArray[Any], key: NDArray[Any], ts: Rows) -> Rows:
    """Time of the row before with the same (group, key), in row order; the row's own time where there is none."""
    order = np.lexsort((key, group))
    starts = run_starts(group[order], key[order])
    before = np.empty(len(group), np.int64)
    sorted_ts = ts[order]
    shifted = np.concatenate((sorted_ts[:1], sorted_ts[:-1]))
    shifted[starts] = sorted_ts[starts]
    before[order] = shifted
    return before


def running(values: NDArray[Any], starts: Rows) -> NDArray[Any]:
    """Cumulative sum that begins anew at each of `starts`."""
    total: NDArray[Any] = np.cumsum(values)
    if len(starts):
        base = np.where(starts > 0, total[np.maximum(starts - 1, 0)], 0)
        total -= np.repeat(base, run_lengths(starts, len(values)))
    return total


def group_sum(values: NDArray[Any], starts: Rows) -> NDArray[Any]:
    """Sum of each run; booleans are counted."""
    if not len(starts):
        return np.zeros(0, np.int64)
    if values.dtype == np.bool_:
        values = values.astype(np.int64)
    return np.add.reduceat(values, starts)


def group_max(values: NDArray[Any], starts: Rows) -> NDArray[Any]:
    return np.maximum.reduceat(values, starts) if len(starts) else values[:0]


def group_min(values: NDArray[Any], starts: Rows) -> NDArray[Any]:
    return np.minimum.reduceat(values, starts) if len(starts) else values[:0]
