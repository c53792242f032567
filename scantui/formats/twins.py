"""One packet, two lines: ufw logs `[UFW AUDIT]` and, microseconds later, what it did with the packet. The pair is one event."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import SECOND
from scantui.events import Action, Events, concat
from scantui.formats.traces import TraceFolder

_NEAR = 4  # lines between the two, at most: other packets may fall between
_SAME = ("src", "dst", "sport", "dport", "proto_num", "ip_id", "length", "known")


class TwinFolder:
    """Drops an audit line whose verdict line follows. Lines that may still meet their twin are held for the next batch."""

    def __init__(self) -> None:
        self._held: Events | None = None
        self._audit: dict[int, bool] = {}
        self._traces = TraceFolder()

    def _is_audit(self, events: Events) -> NDArray[np.bool_]:
        rules = np.flatnonzero(events.action == Action.OBSERVED)
        audit = np.zeros(len(events), np.bool_)
        if len(rules):
            texts = events.tables.texts
            for code in np.unique(events.rule[rules]).tolist():
                if code not in self._audit:
                    self._audit[code] = "AUDIT" in texts.text(code).upper()
                if self._audit[code]:
                    audit |= (events.rule == code) & (events.action == Action.OBSERVED)
        return audit

    def fold(self, events: Events) -> Events:
        """The batch without audit lines that have a twin, and traced packets once; its last lines may wait."""
        events = self._traces.fold(events)
        if self._held is not None:
            events, self._held = concat([self._held, events], events.tables), None
        audit = self._is_audit(events)
        if not audit.any():
            return events
        paired = np.zeros(len(events), np.bool_)
        for step in range(1, min(_NEAR, len(events) - 1) + 1):
            same = audit[:-step] & ~audit[step:] & (np.abs(events.ts[step:] - events.ts[:-step]) <= SECOND)
            for name in _SAME:
                values = getattr(events, name)
                same &= values[:-step] == values[step:]
            paired[:-step] |= same
        waiting = np.flatnonzero(audit & ~paired)
        waiting = waiting[waiting >= len(events) - _NEAR]
        if len(waiting):
            self._held = events.take(slice(int(waiting[0]), None))
            events, paired = events.take(slice(0, int(waiting[0]))), paired[: waiting[0]]
        return events.take(~paired)

    def flush(self) -> Events | None:
        """What was held: no twin came."""
        held, self._held = self._held, None
        return held
