"""Episodes: one source's packets between two silences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_lengths
from scantui.events import Events

# A source silent for longer has ended its scan. Long enough for one probe in ten minutes (nmap -T0 waits five).
SILENCE = 3_600_000_000  # microseconds
# Sources that come to nothing so are looked at once more with days put together: a probe an hour is a scan too.
LONG_SILENCE = 24 * SILENCE


@dataclass(frozen=True)
class Episodes:
    """Events sorted by source and time, cut into episodes. `start[i]` is the first row of episode i, `of` each row's."""

    events: Events
    start: NDArray[np.int64]
    of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def end(self) -> NDArray[np.int64]:
        """One past the last row of each episode."""
        return np.append(self.start[1:], len(self.events))


def episodes(events: Events, silence: int = SILENCE) -> Episodes:
    """Cut events (any order) into episodes, where a source is silent for longer than `silence`."""
    in_order = events.source.strides == (0,) and bool((events.offset[1:] >= events.offset[:-1]).all())
    # Lines of one moment: as they stand in their file; never by which file was read first.
    ties = () if in_order else (events.sport, events.dport, events.dst, events.offset)
    order = np.lexsort((*ties, events.ts, events.src))
    ordered = events.take(order)
    rows = len(ordered)
    begins = np.zeros(rows, np.bool_)
    if rows:
        begins[0] = True
        begins[1:] = (ordered.src[1:] != ordered.src[:-1]) | (ordered.ts[1:] - ordered.ts[:-1] > silence)
    start = np.flatnonzero(begins)
    return Episodes(ordered, start, np.repeat(np.arange(len(start)), run_lengths(start, rows)))
