"""Whether a directory's names changed since the last look, by its modification time."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import time

TICK_NS = 50_000_000  # file systems stamp with the kernel's tick (10 ms at worst); be generous
_GONE = -1


class DirectoryClock:
    """One directory. A change within the tick of the last look is noticed too, at the price of a look too many."""

    __slots__ = ("_doubtful", "_stamp_ns", "path")

    def __init__(self, path: str) -> None:
        self.path = path or "."
        self._stamp_ns = _GONE
        self._doubtful = False

    def changed(self) -> bool:
        """Whether names may have come or gone since the last call (the first call: whether it is there)."""
        try:
            stamp = os.stat(self.path).st_mtime_ns
        except OSError:
            stamp = _GONE
        fresh = stamp != self._stamp_ns or self._doubtful
        self._doubtful = stamp != _GONE and abs(time.time_ns() - stamp) < TICK_NS
        self._stamp_ns = stamp
        return fresh
