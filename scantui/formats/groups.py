"""Logs that name the host's own end first, whoever began: what came to a group of hosts names the group as its source.

No packet comes from a group's address (RFC 1112 §7.2, RFC 4291 §2.7), so such a line is turned around.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import KNOWN
from scantui.formats.sheet import Record, Sheet
from scantui.tables import BROADCAST, HANDLES_FROM, NO_ADDRESS, AddressTable

_PAIRS = (("src", "dst"), ("sport", "dport"))
_SIX = 16


def _is_group(code: int, addresses: AddressTable) -> bool:
    if code == NO_ADDRESS:
        return False
    packed = addresses.packed(code)
    return packed[0] == 0xFF if len(packed) == _SIX else packed[0] >> 4 == 0xE or code == BROADCAST


def turn(record: Record, addresses: AddressTable) -> None:
    """Turn one line around if its source is a group, and its target is none."""
    source, target = (record.get(name, NO_ADDRESS) for name in _PAIRS[0])
    if not _is_group(source, addresses) or _is_group(target, addresses):
        return
    for one, other in _PAIRS:
        ends = {other: record.pop(one, None), one: record.pop(other, None)}
        record.update((name, value) for name, value in ends.items() if value is not None)


def turn_all(sheet: Sheet, addresses: AddressTable) -> None:
    """The same for all lines that were read."""
    if not all(name in sheet.columns for name in _PAIRS[0]):
        return
    rows = np.flatnonzero(sheet.got)
    source, target = (_groups(sheet.columns[name][rows], addresses) for name in _PAIRS[0])
    rows = rows[source & ~target]
    if not len(rows):
        return
    for one, other in _PAIRS:
        first, second = sheet.column(one), sheet.column(other)
        first[rows], second[rows] = second[rows], first[rows]
        mine, its = (np.uint32(KNOWN.get(name, 0)) for name in (one, other))
        known = sheet.known[rows]
        swapped = (known & ~(mine | its)) | np.where(known & mine, its, 0) | np.where(known & its, mine, 0)
        sheet.known[rows] = swapped.astype(np.uint32)


def _groups(codes: NDArray[Any], addresses: AddressTable) -> NDArray[np.bool_]:
    """Which codes are those of groups."""
    four = codes < HANDLES_FROM
    groups: NDArray[np.bool_] = four & (codes >> np.uint32(28) == 0xE)
    if not four.all():
        some, which = np.unique(codes[~four], return_inverse=True)
        groups[~four] = np.array([_is_group(code, addresses) for code in some.tolist()], np.bool_)[which]
    return groups
