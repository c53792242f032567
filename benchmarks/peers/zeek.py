"""Zeek's scan policy: scripts/policy/misc/scan.zeek (zeek/zeek@2743864; removed in 2023, the rule most people know).

`addr_scan_threshold` 25 hosts on one port, `port_scan_threshold` 15 ports of one host, over epochs of 5 minutes that begin
with the key's first observation (SumStats). It observes failed TCP connections only: an unanswered or rejected SYN. A SYN-FIN
counts (its handshake state is the same); FIN, NULL, XMAS and ACK probes make no connection attempt.
"""

from __future__ import annotations

from benchmarks.peers.common import SECOND, Flag, packets
from scantui.events import ACK, RST, SYN, Events, Proto
from scantui.events import PROTO_NUMBER as NUMBER

HOSTS, PORTS, EPOCH = 25, 15, 300 * SECOND


def any_flags(events: Events) -> dict[int, Flag]:
    """The same numbers over every refused TCP packet without ACK or RST: what the rule could find if it looked."""
    return flags(events, needed=0)


def flags(events: Events, needed: int = SYN) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    began: dict[tuple[str, int, int], int] = {}
    seen: dict[tuple[str, int, int], set[int]] = {}
    for p in packets(events):
        if not p.refused or p.proto != NUMBER[Proto.TCP] or p.dport is None or p.flags is None:
            continue
        if p.flags & (needed | ACK | RST) != needed or p.src in found:
            continue
        for key, item, most, kind in (
            (("port", p.src, p.dport), p.dst, HOSTS, "horizontal"),
            (("host", p.src, p.dst), p.dport, PORTS, "vertical"),
        ):
            if p.ts - began.get(key, -EPOCH) >= EPOCH:
                began[key], seen[key] = p.ts, set()
            seen[key].add(item)
            if len(seen[key]) >= most:
                found.setdefault(p.src, Flag(p.ts, kind))
    return found
