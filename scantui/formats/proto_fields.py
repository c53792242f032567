"""Fields that a protocol does not have: a log's columns for ports and ICMP types are there for every packet, as zeros or as what
another protocol puts in their place."""

from __future__ import annotations

import numpy as np

from scantui.events import KNOWN, PROTO_NUMBER, Proto
from scantui.formats.sheet import Record, Sheet

_WITH_PORTS = (6, 17, 33, 132, 136)  # TCP, UDP, DCCP, SCTP, UDP-Lite: IANA "Protocol Numbers"
_ICMP = (PROTO_NUMBER[Proto.ICMP], PROTO_NUMBER[Proto.ICMP6])
_FIELDS = ((("sport", "dport"), _WITH_PORTS), (("icmp_type", "icmp_code"), _ICMP))


def prune(record: Record) -> None:
    """Take from one line what its protocol, when it is known, does not have."""
    number = record.get("proto_num")
    if number is None:
        return
    for names, having in _FIELDS:
        if number not in having:
            for name in names:
                record.pop(name, None)


def prune_all(sheet: Sheet) -> None:
    """The same for all lines that were read."""
    numbers = sheet.columns.get("proto_num")
    if numbers is None:
        return
    known = sheet.got & ((sheet.known & np.uint32(KNOWN["proto_num"])) != 0)
    for names, having in _FIELDS:
        if not any(name in sheet.columns for name in names):
            continue
        rows = np.flatnonzero(known & ~np.isin(numbers, having))
        if len(rows):
            for name in names:
                sheet.known[rows] &= ~np.uint32(KNOWN[name])
                if name in sheet.columns:
                    sheet.columns[name][rows] = 0
