"""Which key of a netfilter line holds which field, and whether the line goes on to its protocol's last one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scantui.events import LATER

_TCP, _UDP, _ICMP, _ICMP6 = 6, 17, 1, 58
_FIRST = frozenset(
    (b"IN", b"OUT", b"PHYSIN", b"PHYSOUT", b"MAC", b"MACSRC", b"SRC")
)  # the keys a message may begin with
# Event column: (key, largest value).
NUMBERS = {
    "length": (b"LEN", 999_999),
    "ttl": (b"TTL", 255),
    "ip_id": (b"ID", 65_535),
    "sport": (b"SPT", 65_535),
    "dport": (b"DPT", 65_535),
    "window": (b"WINDOW", 65_535),
    "icmp_type": (b"TYPE", 255),
    "icmp_code": (b"CODE", 255),
}
LONG = {"seq": b"SEQ", "ack": b"ACK"}


@dataclass(frozen=True)
class Layout:
    """Which key of a skeleton holds which field: an index by event column, -1 for none. The anchor is the key that the kernel's
    own words begin with; the header ends before it."""

    at: dict[str, int]
    anchor: int
    anchor_size: int  # bytes of the anchor's name and its `=`
    proto: int
    in_key: int
    out_key: int
    urgp: int
    udp_length: bool
    ipv4: bool
    before_proto: int
    whole: bool  # the IP header as the kernel prints it: programs that leave fields of it out leave out others, too


@lru_cache(1024)
def layout_of(keys: tuple[tuple[bytes, bytes], ...]) -> Layout | None:
    """The layout of a line with these keys (the byte before each, its name); None when the line is no netfilter line."""
    first: dict[bytes, int] = {}
    lens = 0
    for i, (before, key) in enumerate(keys):
        if before == b"[" and b"PROTO" in first:
            break  # the packet that an ICMP error answers
        if key == b"LEN":
            lens += 1
        if key in (b"SEQ", b"ACK") and b"SPT" not in first:
            continue  # an ICMP echo's sequence, not TCP's
        first.setdefault(key, i)
    if not ({b"SRC", b"DST", b"PROTO"} <= first.keys()) or not first[b"SRC"] < first[b"DST"] < first[b"PROTO"]:
        return None
    out = first.get(b"OUT", -1)
    if b"IN" not in first and out > 0 and keys[out - 1][1].endswith(b"IN"):
        first[b"IN"] = out - 1  # a prefix that ends without a blank runs into it
    anchor, anchor_size = min((i, len(key) + 1) for key, i in first.items() if key in _FIRST)
    proto = first[b"PROTO"]
    at = {name: first[key] for name, (key, _) in NUMBERS.items() if key in first}
    if "ttl" not in at and b"HOPLIMIT" in first:
        at["ttl"] = first[b"HOPLIMIT"]
    for name in ("length", "ttl", "ip_id"):
        if name in at and at[name] > proto:
            del at[name]  # a UDP length or an ICMP id, not the packet's
    for name in ("sport", "dport", "window", "icmp_type", "icmp_code"):
        if name in at and at[name] < proto:
            return None
    at |= {name: first[key] for name, key in LONG.items() if key in first}
    at |= {"src": first[b"SRC"], "dst": first[b"DST"]}
    return Layout(
        at,
        anchor,
        anchor_size,
        proto,
        first.get(b"IN", -1),
        out,
        first.get(b"URGP", -1),
        lens >= 2,
        b"TTL" in first,
        proto - 1,
        "ttl" in at,
    )


def complete(found: Layout, proto_num: int, fragment: int, incomplete: bool) -> bool:
    """Whether the line goes on to its protocol's last field, or says why it has none."""
    if not found.whole:
        return True
    if proto_num == _TCP and ("dport" in found.at or found.urgp >= 0):
        return found.urgp >= 0 and "dport" in found.at and "sport" in found.at
    if proto_num == _UDP and "dport" in found.at:
        return found.udp_length and "sport" in found.at
    if proto_num in (_ICMP, _ICMP6) and "icmp_type" in found.at:
        return "icmp_code" in found.at
    if proto_num in (_TCP, _UDP, _ICMP if found.ipv4 else _ICMP6):
        return bool(fragment & LATER) or incomplete
    return found.urgp < 0  # a protocol the kernel prints by number alone, ICMPv6 in IPv4 among them


def complete_rows(found: Layout, proto_num: NDArray[np.int64], fragment: NDArray[np.int64]) -> NDArray[np.bool_]:
    """`complete` for a group; a packet the kernel calls INCOMPLETE is left to the plain parser."""
    ok = np.zeros(len(proto_num), np.bool_)
    for number in np.flatnonzero(np.bincount(np.maximum(proto_num, 0))).tolist():
        here = proto_num == number
        ok[here] = complete(found, number, 0, incomplete=False)
        if number in (_TCP, _UDP, _ICMP, _ICMP6):
            ok |= here & ((fragment & LATER) != 0) & complete(found, number, LATER, incomplete=False)
    return ok
