"""key=value firewall lines: `ts=2000-01-25T03:14:01Z event=fw_drop src=203.0.113.7:53 dst=192.0.2.10:21 proto=tcp flags=SYN-FIN`.

Keys may come in any order and more of them may stand between; the first one of a name wins. `ts`, `src` and `dst` must be
there. An address may carry a port (`203.0.113.7:53`, `[2001:db8::1]:53`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import iso_stamps, unchanged_aside
from scantui.columns.lines import Lines, Positions, token_end
from scantui.columns.numbers import ipv4, uint
from scantui.columns.skeleton import SkeletonBook, keys_of
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.events import LATER
from scantui.formats.base import SMALL, Format
from scantui.formats.keyvalue_samples import SAMPLES
from scantui.formats.sheet import Record, Sheet
from scantui.formats.stamp import iso_stamp
from scantui.formats.words import action_of, flag_words, protocol
from scantui.safe_text import harmless
from scantui.tables import HANDLES_FROM, Tables

# Key in the log: (event column, largest value).
_NUMBERS = {
    b"ttl": ("ttl", 255),
    b"id": ("ip_id", 65_535),
    b"window": ("window", 65_535),
    b"len": ("length", 999_999),
    b"type": ("icmp_type", 255),
    b"code": ("icmp_code", 255),
    b"count": ("count", 9_999_999),
}
_BIG = 1 << 20  # word numbers pack two values
_TOKEN = re.compile(rb"[^\x00-\x20]*")
_ENDPOINT = re.compile(
    rb"(?:([0-9.]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?|([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)"
)
_STAMPED = re.compile(rb"\bts=[0-9]{4}-")  # other times are for the formats that read whoever's keys
_NOT_SAID = -2  # a word number: fine, but says nothing


@dataclass(frozen=True)
class _Layout:
    """Which key of a skeleton holds which field (-1: none)."""

    at: dict[bytes, int]


def _judge(line: bytes) -> _Layout | None:
    at: dict[bytes, int] = {}
    for i, (before, key, _) in enumerate(keys_of(line)):
        if before not in (b"[", b"]"):
            at.setdefault(key, i)
    return _Layout(at) if {b"ts", b"src", b"dst"} <= at.keys() else None


class _KeyValue:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._book: SkeletonBook[_Layout] = SkeletonBook(_judge)
        self._flags = WordTable(self._flag_number)
        self._protocols = WordTable(self._protocol_number)
        self._events = WordTable(self._event_number)
        self._endpoints: dict[bytes, tuple[int, int] | None] = {}

    # One line -----------------------------------------------------------------------------------------------------
    def line(self, text: bytes) -> Record | None:
        value: dict[bytes, bytes] = {}
        for before, key, at in keys_of(text):
            if before not in (b"[", b"]") and key not in value:
                match = _TOKEN.match(text, at)
                value[key] = match[0] if match else b""
        stamp = iso_stamp(value.get(b"ts", b""))
        source, target = self._endpoint(value.get(b"src", b"")), self._endpoint(value.get(b"dst", b""))
        if stamp is None or source is None or target is None:
            return None
        record: Record = {**stamp, "src": source[0], "dst": target[0]}
        if source[1] >= 0:
            record["sport"] = source[1]
        if target[1] >= 0:
            record["dport"] = target[1]
        for key, (name, largest) in _NUMBERS.items():
            token = value.get(key)
            if token is not None and token != b"-":
                if not re.fullmatch(rb"[0-9]{1,7}", token) or int(token) > largest:
                    return None
                record[name] = int(token)
        return self._words(value, record)

    def _words(self, value: dict[bytes, bytes], record: Record) -> Record | None:
        for key, meaning, put in (
            (b"flags", self._flag_number, _put_flags),
            (b"proto", self._protocol_number, _put_protocol),
            (b"event", self._event_number, _put_event),
        ):
            token = value.get(key)
            if token is not None:
                number = meaning(token) if len(token) <= 64 else UNCLAIMED
                if number == UNCLAIMED:
                    return None
                put(record, number)
        token = value.get(b"frag")
        if token is not None:
            if token not in (b"0", b"1"):
                return None
            record["frag"] = LATER if token == b"1" else 0
        return record

    def _endpoint(self, token: bytes) -> tuple[int, int] | None:
        """Address code and port (-1: none) of `a.b.c.d:p`, `[v6]:p` or a bare address."""
        if token in self._endpoints:
            return self._endpoints[token]
        match = _ENDPOINT.fullmatch(token)
        found: tuple[int, int] | None = None
        if match and int(match[3] or 0) <= 65_535:
            try:
                found = self._tables.addresses.code(match[1] or match[2] or match[4]), int(match[3]) if match[3] else -1
            except ValueError:
                found = None
        if len(self._endpoints) > 50_000:
            self._endpoints.clear()
        self._endpoints[token] = found
        return found

    # Words: what a token means, as one number for the word tables ----------------------------------------------------
    def _flag_number(self, token: bytes) -> int:
        if token in (b"", b"-"):
            return _NOT_SAID + _BIG
        bits = flag_words(token.decode("latin-1"))
        return UNCLAIMED if bits is None else bits

    def _protocol_number(self, token: bytes) -> int:
        found = protocol(token.decode("latin-1"))
        return UNCLAIMED if found is None else found[0] << 8 | found[1]

    def _event_number(self, token: bytes) -> int:
        text = harmless(token)
        return self._tables.texts.code(text) << 4 | action_of(text)

    # Many lines -----------------------------------------------------------------------------------------------------
    def fast(self, lines: Lines, sheet: Sheet) -> None:
        for rows, at, layout in self._book.split(lines, SMALL):
            if layout is not None:
                self._group(lines, sheet, rows, at, layout.at)

    def _group(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], at: Positions, key: dict[bytes, int]) -> None:
        stamps = unchanged_aside(iso_stamps, lines, at[:, key[b"ts"]])
        ok = stamps.ok & (lines.u8[stamps.end] <= 32)
        put: list[tuple[str, Any, Any]] = []
        for name, port_name, where in (("src", "sport", b"src"), ("dst", "dport", b"dst")):
            address, port, has_port, good = self._endpoints_of(lines, at[:, key[where]])
            ok &= good
            put += [(name, address, None), (port_name, port, has_port)]
        for where, (name, largest) in _NUMBERS.items():
            if where in key:
                number, digits = uint(lines, at[:, key[where]])
                ok &= (digits >= 1) & (digits <= 7) & (lines.u8[at[:, key[where]] + digits] <= 32) & (number <= largest)
                put.append((name, number, None))
        for where, table in ((b"flags", self._flags), (b"proto", self._protocols), (b"event", self._events)):
            if where in key:
                start = at[:, key[where]]
                number = table.look_up(lines, start, token_end(lines, start, 72))
                ok &= number != UNCLAIMED
                put += _word_columns(where, number)
        if b"frag" in key:
            digit, after = lines.u8[at[:, key[b"frag"]]], lines.u8[at[:, key[b"frag"]] + 1]
            ok &= ((digit == 48) | (digit == 49)) & (after <= 32)
            put.append(("frag", np.where(digit == 49, LATER, 0), None))
        sheet.put_stamps(rows, stamps, ok)
        sheet.put_all(rows, put, ok)

    @staticmethod
    def _endpoints_of(lines: Lines, p: Positions) -> tuple[Any, Any, Any, Any]:
        address, end, ok = ipv4(lines, p)
        has_port = lines.u8[end] == 58
        port, digits = uint(lines, end + 1)
        ok &= np.where(has_port, (digits >= 1) & (digits <= 5) & (port <= 65_535), True)
        ok &= lines.u8[np.where(has_port, end + 1 + digits, end)] <= 32
        return address, port, has_port, ok & (address < HANDLES_FROM)


def _word_columns(key: bytes, number: NDArray[np.int64]) -> list[tuple[str, Any, Any]]:
    if key == b"flags":
        return [("flags", number & 511, number < 512)]
    if key == b"proto":
        return [("proto", number >> 8, None), ("proto_num", number & 255, None)]
    return [("rule", number >> 4, None), ("action", number & 15, None)]


def _put_flags(record: Record, number: int) -> None:
    if number < 512:
        record["flags"] = number


def _put_protocol(record: Record, number: int) -> None:
    record["proto"], record["proto_num"] = number >> 8, number & 255


def _put_event(record: Record, number: int) -> None:
    record["rule"], record["action"] = number >> 4, number & 15


KEYVALUE = Format(
    name="keyvalue",
    title="key=value firewall lines",
    fields=(
        "ts",
        "src",
        "dst",
        "sport",
        "dport",
        "proto",
        "proto_num",
        "flags",
        "ttl",
        "ip_id",
        "window",
        "length",
        "icmp_type",
        "icmp_code",
        "frag",
        "action",
        "count",
        "rule",
    ),
    samples=SAMPLES,
    claims=lambda line: b"src=" in line and b"dst=" in line and _STAMPED.search(line) is not None,
    bind=_KeyValue,
    holds=b"src=",
)
