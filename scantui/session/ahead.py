"""Which events of an input are held from before its turn, so that none is counted twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events


class ReadAhead:
    """Offsets, ascending, of the lines that were read ahead, by source, until those after them come."""

    def __init__(self) -> None:
        self._offsets: dict[int, NDArray[np.uint64]] = {}

    def __bool__(self) -> bool:
        return bool(self._offsets)

    def note(self, batch: Events) -> None:
        """These came ahead, of one source, after all others of it that did."""
        if len(batch):
            source = int(batch.source[0])
            held = self._offsets.get(source)
            self._offsets[source] = batch.offset.copy() if held is None else np.concatenate((held, batch.offset))

    def split(self, batch: Events) -> tuple[Events, Events]:
        """Of events of one source that came in their turn: those of lines that came ahead, and the others."""
        held = self._offsets.get(int(batch.source[0])) if len(batch) else None
        if held is None or batch.offset[-1] < held[0]:
            return batch.take(slice(0, 0)), batch
        known = held[np.minimum(np.searchsorted(held, batch.offset), len(held) - 1)] == batch.offset
        if batch.offset[-1] > held[-1]:
            del self._offsets[int(batch.source[0])]
        return batch.take(known), batch.take(~known)
