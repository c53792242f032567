"""The header of packets that Linux's netfilter logs (LINKTYPE_NFLOG): values with length and type, in the byte order of the
file. One is the packet, one the rule's prefix."""

from __future__ import annotations

import struct

import numpy as np

from scantui.columns.lines import Mask, Positions
from scantui.columns.rows import distinct_rows
from scantui.events import Action
from scantui.formats.packets import Packets
from scantui.formats.values import Column
from scantui.formats.words import action_of
from scantui.safe_text import harmless
from scantui.tables import Tables

_FIRST = 4  # bytes of family, version and group before the values
_HEAD = 4  # bytes of a value's length, which counts them, and type
_MOST = 24  # values: there are 20 types (linux/netfilter/nfnetlink_log.h)
_PAYLOAD, _PREFIX = 9, 10
_KEPT = 64  # bytes of a prefix: iptables allows no more


def payload_at(packet: bytes, order: str) -> int | None:
    """Where the packet begins; None when it is not there."""
    found = _value(packet, _PAYLOAD, order)
    return None if found is None else found[0]


def prefix(packet: bytes, order: str) -> str:
    """What the rule's prefix is; empty when there is none."""
    found = _value(packet, _PREFIX, order)
    return _text(packet[found[0] : found[0] + min(found[1], _KEPT)]) if found else ""


def _value(packet: bytes, kind: int, order: str) -> tuple[int, int] | None:
    at = _FIRST
    for _ in range(_MOST):
        if at + _HEAD > len(packet):
            return None
        size, told = struct.unpack_from(order + "HH", packet, at)
        if size < _HEAD:
            return None
        if told & 0x7FFF == kind:
            return at + _HEAD, size - _HEAD
        at += size + 3 & ~3
    return None


def payloads_at(packets: Packets, order: str) -> tuple[Positions, Mask]:
    """`payload_at` of all."""
    at, _, found = _values(packets, _PAYLOAD, order)
    return at, found


def _values(packets: Packets, kind: int, order: str) -> tuple[Positions, Positions, Mask]:
    at, size = np.full(len(packets), _FIRST, np.int64), np.zeros(len(packets), np.int64)
    going, found = np.ones(len(packets), np.bool_), np.zeros(len(packets), np.bool_)
    for _ in range(_MOST):
        size = np.where(going, _half(packets, at, order), size)
        going = going & (at + _HEAD <= packets.length) & (size >= _HEAD)
        hit = going & (_half(packets, at + 2, order) & 0x7FFF == kind)
        found, going = found | hit, going & ~hit
        at = np.where(going, at + (size + 3 & ~3), at)
        if not going.any():
            break
    return np.where(found, at + _HEAD, 0), np.where(found, size - _HEAD, 0), found


def _half(packets: Packets, at: Positions, order: str) -> Positions:
    number = packets.number(at, 2)
    return number if order == ">" else number >> 8 | (number & 255) << 8


def rules(packets: Packets, order: str, tables: Tables) -> list[Column]:
    """Columns of what the prefixes say."""
    at, size, found = _values(packets, _PREFIX, order)
    rows = np.flatnonzero(found & (at < packets.length))
    if not len(rows):
        return []
    at, size = at[rows], np.minimum(np.minimum(size[rows], _KEPT), packets.length[rows] - at[rows])
    text = packets.pick(rows).bytes_at(at, _KEPT)
    text[np.arange(_KEPT) >= size[:, None]] = 0
    one, kind = distinct_rows(text)
    names = [_text(text[row].tobytes()) for row in one.tolist()]
    codes, actions = np.zeros(len(packets), np.uint32), np.zeros(len(packets), np.uint8)
    codes[rows] = np.array([tables.texts.code(name) for name in names])[kind]
    actions[rows] = np.array([action_of(name) for name in names])[kind]
    return [("rule", codes, found), ("action", actions, actions != Action.UNKNOWN)]


def _text(data: bytes) -> str:
    return harmless(data.split(b"\0")[0].strip(), _KEPT)
