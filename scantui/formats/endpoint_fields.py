"""Fields that are addresses, or addresses and ports together."""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.formats.field_spec import FieldSpec
from scantui.formats.sheet import Record
from scantui.formats.value_forms import Anything, OneOf
from scantui.formats.values import Address, Endpoint, Value, Words
from scantui.safe_text import harmless
from scantui.tables import Tables

_LARGEST_PORT = 65_535
_ENDPOINTS = {
    "source": ("src", "sport", _LARGEST_PORT),
    "target": ("dst", "dport", _LARGEST_PORT),
    "source_type": ("src", "icmp_type", 255),
    "target_code": ("dst", "icmp_code", 255),
}
_COLONS = re.compile(rb"([0-9.]{7,15}|(?=:))(?::([0-9]{0,5}))?(?::([^:]*))?(?::.*)?")


def _colons(source: bool, tables: Tables) -> Callable[[bytes], Record | None]:
    """`192.0.2.1:53:X1`: address, port and interface, perhaps a name; the address may stand elsewhere."""
    address, port = ("src", "sport") if source else ("dst", "dport")

    def meaning(token: bytes) -> Record | None:
        match = _COLONS.fullmatch(token)
        record = None if match is None else Address(address, tables).plain(match[1]) if match[1] else {}
        if match is None or record is None or int(match[2] or 0) > _LARGEST_PORT:
            return None
        if match[2]:
            record[port] = int(match[2])
        if match[3] and source:
            record["iface"] = tables.texts.code(harmless(match[3], 40))
        return record

    return meaning


def endpoint_value(spec: FieldSpec) -> Value | None:
    """The value of a field that is an address or an endpoint; None when it is none."""
    column, reader, tables = spec.column, spec.reader, spec.tables
    if column in ("src", "dst"):
        if reader == "?":
            return OneOf([Address(column, tables, (b"-", b"")), Anything()])
        return Address(column, tables, (b"-", b""), names=reader == "name")
    if column not in _ENDPOINTS:
        return None
    address, port, largest = _ENDPOINTS[column]
    if reader == "colons":
        return Words(_colons(column == "source", tables), (address, port, "iface"))
    if reader == "either":
        return OneOf([Address(address, tables, (b"-", b"")), Endpoint(address, port, tables)])
    joint = reader.removesuffix("?").encode() or b":"
    return Endpoint(address, port, tables, joint, loose=reader.endswith("?"), largest=largest)
