"""Headers out of a captured packet, as base64 (Suricata's `packet`): IPv4 or IPv6 and TCP, behind a link header.

What is cut off, is no IP or has a header chain (IPv6 extensions, RFC 8200 §4) says nothing of what lies behind. Link types are
those of https://www.tcpdump.org/linktypes.html.
"""

from __future__ import annotations

import base64
import re

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Lines, Mask, Positions
from scantui.events import DF, LATER, MF
from scantui.formats.sheet import Record
from scantui.formats.tcp_options import layout
from scantui.formats.values import Column, Words
from scantui.tables import Tables

_CHARS = 160  # of the base64 text that are looked at
_BYTES = _CHARS // 4 * 3  # Ethernet with two VLAN tags, IPv4 and TCP with all options have 142
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
_IPV4, _IPV6 = 0x0800, 0x86DD
_TAGS = (0x8100, 0x88A8, 0x9100)  # IEEE 802.1Q, 802.1ad and what was used before it
# Link type: (bytes before IP, where the EtherType stands or -1: the IP version tells).
_LINKS = {0: (4, -1), 1: (14, 12), 101: (0, -1), 108: (4, -1), 113: (16, 14), 276: (20, 0)}
_LINKS |= dict.fromkeys((12, 14, 228, 229), _LINKS[101])
_FLAGS = 0x1FF
_VALUES = np.full(256, 255, np.uint8)  # of base64 letters
_VALUES[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")] = np.arange(64)
_PAD = ord("=")
COLUMNS = ("ttl", "ip_id", "length", "frag", "flags", "window", "seq", "ack", "tcp_options")


class Packet:
    """The value of a packet of one link type."""

    def __init__(self, link: int, tables: Tables) -> None:
        if link not in _LINKS:
            raise ValueError(f"packet:{link}: link types are {', '.join(map(str, _LINKS))}")
        self._before, self._type_at = _LINKS[link]
        self._tables = tables
        self._layouts = Words(self._layout, ("tcp_options",))

    def _layout(self, options: bytes) -> Record:
        shape = layout(options.hex().upper().encode())
        return {} if shape is None else {"tcp_options": self._tables.texts.code(shape)}

    def plain(self, token: bytes) -> Record | None:
        text = token[:_CHARS]
        if len(token) % 4 or not _BASE64.fullmatch(text) or (len(token) > _CHARS and b"=" in text):
            return {}
        packet = base64.b64decode(text)
        at = self._before
        if self._type_at >= 0:
            kind = int.from_bytes(packet[self._type_at : self._type_at + 2], "big")
            for _ in range(2):
                if kind in _TAGS:
                    kind = int.from_bytes(packet[at + 2 : at + 4], "big")
                    at += 4
            if kind not in (_IPV4, _IPV6):
                return {}
        version = packet[at] >> 4 if at < len(packet) else 0
        return self._ipv4(packet[at:]) if version == 4 else self._ipv6(packet[at:]) if version == 6 else {}

    def _ipv4(self, ip: bytes) -> Record:
        """RFC 791 §3.1."""
        size = (ip[0] & 15) * 4
        if size < 20 or len(ip) < 20:
            return {}
        part = int.from_bytes(ip[6:8], "big")
        later = part & 0x1FFF
        record = {
            "length": int.from_bytes(ip[2:4], "big"),
            "ip_id": int.from_bytes(ip[4:6], "big"),
            "frag": DF * (part >> 14 & 1) | MF * (part >> 13 & 1) | LATER * bool(later),
            "ttl": ip[8],
        }
        return record | (self._tcp(ip[size:]) if ip[9] == 6 and not later else {})

    def _ipv6(self, ip: bytes) -> Record:
        """RFC 8200 §3."""
        if len(ip) < 40:
            return {}
        record = {"length": int.from_bytes(ip[4:6], "big") + 40, "ttl": ip[7]}
        return record | (self._tcp(ip[40:]) if ip[6] == 6 else {})

    def _tcp(self, tcp: bytes) -> Record:
        """RFC 9293 §3.1."""
        if len(tcp) < 20:
            return {}
        record = {
            "seq": int.from_bytes(tcp[4:8], "big"),
            "ack": int.from_bytes(tcp[8:12], "big"),
            "flags": int.from_bytes(tcp[12:14], "big") & _FLAGS,
            "window": int.from_bytes(tcp[14:16], "big"),
        }
        options = tcp[20 : (tcp[12] >> 4) * 4]
        return record | (self._layout(options) if options and len(tcp) >= (tcp[12] >> 4) * 4 else {})

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        packets = _Packets(lines, start, end)
        at = np.full(len(start), self._before)
        is_ip = packets.good
        if self._type_at >= 0:
            kind = packets.number(np.full(len(start), self._type_at), 2)
            for _ in range(2):
                tagged = np.isin(kind, _TAGS)
                kind = np.where(tagged, packets.number(at + 2, 2), kind)
                at = at + 4 * tagged
            is_ip = is_ip & np.isin(kind, (_IPV4, _IPV6))
        version = packets.number(at, 1) >> 4
        size = (packets.number(at, 1) & 15) * 4
        four = is_ip & (version == 4) & (size >= 20) & (at + 20 <= packets.length)
        six = is_ip & (version == 6) & (at + 40 <= packets.length)
        part = packets.number(at + 6, 2)
        later = part & 0x1FFF != 0
        where = four | six
        made: list[Column] = [
            ("length", np.where(six, packets.number(at + 4, 2) + 40, packets.number(at + 2, 2)), where),
            ("ttl", packets.number(at + np.where(six, 7, 8), 1), where),
            ("ip_id", packets.number(at + 4, 2), four),
            ("frag", DF * (part >> 14 & 1) | MF * (part >> 13 & 1) | LATER * later, four),
        ]
        proto = packets.number(at + np.where(six, 6, 9), 1)
        at = at + np.where(six, 40, size)
        tcp = where & (proto == 6) & ~(four & later) & (at + 20 <= packets.length)
        offset = packets.number(at + 12, 1) >> 4
        made += [
            ("seq", packets.number(at + 4, 4), tcp),
            ("ack", packets.number(at + 8, 4), tcp),
            ("flags", packets.number(at + 12, 2) & _FLAGS, tcp),
            ("window", packets.number(at + 14, 2), tcp),
        ]
        optioned = np.flatnonzero(tcp & (offset > 5) & (at + 4 * offset <= packets.length))
        if len(optioned):
            begin = optioned * _BYTES + at[optioned] + 20
            for name, values, has in self._layouts.bulk(packets.lines(), begin, begin + 4 * offset[optioned] - 20)[0]:
                full, said = np.zeros(len(start), np.uint32), np.zeros(len(start), np.bool_)
                full[optioned], said[optioned] = values, True if has is None else has
                made.append((name, full, said))
        return made, np.ones(len(start), np.bool_)


class _Packets:
    """The first bytes of packets: `data` is (packets, _BYTES), of which `length` count; `good` are those that are base64."""

    def __init__(self, lines: Lines, start: Positions, end: Positions) -> None:
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
        self.good: Mask = (chars % 4 == 0) & ((values < 64) | ~is_text).all(axis=1)
        six = np.where(inside & is_text & (values < 64), values, 0).astype(np.uint32).reshape(len(start), -1, 4)
        bits = six[..., 0] << 18 | six[..., 1] << 12 | six[..., 2] << 6 | six[..., 3]
        self._data: NDArray[np.uint8] = np.stack((bits >> 16 & 255, bits >> 8 & 255, bits & 255), axis=2).astype(
            np.uint8
        )
        self._data = self._data.reshape(len(start), _BYTES)
        self.length: Positions = used // 4 * 3 - pads

    def number(self, at: Positions, size: int) -> NDArray[np.int64]:
        """The big-endian number at `at` in each packet; bytes past the end count as zero."""
        rows = np.arange(len(at))
        value = np.zeros(len(at), np.int64)
        for step in range(size):
            place = at + step
            value = value << 8 | np.where(place < _BYTES, self._data[rows, np.minimum(place, _BYTES - 1)], 0)
        return value

    def lines(self) -> Lines:
        """All bytes, one packet after the other."""
        text = self._data.tobytes()
        return Lines(text + bytes(SLACK), len(text))
