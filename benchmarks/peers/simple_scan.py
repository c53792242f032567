"""Zeek's package simple-scan: scripts/scan.zeek (ncsa/bro-simple-scan@3e7802f).

A remote source with 25 distinct failed (victim, port), or 20 hosts on one port, its table kept until 15 minutes pass without
one. Only connections whose whole history is an unanswered or rejected plain SYN (`S`, `SW`, `Sr`, `SWr`) count. Sources are
taken as remote and no network as dark: the package's own defaults when nothing is configured.
"""

from __future__ import annotations

from collections import Counter

from benchmarks.peers.common import SECOND, Flag, packets
from scantui.events import ACK, FIN, RST, SYN, Events, Proto
from scantui.events import PROTO_NUMBER as NUMBER

ATTEMPTS, KNOCKS, TIMEOUT, FEW = 25, 20, 900 * SECOND, 5


def _kind(attempts: set[tuple[int, int]]) -> str:
    hosts, ports = {host for host, _ in attempts}, {port for _, port in attempts}
    if len(ports) == 1:
        return "horizontal"
    if len(hosts) == 1:
        return "vertical"
    return "horizontal" if len(ports) <= FEW else "vertical" if len(hosts) <= FEW else "block"


def flags(events: Events) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    last: dict[int, int] = {}
    attempts: dict[int, set[tuple[int, int]]] = {}
    ports: dict[int, Counter[int]] = {}
    for p in packets(events):
        if not p.refused or p.proto != NUMBER[Proto.TCP] or p.dport is None or p.flags is None:
            continue
        if p.flags & (SYN | ACK | RST | FIN) != SYN or p.src in found:
            continue
        if p.ts - last.get(p.src, -TIMEOUT) >= TIMEOUT:
            attempts[p.src], ports[p.src] = set(), Counter()
        last[p.src] = p.ts
        if (p.dst, p.dport) in attempts[p.src]:
            continue
        attempts[p.src].add((p.dst, p.dport))
        ports[p.src][p.dport] += 1
        if len(attempts[p.src]) >= ATTEMPTS or ports[p.src][p.dport] >= KNOCKS:
            found[p.src] = Flag(p.ts, _kind(attempts[p.src]))
    return found
