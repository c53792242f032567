"""The heatmap's numbers for any cut, straight from events: distinct (source, port) pairs and packets by bin and bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts
from scantui.events import Events, without_notices
from scantui.session.bins import WHOLE, Bins, port_keys

Counts = NDArray[np.int64]
Column = tuple[Counts, Counts]  # pairs and packets, one value a bin


def go_on() -> None:
    """Nothing speaks against going on."""


def columns(
    batches: Iterable[Events], bins: Bins, bucket: int, first: int, last: int, check: Callable[[], None] = go_on
) -> dict[int, Column]:
    """The columns `first` to `last` (number: time // bucket) that anything happened in. `check` is called once a batch, and ends
    the work by raising."""
    keys: dict[int, list[NDArray[np.uint64]]] = {}
    packets: dict[int, Counts] = {}
    for batch in batches:
        check()
        batch = without_notices(batch)
        number = batch.ts // bucket
        inside = (number >= first) & (number <= last)
        if not bins.whole:
            inside &= bins.of_rows(batch) < len(bins)
        if not inside.all():
            batch, number = batch.take(inside), number[inside]
        if not len(batch):
            continue
        key, row, weight = port_keys(batch), bins.of_rows(batch), batch.count
        if (number[1:] < number[:-1]).any():
            order = np.argsort(number, kind="stable")
            number, key, row, weight = number[order], key[order], row[order], weight[order]
        for begin, end in pairwise([*run_starts(number).tolist(), len(number)]):
            which = int(number[begin])
            count = np.bincount(row[begin:end], weights=weight[begin:end], minlength=len(bins)).astype(np.int64)
            packets[which] = packets[which] + count if which in packets else count
            keys.setdefault(which, []).append(key[begin:end])
    made: dict[int, Column] = {}
    for which, parts in keys.items():
        check()
        every = np.sort(np.concatenate(parts))
        made[which] = pairs_of(every[run_starts(every)], bins), packets[which]
    return made


def pairs_of(distinct: NDArray[np.uint64], bins: Bins = WHOLE) -> Counts:
    """How many of these distinct keys (`port_keys`) each bin holds."""
    return np.bincount(bins.of_keys(distinct), minlength=len(bins))
