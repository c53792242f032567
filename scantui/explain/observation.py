"""Observations: what one field of a scan's probes does, as a class a tool's description can speak of."""

from __future__ import annotations

from dataclasses import dataclass

# What any script can choose to do; what packets carry in their headers says more of who made them.
BEHAVIOUR = ("sport", "retry", "tries", "order", "hosts", "ports", "flagseries")
# Techniques whose flags no operating system sends first (detect.technique).
ODD = frozenset({"syn-fin", "null", "fin", "xmas", "maimon", "full-xmas", "syn-rst", "fragment"})
# The event column without which a field cannot be observed.
COLUMN = {
    "ttl": "ttl",
    "window": "window",
    "size": "length",
    "options": "tcp_options",
    "df": "frag",
    "ip_id": "ip_id",
    "seq": "seq",
    "ack": "ack",
    "sport": "sport",
    "retry": "sport",
    "order": "dport",
}
TITLE = {
    "ttl": "TTL",
    "window": "window",
    "size": "IP length",
    "options": "TCP options",
    "df": "DF bit",
    "ip_id": "IP ID",
    "seq": "sequence number",
    "ack": "ACK number",
    "sport": "source port",
    "retry": "source port of retries",
    "tries": "packets a port",
    "order": "port order",
    "hosts": "target order",
    "ports": "port set",
    "osprobes": "OS detection probes",
    "flagseries": "flag sets",
    "decoys": "twins at other sources",
}


@dataclass(frozen=True, slots=True)
class Observation:
    """`value` is the class seen, `general` the wider class it falls into; `text` says it in words."""

    field: str
    value: str
    text: str
    general: str = "other"
    decisive: bool = False  # a behaviour that no script comes to by chance (nmap's port order)
