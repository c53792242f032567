"""What a rule would have matched in a whole log: scans, suspects, benign sources, packets, alerts a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Scan, Verdict
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.rule import Rule

_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Reach:
    """`benign`: sources matched outside any scan or suspect, `benign_alerts` the alerts for them. Alerts are None when a
    threshold's effect is not worked out, `alerts_a_day` also when the log is shorter than a day."""

    packets: int
    undecided: int
    scans: int
    scans_in_all: int
    suspects: int
    suspects_in_all: int
    benign: int
    benign_packets: int
    sources: int
    alerts: int | None
    alerts_a_day: float | None
    benign_alerts: int | None
    first: int | None


@dataclass(frozen=True, slots=True)
class Extent:
    """Which events a reach was measured on. Times are microseconds UTC."""

    packets: int
    first: int | None
    last: int | None
    newest_only: bool


class Yard:
    """A whole log, or the newest of one, with its scans, ready to be asked of many rules."""

    def __init__(self, bench: Bench, scans: Sequence[Scan], *, newest_only: bool = False) -> None:
        self.bench = bench
        ts = bench.events.ts
        self.extent = Extent(
            packets=bench.total,
            first=int(ts[0]) if len(ts) else None,
            last=int(ts[-1]) if len(ts) else None,
            newest_only=newest_only,
        )
        since = self.extent.first if newest_only else None
        self.scans = [
            scan for scan in scans if scan.verdict is not Verdict.BENIGN and (since is None or scan.last >= since)
        ]
        self._of = self._scan_of_rows()
        self._is_scan = np.array([scan.verdict is Verdict.SCAN for scan in self.scans], np.bool_)
        self.span = int(ts[-1] - ts[0]) if len(ts) else 0

    def _scan_of_rows(self) -> NDArray[np.int32]:
        """For each row the number of the scan or suspect it belongs to; -1 for none."""
        events = self.bench.events
        of = np.full(len(events), -1, np.int32)
        order = np.argsort(events.src, kind="stable")  # time order within a source
        src, ts = events.src[order], events.ts[order]
        for number in sorted(range(len(self.scans)), key=lambda i: self.scans[i].verdict is Verdict.SCAN):
            scan = self.scans[number]
            for code in scan.sources:
                low, high = (int(np.searchsorted(src, np.uint32(code), side)) for side in ("left", "right"))
                first = low + np.searchsorted(ts[low:high], scan.first, "left")
                last = low + np.searchsorted(ts[low:high], scan.last, "right")
                of[order[first:last]] = number
        return of

    def rows_of(self, scan: Scan) -> NDArray[np.int64]:
        """Rows of the sources of `scan` within its time."""
        events = self.bench.events
        inside = (events.ts >= scan.first) & (events.ts <= scan.last)
        return np.flatnonzero(inside & np.isin(events.src, np.array(scan.sources, np.uint32)))

    def reach(self, rule: Rule) -> Reach:
        """What the rule does in the whole log."""
        bench = self.bench
        whole = bench.verdict(rule)
        rows = np.flatnonzero(whole.yes)
        hit = np.unique(self._of[rows])
        hit = hit[hit >= 0]
        benign = rows[self._of[rows] < 0]
        culprits = np.unique(bench.events.src[rows[self._of[rows] >= 0]])
        outside = np.setdiff1d(np.unique(bench.events.src[benign]), culprits, assume_unique=True)
        alerts = bench.alerts(rule, whole.yes)
        count = alerts.count if alerts.computed else None
        for_benign = np.isin(bench.events.src[alerts.rows], outside)
        each = np.ones(len(alerts.rows), np.int64) if rule.limits or bench.single else bench.weight[alerts.rows]
        return Reach(
            packets=bench.packets(whole.yes),
            undecided=bench.packets(whole.unknown),
            scans=int(np.count_nonzero(self._is_scan[hit])),
            scans_in_all=int(np.count_nonzero(self._is_scan)),
            suspects=int(np.count_nonzero(~self._is_scan[hit])),
            suspects_in_all=int(np.count_nonzero(~self._is_scan)),
            benign=len(outside),
            benign_packets=int(bench.weight[benign].sum()) if len(benign) else 0,
            sources=len(np.unique(bench.events.src[rows])),
            alerts=count,
            alerts_a_day=round(count * _DAY / self.span, 1) if count is not None and self.span >= _DAY else None,
            benign_alerts=int(each[for_benign].sum()) if alerts.computed else None,
            first=int(bench.events.ts[rows[0]]) if len(rows) else None,
        )
