"""Answers to looks, over a store that does not change: a moment, a cut of the heatmap, a cell, a burst. Owns no thread.

Moments and columns that were worked out once are kept, so that moving back and forth is free.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scantui.detect.knobs import Knobs
from scantui.events import Events
from scantui.looks import BurstWish, CellWish, Look
from scantui.session.burst import burst_of
from scantui.session.cells import cell_of, matrix, port_map
from scantui.session.chronicle import Chronicle, Figures
from scantui.session.cut import go_on
from scantui.session.cutter import Cutter
from scantui.session.past import Moment, judged, plain_moment, stood, table_of, worth_judging
from scantui.session.verdicts import judging
from scantui.session.view import View, needs_heat
from scantui.snapshot import Snapshot
from scantui.store import Store

_AT_ONCE = 30_000  # events that are judged in no time; with more a provisional picture goes first
_LONG = 500_000  # events of a past that takes long to judge, whoever sent them
_MOMENTS = 12  # kept
_ROWS = 200  # of a matrix
Check = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What there is to look at: a store that does not change, the live picture over it, and how it is judged.

    `rows`: the events of the picture, which a pause keeps from growing. `listed`: no source is without a row. `reading`: history
    is still being read."""

    store: Store
    live: Snapshot
    knobs: Knobs
    rows: int
    listed: bool
    reading: bool

    def past(self, at: int | None) -> Store:
        """What was there at a moment, of what the picture may know; None is now."""
        return self.store if at is None and self.rows >= self.store.rows else self.store.past(at, self.rows)


class Answers:
    """Answers for one session. `check` ends the work by raising, between two steps; what was done until then is kept."""

    def __init__(self) -> None:
        self._amended = 0
        self._forget()

    def _forget(self) -> None:
        self._chronicle = Chronicle()
        self._cutter = Cutter()
        self._moments: OrderedDict[tuple[int, int, Knobs], Moment] = OrderedDict()

    def _renew(self, store: Store) -> None:
        """Forget what was worked out from rows that are others now."""
        if store.amended != self._amended:
            self._amended = store.amended
            self._forget()

    @property
    def nbytes(self) -> int:
        """Bytes held beside the store."""
        return self._chronicle.nbytes

    # Ahead of a wish -------------------------------------------------------------------------------------------------
    def behind(self, base: Base) -> bool:
        """Whether something waits to be digested, for which there is time once history has been read."""
        return not base.reading and any(map(self._chronicle.lacks, base.store.segments()))

    def catch_up(self, base: Base) -> None:
        """Digest one segment."""
        self._renew(base.store)
        self._chronicle.enlist(base.live.sources.code)
        self._chronicle.keep(base.store)
        self._chronicle.digest(next(filter(self._chronicle.lacks, base.store.segments())))

    # Views -----------------------------------------------------------------------------------------------------------
    @staticmethod
    def state(base: Base, look: Look) -> tuple[object, ...]:
        """What the answer depends on: while it is the same, so is the answer."""
        return look, base.knobs, base.past(look.at).rows, base.store.amended

    def views(self, base: Base, look: Look, check: Check = go_on, *, again: bool = False) -> Iterator[View]:
        """The view of a look; before it a provisional one where verdicts take long, unless it is asked for `again`."""
        self._renew(base.store)
        self._cutter.renew(base.store)
        store = base.past(look.at)
        check()
        if look.at is None:
            yield self._view(base, store, look, None, check)
            return
        key = (look.at, store.rows, base.knobs)
        moment = self._moments.get(key)
        if moment is None and not self._whole(base, store, look.at):
            moment = plain_moment(store, look.at, base.knobs)
        elif moment is None:
            figures = self._figures(base, store, look.at, base.live.sources.code, check)
            early = _early(base, store, look.at, figures)
            if not again and _takes_long(base, store, figures):
                yield self._view(base, store, look, early, check)
            moment = self._judged(base, store, early, figures, check)
        self._moments[key] = moment
        self._moments.move_to_end(key)
        while len(self._moments) > _MOMENTS:
            self._moments.popitem(last=False)
        yield self._view(base, store, look, moment, check)

    def _whole(self, base: Base, store: Store, at: int | None) -> bool:
        """Whether a pause leaves nothing out of `store`: what came after it happened later, too."""
        return base.rows >= base.store.rows or (at is not None and base.store.past(at).rows == store.rows)

    def _figures(self, base: Base, store: Store, at: int, codes: NDArray[np.uint32], check: Check) -> Figures:
        chronicle = self._chronicle
        chronicle.enlist(codes)
        chronicle.keep(base.store)
        for segment in base.store.segments():
            if segment.since <= at:
                check()
                chronicle.digest(segment)
        return chronicle.at(at, store.segments(), check)

    def _judged(self, base: Base, store: Store, early: Moment, figures: Figures, check: Check) -> Moment:
        scans, clusters, site = judged(store, figures if base.listed else None, base.knobs, check)
        check()
        count = early.count
        if not base.listed:
            scanning = np.array([code for scan in scans for code in scan.sources], np.uint32)
            figures = self._figures(base, store, early.at, scanning, check)
            count = len(np.unique(np.concatenate([segment.index()[1] for segment in store.segments()])))
        return replace(
            early,
            sources=table_of(figures, scans),
            count=count,
            scans=scans,
            clusters=clusters,
            judging=judging(site, scans, base.knobs),
            provisional=False,
        )

    def _view(self, base: Base, store: Store, look: Look, moment: Moment | None, check: Check) -> View:
        view = View(look, moment)
        if needs_heat(look, base.live):
            cached = self._whole(base, store, look.at)
            view = replace(view, heat=self._cutter.heat(store, look.heat, look.at, check, cached=cached))
        if look.cell is not None:
            view = replace(view, cell=cell_of(_during(store, look.cell), look.cell, look.heat, check))
        if look.burst is not None:
            view = replace(view, burst=burst_of(_during(store, look.burst), look.burst, store.tables))
        if look.mapped:
            source = look.heat.source
            events = store.batches() if source is None else [store.of_sources(np.array([source], np.uint32))]
            view = replace(view, portmap=port_map(events, source, check))
        if look.matrix:
            table = base.live.sources if moment is None else moment.sources
            codes = table.code[table.order[:_ROWS]]
            view = replace(view, matrix=matrix(store.of_sources(codes), codes, look.heat))
        check()
        return view


def _early(base: Base, store: Store, at: int, figures: Figures) -> Moment:
    """The moment with the verdicts that stood by then, of those the whole run came to."""
    scans, clusters = stood(base.live.scans, base.live.clusters, at)
    table = table_of(figures, scans)
    return Moment(at, store.rows, table, len(table), scans, clusters, base.live.status.judging, provisional=True)


def _takes_long(base: Base, store: Store, figures: Figures) -> bool:
    looked_at = int(figures.column["events"][worth_judging(figures)].sum())
    return not base.listed or store.rows > _LONG or looked_at > _AT_ONCE


def _during(store: Store, wish: CellWish | BurstWish) -> list[Events]:
    codes = None if wish.source is None else np.array([wish.source], np.uint32)
    return store.during(wish.since, wish.until, codes)
