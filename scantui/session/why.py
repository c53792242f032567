"""Explanations over an engine's memory: the tools of all scans, what the feed cannot show, and one source in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.events import Events, without_notices
from scantui.explain.attribution import Attribution, attribute
from scantui.explain.explanation import Explanation, explain
from scantui.explain.feed import FeedReport, feed_report
from scantui.explain.place import Place, own_network
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.store import Store

_FEED_ROWS = 1 << 20  # newest events the feed is judged by
_FEED_GROWN = 1.3
_AT_ONCE = 2_000_000  # events of scans that are looked at together


class Why:
    """Asks an engine; keeps nothing but the feed's report, which is made anew as the log grows."""

    def __init__(self, engine: Engine, options: Options) -> None:
        self._engine = engine
        self._own = options.own
        self._place = options.place
        self._feed = FeedReport()
        self._feed_rows = -1

    def feed(self) -> FeedReport:
        """What the log cannot show."""
        rows = self._engine.store.rows
        if self._feed_rows < 0 or rows > self._feed_rows * _FEED_GROWN + 1000:
            self._feed, self._feed_rows = feed_report(self._engine.store.newest(_FEED_ROWS)), rows
        return self._feed

    def tools(self) -> dict[str, Attribution]:
        """The tools of every scan and suspect, by the scan's id."""
        twins = {scan for group in self._engine.clusters if group.relation == "decoy" for scan in group.scans}
        found = {}
        for scan, events in self._episodes():
            tools = attribute(events, twins=scan.id in twins)
            if tools is not None:
                found[scan.id] = tools
        return found

    def _episodes(self) -> Iterator[tuple[Scan, Events]]:
        """Every scan and suspect with its packets in time order."""
        left = [
            scan for scan in self._engine.scans if scan.verdict is not Verdict.BENIGN and scan.sources and scan.packets
        ]
        while left:
            taken, rows = 0, 0
            while taken < len(left) and (not taken or rows + left[taken].events <= _AT_ONCE):
                rows += left[taken].events
                taken += 1
            now, left = left[:taken], left[taken:]
            codes = np.unique([code for scan in now for code in scan.sources]).astype(np.uint32)
            events = without_notices(self._engine.store.of_sources(codes))
            events = events.take(np.lexsort((events.ts, events.src)))
            for scan in now:
                parts = [np.searchsorted(events.src, (code, code + 1)) for code in scan.sources]
                index = np.concatenate([np.arange(low, high) for low, high in parts])
                index = index[(events.ts[index] >= scan.first) & (events.ts[index] <= scan.last)]
                yield scan, events.take(index[np.argsort(events.ts[index], kind="stable")])

    def place(self, code: int) -> Place:
        """What is known of a source's address besides the log, and whether it is one of the site's own."""
        place = self._place(self._engine.tables.addresses.text(code))
        home, guessed = self._engine.home()
        return replace(place, own=own_network(place.address, home, guessed=guessed))

    def explain(
        self,
        code: int,
        events: Events,
        best: Scan | None,
        clusters: tuple[Cluster, ...],
        place: Place | None = None,
        store: Store | None = None,
    ) -> Explanation | None:
        """One episode of a source in full; None when there is none. `events`: all of the source, in time order; `store`: what
        was known, all if None."""
        if best is None or not best.packets:
            return None
        store = store or self._engine.store
        if best.members:
            events = store.of_sources(np.array(best.members, np.uint32))
            events = events.take(np.argsort(events.ts, kind="stable"))
        events = without_notices(events)
        answers = without_notices(store.of_sources(np.array(best.target_list, np.uint32)))
        answers = answers.take(np.isin(answers.dst, np.array(best.sources, np.uint32)))
        cluster = next((group for group in clusters if code in group.sources and best.id in group.scans), None)
        return explain(best, events, answers, cluster, self.feed(), self._own, place)


def weightiest(episodes: tuple[Scan, ...]) -> Scan | None:
    """The episode that a source is judged by."""
    return max(episodes, key=lambda scan: scan.score, default=None)


def chosen(episodes: tuple[Scan, ...], first: int | None) -> Scan | None:
    """The episode that began at `first` (microseconds UTC); the weightiest when there is none such."""
    return next((scan for scan in episodes if scan.first == first), None) or weightiest(episodes)
