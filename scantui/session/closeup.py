"""The close-up: the detail of the selected source, kept until something in it changes. Only the worker may read inputs."""

from __future__ import annotations

from dataclasses import replace

from scantui.session.detail import detail_of
from scantui.session.engine import Engine
from scantui.session.options import Feed, Options
from scantui.session.past import Moment
from scantui.session.trials import Trials
from scantui.session.why import Why, chosen
from scantui.snapshot import Detail


class CloseUp:
    """Asks an engine and what knows about its sources. A `whole` run is one that has ended."""

    def __init__(self, engine: Engine, feed: Feed, options: Options, *, whole: bool) -> None:
        self._engine = engine
        self._feed = feed
        self._desk = options.desk
        self.why = Why(engine, options)
        self._rules, self._whole = options.rules, whole
        self._trials = Trials(engine, options.rules, whole=whole)
        self._key: tuple[object, ...] = ()
        self._detail: Detail | None = None

    def stale(self) -> None:
        """Make the detail anew though no event came."""
        self._key = ()

    def of(self, code: int | None, episode: int | None, rows: int, moment: Moment | None) -> Detail | None:
        """The detail of a source by the first `rows` events, or by what was known at a moment; of its episode that began at
        `episode`, else of the weightiest. None for no source."""
        if code is None:
            return None
        engine = self._engine
        clusters = engine.clusters if moment is None else moment.clusters
        key = (code, episode, moment or rows, id(clusters), self._desk.version if self._desk is not None else 0)
        if key != self._key:
            self._detail, self._key = self._make(code, episode, rows, moment, self._trials), key
        return self._detail

    def dossier(self, code: int, rows: int, moment: Moment | None = None) -> Detail:
        """The detail of any source, made for this once; as `of` otherwise."""
        return self._make(code, None, rows, moment, Trials(self._engine, self._rules, whole=self._whole))

    def _make(self, code: int, episode: int | None, rows: int, moment: Moment | None, trials: Trials) -> Detail:
        engine = self._engine
        clusters = engine.clusters if moment is None else moment.clusters
        store = engine.store if moment is None else engine.store.past(moment.at, rows)
        if moment is None:
            events, episodes = engine.judge_alone(code, rows)
        else:
            events, episodes = moment.of_source(code, store)
        place = self.why.place(code) if len(events) else None
        best = chosen(episodes, episode)
        why = self.why.explain(code, events, best, clusters, place, store)
        made = detail_of(code, events, episodes, clusters, self._feed.sources(), self._fetch, why, place, best)
        return replace(made, rules=trials.of(engine.tables.addresses.text(code), best, events))

    def _fetch(self, source: int, offset: int, length: int) -> bytes | None:
        """A line again, as people read it."""
        raw = self._feed.fetch(source, offset, length)
        return raw and self._engine.reader.legible(source, offset, raw)
