"""The plain reference for packets: one, to a record. What is cut off says nothing."""

from __future__ import annotations

from scantui.events import DF, LATER, MF, PROTO_OF_NUMBER, Proto
from scantui.formats.links import IPV4, IPV6, LINKS, MOST_LABELS, MOST_TAGS, MPLS, PFLOG, PPP_TYPE, PPPOE, TAGS
from scantui.formats.sheet import Record
from scantui.formats.tcp_options import layout
from scantui.tables import Tables

HOP_BY_HOP = 0
EXTENSIONS = (HOP_BY_HOP, 43, 60, 135, 139, 140)  # IANA "IPv6 Extension Header Types" with RFC 8200's length
AUTHENTICATION, FRAGMENT = 51, 44
MOST_EXTENSIONS = 8
TCP = 6
WITH_PORTS = (TCP, 17, 33, 132, 136)  # with UDP, DCCP, SCTP and UDP-Lite
ICMPS = (1, 58)
FLAGS = 0x1FF


def number(data: bytes, at: int, size: int) -> int | None:
    """The big-endian number there; None where it is cut off."""
    return int.from_bytes(data[at : at + size], "big") if at + size <= len(data) else None


def ip_at(packet: bytes, link: int) -> int | None:
    """Where IP begins by the link header; None when it says that this is no IP. `link` is one of LINKS."""
    at, type_at = LINKS[link]
    if link == PFLOG:
        at = ((number(packet, 0, 1) or 0) + 3) & ~3
    if type_at >= 0:
        kind = number(packet, type_at, 2)
        for _ in range(MOST_TAGS):
            if kind in TAGS:
                kind = number(packet, at + 2, 2)
                at += 4
        if kind == PPPOE:
            kind = PPP_TYPE.get(number(packet, at + 6, 2) or 0)
            at += 8
        if kind in MPLS:
            for _ in range(MOST_LABELS):
                at += 4
                if (number(packet, at - 2, 1) or 0) & 1:
                    break
            if (number(packet, at, 1) or 0) >> 4 not in (4, 6):  # labels carry other things too
                return None
        elif kind not in (IPV4, IPV6):
            return None
    return at


def read(ip: bytes, tables: Tables) -> Record | None:
    """The record of an IP packet; None when even its addresses are cut off or it is none."""
    version = ip[0] >> 4 if ip else 0
    return _ipv4(ip, tables) if version == 4 else _ipv6(ip, tables) if version == 6 else None


def _ipv4(ip: bytes, tables: Tables) -> Record | None:
    """RFC 791 §3.1."""
    size = (ip[0] & 15) * 4
    if size < 20 or len(ip) < 20:
        return None
    part = int.from_bytes(ip[6:8], "big")
    later = part & 0x1FFF
    record = {
        "src": tables.addresses.code_of_packed(ip[12:16]),
        "dst": tables.addresses.code_of_packed(ip[16:20]),
        "ip_id": int.from_bytes(ip[4:6], "big"),
        "frag": DF * (part >> 14 & 1) | MF * (part >> 13 & 1) | LATER * bool(later),
        "ttl": ip[8],
    }
    if length := int.from_bytes(ip[2:4], "big"):  # 0 of what the sender's network card was to cut up
        record["length"] = length
    return record | _upper(ip, size, ip[9], tables, later=bool(later))


def _ipv6(ip: bytes, tables: Tables) -> Record | None:
    """RFC 8200 §3 and §4."""
    if len(ip) < 40:
        return None
    record = {
        "src": tables.addresses.code_of_packed(ip[8:24]),
        "dst": tables.addresses.code_of_packed(ip[24:40]),
        "ttl": ip[7],
    }
    payload = int.from_bytes(ip[4:6], "big")
    if payload or ip[6] != HOP_BY_HOP:  # else a jumbogram (RFC 2675)
        record["length"] = payload + 40
    at, kind, frag = _carried(ip)
    if frag is not None:
        record["frag"] = frag
    return record if at is None else record | _upper(ip, at, kind, tables, later=bool((frag or 0) & LATER))


def _carried(ip: bytes) -> tuple[int | None, int, int | None]:
    """What IPv6 carries behind its extension headers: where (None where those are cut off), its protocol, and the bits of a
    fragment."""
    at, kind, frag = 40, ip[6], None
    for _ in range(MOST_EXTENSIONS):
        if (frag or 0) & LATER or (kind not in EXTENSIONS and kind not in (AUTHENTICATION, FRAGMENT)):
            break
        if at + 8 > len(ip):
            return None, kind, frag
        size = (ip[at + 1] + 2) * 4 if kind == AUTHENTICATION else (ip[at + 1] + 1) * 8
        if kind == FRAGMENT:
            part = int.from_bytes(ip[at + 2 : at + 4], "big")
            frag, size = MF * (part & 1) | LATER * (part >> 3 != 0), 8
        kind, at = ip[at], at + size
    return at, kind, frag


def upper_at(ip: bytes) -> int:
    """Where what an IP packet carries begins, of one that `read` could read."""
    at = (ip[0] & 15) * 4 if ip[0] >> 4 == 4 else _carried(ip)[0]
    return len(ip) if at is None else at


def _upper(ip: bytes, at: int, kind: int, tables: Tables, *, later: bool) -> Record:
    record: Record = {"proto": int(PROTO_OF_NUMBER.get(kind, Proto.OTHER)), "proto_num": kind}
    if later:
        return record
    told: dict[str, int | None] = {}
    if kind in WITH_PORTS and number(ip, at, 4) is not None:
        told = {"sport": number(ip, at, 2), "dport": number(ip, at + 2, 2)}
    if kind in ICMPS:
        told = {"icmp_type": number(ip, at, 1), "icmp_code": number(ip, at + 1, 1)}
    if kind == TCP:
        flags = number(ip, at + 12, 2)
        told |= {
            "seq": number(ip, at + 4, 4),
            "ack": number(ip, at + 8, 4),
            "flags": None if flags is None else flags & FLAGS,
            "window": number(ip, at + 14, 2),
        }
        options = ip[at + 20 : at + ((flags or 0) >> 12) * 4]
        if options and len(ip) >= at + ((flags or 0) >> 12) * 4:
            shape = layout(options.hex().upper().encode())
            told["tcp_options"] = tables.texts.code(shape) if shape else None
    return record | {name: value for name, value in told.items() if value is not None}
