"""Small MaxMind databases, written by the format's description (maxmind.github.io/MaxMind-DB)."""

from __future__ import annotations

import struct
from ipaddress import ip_network
from pathlib import Path
from typing import Any

GERMANY = {"autonomous_system_number": 3320, "autonomous_system_organization": "Deutsche Telekom AG"}
BUILT = 1_790_812_800  # 2026-10-01


def _control(kind: int, size: int) -> bytes:
    extra = b""
    if size >= 29:
        size, extra = 29, bytes([size - 29])
    first = bytes([(kind << 5 if kind < 8 else 0) | size])
    return first + (b"" if kind < 8 else bytes([kind - 7])) + extra


def _integer(kind: int, value: int) -> bytes:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return _control(kind, len(data)) + data


def encoded(value: Any) -> bytes:
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogateescape")
        return _control(2, len(data)) + data
    if isinstance(value, bool):
        return _control(14, int(value))
    if isinstance(value, int):
        return _integer(6 if value < 1 << 32 else 9, value)
    if isinstance(value, dict):
        return _control(7, len(value)) + b"".join(encoded(key) + encoded(one) for key, one in value.items())
    return _control(11, len(value)) + b"".join(map(encoded, value))


def database(kind: str, entries: dict[str, Any], built: int = BUILT, version: int = 6) -> bytes:
    """The bytes of a database of networks and their records. IPv4 networks lie in ::/96 of an IPv6 tree."""
    nodes: list[list[Any]] = [[None, None]]
    data, offsets = b"", {}
    for text, record in entries.items():
        network = ip_network(text)
        bits = format(int(network.network_address), f"0{network.max_prefixlen}b")[: network.prefixlen]
        if version == 6 and network.version == 4:
            bits = "0" * 96 + bits
        offsets[text] = len(data)
        data += encoded(record)
        at = 0
        for bit in bits[:-1]:
            step = nodes[at][int(bit)]
            if step is None:
                nodes.append([None, None])
                step = nodes[at][int(bit)] = len(nodes) - 1
            at = step
        nodes[at][int(bits[-1])] = ("data", offsets[text])
    tree = b""
    for pair in nodes:
        for step in pair:
            value = len(nodes) if step is None else step if isinstance(step, int) else len(nodes) + 16 + step[1]
            tree += struct.pack(">I", value)
    meta = {
        "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": built, "database_type": kind,
        "description": {"en": kind}, "ip_version": version, "languages": ["en"], "node_count": len(nodes), "record_size": 32,
    }  # fmt: skip
    text = _control(7, len(meta))
    for key, value in meta.items():  # the C reader wants the very widths that the description gives
        width = {"node_count": 6, "build_epoch": 9}.get(key, 5)
        text += encoded(key) + (_integer(width, value) if isinstance(value, int) else encoded(value))
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + text


def write(path: Path, kind: str, entries: dict[str, Any], **more: Any) -> str:
    path.write_bytes(database(kind, entries, **more))
    return str(path)
