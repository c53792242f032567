"""How the monitor behaves: what the command line and the configuration say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AUTO = "auto"
HOLD_SECONDS = 2.0  # the order stands still this long after a key, so that rows do not move under the reader's eyes
PAINT_SECONDS, SLOW_PAINT_SECONDS = 0.25, 1.0  # between two pictures; on a slow link


@dataclass(frozen=True, slots=True)
class Manners:
    """`theme` AUTO: by the terminal's colours. `columns` empty: the standard ones. `bucket`: microseconds, 0 by the span.
    `keys`: action id to keys, where they are not the registry's. `said`: names of those that the command line gave."""

    theme: str = AUTO
    mouse: bool = True
    low_bandwidth: bool = False
    ascii: bool = False
    title: bool = False
    bell: bool = False
    notify: str = "off"
    hold_seconds: float = HOLD_SECONDS
    columns: tuple[str, ...] = ()
    sort: str = "interest"
    reverse: bool = False
    bucket: int = 0
    sweep: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    said: frozenset[str] = frozenset()

    @property
    def paint_seconds(self) -> float:
        return SLOW_PAINT_SECONDS if self.low_bandwidth else PAINT_SECONDS
