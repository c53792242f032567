"""What the screen may ask to look at beyond the newest picture, and the frozen answers. Nothing here changes once it is made.

A `Look` says all that is wished for at once; the session answers with snapshots that carry the look they belong to, so that
a late answer to an old wish can be told from the new one. Times are microseconds UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_BURST_ROWS = 20_000  # packets a burst is shown of; more are counted
MAP_CELLS = 1024  # cells of a map of the port space, 64 ports each


@dataclass(frozen=True, slots=True)
class HeatWish:
    """How the heatmap is cut. `bucket` None: by the span of the log. `until` None: the right edge is the newest event.

    The whole port space is cut into watched ports and ranges, a part of it (`low` to `high`) into single ports or equal bins.
    `source`: only what this source sent."""

    bucket: int | None = None
    until: int | None = None
    low: int = 0
    high: int = 65_535
    source: int | None = None


@dataclass(frozen=True, slots=True)
class CellWish:
    """One cell of the heatmap: ports `low` to `high` (both -1: what has no port), `since` <= time < `until`."""

    low: int
    high: int
    since: int
    until: int
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """What lies in a cell. `top`: (source code, packets), most distinct pairs first; `ports`: (port, packets)."""

    wish: CellWish
    pairs: int  # distinct (source, port)
    packets: int
    sources: int
    top: tuple[tuple[int, int], ...]
    ports: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BurstWish:
    """Packets at full resolution: `since` <= time < `until`, of one source or of all, to some ports or to all."""

    since: int
    until: int
    source: int | None = None
    low: int = -1
    high: int = 65_535


@dataclass(frozen=True, slots=True)
class Burst:
    """One row a packet, in time order, at most MOST_BURST_ROWS of `packets`. Ports and flags are -1 where not logged."""

    wish: BurstWish
    packets: int
    sources: int
    ts: NDArray[np.int64]
    src: NDArray[np.uint32]
    dst: NDArray[np.uint32]
    sport: NDArray[np.int32]
    dport: NDArray[np.int32]
    proto: NDArray[np.uint8]
    flags: NDArray[np.int32]
    whole_seconds: bool  # stamps tell whole seconds only, so gaps below one are not known


@dataclass(frozen=True, slots=True)
class Moment:
    """A burst on the time line: far more distinct (source, port) pairs, or (source, host, port) targets, than is usual around
    it. A scan of many ports shows in its pairs, one of many hosts in its targets."""

    since: int
    until: int
    pairs: int
    targets: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole run in equal spans: events and distinct (source, port) pairs a span, and the bursts, oldest first."""

    start: int
    bucket: int
    events: NDArray[np.int64]
    pairs: NDArray[np.int64]
    bursts: tuple[Moment, ...] = ()

    @property
    def end(self) -> int:
        return self.start + self.bucket * len(self.events)


@dataclass(frozen=True, slots=True)
class PortMap:
    """The whole port space in MAP_CELLS cells of equal width, for one source or for all: distinct ports met, and packets."""

    source: int | None
    ports: NDArray[np.int64]
    packets: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sources by port bins: distinct ports each source met in each bin. Rows in the table's ranking."""

    codes: NDArray[np.uint32]
    low: NDArray[np.int32]
    high: NDArray[np.int32]
    names: tuple[str, ...]
    ports: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Look:
    """All that is wished for. `at`: the moment to see the screen as of; None is now. `mapped`: whether a PortMap is wished
    for, of `heat.source`; `matrix`: whether a Matrix is."""

    at: int | None = None
    heat: HeatWish = HeatWish()
    cell: CellWish | None = None
    burst: BurstWish | None = None
    mapped: bool = False
    matrix: bool = False
