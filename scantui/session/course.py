"""What one source did over time: events in equal spans, and which port and which target when."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events
from scantui.snapshot import Course

SPANS = 240
_MOST_DOTS = 20_000
_FEW_STAMPS, _MANY_EVENTS = (
    8,
    16,
)  # so many events in so few stamps: time tells nothing of their course, their order does


def course_of(events: Events) -> Course | None:
    """The course of a source's events (in time order); None when there are none."""
    if not len(events):
        return None
    first, last = int(events.ts[0]), int(events.ts[-1])
    gaps = np.diff(events.ts)
    by_order = len(events) >= _MANY_EVENTS and int(np.count_nonzero(gaps)) < _FEW_STAMPS
    width = max(1, -(-(last - first + 1) // SPANS))
    at = np.arange(len(events)) * SPANS // len(events) if by_order else (events.ts - first) // width
    ported = events.is_known("dport")
    gap = int(np.argmax(gaps)) if len(gaps) else 0
    return Course(
        start=first,
        width=width,
        events=np.bincount(at, minlength=SPANS)[:SPANS],
        port_dots=_dots(at[ported], events.dport[ported]),
        target_dots=_dots(at, events.dst),
        quiet_from=int(events.ts[gap]),
        quiet=int(gaps[gap]) if len(gaps) else 0,
        by_order=by_order,
    )


def _dots(at: NDArray[np.int64], values: NDArray[Any]) -> NDArray[np.int64]:
    """(span, value, events) rows in order of time; every nth of them where there are too many."""
    pairs, counts = np.unique(at << 32 | values.astype(np.int64), return_counts=True)
    step = max(1, -(-len(pairs) // _MOST_DOTS))
    return np.stack((pairs >> 32, pairs & 0xFFFF_FFFF, counts), axis=1)[::step]
