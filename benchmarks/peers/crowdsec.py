"""CrowdSec's scenarios/crowdsecurity/iptables-scan-multi_ports.yaml (crowdsecurity/hub).

Dropped TCP packets, a bucket a source: distinct destination ports pour in, one leaks every 5 s, and it overflows above 15. (The
file as of hub@039f036 lets UDP in as well; `protocols` tells.) The bucket, with the ports it has met, is gone once empty.
"""

from __future__ import annotations

from benchmarks.peers.common import SECOND, Flag, packets
from scantui.events import PROTO_NUMBER as NUMBER
from scantui.events import Events, Proto

CAPACITY, LEAK = 15, 5 * SECOND


def flags(events: Events, protocols: tuple[Proto, ...] = (Proto.TCP,)) -> dict[int, Flag]:
    found: dict[int, Flag] = {}
    numbers = {NUMBER[proto] for proto in protocols}
    level: dict[int, float] = {}
    last: dict[int, int] = {}
    ports: dict[int, set[int]] = {}
    for p in packets(events):
        if not p.refused or p.proto not in numbers or p.dport is None or p.src in found:
            continue
        left = level.get(p.src, 0.0) - (p.ts - last.get(p.src, p.ts)) / LEAK
        if left <= 0:
            left, ports[p.src] = 0.0, set()
        level[p.src], last[p.src] = left, p.ts
        if p.dport in ports[p.src]:
            continue
        ports[p.src].add(p.dport)
        level[p.src] = left + 1
        if level[p.src] > CAPACITY:
            found[p.src] = Flag(p.ts, "vertical")
    return found
