"""Whom the alerts of Snort's port scan detector (gid 122) are about.

Snort 2 makes a packet up that runs from the scanner (PROTO:255). Snort 3 shows the packet at which it counted enough, as often an
answer as a probe (src/network_inspectors/port_scan): who asked has a port of those that systems give out (Linux from 32768 on)
where the other has none. ICMP that is no ping is an answer to the scanner. A scan that was filtered was counted at a probe. Where
nothing tells, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.formats.sheet import Record
from scantui.formats.values import Address
from scantui.safe_text import harmless
from scantui.tables import Tables

_NOTICE = re.compile(
    rb'([0-9]+:[0-9]+)\] "?([^"]*?)"?(?: \[\*\*\])?(?: ?\[[A-Z][A-Za-z]+: [^\]]*\])*:? '
    rb"(?:<([^> ]+)> )?\{([^} ]+)\} (\S+) -> (\S+)"
)
_PACKET = re.compile(rb"(\S+) -> (\S+)(?:\s+(\S+) TTL:.*?(?:\nType:([0-9]+) .*)?)?", re.DOTALL)
_ERRORS = (b"3", b"4", b"5", b"11", b"12")  # ICMP's types
_GIVEN_OUT = 32_768


def scan_notice(tables: Tables) -> Callable[[bytes], Record | None]:
    """What follows `122:` in alert_fast and in syslogs: rule, interface, scanner and scanned."""

    def meaning(token: bytes) -> Record | None:
        match = _NOTICE.fullmatch(token.strip())
        if match is None:
            return None
        ids, name, iface, proto, one, other = match.groups()
        unanswered = b"FILTERED" in name.upper()  # it was counted at a probe
        answer = proto.startswith((b"ICMP", b"IPV6-ICMP")) and b"ICMP" not in name.upper()
        ends = _ends(tables, other, b"") if answer else _asking(tables, one, other, sure=unanswered)
        if ends is None:
            return None
        rule = harmless(b"122:" + ids + b" " + name, 120)
        told: Record = {"rule": tables.texts.code(rule)}
        return told | ends | ({"iface": tables.texts.code(harmless(iface, 40))} if iface else {})

    return meaning


def scan_packet(tables: Tables) -> Callable[[bytes], Record | None]:
    """The packet of an alert_full, `192.0.2.1:40000 -> 192.0.2.2:80` and its headers: scanner and scanned."""

    def meaning(token: bytes) -> Record | None:
        match = _PACKET.fullmatch(token.rstrip())
        if match is None:
            return None
        one, other, proto, kind = match.groups()
        return _ends(tables, other, b"") if proto == b"ICMP" and kind in _ERRORS else _asking(tables, one, other)

    return meaning


def _asking(tables: Tables, one: bytes, other: bytes, *, sure: bool = False) -> Record | None:
    """Who asked whom, of two hosts or endpoints; {} where their ports do not tell it. `sure`: the first asked."""
    if _ends(tables, one, other) is not None:
        return _ends(tables, one, other)
    (first, _, port), (second, _, far) = one.rpartition(b":"), other.rpartition(b":")
    if not (port.isdigit() and far.isdigit() and len(port) <= 5 and len(far) <= 5):
        return None
    given, theirs = int(port) >= _GIVEN_OUT, int(far) >= _GIVEN_OUT
    told = _ends(tables, first, second) if given or sure else _ends(tables, second, first)
    return {} if told and given == theirs and not sure else told


def _ends(tables: Tables, source: bytes, target: bytes) -> Record | None:
    src = Address("src", tables).plain(source)
    dst = Address("dst", tables).plain(target) if target else {}
    return None if not src or dst is None else src | dst
