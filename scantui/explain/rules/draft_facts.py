"""What the packets of a scan have in common: the ground on which rules for it are drafted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Events, Proto, flag_text
from scantui.explain.rules.draft_lists import Hosts, hosts

SIX = SYN | FIN | RST | PSH | ACK | URG
WINDOW = 60_000_000  # microseconds of the drafted detection_filter
_MOST_COUNT = 20
_PROTOS = {Proto.TCP: "tcp", Proto.UDP: "udp", Proto.ICMP: "icmp"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the log says of all packets of a scan's commonest protocol. `sets`: distinct flag sets; empty when not logged."""

    proto: str
    sources: Hosts
    targets: Hosts
    sport: int | None
    ports: tuple[int, ...]
    sets: tuple[int, ...]
    constant: dict[str, int]
    icmp: tuple[int, ...]
    filter_count: int

    @property
    def six(self) -> bool:
        return 6 in (self.sources.version, self.targets.version)

    @property
    def without_ecn(self) -> set[int]:
        return {flags & SIX for flags in self.sets}

    @property
    def odd(self) -> int:
        """Flags that all packets have and that no opening packet of a connection has together; 0 when there are none."""
        if not self.sets:
            return 0
        common = SIX
        for flags in self.sets:
            common &= flags
        usual = common & ~PSH in (SYN, ACK, SYN | ACK, RST, RST | ACK, FIN | ACK)
        return 0 if usual else common

    @property
    def telling(self) -> bool:
        """Whether the flags alone set these packets apart from the opening of a connection."""
        return bool(self.odd) or self.without_ecn == {0}

    @property
    def label(self) -> str:
        return "/".join(flag_text(flags & SIX) for flags in self.sets[:3]) if self.sets else self.proto.upper()


def facts(events: Events) -> Facts | None:
    """None when the log does not tell a protocol that rules are drafted for."""
    numbers, counts = np.unique(events.proto[events.proto != Proto.UNKNOWN], return_counts=True)
    main = Proto(int(numbers[np.argmax(counts)])) if len(numbers) else Proto.UNKNOWN
    if main not in _PROTOS:
        return None
    proto = _PROTOS[main]
    events = events.take(events.proto == main)
    flagged = proto == "tcp" and events.is_known("flags").all()
    constant = {}
    for name in ("ip_id", "window", "seq", "ack"):
        values = getattr(events, name)
        if len(events) > 1 and events.is_known(name).all() and (values == values[0]).all():
            constant[name] = int(values[0])
    sport = np.unique(events.sport[events.is_known("sport")])
    typed = proto == "icmp" and events.is_known("icmp_type").all()
    return Facts(
        proto=proto,
        sources=hosts(events.src, events.tables.addresses),
        targets=hosts(events.dst, events.tables.addresses),
        sport=int(sport[0]) if len(sport) == 1 and events.is_known("sport").all() else None,
        ports=tuple(np.unique(events.dport).tolist()) if events.is_known("dport").all() else (),
        sets=tuple(np.unique(events.flags & 0xFF).tolist()) if flagged else (),
        constant=constant,
        icmp=tuple(np.unique(events.icmp_type).tolist()) if typed else (),
        filter_count=_filter_count(events),
    )


def _filter_count(events: Events) -> int:
    """A count that the busiest source of these packets passes within the window: half of what it sent, at most 20."""
    best = 0
    for code in np.unique(events.src).tolist()[:64]:
        ts = np.sort(events.ts[events.src == code])
        within = np.searchsorted(ts, ts + WINDOW - 1_000_000, side="left") - np.arange(len(ts))
        best = max(best, int(within.max(initial=0)))
    return max(0, min(_MOST_COUNT, best // 2))
