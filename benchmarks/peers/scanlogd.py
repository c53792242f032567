"""scanlogd 2.2.8: `process_packet` in scanlogd.c, numbers in params.h (openwall/scanlogd@0490acf).

A source's new destination ports weigh 3 below 1024 and 1 above; 21 make a scan, with at most 3 s between two new ports. IPv4
TCP only; a packet with ACK or RST to a new port is passed over. It sees every packet, so accepted ones count. Its limits of
memory (256 sources) and of alerts (5 in 20 s) are left out: they only lose.
"""

from __future__ import annotations

from benchmarks.peers.common import SECOND, Flag, packets
from scantui.events import ACK, RST, Events, Proto
from scantui.events import PROTO_NUMBER as NUMBER
from scantui.tables import HANDLES_FROM

THRESHOLD, PRIVILEGED, HIGH, DELAY = 21, 3, 1, 3 * SECOND


def flags(events: Events) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    last: dict[int, int] = {}
    ports: dict[int, set[int]] = {}
    weight: dict[int, int] = {}
    for p in packets(events):
        if p.proto != NUMBER[Proto.TCP] or p.dport is None or p.flags is None or p.src >= HANDLES_FROM:
            continue
        if p.src in found:
            continue
        known = p.ts - last.get(p.src, -DELAY - 1) <= DELAY
        if (known and p.dport in ports[p.src]) or p.flags & (ACK | RST if known else ACK):
            continue
        if not known:
            ports[p.src], weight[p.src] = set(), 0
        last[p.src] = p.ts
        ports[p.src].add(p.dport)
        weight[p.src] += PRIVILEGED if p.dport < 1024 else HIGH
        if weight[p.src] >= THRESHOLD:
            found[p.src] = Flag(p.ts, "vertical")
    return found
