"""Fields that are numbers, written as such or as words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scantui.formats.cisco_ports import PORTS
from scantui.formats.field_spec import FieldSpec
from scantui.formats.protocol_texts import protocol_record
from scantui.formats.sheet import Record
from scantui.formats.value_forms import Anything, AtLeastOne, HexNumber, OneOf, Plus, With
from scantui.formats.values import Number, Value, Words

# Largest value of a column, by its width on the wire (RFC 791, 792, 9293); IP lengths with jumbograms and IPv6 payloads.
LARGEST = {
    "sport": 65_535,
    "dport": 65_535,
    "ttl": 255,
    "ip_id": 65_535,
    "window": 65_535,
    "length": 0xFFFFFFFF,
    "seq": 0xFFFFFFFF,
    "ack": 0xFFFFFFFF,
    "icmp_type": 255,
    "icmp_code": 255,
    "count": 0xFFFFFFFF,
}
_IPV6_HEADER = 40  # bytes that an IPv6 packet is longer than what it says (RFC 8200 §3)
_MOST_PACKETS = 999_999_999  # of one flow
_MOST_DIGITS = 15  # of a number; hostile ones are longer than Python turns into one


def lasted(token: bytes) -> Record | None:
    """A duration `h:mm:ss`, in microseconds."""
    match = re.fullmatch(rb"([0-9]{1,6}):([0-9]{2}):([0-9]{2})", token)
    return (
        None if match is None else {"lasted": (int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])) * 1_000_000}
    )


def _number_or_word(column: str, words: Mapping[bytes, int], token: bytes) -> Record | None:
    """A number, or one of the format's words for one; another word says nothing."""
    if token.isdigit():
        return {column: int(token)} if len(token) <= _MOST_DIGITS and int(token) <= LARGEST[column] else None
    return looked_up(column, words, token.lower())


def looked_up(column: str, table: Mapping[bytes, Any], token: bytes) -> Record | None:
    found = table.get(token)
    return {} if found is None else {column: found}


def number_value(spec: FieldSpec) -> Value | None:
    """The value of a field that is a number; None when it is none."""
    column, reader = spec.column, spec.reader
    if column in LARGEST:
        return _measured(spec, LARGEST[column])
    if column == "packets":
        return AtLeastOne(Number("count", _MOST_PACKETS, ()))
    if spec.text == "lasted:ms":
        return Number("lasted", 10**11, unit=1_000)
    if column == "lasted":
        return Words(lasted, ("lasted",)) if reader else Number("lasted", 10**8, unit=1_000_000)
    if column == "micros":
        return Number("micros", 999_999)
    return Number("back", 0xFFFFFFFF) if column == "back" else None


def _measured(spec: FieldSpec, largest: int) -> Value | None:
    """A column of the packet or record."""
    column, reader = spec.column, spec.reader
    if column in ("sport", "dport") and reader in ("tcp", "udp"):
        return With(Number(column, largest), protocol_record(reader.encode()) or {})
    if reader in ("hex", "hex?"):
        return HexNumber(column, largest, empty=reader.endswith("?"))
    if column in spec.words:
        numbers = {word.encode(): int(number) for word, number in spec.words[column].items()}
        return Words(lambda token: _number_or_word(column, numbers, token), (column,))
    if column in ("sport", "dport") and reader == "cisco":
        return OneOf(
            [Number(column, largest, ()), Words(lambda token: looked_up(column, PORTS, token) or None, (column,))]
        )
    if spec.text == "icmp_type:icmp":
        return OneOf([With(Number(column, largest, ()), protocol_record(b"icmp") or {}), Anything()])
    if spec.text == "length:payload":
        return Plus(Number(column, largest - _IPV6_HEADER), _IPV6_HEADER)
    if reader == "number?":
        return OneOf([Number(column, largest), Anything()])
    if reader == "positive":
        return Number(column, largest, (b"", b"-", b"0"))
    return Number(column, largest, joint=reader.encode() or None)
