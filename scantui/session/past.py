"""A past moment: the source table and the verdicts as of it, by what was known then.

The verdicts are what detection makes of the events up to the moment, with the same knobs: nothing that came later counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scantui.detect.detection import cluster, detect_in, judge_sources
from scantui.detect.flood import PACKETS as FLOOD_PACKETS
from scantui.detect.flood import SOURCES as FLOOD_SOURCES
from scantui.detect.flood import floods
from scantui.detect.interest import LEAST_EVENTS, interest_of
from scantui.detect.knobs import Knobs
from scantui.detect.scan import Cluster, Scan
from scantui.detect.site import Site, survey
from scantui.events import Events, without_notices
from scantui.session.chronicle import Figures
from scantui.session.cut import go_on
from scantui.session.firsts import VARIES
from scantui.session.sources import ranked
from scantui.session.verdicts import RANK, heaviest, judging, kept
from scantui.snapshot import SourceTable
from scantui.store import Store
from scantui.tables import HANDLES_FROM

RARITY_ROWS = 1 << 17  # newest events that a cluster's signature is held against
Check = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """All that was known at `at`. `provisional`: the verdicts are those of the whole run that stood by then; the true ones are
    being worked out. `count` is of all sources, those without a row included."""

    at: int
    events: int
    sources: SourceTable
    count: int
    scans: tuple[Scan, ...]
    clusters: tuple[Cluster, ...]
    judging: tuple[str, ...]
    provisional: bool

    def of_source(self, code: int, store: Store) -> tuple[Events, tuple[Scan, ...]]:
        """One source's events in time order, of the store as of this moment, and its episodes, newest first."""
        events = store.of_sources(np.array([code], np.uint32))
        episodes = [scan for scan in self.scans if code in scan.sources]
        return events.take(np.argsort(events.ts, kind="stable")), tuple(sorted(episodes, key=lambda scan: -scan.last))


def table_of(figures: Figures, scans: Sequence[Scan]) -> SourceTable:
    """The source table of these figures under these verdicts."""
    column = figures.column
    code = column["code"]
    verdict, score = np.zeros(len(code), np.uint8), np.full(len(code), -np.inf, np.float32)
    scan = np.full(len(code), -1, np.int32)
    best = heaviest(scans)
    codes, places = np.fromiter(best.keys(), np.uint32, len(best)), np.fromiter(best.values(), np.int32, len(best))
    at = np.searchsorted(code, codes)
    listed = at < len(code)
    listed[listed] = code[at[listed]] == codes[listed]
    at, places = at[listed], places[listed]
    scan[at] = places
    verdict[at] = [RANK[scans[i].verdict] for i in places.tolist()]
    score[at] = [scans[i].score for i in places.tolist()]
    order = ranked(score, column["last"])
    return SourceTable(**column, verdict=verdict, score=score, scan=scan, order=order, rates=figures.rates)


def stood(scans: Sequence[Scan], clusters: Sequence[Cluster], at: int) -> tuple[tuple[Scan, ...], tuple[Cluster, ...]]:
    """Of the scans and clusters of a whole run, those that had been found by `at`: near to what was said then."""
    found = tuple(scan for scan in scans if scan.flagged_at is not None and scan.flagged_at <= at)
    names = {scan.id for scan in found}
    groups = tuple(group for group in clusters if len(names.intersection(group.scans)) > 1)
    whole = {group.id for group in groups}
    return tuple(replace(scan, cluster=scan.cluster if scan.cluster in whole else None) for scan in found), groups


def worth_judging(figures: Figures) -> NDArray[np.bool_]:
    """Rows of the sources that detection need look at: `Interest`, told from exact figures. IPv6 sources may be one with their
    network."""
    column = figures.column
    several = (column["ports"] > 1) | (column["targets"] > 1) | (column["proto"] == VARIES) | figures.odd
    worth: NDArray[np.bool_] = ((column["events"] >= LEAST_EVENTS) & several) | (column["code"] >= HANDLES_FROM)
    worth |= figures.noticed
    return worth


def judged(
    past: Store, figures: Figures | None, knobs: Knobs, check: Check = go_on
) -> tuple[tuple[Scan, ...], tuple[Cluster, ...], Site]:
    """The verdicts over a past store. `figures` of all its sources spare a look at every event; None when they lack some."""
    batches, log = past.batches(), past.newest(RARITY_ROWS)
    site = survey(batches, knobs.home)
    check()
    if figures is None:
        found = detect_in(batches, log, site, knobs)
        return found.scans, found.clusters, site
    pairs = judge_sources(past.of_sources(figures.column["code"][worth_judging(figures)]), site, knobs)
    check()
    probes = {scan.id: asking for scan, asking in pairs}
    rows = [scan for scan, _ in pairs]
    if np.count_nonzero(figures.column["events"] <= FLOOD_PACKETS) >= FLOOD_SOURCES:
        interest = interest_of(batches, sum(map(len, batches)))
        rows += floods(batches, lambda batch: interest.seldom(batch, FLOOD_PACKETS))
    scans, clusters = cluster(rows, lambda scan: probes[scan.id], without_notices(log))
    return scans, clusters, site


def plain_moment(past: Store, at: int, knobs: Knobs) -> Moment:
    """The moment from its events alone, with no help of a chronicle. Slow where there are many."""
    scans, clusters, site = judged(past, None, knobs)
    keeper = kept(past.everything(), scans)
    count = len(keeper) + keeper.unlisted
    return Moment(
        at,
        past.rows,
        keeper.table(heaviest(scans)),
        count,
        scans,
        clusters,
        judging(site, scans, knobs),
        provisional=False,
    )
