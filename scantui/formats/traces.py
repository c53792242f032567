"""One packet, many lines: the TRACE target of iptables logs it at every rule and policy that it passes, the table `raw` first.
The first line is the packet; where raw's lines are logged, those of other tables tell of no other, whatever NAT did to it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import SECOND
from scantui.events import Events, concat

_NEAR = 4  # traced lines back, at most: other processors trace their packets between
_SAME = ("src", "dst", "sport", "dport", "proto_num", "ip_id", "length", "seq", "ack", "flags", "known")
_HINT = ("ip_id", "src", "sport", "length")  # what two lines of a packet have in common, at the least
_FEW = 256  # events whose rules are looked at, all of them
_MARK, _RAW = "TRACE: ", "TRACE: raw:"


class TraceFolder:
    """Drops all lines of a traced packet but the first."""

    def __init__(self) -> None:
        self._tracing = self._raw = False
        self._kinds: dict[int, int] = {}  # of rules: 1 a trace, 2 one of raw
        self._before: Events | None = None  # the last traced packets

    def _kind(self, events: Events, code: int) -> int:
        if code not in self._kinds:
            text = events.tables.texts.text(code)
            self._kinds[code] = 2 if text.startswith(_RAW) else int(text.startswith(_MARK))
        return self._kinds[code]

    def _hinted(self, events: Events) -> bool:
        """Lines say that they trace a packet; of many, two next to each other that are of one packet."""
        rules = events.rule
        if len(events) > _FEW:
            same = np.ones(len(events) - 1, np.bool_)
            for name in _HINT:
                values = getattr(events, name)
                same &= values[1:] == values[:-1]
            rules = rules[1:][same]
        return any(self._kind(events, code) for code in np.unique(rules).tolist())

    def fold(self, events: Events) -> Events:
        """The batch with one line for each traced packet."""
        if events.rule.strides == (0,) and not self._tracing:
            return events
        self._tracing = self._tracing or self._hinted(events)
        if not self._tracing:
            return events
        codes, of = np.unique(events.rule, return_inverse=True)
        kinds = np.array([self._kind(events, code) for code in codes.tolist()], np.uint8)[of]
        self._raw = self._raw or bool((kinds == 2).any())
        keep = kinds == 0
        rows = np.flatnonzero(kinds == 2 if self._raw else kinds)
        if len(rows):
            keep[rows[self._first(events.take(rows))]] = True
        return events if keep.all() else events.take(keep)

    def _first(self, traced: Events) -> NDArray[np.bool_]:
        """Which of these are the first of their packets."""
        before = 0 if self._before is None else len(self._before)
        if self._before is not None:
            traced = concat([self._before, traced], traced.tables)
        again = np.zeros(len(traced), np.bool_)
        for step in range(1, min(_NEAR, len(traced) - 1) + 1):
            same = np.abs(traced.ts[step:] - traced.ts[:-step]) <= SECOND
            for name in _SAME:
                values = getattr(traced, name)
                same &= values[step:] == values[:-step]
            again[step:] |= same
        self._before = traced.take(slice(max(0, len(traced) - _NEAR), None))
        return ~again[before:]
