"""The time that is asked for: events outside of it are read, counted and left out."""

from __future__ import annotations

import numpy as np

from scantui.events import Events
from scantui.export.times import iso


class Period:
    """From `since` to `until`, microseconds UTC, both within it; None is without a bound."""

    def __init__(self, since: int | None, until: int | None) -> None:
        self._since, self._until = since, until
        self._before = self._after = 0  # packets left out

    def within(self, batch: Events) -> Events:
        """Those events that are."""
        if (self._since is None and self._until is None) or not len(batch):
            return batch
        early = batch.ts < (self._since if self._since is not None else np.iinfo(np.int64).min)
        late = batch.ts > (self._until if self._until is not None else np.iinfo(np.int64).max)
        self._before += int(batch.count[early].sum())
        self._after += int(batch.count[late].sum())
        out = early | late
        return batch.take(~out) if out.any() else batch

    def told(self) -> tuple[str, ...]:
        """What was asked for and what that left out, in words."""
        sides = (("since", self._since, "before", self._before), ("until", self._until, "after", self._after))
        return tuple(
            f"{word} {iso(bound)}: {left_out:,} packets {side} it left out"
            for word, bound, side, left_out in sides
            if bound is not None
        )
