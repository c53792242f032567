"""Clauses: one condition of a rule as a test over event columns with three answers: yes, no, or not to be known."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events, Proto
from scantui.explain.rules.members import V6_FROM, Members
from scantui.explain.rules.ranges import Bools, Ranges
from scantui.tables import BROADCAST, HANDLES_FROM, NO_ADDRESS

TITLES = {
    "src": "source address",
    "dst": "destination address",
    "sport": "source port",
    "dport": "destination port",
    "flags": "TCP flags",
    "ttl": "TTL",
    "ip_id": "IP ID",
    "window": "TCP window",
    "length": "IP length",
    "seq": "TCP sequence number",
    "ack": "TCP ACK number",
    "icmp_type": "ICMP type",
    "icmp_code": "ICMP code",
    "frag": "fragment bits",
    "proto_num": "IP protocol",
}


class Three(NamedTuple):
    """One answer a row. Where neither is set the answer is no; both are never set."""

    yes: Bools
    unknown: Bools


Test = Callable[[Events], Three]


@dataclass(frozen=True, eq=False)
class Clause:
    """`option` is the keyword, `text` the clause as one says it, `needs` what must be known to decide it.

    Clauses of one `key` give the same answers."""

    option: str
    text: str
    needs: str
    test: Test
    key: tuple[Hashable, ...]


def yes_or_no(yes: Bools) -> Three:
    return Three(yes, np.zeros(len(yes), np.bool_))


def both(one: Three, other: Three) -> Three:
    """Yes where both are, no where one is."""
    yes = one.yes & other.yes
    return Three(yes, (one.yes | one.unknown) & (other.yes | other.unknown) & ~yes)


def known_as(column: str, events: Events, test: Callable[[NDArray[np.int64]], Bools]) -> Three:
    """`test` of a nullable column; unknown where the log did not say it."""
    said = events.is_known(column)
    found = test(getattr(events, column).astype(np.int64))
    return Three(found & said, ~said)


def is_proto(events: Events, *protos: Proto) -> Three:
    """Rows of these protocols; unknown where the log names none."""
    said = events.proto != Proto.UNKNOWN
    found = np.zeros(len(events), np.bool_)
    for proto in protos:
        found |= events.proto == proto
    return Three(found, ~said)


def number(option: str, text: str, column: str, ranges: Ranges, *protos: Proto) -> Clause:
    """A numeric column must be in `ranges`, in packets of these protocols (any if none)."""

    def test(events: Events) -> Three:
        found = known_as(column, events, ranges.holds)
        return both(is_proto(events, *protos), found) if protos else found

    return Clause(option, text, TITLES[column], test, (option, column, ranges.spans, protos))


def address(option: str, text: str, column: str, members: Members) -> Clause:
    """An address column must be among `members`."""
    members_set = members.set

    def test(events: Events) -> Three:
        codes = getattr(events, column)
        numbers = codes.astype(np.int64)
        sure, maybe = members_set.sure.holds(numbers), members_set.maybe.holds(numbers)
        odd = np.flatnonzero((codes >= HANDLES_FROM) & (codes != BROADCAST))
        for code in np.unique(codes[odd]).tolist():
            rows = odd[codes[odd] == code]
            if code == NO_ADDRESS:
                sure[rows], maybe[rows] = members_set.everything, not members_set.empty
            else:
                packed = events.tables.addresses.packed(code)
                value = int.from_bytes(packed, "big") + (V6_FROM if len(packed) == 16 else 0)
                sure[rows], maybe[rows] = value in members_set.sure, value in members_set.maybe
        return Three(sure, maybe & ~sure)

    needs = " and ".join(f"the value of ${name}" for name in members.undefined) or TITLES[column]
    key = (option, column, members_set.sure.spans, members_set.maybe.spans)
    return Clause(option, text, needs, test, key)


def port(option: str, text: str, column: str, members: Members, ported: bool) -> Clause:
    """A port column must be among `members`. `ported` is false under `ip` and `icmp`, where engines differ on ports."""
    members_set = members.set

    def test(events: Events) -> Three:
        if not ported:
            return Three(np.zeros(len(events), np.bool_), np.ones(len(events), np.bool_))
        said = events.is_known(column)
        numbers = getattr(events, column).astype(np.int64)
        sure, maybe = members_set.sure.holds(numbers), members_set.maybe.holds(numbers)
        return Three(sure & said, np.where(said, maybe & ~sure, not members_set.empty))

    needs = " and ".join(f"the value of ${name}" for name in members.undefined) or (
        TITLES[column] if ported else "what the engine makes of ports without TCP or UDP"
    )
    key = (option, column, members_set.sure.spans, members_set.maybe.spans, ported)
    return Clause(option, text, needs, test, key)


def undecidable(option: str, text: str, needs: str) -> Clause:
    """A clause no log of packets headers can decide."""

    def test(events: Events) -> Three:
        return Three(np.zeros(len(events), np.bool_), np.ones(len(events), np.bool_))

    return Clause(option, text, needs, test, ("undecidable",))
