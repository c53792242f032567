"""Techniques: what a probe is called, by its flags and protocol, in nmap's words."""

from __future__ import annotations

import numpy as np

from scantui.columns.group import first_seen
from scantui.detect.site import service_key
from scantui.events import ACK, AE, CWR, DF, ECE, FIN, PSH, RST, SYN, URG, Events, Proto, flag_text
from scantui.tables import HANDLES_FROM

_ECN = ECE | CWR | AE
# nmap's names for flag sets (nmap reference guide, "Port Scanning Techniques"); -sA and -sW are the same on the wire.
_NAMES = {
    0: "null",
    FIN: "fin",
    FIN | PSH | URG: "xmas",
    FIN | ACK: "maimon",
    ACK: "ack",
    SYN: "syn",
    SYN | FIN: "syn-fin",
    SYN | FIN | RST | PSH | ACK | URG: "full-xmas",
    SYN | RST: "syn-rst",
    PSH | ACK: "psh-ack",
}
_SHARE = 0.03  # of a scan's targets; what is rarer is not what the scan is
# Smallest IPv4 length of a SYN with the options of a kernel's connect() (MSS, SACK, window scale: RFC 9293, 2018, 7323).
CONNECT_LENGTH = 52


def _tcp_name(flags: int) -> str:
    return _NAMES.get(flags & ~_ECN) or flag_text(flags & ~_ECN).lower()


def techniques(asking: Events) -> tuple[str, ...]:
    """Names of what these probes are, by number of targets, most first."""
    names: dict[str, int] = {}
    fresh = first_seen(service_key(asking), asking.flags)  # distinct (target, flag set)
    known, ported = asking.is_known("flags"), asking.is_known("dport")

    def add(name: str, rows: int) -> None:
        if rows:
            names[name] = names.get(name, 0) + rows

    tcp = asking.proto == Proto.TCP
    for flags in np.unique(asking.flags[tcp & known]).tolist():
        rows = tcp & known & (asking.flags == flags)
        name = _tcp_name(flags)
        if name == "syn" and _is_connect(asking.take(rows)):
            name = "connect"
        add(name, int(np.count_nonzero(rows & fresh)))
    add("tcp", int(np.count_nonzero(tcp & ~known & ported & fresh)))
    add("fragment", int(np.count_nonzero(tcp & ~known & ~ported)))
    add("udp", int(np.count_nonzero((asking.proto == Proto.UDP) & fresh)))
    add("sctp", int(np.count_nonzero((asking.proto == Proto.SCTP) & ported & fresh)))
    add(
        "icmp",
        int(
            np.count_nonzero(
                ((asking.proto == Proto.ICMP) | (asking.proto == Proto.ICMP6)) & asking.is_known("icmp_type") & fresh
            )
        ),
    )
    bare = (asking.proto != Proto.TCP) & (asking.proto != Proto.UDP) & ~ported & ~asking.is_known("icmp_type")
    add("ip-proto", int(np.count_nonzero(bare & fresh)))
    total = sum(names.values())
    ranked = sorted(names, key=lambda name: (-names[name], name))
    return tuple(name for name in ranked if names[name] >= _SHARE * total)


def _is_connect(syns: Events) -> bool:
    """Whether the SYNs look like a kernel's connect(): long enough for its options, don't-fragment set (IPv4), and a new
    source port for each. False when the log does not say how long they are."""
    said = syns.is_known("length")
    six = syns.src >= HANDLES_FROM
    long = syns.length >= np.where(six, CONNECT_LENGTH + 20, CONNECT_LENGTH)
    kernel = said & long & (six | ~syns.is_known("frag") | ((syns.frag & DF) != 0))
    if not said.any() or float(np.mean(kernel[said])) <= 0.5:
        return False
    ports = np.unique(syns.sport[syns.is_known("sport")])
    return len(ports) == 0 or 4 * len(ports) >= len(np.unique(service_key(syns)))
