"""Headers out of a captured packet, as base64 (Suricata's `packet`)."""

from __future__ import annotations

import base64
import re

import numpy as np

from scantui.columns.lines import SLACK, Lines, Mask, Positions
from scantui.formats.links import LINKS
from scantui.formats.packet_plain import ip_at, read
from scantui.formats.packets import Packets
from scantui.formats.packets import ip_at as all_ip_at
from scantui.formats.packets import read as read_all
from scantui.formats.sheet import Record
from scantui.formats.values import Column
from scantui.tables import Tables

_CHARS = 160  # of the base64 text that are looked at
_BYTES = _CHARS // 4 * 3  # Ethernet with two VLAN tags, IPv4 and TCP with all options have 142
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_VALUES = np.full(256, 255, np.uint8)  # of base64 letters
_VALUES[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")] = np.arange(64)
_PAD = ord("=")
COLUMNS = ("ttl", "ip_id", "length", "frag", "flags", "window", "seq", "ack", "tcp_options")


class Packet:
    """The value of a packet of one link type: what its addresses, ports and protocol do not say."""

    def __init__(self, link: int, tables: Tables) -> None:
        if link not in LINKS:
            raise ValueError(f"packet:{link}: link types are {', '.join(map(str, LINKS))}")
        self._link = link
        self._tables = tables

    def plain(self, token: bytes) -> Record | None:
        text = token[:_CHARS]
        if len(token) % 4 or not _BASE64.fullmatch(text) or (len(token) > _CHARS and b"=" in text):
            return {}
        packet = base64.b64decode(text)
        at = ip_at(packet, self._link)
        record = None if at is None else read(packet[at:], self._tables)
        return {} if record is None else {name: record[name] for name in COLUMNS if name in record}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        packets, good = _decoded(lines, start, end)
        at, is_ip = all_ip_at(packets, self._link)
        rows = np.flatnonzero(good & is_ip)
        made: list[Column] = []
        for name, values, where in read_all(packets.pick(rows), at[rows], self._tables)[0]:
            if name in COLUMNS:
                full, said = np.zeros(len(start), values.dtype), np.zeros(len(start), np.bool_)
                full[rows], said[rows] = values, True if where is None else where
                made.append((name, full, said))
        return made, np.ones(len(start), np.bool_)


def _decoded(lines: Lines, start: Positions, end: Positions) -> tuple[Packets, Mask]:
    """The first bytes of packets, and which of them are base64."""
    chars = end - start
    used = np.minimum(chars, _CHARS)
    places = np.minimum(start[:, None] + np.arange(0, _CHARS, 8), len(lines.w8) - 1)
    letters = np.ascontiguousarray(lines.w8[places]).view(np.uint8).reshape(len(start), _CHARS)
    inside = np.arange(_CHARS) < used[:, None]
    whole = chars <= _CHARS
    pads = np.zeros(len(start), np.int64)
    for back in (1, 2):
        last = lines.u8[np.maximum(end - back, start)]
        pads += whole & (chars >= 4) & (last == _PAD) & (pads == back - 1)
    values = _VALUES[letters]
    is_text = np.arange(_CHARS) < (used - pads)[:, None]
    good: Mask = (chars % 4 == 0) & ((values < 64) | ~is_text).all(axis=1)
    six = np.where(inside & is_text & (values < 64), values, 0).astype(np.uint32).reshape(len(start), -1, 4)
    bits = six[..., 0] << 18 | six[..., 1] << 12 | six[..., 2] << 6 | six[..., 3]
    data = np.stack((bits >> 16 & 255, bits >> 8 & 255, bits & 255), axis=2).astype(np.uint8)
    return Packets(data.tobytes() + bytes(SLACK), np.arange(len(start)) * _BYTES, used // 4 * 3 - pads), good
