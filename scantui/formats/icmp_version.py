"""ICMP between IPv6 addresses is ICMPv6 (RFC 4443), though many sensors print both by one name."""

from __future__ import annotations

import numpy as np

from scantui.events import PROTO_NUMBER, Proto
from scantui.formats.sheet import Record, Sheet
from scantui.tables import HANDLES_FROM, NO_ADDRESS, AddressTable

_SIX = {"proto": int(Proto.ICMP6), "proto_num": PROTO_NUMBER[Proto.ICMP6]}


def _is_six(code: int, addresses: AddressTable) -> bool:
    return HANDLES_FROM <= code < NO_ADDRESS and len(addresses.packed(code)) == 16


def settle(record: Record, addresses: AddressTable) -> None:
    """Make the ICMP of one line what its source address says."""
    if record.get("proto") == Proto.ICMP and _is_six(record.get("src", NO_ADDRESS), addresses):
        record |= _SIX


def settle_all(sheet: Sheet, addresses: AddressTable) -> None:
    """The same for all lines that were read."""
    if "proto" not in sheet.columns or "src" not in sheet.columns:
        return
    source = sheet.columns["src"]
    rows = np.flatnonzero(sheet.got & (sheet.columns["proto"] == Proto.ICMP) & (source >= HANDLES_FROM))
    if len(rows):
        codes, which = np.unique(source[rows], return_inverse=True)
        six = np.array([_is_six(code, addresses) for code in codes.tolist()], np.bool_)[which]
        for name, value in _SIX.items():
            sheet.column(name)[rows[six]] = value
