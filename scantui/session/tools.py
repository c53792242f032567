"""The tools of a live run's scans, found a few at a time: the weightiest first, and anew when a scan has grown."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.events import without_notices
from scantui.explain.attribution import Attribution, attribute
from scantui.store import Store

_GROWN = 1.5
_SLICE = 0.005  # seconds at a time
_MOST = 50_000  # packets of a scan that are looked at: the first ones
_SHOWN = 1.0  # seconds between two mappings while there is more to find


class Tools:
    """`found` maps scan ids to what was found; a new mapping each time that it is another."""

    def __init__(self) -> None:
        self.found: Mapping[str, Attribution] = MappingProxyType({})
        self._told: dict[str, tuple[int, Attribution | None]] = {}  # events it was found by
        self._scans: tuple[Scan, ...] = ()
        self._due: list[Scan] = []
        self._changed = False
        self._shown = float("-inf")

    def go_on(self, store: Store, scans: tuple[Scan, ...], clusters: tuple[Cluster, ...]) -> None:
        """Look at some more scans, as long as that takes next to no time."""
        if scans is not self._scans:
            self._scans = scans
            self._due = sorted(filter(self._is_due, scans), key=lambda scan: scan.score)
        now = time.monotonic()
        twins = (
            {scan for group in clusters if group.relation == "decoy" for scan in group.scans} if self._due else set()
        )
        while self._due and time.monotonic() < now + _SLICE:
            scan = self._due.pop()
            self._told[scan.id] = scan.events, _attributed(scan, store, scan.id in twins)
            self._changed = True
        if self._changed and (not self._due or now >= self._shown + _SHOWN):
            told = {scan.id: self._told[scan.id] for scan in scans if scan.id in self._told}
            self._told, self._changed, self._shown = told, False, now
            self.found = MappingProxyType({name: tools for name, (_, tools) in told.items() if tools is not None})

    def _is_due(self, scan: Scan) -> bool:
        before = self._told.get(scan.id)
        grown = before is None or scan.events >= before[0] * _GROWN
        return grown and scan.verdict is not Verdict.BENIGN and bool(scan.sources) and scan.packets > 0


def _attributed(scan: Scan, store: Store, twins: bool) -> Attribution | None:
    events = without_notices(store.of_sources(np.array(scan.sources, np.uint32)))
    events = events.take((events.ts >= scan.first) & (events.ts <= scan.last))
    return attribute(events.take(np.argsort(events.ts, kind="stable")[:_MOST]), twins=twins)
