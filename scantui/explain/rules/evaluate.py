"""Rules over a batch of events: every clause once, equal clauses of many rules together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events, without_notices
from scantui.explain.rules.clauses import Clause, Three
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.limits import Limit, alerting
from scantui.explain.rules.members import V6_FROM, Members
from scantui.explain.rules.ranges import Bools
from scantui.explain.rules.rule import Rule

_CACHE = 96 << 20  # bytes of answers kept for further rules
_MOST_REPEATED = 4_000_000  # packets; rows that stand for more are counted once each for thresholds


@dataclass(frozen=True, slots=True)
class Alerts:
    """Rows that alert and how often in all. `computed` is false when a threshold's effect is not worked out."""

    rows: NDArray[np.int64]
    count: int
    computed: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """A rule's own answer, and for each of its clauses: packets stopped, stopped by it alone, unknown to it, and whether it
    leaves some open that no clause stops. Rules of equal clauses have one tally."""

    whole: Three
    matched: int
    undecided: int
    clauses: tuple[tuple[int, int, int, bool], ...]


class Bench:
    """Packets in order of time, and what clauses said of them."""

    def __init__(self, events: Events, cache: int = _CACHE) -> None:
        events = without_notices(events)
        ordered = bool(len(events) < 2 or np.all(events.ts[1:] >= events.ts[:-1]))
        self.events = events if ordered else events.take(np.argsort(events.ts, kind="stable"))
        self._said: OrderedDict[tuple[Hashable, ...], Three] = OrderedDict()
        self._stops_all: dict[Hashable, bool] = {}
        self._tallies: OrderedDict[Hashable, Tally] = OrderedDict()
        self._most = max(16, cache // max(2 * len(events), 1))

    def __len__(self) -> int:
        return len(self.events)

    @cached_property
    def weight(self) -> NDArray[np.int64]:
        """Packets a row stands for."""
        return self.events.count.astype(np.int64)

    @cached_property
    def single(self) -> bool:
        """Whether every row is one packet."""
        return bool((self.weight == 1).all())

    @cached_property
    def total(self) -> int:
        """All packets."""
        return int(self.weight.sum())

    def packets(self, rows: Bools) -> int:
        return int(np.count_nonzero(rows)) if self.single else int(self.weight[rows].sum())

    def ask(self, clause: Clause) -> Three:
        """What a clause says of every row."""
        said = self._said.get(clause.key)
        if said is None:
            said = self._said[clause.key] = clause.test(self.events)
            if len(self._said) > self._most:
                self._said.popitem(last=False)
        else:
            self._said.move_to_end(clause.key)
        return said

    def hopeless(self, rule: Rule) -> bool:
        """Whether two clauses each stop every packet: the rule neither matches nor comes near."""
        if rule.back:
            return False
        stopped = 0
        for clause in rule.clauses:
            if clause.key not in self._stops_all:
                said = self.ask(clause)
                self._stops_all[clause.key] = not (said.yes.any() or said.unknown.any())
            stopped += self._stops_all[clause.key]
            if stopped == 2:
                return True
        return False

    def clauses(self, rule: Rule) -> list[Three]:
        """What each of `rule.clauses` says. Of a rule that reads both ways, in the way that comes closer to a match."""
        header = [self.ask(clause) for clause in rule.header]
        if rule.back:
            back = [self.ask(clause) for clause in rule.back]
            turned = self._distance(back) < self._distance(header)
            header = [
                Three(np.where(turned, b.yes, a.yes), np.where(turned, b.unknown, a.unknown))
                for a, b in zip(header, back, strict=True)
            ]
        return header + [self.ask(clause) for clause in rule.rest]

    def _distance(self, said: list[Three]) -> NDArray[np.int32]:
        """How far from a match: a no weighs more than any number of unknowns."""
        far = np.zeros(len(self), np.int32)
        for one in said:
            far += np.where(one.yes, 0, np.where(one.unknown, 1, 100)).astype(np.int32)
        return far

    def whole(self, said: list[Three]) -> Three:
        """The rule's own answer from its clauses'."""
        yes = np.ones(len(self), np.bool_)
        possible = np.ones(len(self), np.bool_)
        for one in said:
            yes &= one.yes
            possible &= one.yes | one.unknown
        return Three(yes, possible & ~yes)

    def verdict(self, rule: Rule) -> Three:
        """What the rule says of every row."""
        return self.whole(self.clauses(rule))

    def tally(self, rule: Rule) -> Tally:
        """What a rule and its clauses say, in numbers."""
        key = tuple(tuple(clause.key for clause in part) for part in (rule.header, rule.back, rule.rest))
        found = self._tallies.get(key)
        if found is None:
            found = self._tallies[key] = self._count(rule)
            if len(self._tallies) > self._most:
                self._tallies.popitem(last=False)
        return found

    def _count(self, rule: Rule) -> Tally:
        said = self.clauses(rule)
        whole = self.whole(said)
        refused = np.zeros(len(self), np.int32)
        for one in said:
            refused += (~(one.yes | one.unknown)).astype(np.int32)
        counts = []
        for one in said:
            no = ~(one.yes | one.unknown)
            alone = no & (refused == 1)
            open_ = bool((one.unknown & whole.unknown).any())
            counts.append((self.packets(no), self.packets(alone), self.packets(one.unknown), open_))
        return Tally(whole, self.packets(whole.yes), self.packets(whole.unknown), tuple(counts))

    def alerts(self, rule: Rule, matched: Bools) -> Alerts:
        """Which matches alert, after the rule's thresholds."""
        rows = np.flatnonzero(matched)
        if not len(rows) or rule.silent or not rule.enabled or not rule.loads:
            return Alerts(rows[:0], 0, True)
        if not self.single and self.packets(matched) <= _MOST_REPEATED:
            rows = np.repeat(rows, self.weight[rows])
        computed = True
        for limit in sorted(rule.limits, key=lambda limit: limit.kind != "detection_filter"):
            if not limit.computable(self.events, rows):
                computed = False
            elif limit.kind == "suppress":
                rows = rows[~self._suppressed(limit, rows)]
            else:
                rows = rows[alerting(limit, self.events, rows, rule.dialect is Dialect.SURICATA)]
        count = len(rows) if rule.limits or self.single else self.packets(matched)
        return Alerts(rows, count, computed)

    def _suppressed(self, limit: Limit, rows: NDArray[np.int64]) -> Bools:
        if limit.members is None:
            return np.ones(len(rows), np.bool_)
        codes = (self.events.src if limit.track == "by_src" else self.events.dst)[rows]
        found = np.zeros(len(rows), np.bool_)
        for code in np.unique(codes).tolist():
            found[codes == code] = self._among(limit.members, code)
        return found

    def _among(self, members: Members, code: int) -> bool:
        text = self.events.tables.addresses.text(code)
        if not text:
            return False
        packed: Any = self.events.tables.addresses.packed(code)
        return int.from_bytes(packed, "big") + (V6_FROM if len(packed) == 16 else 0) in members.set.sure
