"""psad 2.4.6 without its Snort signatures: `assign_danger_level` and psad.conf's defaults (Debian package psad 2.4.6-3).

Only drops and rejects count, and no TCP packet with ACK or RST (`IGNORE_CONNTRACK_BUG_PKTS Y`). A pair (source, host) counts
when it has 5 packets or its source has 10 hosts, and then only with two ports or more (`PORT_RANGE_SCAN_THRESHOLD 1`; of ICMP
the packets are counted instead), 5 protocols, or the source's 10 hosts. Its level: 15 packets 2, 150 3, 1500 4, 10000 5; the
source's: 20 hosts 2, 50 3, 100 4, 500 5. A pair is forgotten an hour after it began (`SCAN_TIMEOUT 3600`,
`ENABLE_PERSISTENCE N`). Reported here from level 2.
"""

from __future__ import annotations

from benchmarks.peers.common import SECOND, Flag, Packet, packets
from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Events, Proto
from scantui.events import PROTO_NUMBER as NUMBER

PACKETS = (5, 15, 150, 1_500, 10_000)
HOSTS = (10, 20, 50, 100, 500)
PORT_RANGE, PROTOCOLS, TIMEOUT = 1, 5, 3_600 * SECOND
REPORTED = 2
PORTED = (NUMBER[Proto.TCP], NUMBER[Proto.UDP])
# psad's names for what it saw (its scan status and its signatures by flags; a NULL scan's can never match).
TECHNIQUES = {SYN: "syn", FIN: "fin", FIN | PSH | URG: "xmas", SYN | FIN: "syn-fin"}


class _Pair:
    def __init__(self, ts: int) -> None:
        self.began, self.count, self.low, self.high = ts, 0, 65_535, 0
        self.protocols: set[int] = set()

    def add(self, p: Packet) -> None:
        self.count += 1
        self.protocols.add(p.proto)
        if p.dport is not None and p.proto in PORTED:
            self.low, self.high = min(self.low, p.dport), max(self.high, p.dport)

    @property
    def range(self) -> int:
        return self.high - self.low if self.high else self.count


def level(pair: _Pair, hosts: int) -> int:
    """The danger level a pair gives its source, which reached so many hosts."""
    if pair.count < PACKETS[0] and hosts < HOSTS[0]:
        return 0
    if pair.range < PORT_RANGE and len(pair.protocols) < PROTOCOLS and hosts < HOSTS[0]:
        return 0
    return max(1, sum(pair.count >= least for least in PACKETS), sum(hosts >= least for least in HOSTS))


def _kind(pair: _Pair, hosts: int) -> str:
    if len(pair.protocols) >= PROTOCOLS:
        return "protocol"
    return "horizontal" if hosts >= HOSTS[0] and (not pair.high or pair.low == pair.high) else "vertical"


def flags(events: Events, timeout: int = TIMEOUT) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    pairs: dict[int, dict[int, _Pair]] = {}
    for p in packets(events):
        if not p.refused or p.src in found or (p.flags is not None and p.flags & (ACK | RST)):
            continue
        if p.dport is None and p.proto in PORTED:
            continue  # fragments: its patterns want ports
        of = pairs.setdefault(p.src, {})
        for host in [host for host, pair in of.items() if p.ts - pair.began >= timeout]:
            del of[host]
        pair = of.setdefault(p.dst, _Pair(p.ts))
        pair.add(p)
        if level(pair, len(of)) >= REPORTED:
            udp = "udp" if p.proto == NUMBER[Proto.UDP] else None
            technique = TECHNIQUES.get(p.flags & ~0xC0) if p.flags is not None else udp
            found[p.src] = Flag(p.ts, _kind(pair, len(of)), technique)
    return found
