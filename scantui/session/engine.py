"""The engine: blocks in, pictures out. Joins reader, store, detection and the tables of the screen; owns no thread."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import SECOND
from scantui.columns.group import run_starts
from scantui.detect.allow import Allowed
from scantui.detect.detection import cluster, detect_in, judge_sources
from scantui.detect.flood import PACKETS as FLOOD_PACKETS
from scantui.detect.flood import SOURCES as FLOOD_SOURCES
from scantui.detect.flood import floods
from scantui.detect.interest import LEAST_EVENTS, interest_of
from scantui.detect.knobs import Knobs
from scantui.detect.prefixes import Networks
from scantui.detect.scan import Cluster, Kind, Scan
from scantui.detect.site import Site, survey
from scantui.events import Events, concat, notices, without_notices
from scantui.formats.reader import Reader
from scantui.ingest.block import Block
from scantui.session.ahead import ReadAhead
from scantui.session.bins import port_keys
from scantui.session.heat import BUCKETS, HeatKeeper, zoom_for
from scantui.session.options import Options
from scantui.session.past import RARITY_ROWS
from scantui.session.period import Period
from scantui.session.sources import SourceKeeper
from scantui.session.timeline import TimelineKeeper
from scantui.session.verdicts import RANK, heaviest, judging, kept
from scantui.snapshot import Heat, SourceTable
from scantui.store import Store
from scantui.tables import Tables

LIVE_GROWN, LIVE_ALWAYS = 1.03, 3_000  # judging, live: small sources at every tick, large ones as they grow
HISTORY_GROWN = 1.5  # judging while history is read: a source's rows are looked at a few times in all
_JUDGED_AT_ONCE = 1 << 19  # events, about: what is judged takes a few times its own room; the others are next
_SURVEY_ROWS = 1 << 20  # newest events the site is surveyed from while live
_SURVEY_GROWN = 1.3
_FLOOD_SPAN = 180_000_000  # microseconds of the newest events in which floods are looked for


class Engine:
    """One run's reader, memory and verdicts. A `batch` run keeps no tables as it reads; it judges when all is read."""

    def __init__(self, options: Options, *, batch: bool = False) -> None:
        self._batch = batch
        self.tables = Tables()
        self._knobs = options.knobs
        self.reader = Reader(self.tables, options.zone, options.year, options.formats)
        self.store = Store(self.tables, options.memory)
        self.sources = SourceKeeper()
        self.scans: tuple[Scan, ...] = ()
        self.clusters: tuple[Cluster, ...] = ()
        self.newest = 0  # microseconds: the latest event
        self.newest_arrival = 0
        self.judgements = 0  # times sources were judged anew
        self.unjudged = False  # events came since sources were last judged
        self._oldest = 1 << 62
        self._heat = HeatKeeper()
        self._heat_chosen: int | None = None  # microseconds
        self.timeline = TimelineKeeper()
        self._site: Site | None = None
        self._surveyed = 0
        self._scans_of: dict[int, list[Scan]] = {}
        self._networks = Networks(self.tables.addresses)
        self._floods: list[Scan] = []
        self._flood_looked = 0  # sources there were when floods were last looked for
        self._pending: list[NDArray[np.uint32]] = []
        self._unlisted: list[NDArray[np.uint32]] = []
        self._unclustered = False
        self._again = np.zeros(0, np.uint32)  # sources to be judged again though nothing came
        self._ahead = ReadAhead()
        self._period = Period(options.since, options.until)
        self._moved = False  # an event that came ahead turned out to be of another time, or source

    # Events in ---------------------------------------------------------------------------------------------------
    def take(self, block: Block) -> int:
        """Read a block into the store; returns how many events it held."""
        batch = self._period.within(self.reader.read(block))
        self.newest_arrival = block.arrival_us
        if not block.ahead:
            return self._in_turn(batch)
        self._ahead.note(batch)
        self._add(batch)
        return len(batch)

    def _in_turn(self, batch: Events) -> int:
        """Take in events in the order of their lines, some of which may be held already; returns how many were new."""
        if not self._ahead:
            self._add(batch)
            return len(batch)
        again, batch = self._ahead.split(batch)
        self._add(batch)
        if len(again):
            self._amend(again)
        if not self._ahead and not self._batch:
            self._recount()
        return len(batch)

    def _amend(self, again: Events) -> None:
        """Lines that were read ahead were read in their turn: what is held of them becomes what they say now."""
        before, after = self.store.amend(again)
        self._again = np.union1d(self._again, np.union1d(before.src, after.src))
        self.unjudged |= bool(len(after))
        moved = (before.ts // SECOND != after.ts // SECOND) | (before.src != after.src)
        self._moved |= bool(moved.any())

    def _recount(self) -> None:
        """All that was read ahead has been read in its turn: make anew what the order of arrival tells otherwise."""
        batches = sorted(self.store.batches(), key=lambda batch: int(batch.ts[0]) if len(batch) else 0)
        self.timeline = TimelineKeeper()
        for batch in batches:
            self.timeline.add(batch)
        self._oldest, self.newest = self.store.extent() or (1 << 62, 0)
        self._rezoom(self._heat_chosen or zoom_for(self._oldest, self.newest))
        if self._moved:
            self.sources, self._moved = SourceKeeper(), False
            for batch in batches:
                self.sources.count(batch)
            self._list(concat(batches, self.tables))

    def flush(self) -> None:
        """Take in what the reader held back."""
        for batch in self.reader.flush():
            self._in_turn(self._period.within(batch))

    def _add(self, batch: Events) -> None:
        if not len(batch):
            return
        self.store.append(batch)
        self._again = np.union1d(self._again, notices(batch).src)  # judged however few their events are
        self.unjudged = True
        self.newest = max(self.newest, int(batch.ts.max()))
        self._oldest = min(self._oldest, int(batch.ts.min()))
        if self._batch:
            return
        touched, unlisted = self.sources.count(batch)
        self._pending.append(touched)
        if len(unlisted):
            self._unlisted.append(unlisted)
        self.timeline.add(batch)
        if self._heat_chosen is None and not self._heat.fits(self._oldest, self.newest):
            self._rezoom(zoom_for(self._oldest, self.newest))
        else:
            self._heat.add(batch)

    # Verdicts ----------------------------------------------------------------------------------------------------
    def examine(self, *, history: bool = False) -> None:
        """Judge the sources that have news."""
        self.unjudged = False
        pending = np.unique(np.concatenate(self._pending)) if self._pending else np.zeros(0, np.uint32)
        due = (
            self.sources.due(pending, grown=HISTORY_GROWN, always=0)
            if history
            else self.sources.due(pending, grown=LIVE_GROWN, always=LIVE_ALWAYS)
        )
        due = self._networks.widened(np.union1d(np.union1d(due, self._returned()), self._again))
        due, self._again = self.sources.part(due, _JUDGED_AT_ONCE)
        self.unjudged = bool(len(self._again))
        self._pending = [np.setdiff1d(pending, due, assume_unique=True)] if len(pending) else []
        if not len(due):
            return
        site = self._survey()
        events = self.store.of_sources(due)
        found: dict[int, list[Scan]] = {}
        for scan, _ in judge_sources(events, site, self._knobs):
            for code in scan.sources:
                found.setdefault(code, []).append(scan)
        self._put(due, events, found)
        self._look_for_floods()

    def allow(self, allowed: tuple[Allowed, ...]) -> None:
        """Judge by this allow-list from now on. Sources of which it says something else than the one before are due again."""
        changed = [entry.network for entry in set(allowed) ^ set(self._knobs.allowed)]
        self._knobs = replace(self._knobs, allowed=allowed)
        packed = self.tables.addresses.packed
        due = [
            code
            for code in self._scans_of
            if any(ip_address(packed(code)) in network for network in changed)  # False for the other version
        ]
        self._again = np.union1d(self._again, np.array(due, np.uint32))
        self.unjudged |= bool(due)

    def _look_for_floods(self) -> None:
        """Floods among the newest events, when many sources are new."""
        sources = len(self.sources) + self.sources.unlisted
        if sources < self._flood_looked + FLOOD_SOURCES // 2:
            return
        self._flood_looked = sources
        recent = [self.store.window(self.newest - _FLOOD_SPAN)]
        interest = interest_of(recent, len(recent[0]))
        now = floods(recent, lambda batch: interest.seldom(batch, FLOOD_PACKETS))
        before = {scan.signature.name: scan for scan in self._floods}
        for scan in now:
            old = before.get(scan.signature.name)
            before[scan.signature.name] = scan if old is None else replace(scan, id=old.id, first=old.first)
        self._floods = list(before.values())
        self._unclustered |= bool(now)

    def _put(self, due: NDArray[np.uint32], events: Events, found: dict[int, list[Scan]]) -> None:
        changed = bool(found)
        for code in due.tolist():
            changed |= self._scans_of.pop(code, None) is not None
        self._scans_of |= found
        verdict = {code: _best(scans) for code, scans in found.items()}
        self.sources.judge(due, events, {code: (RANK[scan.verdict], scan.score) for code, scan in verdict.items()})
        self._unclustered |= changed
        self.judgements += 1

    def _returned(self) -> NDArray[np.uint32]:
        """Unlisted sources that have come often enough to be judged."""
        if not self._unlisted:
            return np.zeros(0, np.uint32)
        codes = np.unique(np.concatenate(self._unlisted))
        self._unlisted = []
        seen, count = np.unique(self.store.of_sources(codes).src, return_counts=True)
        return seen[count >= LEAST_EVENTS]

    def _survey(self) -> Site:
        rows = self.store.rows
        if self._site is None or rows > self._surveyed * _SURVEY_GROWN + 1000:
            newest = self.store.newest(_SURVEY_ROWS)
            self._site, self._surveyed = survey([newest], self._knobs.home), rows
        return self._site

    def home(self) -> tuple[tuple[str, ...], bool]:
        """The site's networks, and whether they were guessed."""
        site = self._survey()
        return site.home, site.home_guessed

    def settle(self) -> None:
        """Judge everything at once, as a batch: what `report` prints, and what a live run comes to when its input ends."""
        batches = self.store.batches()
        self._site, self._surveyed = survey(batches, self._knobs.home), self.store.rows
        found = detect_in(batches, self.store.newest(RARITY_ROWS), self._site, self._knobs)
        by_source: dict[int, list[Scan]] = {}
        for scan in found.scans:
            for code in scan.sources:
                by_source.setdefault(code, []).append(scan)
        self._floods = [scan for scan in found.scans if scan.kind is Kind.FLOOD]
        self._pending = []
        self._scans_of = by_source
        self.scans, self.clusters, self._unclustered = found.scans, found.clusters, False
        if not self._batch:
            shown = np.union1d(self.sources.codes, np.fromiter(by_source, np.uint32, len(by_source)))
            self._list(concat([batch.take(np.isin(batch.src, shown)) for batch in batches], self.tables))

    def _list(self, events: Events) -> None:
        """Put all sources of these events into the table with their verdicts."""
        best = {code: _best(scans) for code, scans in self._scans_of.items()}
        codes = np.unique(events.src)
        self.sources.judge(codes, events, {code: (RANK[scan.verdict], scan.score) for code, scan in best.items()})

    def cluster(self) -> None:
        """Put the scans into clusters, if they changed."""
        if not self._unclustered:
            return
        flat = {scan.id: scan for scans in self._scans_of.values() for scan in scans}
        self.scans, self.clusters = cluster(
            [*flat.values(), *self._floods], self._probes, without_notices(self.store.newest(RARITY_ROWS))
        )
        self._unclustered = False

    def _probes(self, scan: Scan) -> Events:
        events = without_notices(self.store.of_sources(np.array(scan.sources, np.uint32)))
        events = events.take((events.ts >= scan.first) & (events.ts <= scan.last))
        return events.take(np.argsort(events.ts, kind="stable"))

    # Pictures ----------------------------------------------------------------------------------------------------
    def table(self) -> SourceTable:
        """The source table as it stands."""
        if self._batch:
            self.sources = kept(self.store.everything(), self.scans)
        return self.sources.table(heaviest(self.scans))

    def heat(self) -> Heat:
        """The heatmap as it stands."""
        if self._batch and self.store.rows:
            self._rezoom(zoom_for(self._oldest, self.newest))
        return self._heat.picture()

    @property
    def heat_is_short(self) -> bool:
        """Whether late events are missing among the heatmap's pairs."""
        return bool(self._heat.late)

    def mend_heat(self) -> None:
        """Count again what late events changed."""
        self._heat.mend(self.store.during)

    def zoom(self, bucket: int | None) -> None:
        """Show buckets of this width from now on; None goes by the span of the log."""
        if bucket == self._heat_chosen:
            return
        self._heat_chosen = bucket
        bucket = bucket or zoom_for(self._oldest, self.newest)
        if bucket != self._heat.bucket:
            self._rezoom(bucket)

    def _rezoom(self, bucket: int) -> None:
        self._heat = HeatKeeper(bucket)
        since = (self.newest // bucket - BUCKETS + 1) * bucket
        self._heat.load(self.store.during(since, self.newest + 1), self.newest)

    def met(self, since: int, until: int) -> tuple[int, int]:
        """How many distinct (source, port) and (source, host, port) there were from `since` to before `until`."""
        events = without_notices(self.store.window(since, until))
        keys = port_keys(events)
        order = np.lexsort((events.dst, keys))
        return len(run_starts(keys[order])), len(run_starts(keys[order], events.dst[order]))

    @property
    def knobs(self) -> Knobs:
        """How sources are judged now."""
        return self._knobs

    def judging(self) -> tuple[str, ...]:
        """How sources are judged and what that holds back, a sentence each."""
        return (*self._period.told(), *judging(self._site, self.scans, self._knobs))

    def judge_alone(self, code: int, rows: int | None) -> tuple[Events, tuple[Scan, ...]]:
        """One source's events of the first `rows` appended (all if None), in time order, and its episodes by them."""
        events = self.store.of_sources(np.array([code], np.uint32), rows)
        events = events.take(np.argsort(events.ts, kind="stable"))
        scans = [scan for scan, _ in judge_sources(events, self._survey(), self._knobs)]
        member = {scan.id: scan.cluster for scan in self.scans}
        scans += [scan for scan in self.scans if code in scan.members]
        return events, tuple(
            replace(scan, cluster=member.get(scan.id)) for scan in sorted(scans, key=lambda s: -s.last)
        )


def _best(scans: list[Scan]) -> Scan:
    return max(scans, key=lambda scan: (RANK[scan.verdict], scan.score, scan.last))
