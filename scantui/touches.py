"""Touches: old events folded to one row for each source, target, port, protocol, flag set, fate and hour; notices apart.

What repeats itself folds away; a slow scan does not repeat, so it stays. A touch keeps its first event whole, the times of
the first and last, the packets, and the spread of the header fields that tell tools apart.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import group_max, group_min, group_sum, run_lengths, run_starts
from scantui.events import Events, concat, known_bits

HOUR = 3_600_000_000  # microseconds
SPREAD = ("sport", "ttl", "window", "length", "ip_id")  # fields whose smallest and largest value a touch keeps


@dataclass(frozen=True, slots=True, eq=False)
class Touches:
    """`first` is each touch's first event; the arrays are one value a touch. `low` and `high` map SPREAD to arrays."""

    first: Events
    last: NDArray[np.int64]  # microseconds
    rows: NDArray[np.uint32]  # events folded into it
    packets: NDArray[np.uint32]
    low: dict[str, NDArray[Any]]
    high: dict[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.last)

    @property
    def nbytes(self) -> int:
        spread = sum(values.nbytes for table in (self.low, self.high) for values in table.values())
        return self.first.nbytes + self.last.nbytes + self.rows.nbytes + self.packets.nbytes + spread

    def take(self, index: Any) -> Touches:
        return Touches(
            self.first.take(index),
            self.last[index],
            self.rows[index],
            self.packets[index],
            {name: values[index] for name, values in self.low.items()},
            {name: values[index] for name, values in self.high.items()},
        )

    def as_events(self, codes: NDArray[np.uint32] | None = None, until: int | None = None) -> Events:
        """The touches as events: the first one, and one more at the last time with the other packets, if there were any."""
        table = self
        if codes is not None:
            table = table.take(np.isin(table.first.src, codes))
        if until is not None:
            table = table.take(table.first.ts <= until)
        again = np.flatnonzero(
            (table.last > table.first.ts) if until is None else (table.last > table.first.ts) & (table.last <= until)
        )
        sent = np.minimum(table.packets, np.uint32(1))  # 0 of notices
        others = np.maximum(table.packets, 2) - np.uint32(1)
        more = _with(table.first.take(again), ts=table.last[again], count=(others * sent)[again])
        return concat(
            [_with(table.first, count=np.where(table.last > table.first.ts, sent, table.packets)), more],
            self.first.tables,
        )

    def events_until(self, moment: int) -> NDArray[np.int64]:
        """Of each touch: how many of its events happened up to `moment` (microseconds). Of one that went on after it nobody knows
        any more: they are taken as spread evenly from its first to its last."""
        first = self.first.ts
        share = np.clip((moment - first) / np.maximum(self.last - first, 1), 0.0, 1.0)
        counts = 1 + ((self.rows.astype(np.int64) - 1) * share).astype(np.int64)
        counts = np.where(self.last <= moment, self.rows, counts)
        counts[first > moment] = 0
        return counts

    def without_least(self, share: float) -> Touches:
        """Without the `share` least interesting: touches of sources that touched least, the oldest first."""
        order = np.argsort(self.first.src, kind="stable")
        starts = run_starts(self.first.src[order])
        reach = np.empty(len(self), np.int64)
        reach[order] = np.repeat(run_lengths(starts, len(order)), run_lengths(starts, len(order)))
        worth = np.lexsort((self.last, np.log2(reach).astype(np.int8)))
        keep = np.ones(len(self), np.bool_)
        keep[worth[: max(1, int(share * len(self)))]] = False
        return self.take(keep)


def _with(batch: Events, **columns: NDArray[Any]) -> Events:
    names = [f.name for f in fields(Events)]
    return Events(**({name: getattr(batch, name) for name in names} | columns))


def _order(batch: Events, hour: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows sorted by touch and time, and where each touch starts."""
    notice = np.where(batch.count == 0, batch.rule + np.uint32(1), np.uint32(0))  # each keeps what it says
    keys = (notice, batch.action, batch.flags, batch.proto_num, batch.dport, batch.dst, batch.src, hour)
    order = np.lexsort((batch.ts, *keys))
    starts = run_starts(*(key[order] for key in keys), (batch.known & _KEYS_KNOWN)[order])
    return order, starts


_KEYS_KNOWN = np.uint32(known_bits(("dport", "flags")))  # unknown is not zero


def fold(batch: Events) -> Touches:
    """Events (any order) to touches."""
    order, starts = _order(batch, batch.ts // HOUR)
    ordered = batch.take(order)
    low = {name: group_min(getattr(ordered, name), starts) for name in SPREAD}
    high = {name: group_max(getattr(ordered, name), starts) for name in SPREAD}
    return Touches(
        ordered.take(starts),
        group_max(ordered.ts, starts),
        run_lengths(starts, len(ordered)).astype(np.uint32),
        group_sum(ordered.count, starts).astype(np.uint32),
        low,
        high,
    )


def merge(tables: list[Touches]) -> Touches:
    """Several tables as one; touches of one hour that meet are put together."""
    if len(tables) == 1:
        return tables[0]
    first = concat([table.first for table in tables], tables[0].first.tables)
    order, starts = _order(first, first.ts // HOUR)

    def joined(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(table, name) for table in tables])[order]

    def spread(side: str, name: str) -> NDArray[Any]:
        return np.concatenate([getattr(table, side)[name] for table in tables])[order]

    return Touches(
        first.take(order[starts]),
        group_max(joined("last"), starts),
        group_sum(joined("rows"), starts).astype(np.uint32),
        group_sum(joined("packets"), starts).astype(np.uint32),
        {name: group_min(spread("low", name), starts) for name in SPREAD},
        {name: group_max(spread("high", name), starts) for name in SPREAD},
    )
