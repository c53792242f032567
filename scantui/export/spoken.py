"""Findings in sentences, a line each, as they come up: for screen readers, logs and pipes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo

from scantui.detect.scan import Evidence, Scan, Verdict
from scantui.export.times import iso, span
from scantui.looks import Moment
from scantui.safe_text import harmless
from scantui.snapshot import Snapshot
from scantui.tables import NO_ADDRESS

BURST_OVER = 5_000_000  # microseconds without the newest event in it, after which a burst is told
_MOST_REASONS = 3
_PRIOR = "prior"  # what every source begins with, and no reason


@dataclass(slots=True)
class _Told:
    """What was said of one episode."""

    first: int
    last: int
    verdict: Verdict


class Teller:
    """Says what is new in each picture: a source that scans or may scan, a verdict that changed, a burst that is over."""

    def __init__(self, where: tzinfo = UTC) -> None:
        self._where = where
        self._scans: tuple[Scan, ...] = ()
        self._told: dict[int, list[_Told]] = {}
        self._bursts_until = -1  # the end of the last burst told

    def tell(self, snapshot: Snapshot) -> Iterator[str]:
        """The new lines, harmless and without their ends."""
        if snapshot.scans is not self._scans:
            self._scans = snapshot.scans
            for scan in sorted(snapshot.scans, key=_when):
                yield from self._scan(snapshot, scan)
        bursts = snapshot.timeline.bursts if snapshot.timeline is not None else ()
        over = snapshot.status.now if snapshot.status.ended else snapshot.status.now - BURST_OVER
        for burst in bursts:
            if burst.since > self._bursts_until and burst.until <= over + snapshot.status.ended:
                self._bursts_until = burst.until
                yield f"{iso(burst.since, self._where)} burst {_burst(burst)}"

    def _scan(self, snapshot: Snapshot, scan: Scan) -> Iterator[str]:
        episodes = self._told.setdefault(scan.source, [])
        before = next((one for one in episodes if one.first <= scan.last and scan.first <= one.last), None)
        if before is None:
            if scan.verdict is not Verdict.BENIGN:
                episodes.append(_Told(scan.first, scan.last, scan.verdict))
                yield self._line(snapshot, scan, scan.verdict.value)
            return
        before.first, before.last = min(before.first, scan.first), max(before.last, scan.last)
        if scan.verdict is not before.verdict:
            was, before.verdict = before.verdict, scan.verdict
            yield self._line(snapshot, scan, f"{scan.verdict.value} (was {was.value})")

    def _line(self, snapshot: Snapshot, scan: Scan, said: str) -> str:
        who = "many sources" if scan.source == NO_ADDRESS else snapshot.address(scan.source)
        what = " ".join(
            filter(None, ("slow" if scan.slow else "", scan.kind.value, scan.proto, ",".join(scan.techniques)))
        )
        size = f"{_count(scan.ports, 'port')} of {_count(scan.targets, 'host')}, {_count(scan.events, 'event')}"
        lasted = span(scan.last - scan.first)
        why = "; ".join(_reason(one) for one in _weightiest(scan))
        line = (
            f"{iso(_when(scan), self._where)} {said} {who} {what}: {size} in {lasted}, score {scan.score:+.1f}: {why}"
        )
        return harmless(line)


def _when(scan: Scan) -> int:
    return scan.flagged_at if scan.flagged_at is not None else scan.last


def _weightiest(scan: Scan) -> list[Evidence]:
    """The evidence that speaks loudest for the verdict."""
    sign = -1 if scan.verdict is Verdict.BENIGN else 1
    told = [one for one in scan.evidence if one.name != _PRIOR]
    return sorted(told, key=lambda one: -sign * one.weight)[:_MOST_REASONS]


def _reason(one: Evidence) -> str:
    return f"{one.name} {one.weight:+.1f}"


def _burst(burst: Moment) -> str:
    return f"{_count(burst.pairs, 'port-source pair')} in {span(burst.until - burst.since)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
