"""The header that pf puts before a logged packet (net/if_pflog.h of OpenBSD and FreeBSD): action, rule and interface."""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np

from scantui.columns.rows import distinct_rows
from scantui.events import Action
from scantui.formats.packets import Packets
from scantui.formats.values import Column
from scantui.safe_text import harmless
from scantui.tables import Tables

_HEAD = struct.Struct(">BBBB16s16sII")  # length, family, action, reason, interface, anchor, rule, rule in the anchor
_NO_RULE = 0xFFFFFFFF
_DIRECTION_AT = 60
_ACTIONS = {0: Action.ACCEPT, 1: Action.DROP}
_WORDS = {0: "pass", 1: "block", 2: "scrub", 4: "nat", 6: "binat", 8: "rdr", 12: "match"}  # net/pfvar.h


class Verdict(NamedTuple):
    """One packet's."""

    action: int
    iface: str
    rule: str
    text: str  # as tcpdump -e prints it


def verdict(packet: bytes) -> Verdict | None:
    """None when the header is cut off."""
    if len(packet) < _HEAD.size:
        return None
    _, _, action, reason, iface, anchor, rule, inner = _HEAD.unpack_from(packet)
    number = str(rule) if inner == _NO_RULE else f"{rule}.{_name(anchor)}.{inner}"
    way = {1: "in ", 2: "out "}.get(packet[_DIRECTION_AT], "") if len(packet) > _DIRECTION_AT else ""
    cause = "(match)" if reason == 0 else f"({reason})"
    told = f"rule {number}/{reason}{cause}: {_WORDS.get(action, action)} {way}on {_name(iface)}: "
    return Verdict(int(_ACTIONS.get(action, Action.OBSERVED)), _name(iface), number, told)


def verdicts(packets: Packets, tables: Tables) -> list[Column]:
    """Columns of all packets."""
    size = _HEAD.size + 4  # a multiple of 8
    rows = np.flatnonzero(packets.length >= size)
    if not len(rows):
        return []
    heads = packets.pick(rows).bytes_at(np.zeros(len(rows), np.int64), size)
    heads[:, _HEAD.size :] = 0  # what is whose
    one, kind = distinct_rows(heads)
    told = [verdict(heads[row].tobytes()) for row in one.tolist()]
    where = packets.length >= size
    made: list[Column] = []
    for name, codes in (
        ("action", [each.action for each in told if each]),
        ("iface", [tables.texts.code(each.iface) for each in told if each]),
        ("rule", [tables.texts.code(each.rule) for each in told if each]),
    ):
        values = np.zeros(len(packets), np.int64)
        values[rows] = np.array(codes)[kind]
        made.append((name, values, where))
    return made


def _name(text: bytes) -> str:
    return harmless(text.split(b"\0")[0], 32)
