"""The cheap first look: which sources could come to a row, told by a few fixed arrays however many sources there are.

A source needs LEAST_EVENTS events and two distinct targets (or portless TCP, which fragments are) before it can be judged at
all. Each hash slot keeps a count and the smallest and largest target hash seen; a shared slot only lets more rows through. All
addresses of an IPv6 /64 share one, since they may be one source. A source that a notice names is let through as well.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from scantui.detect.site import service_key
from scantui.events import KNOWN, Events, Proto, notices, without_notices

LEAST_EVENTS = 3  # a source with fewer cannot reach SUSPECT whatever they are
_BITS = 21  # of a slot number at most: 40 MB of arrays whatever comes


class Interest:
    """Fed all batches first, then asked which rows of each are worth a look."""

    def __init__(self, rows: int) -> None:
        """`rows`: about how many there will be."""
        self._bits = min(_BITS, max(10, rows.bit_length() + 2))
        size = 1 << self._bits
        self._count = np.zeros(size, np.int32)
        self._low = np.full(size, np.iinfo(np.uint64).max, np.uint64)
        self._high = np.zeros(size, np.uint64)
        self._fragments = np.zeros(size, np.bool_)
        self._noticed = np.zeros(size, np.bool_)

    def _slot(self, batch: Events) -> NDArray[np.uint32]:
        return (batch.tables.addresses.networks(batch.src) * np.uint32(2_654_435_761)) >> np.uint32(32 - self._bits)

    def add(self, batch: Events) -> None:
        """Count a batch in."""
        told = notices(batch)
        if len(told):
            self._noticed[self._slot(told)] = True
            batch = without_notices(batch)
        slot, target = self._slot(batch), service_key(batch)
        np.add.at(self._count, slot, np.int32(1))
        np.minimum.at(self._low, slot, target)
        np.maximum.at(self._high, slot, target)
        portless = (batch.proto == Proto.TCP) & ((batch.known & np.uint32(KNOWN["dport"])) == 0)
        self._fragments[slot[portless]] = True

    def worth_a_look(self, batch: Events) -> Events:
        """The rows of sources that could come to a row."""
        keep = ((self._count >= LEAST_EVENTS) & ((self._low < self._high) | self._fragments)) | self._noticed
        return batch.take(np.flatnonzero(keep[self._slot(batch)]))

    def seldom(self, batch: Events, most: int) -> NDArray[np.bool_]:
        """Rows of sources with at most `most` events, but for those whose slot a busier one shares."""
        return (self._count <= most)[self._slot(batch)]


def interest_of(batches: Iterable[Events], rows: int) -> Interest:
    """An `Interest` that has been fed all `batches`."""
    interest = Interest(rows)
    for batch in batches:
        interest.add(batch)
    return interest
