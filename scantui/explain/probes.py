"""The probes of an episode that were made alike: the largest group by protocol, flags and the shape of the header."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen
from scantui.detect.site import service_key
from scantui.events import ACK, AE, CWR, DF, ECE, RST, SYN, Events, Proto
from scantui.tables import HANDLES_FROM, NO_ADDRESS

_ECN = ECE | CWR | AE
MOST = 200_000  # rows looked at; more add nothing
_MANY_PROTOCOLS = 5
_SENDERS = 3  # ways of making packets that are told apart within one group, at most
_LEAST_SHARE = 0.15  # of a group's packets, for a value to be another way
_CONNECT_OPTIONS = 12  # bytes: a kernel's SYN carries at least MSS, SACK and window scale (RFC 9293, RFC 7323)


@dataclass(frozen=True, slots=True, eq=False)
class Probes:
    """`rows`: the group in time order; `whole`: the episode it is from."""

    rows: Events
    whole: Events
    ipv6: bool
    proto: str  # tcp, udp, icmp, ip, fragment
    flags: int | None  # of all rows, ECN bits left out; None when not logged or no TCP
    asked: int = 0  # packets of the episode that are no answers and belong to no connection let through

    def fresh(self) -> NDArray[np.bool_]:
        """First row of each distinct (target, port)."""
        return first_seen(np.zeros(len(self.rows), np.uint8), service_key(self.rows))


def header_bytes(events: Events, *, ipv6: bool) -> NDArray[np.int64]:
    """IP length beyond the bare IP and transport header; meaningful where the length is known."""
    transport = np.where(events.proto == Proto.TCP, 20, 8)
    return events.length.astype(np.int64) - (40 if ipv6 else 20) - transport


def probes_of(events: Events) -> Probes | None:
    """The largest group of like probes in an episode (events in time order); None when there is none."""
    if len(events) > MOST:
        events = events.take(slice(0, MOST))
    if not len(events):
        return None
    ipv6 = is_ipv6(int(events.src[0]), events)
    if len(np.unique(events.proto_num[events.is_known("proto_num")])) >= _MANY_PROTOCOLS:
        return Probes(events, events, ipv6, "ip", None)
    proto = events.proto
    tcp, ported = proto == Proto.TCP, events.is_known("dport")
    flagged = events.is_known("flags")
    bare = (events.flags & np.uint16(~_ECN & 0xFFFF)).astype(np.int64)
    answer = tcp & flagged & (((bare & RST) != 0) | ((bare & (SYN | ACK)) == (SYN | ACK)))
    long = np.zeros(len(events), np.int64)
    said = events.is_known("length") & tcp
    long[said] = header_bytes(events, ipv6=ipv6)[said] >= _CONNECT_OPTIONS
    df = np.where(events.is_known("frag"), 1 + (events.frag & DF), 0).astype(np.int64)
    shape = proto.astype(np.int64) << 20 | np.where(flagged & tcp, 1 + bare, 0) << 8 | ported.astype(np.int64) << 4
    shape |= long << 3 | df
    groups, member = np.unique(shape, return_inverse=True)
    fresh = first_seen(member, service_key(events)) | (tcp & ~ported)
    weight = np.bincount(member[fresh & ~answer], minlength=len(groups))
    if not weight.any():
        weight = np.bincount(member, minlength=len(groups))
    rows = _alike(events.take(member == int(np.argmax(weight))))
    one = int(rows.proto[0])
    name = {Proto.TCP: "tcp", Proto.UDP: "udp", Proto.ICMP: "icmp", Proto.ICMP6: "icmp"}.get(Proto(one), "ip")
    asked = int(np.count_nonzero(~answer & ~_in_connection(events)))
    if name == "tcp" and not rows.is_known("dport")[0]:
        return Probes(rows, events, ipv6, "fragment", None, asked)
    flags = int(rows.flags[0]) & ~_ECN if name == "tcp" and rows.is_known("flags")[0] else None
    return Probes(rows, events, ipv6, name, flags, asked)


def _alike(rows: Events) -> Events:
    """The largest part of a group where two or three ways of making packets are mixed: by window, length and where the TTL
    started. Values that vary from packet to packet are one way."""
    for name in ("ttl", "window", "length"):
        if not rows.is_known(name).all() or (name == "length" and rows.proto[0] != Proto.TCP):
            continue
        column = getattr(rows, name)
        values = np.searchsorted((64, 128), column) if name == "ttl" else column
        _, member, counts = np.unique(values, return_inverse=True, return_counts=True)
        common = counts >= _LEAST_SHARE * len(rows)
        if 2 <= np.count_nonzero(common) <= _SENDERS and counts[common].sum() >= 0.9 * len(rows):
            rows = rows.take(member == int(np.argmax(counts)))
    return rows


def _in_connection(events: Events) -> NDArray[np.bool_]:
    """Packets with ACK on the ports of a SYN of the same source that was let through: talk after a connect."""
    tcp = (events.proto == Proto.TCP) & events.is_known("flags") & events.is_known("sport") & events.is_known("dport")
    key = events.dst.astype(np.uint64) << np.uint64(32) | events.sport.astype(np.uint64) << np.uint64(16) | events.dport
    opened = tcp & ((events.flags & np.uint16(SYN | ACK)) == SYN)
    return tcp & ((events.flags & np.uint16(SYN | ACK)) == ACK) & np.isin(key, np.unique(key[opened]))


def is_ipv6(code: int, events: Events) -> bool:
    """Whether an address code is an IPv6 address."""
    return HANDLES_FROM <= code < NO_ADDRESS and len(events.tables.addresses.packed(code)) == 16
