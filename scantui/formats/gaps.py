"""What a format carries and what it cannot tell, in words."""

from __future__ import annotations

from collections.abc import Iterable

# What is asked of packets, with the columns of which one tells it, in the order in which an analyst misses it.
ASKED = {
    "time": ("ts",),
    "target": ("dst",),
    "target port": ("dport",),
    "source port": ("sport",),
    "protocol": ("proto",),
    "TCP flags": ("flags",),
    "ICMP type": ("icmp_type",),
    "TTL": ("ttl",),
    "IP ID": ("ip_id",),
    "window": ("window",),
    "length": ("length",),
    "sequence number": ("seq",),
    "TCP options": ("tcp_options",),
    "fragments": ("frag",),
    "action": ("action",),
    "rule": ("rule",),
    "answered": ("answered",),
    "packet count": ("count",),
    "sensor": ("sensor",),
    "interface": ("iface",),
}
_NOT_MISSED = {"packet count", "sensor", "interface", "rule"}  # says nothing of a packet


def carries(columns: Iterable[str]) -> tuple[str, ...]:
    """What of `ASKED` the columns can tell."""
    known = set(columns)
    return tuple(name for name, some in ASKED.items() if known.intersection(some))


def cannot_tell(columns: Iterable[str]) -> tuple[str, ...]:
    """What of a packet they never tell."""
    told = set(carries(columns))
    return tuple(name for name in ASKED if name not in told and name not in _NOT_MISSED)
