"""Scores of what a detector found against labels. One set of rules for scantui and for every peer.

episode recall    scan episodes of which at least half of the labelled sources are flagged around their time
source precision  flagged sources that scanned, of the flagged sources with a label (noise, too little to call, counts neither way)
benign flagged    sources that only ever were benign, flagged
kind, technique   right name, of the episodes found (technique: where the detector names any)
probes to flag    the episode's log lines a source up to the first flag, by the flag's share of the episode's time
lines to flag     the first flagged source's log lines in the episode up to the flag, counted (where stamps are whole seconds, the
                  lines of the seconds before, and one)
cluster F1        pairs of sources put together, over decoy and distributed episodes
"""

from __future__ import annotations

import itertools
import statistics
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from corpus import Label, microseconds

from benchmarks.peers.common import SECOND, Flag
from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.events import Events
from scantui.tables import AddressTable

SLACK = 90_000_000  # microseconds around an episode
SHAPES = {
    "slow-vertical": {"vertical"},
    "slow-horizontal": {"horizontal"},
    "fingerprint": {"fingerprint", "vertical"},
    "icmp-sweep": {"horizontal", "icmp-sweep"},
    "decoy": {"vertical", "decoy"},
    "distributed-vertical": {"vertical", "block", "distributed"},
    "distributed-horizontal": {"horizontal", "distributed"},
}
ALIKE = (  # techniques that are the same packets
    {"ack", "window"},
    {"os", "syn", "fingerprint"},
    {"allflags", "fullxmas", "xmasfull"},
    {"sctp", "sctpinit"},
    {"icmp", "ping", "icmpecho", "discovery"},
    {"connect", "syn"},
)


class Finding(NamedTuple):
    """A flagged source. Times are microseconds; `at` None when the detector gives no time, and then it matches any."""

    source: str
    first: int
    last: int
    at: int | None
    kind: str | None
    techniques: tuple[str, ...]


class Fraction(NamedTuple):
    hits: int
    total: int

    def __str__(self) -> str:
        return f"{self.hits / self.total:.3f} ({self.hits}/{self.total})" if self.total else "-"


class Score(NamedTuple):
    recall: Fraction
    sources: Fraction
    precision: Fraction
    benign: Fraction
    kind: Fraction
    technique: Fraction
    probes: str
    lines: str
    missed: tuple[str, ...]
    misnamed: tuple[str, ...]
    wrong: tuple[str, ...]


def _delay(counts: list[int]) -> str:
    """Median and 90th percentile."""
    return f"{statistics.median(counts):g} / {sorted(counts)[int(len(counts) * 0.9)]}" if counts else "-"


def of_scans(scans: tuple[Scan, ...], addresses: AddressTable, threshold: float | None = None) -> list[Finding]:
    """scantui's scans; by score alone if `threshold` is given."""
    chosen = [s for s in scans if (s.verdict is Verdict.SCAN if threshold is None else s.score >= threshold)]
    return [
        Finding(addresses.text(code), s.first, s.last, s.flagged_at, s.kind.value, s.techniques)
        for s in chosen
        for code in s.sources
    ]


def of_flags(flags: dict[int, Flag], events: Events) -> list[Finding]:
    """A peer's flags; a source stays flagged until its last event."""
    last = {code: int(events.ts[events.src == code].max()) for code in flags}
    text = events.tables.addresses.text
    return [
        Finding(text(code), flag.at, last[code], flag.at, flag.kind, (flag.technique,) if flag.technique else ())
        for code, flag in flags.items()
    ]


def of_sources(sources: set[str]) -> list[Finding]:
    """Sources that a detector names without a time or a kind."""
    return [Finding(source, -(1 << 62), 1 << 62, None, None, ()) for source in sorted(sources)]


def _technique_matches(wanted: str | None, found: set[str]) -> bool:
    found = {name.replace("-", "").lower() for name in found}
    name = (wanted or "").replace("-", "").lower()
    return name in found or any(name in same and found & same for same in ALIKE)


def score(findings: list[Finding], labels: list[Label], events: Events) -> Score:
    """All figures but the clusters'. `events` are those of the log."""
    by_source: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_source[finding.source].append(finding)
    names_kinds = any(f.kind for f in findings)
    names_techniques = any(f.techniques for f in findings)
    scans = [label for label in labels if label["cls"] == "scan"]
    found = kinds = techniques = 0
    delays, counted, missed, misnamed = [], [], [], []
    for label in scans:
        begin, end = microseconds(label["start"]), microseconds(label["end"])
        hits = [
            [f for f in by_source.get(source, ()) if f.first <= end + SLACK and f.last >= begin - SLACK]
            for source in label["sources"]
        ]
        mine = [f for some in hits for f in some]
        if sum(map(bool, hits)) / max(1, len(hits)) < 0.5:
            missed.append(label["id"])
            continue
        found += 1
        kind = any(f.kind in SHAPES.get(label["kind"], {label["kind"]}) for f in mine)
        technique = _technique_matches(label["technique"], {name for f in mine for name in f.techniques})
        kinds, techniques = kinds + kind, techniques + technique
        if (names_kinds and not kind) or (names_techniques and not technique):
            misnamed.append(label["id"])
        times = [(f.at, f.source) for f in mine if f.at is not None]
        if times:
            at, source = min(times)
            share = min(1.0, max(0, at - begin) / max(end - begin, 1e-3))
            delays.append(max(1, round(label["lines"] / label["n_sources"] * share)))
            before = (events.src == events.tables.addresses.code(source)) & (events.ts < at)
            counted.append(int(np.count_nonzero(before & (events.ts >= begin - SECOND))) + 1)
    must = {source for label in scans for source in label["sources"]}
    guilty = must | _sources(labels, "other-attack")
    benign = _sources(labels, "benign") - guilty
    right, wrong = set(by_source) & must, set(by_source) & benign
    return Score(
        Fraction(found, len(scans)),
        Fraction(len(right), len(must)),
        Fraction(len(right), len(right) + len(wrong)),
        Fraction(len(wrong), len(benign)),
        Fraction(kinds, found if names_kinds else 0),
        Fraction(techniques, found if names_techniques else 0),
        _delay(delays),
        _delay(counted),
        tuple(missed),
        tuple(misnamed),
        tuple(sorted(wrong)),
    )


def _sources(labels: list[Label], cls: str) -> set[str]:
    return {source for label in labels if label["cls"] == cls for source in label["sources"]}


def cluster_f1(clusters: tuple[Cluster, ...], addresses: AddressTable, labels: list[Label]) -> str:
    """Pairwise F1 with its counts."""
    inside: dict[str, set[str]] = defaultdict(set)
    for cluster in clusters:
        for code in cluster.sources:
            inside[addresses.text(code)].add(cluster.id)
    several = [e for e in labels if e["n_sources"] > 1 and e["kind"] in SHAPES and e["cls"] == "scan"]
    episode = {source: e["id"] for e in several for source in e["sources"]}
    right = claimed = wanted = 0
    for a, b in itertools.combinations(sorted(episode), 2):
        same, together = episode[a] == episode[b], bool(inside[a] & inside[b])
        wanted, claimed, right = wanted + same, claimed + together, right + (same and together)
    if not claimed + wanted:
        return "-"
    return f"{2 * right / (claimed + wanted):.3f} ({right} right, {claimed} claimed, {wanted} wanted)"
