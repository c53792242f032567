"""One packet, several alerts: each rule that fires on a packet writes a line of its own, with the packet's time.

The first stands for the packet. The others tell what else was concluded of it: they are notices (count 0).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scantui.events import Action, Events

_NEAR = 4  # alerts between the two, at most: other threads write theirs between
_MILLISECOND = 1_000
_PACKET = ("ts", "src", "dst", "sport", "dport", "proto_num")


class AlertFolder:
    """Counts a packet once, however many rules fired on it."""

    def __init__(self) -> None:
        self._before: dict[str, NDArray[np.int64]] = {name: np.zeros(0, np.int64) for name in _PACKET}

    def fold(self, events: Events) -> Events:
        """The batch in which alerts that repeat another's packet count nothing. Only microseconds prove a packet the same."""
        alert = (events.action == Action.ALERT) & (events.count > 0)
        if not alert.any():
            return events
        rows = np.flatnonzero(alert & (events.ts % _MILLISECOND != 0))
        old = len(self._before["ts"])
        told = {
            name: np.concatenate((self._before[name], getattr(events, name)[rows].astype(np.int64))) for name in _PACKET
        }
        self._before = {name: values[-_NEAR:] for name, values in told.items()}
        again = np.zeros(len(rows) + old, np.bool_)
        for step in range(1, min(_NEAR, len(again) - 1) + 1):
            same = told["ts"][step:] == told["ts"][:-step]
            if same.any():
                for name in _PACKET[1:]:
                    same &= told[name][step:] == told[name][:-step]
                again[step:] |= same
        again = again[old:]
        if not again.any():
            return events
        count = np.array(events.count)
        count[rows[again]] = 0
        return replace(events, count=count)
