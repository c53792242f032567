"""Scans as they stand in the source table: which one a source is ranked by, and in words how all were judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scantui.detect.knobs import Knobs
from scantui.detect.scan import Kind, Scan, Verdict
from scantui.detect.site import Site
from scantui.events import Events
from scantui.session.sources import SourceKeeper
from scantui.snapshot import VERDICT_NAMES

RANK = {Verdict.SCAN: 3, Verdict.SUSPECT: 2, Verdict.BENIGN: 1}
_HOMES_TOLD = 6


def heaviest(scans: Sequence[Scan]) -> dict[int, int]:
    """The place of each source's weightiest scan."""
    best: dict[int, tuple[tuple[int, float], int]] = {}
    for i, scan in enumerate(scans):
        weight = (RANK[scan.verdict], scan.score)
        for code in scan.sources:
            if code not in best or weight > best[code][0]:
                best[code] = (weight, i)
    return {code: i for code, (_, i) in best.items()}


def kept(events: Events, scans: Sequence[Scan]) -> SourceKeeper:
    """The table of all sources of these events, judged."""
    keeper = SourceKeeper()
    keeper.count(events)
    verdict = {code: (RANK[scans[i].verdict], scans[i].score) for code, i in heaviest(scans).items()}
    keeper.judge(np.unique(events.src), events, verdict)
    return keeper


def judging(site: Site | None, scans: Sequence[Scan], knobs: Knobs) -> tuple[str, ...]:
    """How sources are judged and what that holds back, a sentence each."""
    told = []
    if site is not None:
        guessed = "guessed from who is asked by many" if site.home_guessed else "as given"
        names = ", ".join(site.home[:_HOMES_TOLD]) or "private addresses only"
        more = f" and {len(site.home) - _HOMES_TOLD} more" if len(site.home) > _HOMES_TOLD else ""
        told.append(f"home networks ({guessed}): {names}{more}")
    suspects = sum(scan.verdict is Verdict.SUSPECT and scan.kind is not Kind.FLOOD for scan in scans)
    level = f"sensitivity {knobs.sensitivity.value}: a scan from a score of {knobs.scan_from:+.1f}"
    told.append(f"{level}; {suspects:,} below it but above 0")
    if knobs.allowed:
        excused = sum(scan.evidence[0].name == "allow-listed" for scan in scans)
        told.append(f"allow-list of {len(knobs.allowed):,}: {excused:,} scans excused")
    told += [scan.evidence[0].text for scan in scans if scan.kind is Kind.FLOOD]
    return tuple(told)


assert VERDICT_NAMES == ("", "benign", "suspect", "scan")
