"""What lies in a part of the picture: a cell of the heatmap, the port space, sources by port bins. Functions of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts
from scantui.events import Events, without_notices
from scantui.looks import MAP_CELLS, Cell, CellWish, HeatWish, Matrix, PortMap
from scantui.session.bins import RANGES, WATCHED, WHOLE, Bins, bins_for, port_keys

_TOP = 10
_PORTS = 65_536
Check = Callable[[], None]


def in_ports(batch: Events, low: int, high: int, bins: Bins | None = None) -> NDArray[np.bool_]:
    """Events to the ports `low` to `high`; below zero is what has no port. A range of `bins` that set ports apart is what is
    left of it."""
    ported = batch.is_known("dport")
    mine = ported & (batch.dport >= max(low, 0)) & (batch.dport <= max(high, 0))
    if high < 0:
        mine[:] = False
    if low < 0:
        mine |= ~ported
    if bins is WHOLE and (low, high) in RANGES:
        mine &= ~(ported & np.isin(batch.dport, np.fromiter(WATCHED, np.uint16)))
    return mine


def cell_of(batches: Iterable[Events], wish: CellWish, heat: HeatWish, check: Check) -> Cell:
    """Exact counts of a cell of the heatmap that `heat` cuts. Packets are weighted by their count."""
    bins = bins_for(heat.low, heat.high)
    keys, weights = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
    for batch in batches:
        check()
        batch = without_notices(batch)
        mine = (batch.ts >= wish.since) & (batch.ts < wish.until) & in_ports(batch, wish.low, wish.high, bins)
        if wish.source is not None:
            mine &= batch.src == wish.source
        part = batch.take(np.flatnonzero(mine))
        keys.append(port_keys(part))
        weights.append(part.count)
    key = np.concatenate(keys)
    order = np.argsort(key)
    key, weight = key[order], np.concatenate(weights)[order].astype(np.int64)
    starts = run_starts(key)
    packets = np.add.reduceat(weight, starts) if len(starts) else weight
    pair = key[starts]
    sources, of_source = np.unique(pair >> np.uint64(17), return_inverse=True)
    distinct = np.bincount(of_source, minlength=len(sources))
    sent = np.bincount(of_source, weights=packets, minlength=len(sources)).astype(np.int64)
    first = np.lexsort((sources, -sent, -distinct))[:_TOP]
    ported = (pair & np.uint64(1)) != 0
    ports, of_port = np.unique((pair[ported] >> np.uint64(1)).astype(np.uint16), return_inverse=True)
    met = np.bincount(of_port, weights=packets[ported], minlength=len(ports)).astype(np.int64)
    most = np.lexsort((ports, -met))[:_TOP]
    return Cell(
        wish,
        pairs=len(pair),
        packets=int(packets.sum()),
        sources=len(sources),
        top=tuple(zip(sources[first].tolist(), sent[first].tolist(), strict=True)),
        ports=tuple(zip(ports[most].tolist(), met[most].tolist(), strict=True)),
    )


def port_map(batches: Iterable[Events], source: int | None, check: Check) -> PortMap:
    """The whole port space of one source (whose events these are) or of all."""
    packets = np.zeros(_PORTS, np.int64)
    for batch in batches:
        check()
        ported = batch.is_known("dport")
        packets += np.bincount(batch.dport[ported], weights=batch.count[ported], minlength=_PORTS).astype(np.int64)
    cells = packets.reshape(MAP_CELLS, -1)
    return PortMap(source, np.count_nonzero(cells, axis=1), cells.sum(axis=1))


def matrix(events: Events, codes: NDArray[np.uint32], heat: HeatWish) -> Matrix:
    """Distinct ports of each of these sources, by the port bins of a heatmap. `events`: of these sources at least."""
    bins = bins_for(heat.low, heat.high)
    keys = np.sort(port_keys(without_notices(events)))
    keys = keys[run_starts(keys)]
    src, column = (keys >> np.uint64(17)).astype(np.uint32), bins.of_keys(keys)
    order = np.argsort(codes, kind="stable")
    place = np.minimum(np.searchsorted(codes[order], src), max(0, len(codes) - 1))
    mine = (column < len(bins)) & (codes[order][place] == src if len(codes) else False)
    rows = order[place[mine]] if len(codes) else place[mine]
    counts = np.bincount(rows * len(bins) + column[mine], minlength=len(codes) * len(bins))
    return Matrix(codes, bins.low, bins.high, bins.names, counts.reshape(len(codes), len(bins)))
