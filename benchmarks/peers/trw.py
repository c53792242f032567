"""Threshold random walk: Jung, Paxson, Berger, Balakrishnan, "Fast Portscan Detection Using Sequential Hypothesis Testing",
IEEE S&P 2004, with the numbers of Bro's policy/trw-impl.bro (zeek/zeek history, removed 2011).

Target detection probability .99, false positive .01, success of benign first contacts .8, of scanners' .2, state forgotten
after 30 minutes. Each first contact of a (source, host) multiplies the ratio by 4 if refused and by 1/4 if accepted; a scanner
from 99, benign for good at 1/99. Bro's walks over TCP connections; so does this. It finds address scans only.
"""

from __future__ import annotations

from benchmarks.peers.common import SECOND, Flag, packets
from scantui.events import ACK, RST, SYN, Events, Proto
from scantui.events import PROTO_NUMBER as NUMBER

P_D, P_F, THETA_0, THETA_1 = 0.99, 0.01, 0.8, 0.2
SCANNER, BENIGN = P_D / P_F, (1 - P_D) / (1 - P_F)
FAILURE, SUCCESS = (1 - THETA_1) / (1 - THETA_0), THETA_1 / THETA_0
EXPIRE = 1_800 * SECOND


def flags(events: Events) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    friendly: set[int] = set()
    last: dict[int, int] = {}
    hosts: dict[int, set[int]] = {}
    ratio: dict[int, float] = {}
    for p in packets(events):
        if p.proto != NUMBER[Proto.TCP] or p.flags is None or p.flags & (SYN | ACK | RST) != SYN:
            continue
        if p.src in found or p.src in friendly:
            continue
        if p.ts - last.get(p.src, -EXPIRE) >= EXPIRE:
            hosts[p.src], ratio[p.src] = set(), 1.0
        last[p.src] = p.ts
        if p.dst in hosts[p.src]:
            continue
        hosts[p.src].add(p.dst)
        ratio[p.src] *= FAILURE if p.refused else SUCCESS
        if ratio[p.src] >= SCANNER:
            found[p.src] = Flag(p.ts, "horizontal")
        elif ratio[p.src] <= BENIGN:
            friendly.add(p.src)
    return found
