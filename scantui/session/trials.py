"""The user's rules on the selected source: what each did on its episode, and what it would have done in the whole log."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from scantui.detect.scan import Scan, Verdict
from scantui.events import Events, without_notices
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.reach import Reach, Yard
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import Ruleset, read_rules
from scantui.explain.rules.trial import Outcome, Subject, Trial, try_on
from scantui.session.engine import Engine

_NEWEST = 1 << 18  # events that a live run measures reach on
_CACHE = 16 << 20  # bytes of their clauses' answers
_GROWN = 1.3  # growth of log or episode from which reach is measured anew
_ALWAYS = 4_000_000  # rules times packets up to which an episode is tried at every look
_EPISODE_GROWN = 1.1


class Trials:
    """Asks an engine. Reach is kept until the log or the episode has grown, so that looking on costs little."""

    def __init__(self, engine: Engine, rules: Ruleset | None, *, whole: bool) -> None:
        self._engine = engine
        self._rules = rules or read_rules([])
        self._whole = whole
        self._yard: Yard | None = None
        self._yard_rows = 0
        self._known: dict[str, int] = {}  # events that the yard's scans had
        self._reaches: dict[Hashable, Reach] = {}
        self._trial: Trial | None = None
        self._trial_of: tuple[str, int] = ("", 0)

    def of(self, address: str, scan: Scan | None, events: Events) -> Outcome | None:
        """The rules on a scan, or on all `events` of a source (in time order) without one. None when there is nothing to try,
        or no event."""
        hostile = scan is not None and scan.verdict is not Verdict.BENIGN
        if not hostile and not self._rules.rules:
            return None
        texts = events.tables.addresses
        if scan is not None:
            sources = tuple(texts.text(code) for code in scan.sources)
            subject = Subject(scan.id, sources, self._of_scan(scan), scan)
        else:
            subject = Subject(address, (address,), without_notices(events))
        if not len(subject.events):
            return None
        yard = self._measured(subject)
        if self._due(subject):
            self._trial = try_on(subject, self._rules, self._reach)
            self._trial_of = (subject.id, len(subject.events))
        assert self._trial is not None
        listed = tuple((one.answer.rule, self._reach(one.answer.rule)) for one in self._trial.tried)
        return Outcome(self._rules, yard.extent, listed, (self._trial,))

    def _of_scan(self, scan: Scan) -> Events:
        events = without_notices(self._engine.store.of_sources(np.array(scan.sources, np.uint32)))
        events = events.take((events.ts >= scan.first) & (events.ts <= scan.last))
        return events.take(np.argsort(events.ts, kind="stable"))

    def _due(self, subject: Subject) -> bool:
        """Whether the trial is of another episode, or of one that has grown enough for its cost."""
        name, rows = self._trial_of
        now = len(subject.events)
        cheap = now * max(1, len(self._rules.rules)) <= _ALWAYS
        return name != subject.id or now < rows or (now != rows and (cheap or now > rows * _EPISODE_GROWN))

    def _measured(self, subject: Subject) -> Yard:
        """The events that reach is measured on: anew when the log, or what was asked for, has grown since."""
        store = self._engine.store
        yard = self._yard
        if yard is None or store.rows > self._yard_rows * _GROWN + 1000 or self._is_news(subject, yard):
            events = store.everything() if self._whole else store.newest(_NEWEST)
            newest_only = not self._whole and len(events) < store.rows
            bench = Bench(events) if self._whole else Bench(events, cache=_CACHE)
            yard = self._yard = Yard(bench, self._engine.scans, newest_only=newest_only)
            self._yard_rows, self._reaches, self._trial_of = store.rows, {}, ("", 0)
            self._known = {scan.id: scan.events for scan in yard.scans} | {subject.id: len(subject.events)}
        return yard

    def _is_news(self, subject: Subject, yard: Yard) -> bool:
        """Whether much of a subject is not among the events measured."""
        known = self._known.get(subject.id)
        if known is None:
            hostile = subject.scan is not None and subject.scan.verdict is not Verdict.BENIGN
            return hostile or int(subject.events.ts[-1]) > (yard.extent.last or 0)
        return len(subject.events) > known * _GROWN

    def _reach(self, rule: Rule) -> Reach:
        assert self._yard is not None
        parts = (rule.header, rule.back, rule.rest)
        limits = (rule.dialect, *(limit.text for limit in rule.limits)) if rule.limits else ()
        key = (*(tuple(clause.key for clause in part) for part in parts), limits, rule.silent, rule.enabled, rule.loads)
        found = self._reaches.get(key)
        if found is None:
            found = self._reaches[key] = self._yard.reach(rule)
        return found
