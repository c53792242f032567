"""Protocols as logs name them."""

from __future__ import annotations

from collections.abc import Callable

from scantui.formats.flow_fields import argus_protocol
from scantui.formats.sheet import Record
from scantui.formats.words import protocol


def protocol_record(token: bytes) -> Record | None:
    """A protocol's name or IANA number."""
    if token in (b"", b"-"):
        return {}
    found = protocol(token.decode("latin-1"))
    return None if found is None else {"proto": int(found[0]), "proto_num": found[1]}


def any_protocol(token: bytes) -> Record | None:
    """A protocol as sensors name it, perhaps with a service (`tcp/http`); an unknown name says nothing. 255 is Snort's for
    what is no packet."""
    token = token.removeprefix(b"PROTO:").partition(b"/")[0]
    return {} if token == b"255" else protocol_record(token) or {}


def next_header(token: bytes) -> Record | None:
    """A protocol, or IPv6's next header, which says nothing where it is an extension (RFC 7045)."""
    return {} if token in (b"0", b"43", b"44", b"60", b"135") else any_protocol(token)


PROTOCOLS: dict[str, Callable[[bytes], Record | None]] = {
    "any": any_protocol,
    "next": next_header,
    "argus": argus_protocol,
    "float": lambda token: protocol_record(token.removesuffix(b".0")),
}
