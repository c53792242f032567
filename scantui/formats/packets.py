"""Headers of many packets at once, as columns: IPv4 or IPv6 with its extensions, TCP, UDP, SCTP and ICMP, behind a link header.

`packet_plain` is the reference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Mask, Positions
from scantui.columns.rows import distinct_rows
from scantui.events import DF, LATER, MF, PROTO_OF_NUMBER, Proto
from scantui.formats.links import IPV4, IPV6, LINKS, MOST_LABELS, MOST_TAGS, MPLS, PFLOG, PPP_TYPE, PPPOE, TAGS
from scantui.formats.packet_plain import (
    AUTHENTICATION,
    EXTENSIONS,
    FLAGS,
    FRAGMENT,
    HOP_BY_HOP,
    ICMPS,
    MOST_EXTENSIONS,
    TCP,
    WITH_PORTS,
)
from scantui.formats.tcp_options import layout
from scantui.formats.values import Column
from scantui.tables import BROADCAST, HANDLES_FROM, AddressTable, Tables

_OPTIONS = 40  # bytes of TCP options at most
_TIMESTAMPS, _STAMPED = 8, 10  # kind and length of the time stamp option (RFC 7323 §3.2)
_PROTO = np.array([PROTO_OF_NUMBER.get(number, Proto.OTHER) for number in range(256)], np.uint8)


class Packets:
    """Packets in a buffer that has SLACK bytes behind them: packet i is `data[start[i]:][:length[i]]`."""

    def __init__(self, data: bytes | bytearray, start: Positions, length: Positions) -> None:
        self.u8 = np.frombuffer(data, np.uint8)
        self._words = np.ndarray((len(data) - 7,), ">u8", data, strides=(1,))
        self.start, self.length = start, length

    def __len__(self) -> int:
        return len(self.start)

    def pick(self, rows: NDArray[Any]) -> Packets:
        """Some of them, over the same buffer."""
        some = Packets.__new__(Packets)
        some.u8, some._words = self.u8, self._words
        some.start, some.length = self.start[rows], self.length[rows]
        return some

    def number(self, at: Positions | int, size: int) -> NDArray[np.int64]:
        """The big-endian number of at most 7 bytes that is `at` so many bytes in each packet; 0 where it is cut off."""
        inside = at + size <= self.length
        words = self._words[np.where(inside, self.start + at, 0)].astype(np.uint64)
        return np.where(inside, words >> np.uint64(64 - 8 * size), np.uint64(0)).astype(np.int64)

    def bytes_at(self, at: Positions, size: int) -> NDArray[np.uint8]:
        """`size` bytes, at most SLACK, that are `at` so many bytes in each packet, where that is not behind the packet's end."""
        return self.u8[(self.start + at)[:, None] + np.arange(size)]


def ip_at(packets: Packets, link: int) -> tuple[Positions, Mask]:
    """Where IP begins, of those of which the link header says that they are IP. `link` is one of LINKS."""
    before, type_at = LINKS[link]
    at = (packets.number(0, 1) + 3) & ~3 if link == PFLOG else np.full(len(packets), before, np.int64)
    is_ip = np.ones(len(packets), np.bool_)
    if type_at >= 0:
        kind = packets.number(type_at, 2)
        for _ in range(MOST_TAGS):
            tagged = np.isin(kind, TAGS)
            if not tagged.any():
                break
            kind = np.where(tagged, packets.number(at + 2, 2), kind)
            at += 4 * tagged
        over_ppp = kind == PPPOE
        if over_ppp.any():
            ppp = packets.number(at + 6, 2)
            for told, means in PPP_TYPE.items():
                kind[over_ppp & (ppp == told)] = means
            at += 8 * over_ppp
        is_ip = (kind == IPV4) | (kind == IPV6)
        labelled = np.isin(kind, MPLS)
        if labelled.any():
            more = labelled
            for _ in range(MOST_LABELS):
                at += 4 * more
                more = more & (packets.number(at - 2, 1) & 1 == 0)
            is_ip |= labelled & np.isin(packets.number(at, 1) >> 4, (4, 6))  # labels carry other things too
    return at, is_ip


def read(packets: Packets, at: Positions, tables: Tables) -> tuple[list[Column], Mask]:
    """Columns of the IP packets that begin at `at`, and which of them could be read."""
    first = packets.number(at, 1)
    size = (first & 15) * 4
    four = (first >> 4 == 4) & (size >= 20) & (at + 20 <= packets.length)
    six = (first >> 4 == 6) & (at + 40 <= packets.length)
    part = packets.number(at + 6, 2)
    later = four & (part & 0x1FFF != 0)
    frag = np.where(four, DF * (part >> 14 & 1) | MF * (part >> 13 & 1) | LATER * later, 0)
    told = packets.number(at + np.where(six, 4, 2), 2)
    whole = four | six
    made: list[Column] = [
        *_addresses(packets, at, four, six, tables.addresses),
        ("ttl", packets.number(at + np.where(six, 7, 8), 1), whole),
        ("ip_id", packets.number(at + 4, 2), four),
        ("length", told + 40 * six, whole & ((told > 0) | (six & (packets.number(at + 6, 1) != HOP_BY_HOP)))),
    ]
    kind = packets.number(at + np.where(six, 6, 9), 1)
    at, kind, chained, fragmented, later, bits = _extensions(packets, at + np.where(six, 40, size), kind, six, later)
    made.append(("frag", frag | bits, four | fragmented))
    known = whole & chained
    made += [("proto", _PROTO[kind], known), ("proto_num", kind, known)]
    made += _upper(packets, at, kind, known & ~later, tables)
    return made, whole


