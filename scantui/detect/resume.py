"""A source that comes back: the same scan taken up again, or another one, and why it is said to be so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import pairwise

from scantui.detect.scan import Evidence, Scan, Verdict
from scantui.events import Events

_SHARED = 0.5  # of the ports or targets
Found = list[tuple[Scan, Events]]


def resumed(found: Found) -> Found:
    """The same episodes; each later scan of a source says how it relates to the one before."""
    by_source: dict[int, list[int]] = defaultdict(list)
    for i, (scan, _) in enumerate(found):
        if scan.verdict is not Verdict.BENIGN:
            by_source[scan.source].append(i)
    told = list(found)
    for places in by_source.values():
        places.sort(key=lambda i: found[i][0].first)
        for before, after in pairwise(places):
            scan, asking = told[after]
            told[after] = (replace(scan, evidence=(*scan.evidence, _relation(found[before][0], scan))), asking)
    return told


def _relation(before: Scan, after: Scan) -> Evidence:
    silence = (after.first - before.last) / 60_000_000
    gone = f"{silence:.0f} min" if silence < 120 else f"{silence / 60:.1f} h"
    if before.techniques[:1] != after.techniques[:1]:
        other = f"{'/'.join(before.techniques[:1])} before, {'/'.join(after.techniques[:1])} now"
        return Evidence("new scan", 0.0, f"back after {gone} with another technique ({other})")
    targets = _overlap(before.target_list, after.target_list)
    ports = _overlap(before.port_list, after.port_list)
    if targets >= _SHARED and ports >= _SHARED:
        return Evidence("resumed", 0.0, f"back after {gone} at the same targets and ports: the same scan once more")
    if targets >= _SHARED:
        return Evidence(
            "resumed", 0.0, f"back after {gone} at the same targets with other ports: the same scan, gone on"
        )
    if ports >= _SHARED:
        return Evidence(
            "resumed", 0.0, f"back after {gone} for the same ports of other targets: the same scan, gone on"
        )
    return Evidence("new scan", 0.0, f"back after {gone} for other targets and other ports")


def _overlap(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Shared part of the smaller set."""
    least = min(len(set(one)), len(set(other)))
    return len(set(one) & set(other)) / least if least else 0.0
