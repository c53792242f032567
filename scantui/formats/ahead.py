"""What was read of an input before its turn, until it is read again in order."""

from __future__ import annotations

import numpy as np

from scantui.events import Events
from scantui.ingest.block import Block

WARM = (
    64 << 10
)  # bytes from which a state that begins inside an input only learns: format, year, how a second's lines lie


class Ahead:
    """The stretch that is being read ahead, and counts of what was told of it and not read again yet."""

    def __init__(self, offset: int) -> None:
        self.lines = self.events = 0
        self.leap(offset)

    def leap(self, offset: int) -> None:
        """A stretch begins here."""
        self.since = offset + WARM  # the first byte that is told of
        self.end = offset  # of what came so far

    def told(self, block: Block, batch: Events) -> Events:
        """Those events of the next block that count."""
        self.end = block.offset + block.size
        self.lines += _lines(block, self.since)
        if block.offset < self.since:
            batch = batch.take(batch.offset >= np.uint64(self.since))
        self.events += len(batch)
        return batch

    def read_again(self, block: Block, batch: Events) -> bool:
        """Take off what of it is in a block that came in its turn; whether that was all."""
        self.lines = max(0, self.lines - _lines(block, self.since))
        self.events = max(0, self.events - int(np.count_nonzero(batch.offset >= np.uint64(self.since))))
        return block.offset + block.size >= max(self.since, self.end)


def _lines(block: Block, since: int) -> int:
    """Lines of a block that end after an offset."""
    return block.data.count(b"\n", min(max(0, since - block.offset), block.size), block.size)
