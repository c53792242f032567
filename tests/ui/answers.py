"""What a session in memory answers when another cut of the heatmap is wished for."""

from __future__ import annotations

from typing import Any

import numpy as np

from scantui.looks import MAP_CELLS, Cell, CellWish, HeatWish, Look, Matrix, PortMap
from scantui.snapshot import Heat, Snapshot


def bins_of(whole: Heat, wish: HeatWish) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], tuple[str, ...]]:
    """The whole port space as `whole` cuts it; a part of it in at most 32 equal bins."""
    if (wish.low, wish.high) == (0, 65_535):
        return whole.low, whole.high, whole.names
    edges = np.unique(np.linspace(wish.low, wish.high + 1, 33).astype(np.int32))
    low, high = edges[:-1], edges[1:] - 1
    names = tuple(str(a) if a == b else f"{a}-{b}" for a, b in zip(low.tolist(), high.tolist(), strict=True))
    return low, high, names


def heat_of(whole: Heat, now: int, wish: HeatWish, columns: int = 96) -> Heat:
    """Pairs that depend on bin and time alone, so that every cut shows the same at the same place."""
    bucket = wish.bucket or whole.bucket
    until = wish.until if wish.until is not None else (now // bucket + 1) * bucket
    first = until // bucket - columns
    low, high, names = bins_of(whole, wish)
    number = first + np.arange(columns)
    pairs = (np.add.outer(low.astype(np.int64) * 7, number * 13) % 11 == 0) * (1 + number % 5)
    pairs = pairs if wish.source is None else np.minimum(pairs, 1)
    return Heat(low, high, names, first * bucket, bucket, pairs.astype(np.int64), 2 * pairs.astype(np.int64))


def cell_of(snapshot: Snapshot, wish: CellWish | None) -> Cell | None:
    """Two sources share every cell."""
    if wish is None:
        return None
    codes = snapshot.sources.code[:2].tolist()
    ports = tuple((port, 3) for port in range(wish.low, min(wish.high, wish.low + 2) + 1)) if wish.low >= 0 else ()
    return Cell(wish, 5, 10, 3, tuple((code, 8 - 6 * n) for n, code in enumerate(codes)), ports)


def portmap_of(source: int | None) -> PortMap:
    """The low ports solid, and a spray over the rest; of one source the spray alone."""
    ports = np.zeros(MAP_CELLS, np.int64)
    ports[::7] = 1
    if source is None:
        ports[:16] = 64
    return PortMap(source, ports, ports * 2)


def matrix_of(snapshot: Snapshot, whole: Heat) -> Matrix:
    """Source n met n ports of bin n, and one of the first."""
    codes = snapshot.sources.code[snapshot.sources.order][:60]
    ports = np.zeros((len(codes), len(whole.names)), np.int64)
    for row in range(len(codes)):
        ports[row, row % len(whole.names)] = row
        ports[row, 0] = 1
    return Matrix(codes, whole.low, whole.high, whole.names, ports)


def answer(snapshot: Snapshot, wish: Look, whole: Heat) -> dict[str, Any]:
    """The fields of a snapshot that answer a look; `whole` is the heatmap nobody asked for."""
    asked = wish.heat != HeatWish() or snapshot.look.heat != wish.heat
    return {
        "look": wish,
        "heat": heat_of(whole, snapshot.status.now, wish.heat) if asked else snapshot.heat,
        "cell": cell_of(snapshot, wish.cell),
        "portmap": portmap_of(wish.heat.source) if wish.mapped else None,
        "matrix": matrix_of(snapshot, whole) if wish.matrix else None,
    }
