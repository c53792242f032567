"""Makes packets and captures byte by byte, the way the RFCs and the drafts for pcap and pcapng lay them out."""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Iterable

from scantui.ingest.block import SLACK, Block, Source

ETHERNET = b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02"
PFLOG = struct.Struct(">BBBB16s16sIIIIIIB3x")


def tcp(
    sport: int, dport: int, flags: int, *, seq: int = 7, ack: int = 0, window: int = 1024, options: bytes = b""
) -> bytes:
    return (
        struct.pack(">HHIIHHHH", sport, dport, seq, ack, (5 + len(options) // 4) << 12 | flags, window, 0, 0) + options
    )


def udp(sport: int, dport: int, payload: bytes = b"") -> bytes:
    return struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload


def ipv4(src: str, dst: str, proto: int, payload: bytes, *, ttl: int = 64, ip_id: int = 1, part: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ip_id, part, ttl, proto, 0)
    return head + ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + payload


def ipv6(src: str, dst: str, kind: int, payload: bytes, *, ttl: int = 64) -> bytes:
    head = struct.pack(">IHBB", 6 << 28, len(payload), kind, ttl)
    return head + ipaddress.ip_address(src).packed + ipaddress.ip_address(dst).packed + payload


def ether(payload: bytes, kind: int = 0x0800, tags: Iterable[int] = ()) -> bytes:
    return ETHERNET + b"".join(struct.pack(">HH", tag, 5) for tag in tags) + struct.pack(">H", kind) + payload


def pcap(packets: Iterable[tuple[int, bytes]], *, link: int = 1, order: str = "<", nano: bool = False) -> bytes:
    """Packets as (microseconds, bytes)."""
    unit = 1000 if nano else 1
    made = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144, link)
    for ts, data in packets:
        made += struct.pack(order + "IIII", ts // 10**6, ts % 10**6 * unit, len(data), len(data)) + data
    return made


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    size = struct.pack(order + "I", len(body) + 12)
    return struct.pack(order + "I", kind) + size + body + size


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, order: str = "<", options: bytes = b"", snaplen: int = 0) -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, snaplen) + options, order)


def enhanced(stamp: int, data: bytes, *, number: int = 0, order: str = "<") -> bytes:
    head = struct.pack(order + "IIIII", number, stamp >> 32, stamp & 0xFFFFFFFF, len(data), len(data))
    return block(6, head + data + bytes(-len(data) % 4), order)


def as_block(data: bytes, offset: int = 0) -> Block:
    """Whole records of one input."""
    source = Source(1, "x.pcap", 0, 0, 0)
    return Block(source, bytearray(data + bytes(SLACK)), len(data), offset, 1_700_000_000_000_000, capture=True)
