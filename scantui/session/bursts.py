"""Bursts on a time line: spans with far more distinct (source, port) pairs than is usual around them, or far more targets that
their source never met before.

Not packets, so that a busy but ordinary host is none; and new targets, so that a monitor on its rounds is none and a sweep of one
port over many hosts is one. What is usual is the median of the neighbours, and its spread the median absolute deviation
(Rousseeuw and Croux, JASA 88(424), 1993), which a burst itself hardly moves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

AROUND = 241  # spans that tell what is usual, the one itself in the middle; at either end the first or last so many
LEAST = 20  # above what is usual; detection's own rate is 15 targets in a minute
_SPREADS = 8.0  # normal spreads above what is usual; an ordinary span is that far off by accident once in 10**15
_TIMES = 2.0  # of what is usual
_NORMAL = 1.4826  # median absolute deviation to standard deviation of a normal distribution
_GAP = 1  # quiet spans inside a burst
_MOST = 500  # bursts told, the newest

Ints = NDArray[np.int64]


class Bursts:
    """Looks again only where spans have changed."""

    def __init__(self) -> None:
        self._limits: list[NDArray[np.float64]] = []  # by figure and window: what is above it is a burst
        self._above = np.zeros(0, np.bool_)

    def look(self, figures: Sequence[Ints], stale: int) -> None:
        """Find the bursts in any of these figures, one value a span. Spans before `stale` are as they were at the last look."""
        self._limits = self._limits or [np.zeros(0) for _ in figures]
        count = len(figures[0])
        windows = max(1, count - AROUND + 1)
        middle = np.clip(np.arange(count) - AROUND // 2, 0, windows - 1)
        self._above = np.zeros(count, np.bool_)
        for i, values in enumerate(figures):
            known = self._limits[i]
            begin = max(0, min(stale - AROUND + 1, windows - 1, len(known)))
            self._limits[i] = limit = np.concatenate((known[:begin], limits(values[begin:])))
            self._above |= values > limit[middle]

    def found(self, count: int) -> list[tuple[int, int]]:
        """First and last span of each burst among the first `count`, oldest first."""
        at = np.flatnonzero(self._above[:count])
        if not len(at):
            return []
        cuts = np.flatnonzero(np.diff(at) > _GAP + 1) + 1
        return [(int(part[0]), int(part[-1])) for part in np.split(at, cuts)][-_MOST:]


def limits(values: Ints) -> NDArray[np.float64]:
    """What a span must exceed to be a burst, for every window of AROUND spans; one window when there are fewer."""
    around = sliding_window_view(values, min(AROUND, len(values)))
    usual = np.median(around, axis=1)
    spread = _NORMAL * np.median(np.abs(around - usual[:, None]), axis=1)
    # Counts of independent arrivals spread by their root, whatever few neighbours happen to show.
    spread = np.maximum(spread, np.sqrt(usual))
    limit: NDArray[np.float64] = np.maximum.reduce([usual + LEAST, _TIMES * usual, usual + _SPREADS * spread])
    return limit
