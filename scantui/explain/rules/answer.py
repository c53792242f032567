"""Which rules fire on some packets, on how many, when first; and for those that do not, which clause stopped how many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scantui.explain.rules.clauses import Clause
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Stop:
    """What one clause did: packets it stopped, those it stopped alone (every other clause matched or may have), and those of
    which it cannot tell."""

    clause: Clause
    stopped: int
    alone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A rule on some packets: `matched` + `undecided` + `stopped` = `packets`. Times are microseconds UTC.

    `alerts` is None when a threshold's effect is not worked out."""

    rule: Rule
    packets: int
    matched: int
    undecided: int
    stopped: int
    first: int | None
    alerts: int | None
    first_alert: int | None
    stops: tuple[Stop, ...]
    missing: tuple[str, ...]  # what must be known to decide the undecided

    @property
    def fires(self) -> bool:
        """Whether at least one alert is certain."""
        return bool(self.alerts)

    @property
    def near(self) -> bool:
        """Whether one clause alone kept some packets from it, or something not logged leaves some undecided."""
        return not self.fires and (self.matched > 0 or self.undecided > 0 or any(stop.alone for stop in self.stops))


def answer(rule: Rule, bench: Bench) -> Answer:
    """How the rule did on the packets of `bench`."""
    tally = bench.tally(rule)
    stops, missing = [], []
    for clause, (stopped, alone, unknown, leaves_open) in zip(rule.clauses, tally.clauses, strict=True):
        stops.append(Stop(clause, stopped, alone, unknown))
        if leaves_open and clause.needs not in missing:
            missing.append(clause.needs)
    alerts = bench.alerts(rule, tally.whole.yes)
    total = bench.total
    ts = bench.events.ts
    return Answer(
        rule=rule,
        packets=total,
        matched=tally.matched,
        undecided=tally.undecided,
        stopped=total - tally.matched - tally.undecided,
        first=int(ts[int(np.argmax(tally.whole.yes))]) if tally.matched else None,
        alerts=alerts.count if alerts.computed else None,
        first_alert=int(ts[alerts.rows[0]]) if len(alerts.rows) and alerts.computed else None,
        stops=tuple(stops),
        missing=tuple(missing),
    )


def near_first(found: Answer) -> tuple[int, int, int, int]:
    """Sort key: rules that fire, then those that matched or may have, then those that one clause alone stopped."""
    alone = max((stop.alone for stop in found.stops), default=0)
    return (0 if found.fires else 1, -found.matched, -found.undecided, -alone)
