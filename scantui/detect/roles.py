"""The role of each packet: does it ask, answer, or belong to a connection the log saw only part of?

Everything here is about one packet and its fields; what a source's packets mean together is `measure`'s business.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, AE, CWR, ECE, FIN, PSH, RST, SYN, URG, Action, Events, Proto
from scantui.tables import BROADCAST, HANDLES_FROM, AddressTable


class Role(IntEnum):
    """What a packet does."""

    PROBE = 0  # asks: a SYN, a datagram to a service, an echo request, an odd flag set
    LATE = 1  # mid-connection TCP (ACK set, no SYN) towards a service: a stray, or an ACK or Maimon probe
    REPLY = 2  # from a service's port to a high port: an answer that came late
    ANSWER = 3  # SYN-ACK, RST, ICMP errors and replies: sent because of a packet with this address as its source
    LOCAL = 4  # broadcast and multicast
    STRAY = 5  # mid-connection TCP that is no scan: the rest of a connection the firewall forgot


# Ports that servers answer from though they are above 1023 (IANA service names; the ones firewalls log as late answers).
HIGH_SERVICES = np.array(
    [
        1194,
        1433,
        1521,
        1701,
        1723,
        1812,
        1813,
        1883,
        1935,
        3074,
        3128,
        3306,
        3389,
        3478,
        3479,
        4500,
        5060,
        5061,
        5222,
        5223,
        5228,
        5349,
        5432,
        5671,
        5672,
        6379,
        6443,
        7000,
        8000,
        8008,
        8080,
        8081,
        8086,
        8333,
        8443,
        8883,
        8888,
        9000,
        9090,
        9200,
        9418,
        9993,
        11211,
        19302,
        25565,
        27015,
        27017,
        51820,
    ]
)

_ICMP_ASKS = np.array(
    [8, 10, 13, 15, 17]
)  # echo, router solicitation, timestamp, information, address mask (RFC 792, 950, 1256)
_ICMP6_ASKS = np.array([128, 139])  # echo, node information (RFC 4443, 4620)
_ECN = ECE | CWR | AE
# Flag sets that a TCP of an operating system sends (RFC 9293 §3.5-3.10), ECN bits aside.
_ORDINARY = np.zeros(512, np.bool_)
for _flags in (
    SYN,
    SYN | ACK,
    ACK,
    FIN | ACK,
    PSH | ACK,
    FIN | PSH | ACK,
    RST,
    RST | ACK,
    URG | ACK,
    URG | PSH | ACK,
    FIN | URG | ACK,
    FIN | URG | PSH | ACK,
    RST | PSH | ACK,
):
    for _extra in (0, ECE, CWR, ECE | CWR, AE, AE | ECE, AE | CWR, AE | ECE | CWR):
        _ORDINARY[_flags | _extra] = True


def is_service(port: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Ports that servers use: below 1024, or one of `HIGH_SERVICES`."""
    return (port < 1024) | np.isin(port, HIGH_SERVICES)


def is_crafted(events: Events) -> NDArray[np.bool_]:
    """TCP packets whose flag set no operating system sends: NULL, FIN alone, XMAS, SYN-FIN and their like."""
    ordinary = _ORDINARY[np.minimum(events.flags, 511)]
    return (events.proto == Proto.TCP) & events.is_known("flags") & ~ordinary


def roles(events: Events) -> NDArray[np.uint8]:
    """The `Role` of each event."""
    flags, known = events.flags & ~np.uint16(_ECN), events.is_known("flags")
    tcp, udp = events.proto == Proto.TCP, events.proto == Proto.UDP
    ordinary = tcp & known & _ORDINARY[np.minimum(events.flags, 511)]
    answers = ordinary & (((flags & RST) != 0) | (flags == (SYN | ACK)))
    middle = ordinary & ~answers & ((flags & ACK) != 0)
    from_service = events.is_known("sport") & is_service(events.sport)
    to_high = events.is_known("dport") & (events.dport >= 1024) & ~np.isin(events.dport, HIGH_SERVICES)
    reply = (middle | udp | is_unsaid_flow(events)) & from_service & to_high
    icmp_known = events.is_known("icmp_type")
    answers |= (events.proto == Proto.ICMP) & icmp_known & ~np.isin(events.icmp_type, _ICMP_ASKS)
    answers |= (events.proto == Proto.ICMP6) & icmp_known & ~np.isin(events.icmp_type, _ICMP6_ASKS)
    role = np.full(len(events), Role.PROBE, np.uint8)
    role[middle] = Role.LATE
    role[reply] = Role.REPLY
    role[answers] = Role.ANSWER
    role[is_local(events)] = Role.LOCAL
    return role


def is_unsaid_flow(events: Events) -> NDArray[np.bool_]:
    """Several TCP packets in one record that says nothing of their flags, and that were not refused: one direction of a
    connection, perhaps the server's."""
    return is_unsaid_tcp(events) & (events.count > 1) & ~np.isin(events.action, (Action.DROP, Action.REJECT))


def is_unsaid_tcp(events: Events) -> NDArray[np.bool_]:
    """TCP of which the log does not say the flags: it may ask or answer."""
    unsaid: NDArray[np.bool_] = (events.proto == Proto.TCP) & ~events.is_known("flags")
    return unsaid


def is_local(events: Events) -> NDArray[np.bool_]:
    """Broadcast and multicast targets: 255.255.255.255, 224/4, ff00::/8, and the last address of the source's own /24."""
    dst, src = events.dst, events.src
    v4 = dst < HANDLES_FROM
    local = (dst == BROADCAST) | (v4 & (dst >> np.uint32(28) == 0xE))
    own = v4 & (dst & np.uint32(255) == 255) & (dst >> np.uint32(8) == src >> np.uint32(8))
    # A directed broadcast by a service that broadcasts (NetBIOS, DHCP, Dropbox…) from a private network.
    private = is_private(src) & is_private(dst) & (dst & np.uint32(255) == 255) & (events.proto == Proto.UDP)
    handles = np.unique(dst[(dst >= HANDLES_FROM) & (dst < BROADCAST - 1)])
    groups = [code for code in handles.tolist() if _is_multicast6(events.tables.addresses, code)]
    result: NDArray[np.bool_] = local | own | private | np.isin(dst, np.array(groups, np.uint32))
    return result


def is_private(code: NDArray[np.uint32]) -> Any:
    """RFC 1918 addresses."""
    return ((code >> np.uint32(24)) == 10) | ((code >> np.uint32(20)) == 0xAC1) | ((code >> np.uint32(16)) == 0xC0A8)


def _is_multicast6(table: AddressTable, code: int) -> bool:
    packed = table.packed(code)
    return len(packed) == 16 and packed[0] == 0xFF
