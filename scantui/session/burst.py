"""A burst at full resolution: the packets of a span of time, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events, TsQuality, concat
from scantui.looks import MOST_BURST_ROWS, Burst, BurstWish
from scantui.session.cells import in_ports
from scantui.tables import Tables


def burst_of(batches: Sequence[Events], wish: BurstWish, tables: Tables) -> Burst:
    """The burst that `wish` asks for, from batches that hold it. `packets` counts log rows, as the columns do."""
    events = concat([batch.take(np.flatnonzero(_within(batch, wish))) for batch in batches], tables)
    rows = np.argsort(events.ts, kind="stable")
    shown = events.take(rows[:MOST_BURST_ROWS])

    def said(name: str) -> NDArray[Any]:
        return np.where(shown.is_known(name), getattr(shown, name).astype(np.int32), np.int32(-1)).astype(np.int32)

    return Burst(
        wish,
        packets=len(rows),
        sources=len(np.unique(events.src)),
        ts=shown.ts,
        src=shown.src,
        dst=shown.dst,
        sport=said("sport"),
        dport=said("dport"),
        proto=shown.proto,
        flags=said("flags"),
        whole_seconds=bool((shown.ts_quality != TsQuality.EXACT).any()),
    )


def _within(batch: Events, wish: BurstWish) -> NDArray[np.bool_]:
    mine = (batch.count > 0) & (batch.ts >= wish.since) & (batch.ts < wish.until) & in_ports(batch, wish.low, wish.high)
    return mine if wish.source is None else mine & (batch.src == wish.source)
