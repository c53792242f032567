"""Clauses on the payload: how long it can be, and that a log of headers does not show it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.events import SYN, Events, Proto
from scantui.explain.rules.clauses import Clause, Three
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.numbers import number_range
from scantui.explain.rules.ranges import Bools
from scantui.safe_text import harmless
from scantui.tables import HANDLES_FROM

_IP4, _IP4_MOST, _IP6 = 20, 60, 40  # header bytes (RFC 791 §3.1, RFC 8200 §3)
_TCP, _TCP_MOST, _UDP, _ICMP = 20, 60, 8, 8  # RFC 9293 §3.1, RFC 768, RFC 792


def payload_bounds(events: Events) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
    """Least and most payload bytes of each row, and whether the log bounds it at all (length and protocol known)."""
    said = events.is_known("length")
    least = np.zeros(len(events), np.int64)
    most = np.zeros(len(events), np.int64)
    length = events.length.astype(np.int64)
    six = (events.src >= HANDLES_FROM) & (events.dst >= HANDLES_FROM)
    shortest = np.where(six, _IP6, _IP4)
    longest = np.where(six, 65_535, _IP4_MOST)  # IPv6 extension headers have no bound but the packet
    tcp = events.proto == Proto.TCP
    options = np.zeros(len(events), np.int64)
    has_options = events.tcp_options > 0
    for code in np.unique(events.tcp_options[has_options]).tolist():
        options[events.tcp_options == code] = (len(events.tables.texts.text(code)) + 1) // 2
    for rows, low, high in (
        (tcp, np.where(has_options, _TCP + options, _TCP), np.where(has_options, _TCP + options, _TCP_MOST)),
        (events.proto == Proto.UDP, np.int64(_UDP), np.int64(_UDP)),
        ((events.proto == Proto.ICMP) | (events.proto == Proto.ICMP6), np.int64(_ICMP), np.int64(_ICMP)),
    ):
        most = np.where(rows, length - shortest - low, most)
        least = np.where(rows, length - longest - high, least)
    bounded = said & (tcp | np.isin(events.proto, (Proto.UDP, Proto.ICMP, Proto.ICMP6)))
    return np.maximum(least, 0), np.maximum(most, 0), bounded


def payload_size(value: str, dialect: Dialect) -> Clause:
    """`dsize`. Raises RuleError."""
    ranges = number_range("dsize", value, 65_535, dialect)

    def test(events: Events) -> Three:
        least, most, bounded = payload_bounds(events)
        yes = np.zeros(len(events), np.bool_)
        perhaps = np.zeros(len(events), np.bool_)
        for low, high in ranges.spans:
            yes |= (least >= low) & (most <= high)
            perhaps |= (least <= high) & (most >= low)
        yes &= bounded
        return Three(yes, (perhaps | ~bounded) & ~yes)

    needs = "the payload's length (IP length and TCP options tell it)"
    return Clause("dsize", f"dsize {harmless(value.strip(), 20)}", needs, test, ("dsize", ranges.spans))


def carries(keyword: str, wanted: int, strange: bool) -> Clause:
    """A keyword on the payload. `wanted`: how many of it ask for something; a SYN without payload has nothing to find."""

    def test(events: Events) -> Three:
        unknown = np.ones(len(events), np.bool_)
        if wanted and keyword in ("content", "pcre", "uricontent"):
            _, most, bounded = payload_bounds(events)
            syn = (events.proto == Proto.TCP) & events.is_known("flags") & ((events.flags & SYN) != 0)
            unknown &= ~(syn & bounded & (most == 0))
        return Three(np.zeros(len(events), np.bool_), unknown)

    name = harmless(keyword, 40)
    needs = f"{name} (a keyword scantui does not know)" if strange else f"{name}: the payload"
    return Clause(name, name, needs, test, ("payload", keyword, wanted > 0))
