"""Flow records whose packets all came from the other side: sensors turn a flow around that begins with what looks like an answer.

Such a record names as its source who sent nothing. What was sent, the other side sent: source and target change places, and the
flags are those of that side's first packet.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Mask
from scantui.formats.sheet import Record

# Columns that only this looks at: how many packets came back, and the flags of the first of all, where it came back.
ASIDE = ("back", "back_flags")
UNTOLD = -1  # of flags: the first packet came back, its flags are not told
_PAIRS = (("src", "dst"), ("sport", "dport"))
Columns = dict[str, tuple[Any, Mask | None]]


def turn(record: Record, *, by_flags: bool) -> None:
    """Turn a record around if all its packets came back; with `by_flags` only one that tells that the first did."""
    back, flags = (record.pop(name, None) for name in ASIDE)
    if record.get("count") != 0 or not back or (by_flags and flags is None):
        return
    for one, other in _PAIRS:
        ends = {other: record.pop(one, None), one: record.pop(other, None)}
        record.update((name, value) for name, value in ends.items() if value is not None)
    record["count"] = back
    record.pop("answered", None)
    if flags is not None:
        record.pop("flags", None)
        record.update({"flags": flags} if flags != UNTOLD else {})


def turn_all(columns: Columns, flows: Mask, *, by_flags: bool) -> None:
    """The same for the lines `flows` of a board's columns."""
    if "back" not in columns or "count" not in columns:
        return
    count, back = (_full(columns, name, len(flows)) for name in ("count", "back"))
    turned = flows & count[1] & (count[0] == 0) & back[1] & (back[0] > 0)
    if by_flags:
        turned &= _full(columns, "back_flags", len(flows))[1]
    if not turned.any():
        return
    for one, other in _PAIRS:
        first, second = _full(columns, one, len(flows)), _full(columns, other, len(flows))
        for name, old, new in ((one, first, second), (other, second, first)):
            columns[name] = np.where(turned, new[0], old[0]), np.where(turned, new[1], old[1])
    columns["count"] = np.where(turned, back[0], count[0]), count[1]
    answered = _full(columns, "answered", len(flows))
    columns["answered"] = answered[0], answered[1] & ~turned
    if "back_flags" in columns:
        told, there = _full(columns, "back_flags", len(flows))
        flags = _full(columns, "flags", len(flows))
        mine = turned & there
        columns["flags"] = np.where(mine, told, flags[0]), np.where(mine, told != UNTOLD, flags[1])


def _full(columns: Columns, name: str, count: int) -> tuple[NDArray[Any], Mask]:
    values, has = columns.get(name, (np.zeros(count, np.int64), np.zeros(count, np.bool_)))
    return np.broadcast_to(values, (count,)), np.ones(count, np.bool_) if has is None else has