def _addresses(packets: Packets, at: Positions, four: Mask, six: Mask, table: AddressTable) -> list[Column]:
    made: list[Column] = []
    for name, place, place6 in (("src", 12, 8), ("dst", 16, 24)):
        codes = packets.number(at + place, 4)
        odd = four & (codes >= HANDLES_FROM) & (codes != BROADCAST)
        for rows, where, size in ((np.flatnonzero(six), place6, 16), (np.flatnonzero(odd), place, 4)):
            if len(rows):
                text = packets.pick(rows).bytes_at(at[rows] + where, size)
                padded = np.zeros((len(rows), 16), np.uint8)
                padded[:, :size] = text
                one, kind = distinct_rows(padded)
                codes[rows] = np.array([table.code_of_packed(text[row].tobytes()) for row in one.tolist()])[kind]
        made.append((name, codes, four | six))
    return made


def _extensions(
    packets: Packets, at: Positions, kind: Positions, six: Mask, later: Mask
) -> tuple[Positions, Positions, Mask, Mask, Mask, Positions]:
    """Pass over IPv6 extension headers (RFC 8200 §4): where what they carry begins, its protocol, whether it could be told,
    and which were fragments, later ones, with which bits."""
    chained = np.ones(len(packets), np.bool_)
    fragmented = np.zeros(len(packets), np.bool_)
    bits = np.zeros(len(packets), np.int64)
    for _ in range(MOST_EXTENSIONS):
        extended = six & chained & ~later & np.isin(kind, (*EXTENSIONS, AUTHENTICATION, FRAGMENT))
        if not extended.any():
            break
        chained = chained & (~extended | (at + 8 <= packets.length))
        extended = extended & chained
        fragment = extended & (kind == FRAGMENT)
        part = packets.number(at + 2, 2)
        fragmented = fragmented | fragment
        later = later | (fragment & (part >> 3 != 0))
        bits = np.where(fragment, MF * (part & 1) | LATER * (part >> 3 != 0), bits)
        told = packets.number(at + 1, 1)
        size = np.where(kind == FRAGMENT, 8, np.where(kind == AUTHENTICATION, (told + 2) * 4, (told + 1) * 8))
        kind = np.where(extended, packets.number(at, 1), kind)
        at = at + np.where(extended, size, 0)
    return at, kind, chained, fragmented, later, bits


def _upper(packets: Packets, at: Positions, kind: Positions, where: Mask, tables: Tables) -> list[Column]:
    has = {size: where & (at + size <= packets.length) for size in (1, 2, 4, 8, 12, 14, 16)}
    ported, tcp, icmp = np.isin(kind, WITH_PORTS), kind == TCP, np.isin(kind, ICMPS)
    made: list[Column] = [
        ("sport", packets.number(at, 2), ported & has[4]),
        ("dport", packets.number(at + 2, 2), ported & has[4]),
    ]
    if icmp.any():
        made += [
            ("icmp_type", packets.number(at, 1), icmp & has[1]),
            ("icmp_code", packets.number(at + 1, 1), icmp & has[2]),
        ]
    if not tcp.any():
        return made
    flags = packets.number(at + 12, 2)
    made += [
        ("seq", packets.number(at + 4, 4), tcp & has[8]),
        ("ack", packets.number(at + 8, 4), tcp & has[12]),
        ("flags", flags & FLAGS, tcp & has[14]),
        ("window", packets.number(at + 14, 2), tcp & has[16]),
    ]
    size = (flags >> 12) * 4
    rows = np.flatnonzero(tcp & has[14] & (size > 20) & (at + size <= packets.length))
    if len(rows):
        codes, said = np.zeros(len(packets), np.uint32), np.zeros(len(packets), np.bool_)
        codes[rows] = _layouts(packets.pick(rows), at[rows] + 20, size[rows] - 20, tables)
        said[rows] = True
        made.append(("tcp_options", codes, said))
    return made


def _layouts(packets: Packets, at: Positions, size: Positions, tables: Tables) -> NDArray[np.uint32]:
    """Text codes of the layouts of TCP options, `size` bytes at `at`. They differ in few ways once time stamps are blanked."""
    options = packets.bytes_at(at, _OPTIONS)
    options[np.arange(_OPTIONS) >= size[:, None]] = 0
    stamped = _time_stamps(options, size)
    keys = np.zeros((len(at), _OPTIONS + 8), np.uint8)
    keys[:, :_OPTIONS] = options
    keys[:, _OPTIONS] = size
    rows = np.flatnonzero(stamped >= 0)
    keys[rows, _OPTIONS + 1] = 1
    keys[rows[:, None], stamped[rows, None] + np.arange(2, _STAMPED)] = 0
    one, kind = distinct_rows(keys)
    shapes = [layout(options[row, : size[row]].tobytes().hex().upper().encode()) for row in one.tolist()]
    return np.array([tables.texts.code(shape or "") for shape in shapes], np.uint32)[kind]


def _time_stamps(options: NDArray[np.uint8], size: Positions) -> Positions:
    """Where the time stamp option begins, -1 where there is none; as `tcp_options.time_stamp_span` tells."""
    found = np.full(len(options), -1, np.int64)
    rows, at = np.arange(len(options)), np.zeros(len(options), np.int64)
    while len(rows):
        kind = options[rows, at]
        told = np.where(at + 1 < size[rows], options[rows, np.minimum(at + 1, _OPTIONS - 1)], 0).astype(np.int64)
        hit = (kind == _TIMESTAMPS) & (told == _STAMPED) & (at + _STAMPED <= size[rows])
        found[rows[hit]] = at[hit]
        at = at + np.where(kind == 1, 1, told)
        on = ~hit & (kind != 0) & ((kind == 1) | (told >= 2)) & (at < size[rows])
        rows, at = rows[on], at[on]
    return found


assert _OPTIONS <= SLACK
