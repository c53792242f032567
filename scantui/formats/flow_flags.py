"""TCP flags of flow records: what is known of the first packet when a record ORs the flags of all.

One packet's flags are exact. Of several, a SYN beside an ACK was a SYN first and the rest later, and a SYN beside a RST a SYN
whose answer was then refused: the half-open scan of an open port. Other flags without an ACK come from no ordinary connection,
so they are one probe sent again. Anything else may be a mixture, and is not known.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, FIN, PSH, RST, SYN, URG
from scantui.formats.sheet import Record

MIXED = -1
_SETS = range(512)


class Told:
    """Flags of the first packet by the ORed flags: of records of one packet, and of those of several or an unknown number."""

    def __init__(self, single: list[int], several: list[int]) -> None:
        self._single, self._several = np.array(single), np.array(several)

    def first(self, ored: NDArray[Any], count: NDArray[Any]) -> NDArray[np.int64]:
        """Flags of the first packet of each record, `MIXED` where they cannot be told; `count` is its packets, 0 unknown."""
        ored = np.minimum(ored, 511)
        first: NDArray[np.int64] = np.where(count == 1, self._single[ored], self._several[ored])
        return first

    def one(self, record: Record) -> None:
        """Turn the columns of a flow record into those of its first packet and their number."""
        if "flags" in record:
            table = self._single if record.get("count") == 1 else self._several
            first = int(table[min(record.pop("flags"), 511)])
            if first != MIXED:
                record["flags"] = first
        if "count" in record:
            if not record["count"] and not record.get("answered", 1):
                del record["answered"]  # nothing was counted, so nothing shows that no answer came
            record["count"] = max(1, record["count"])


_OF_CONNECTIONS = (
    SYN | RST | ACK | FIN | PSH | URG
)  # the others are of ECN, and may stand beside a SYN (RFC 3168 §6.1.1)


def _ored(flags: int) -> int:
    if flags & _OF_CONNECTIONS == SYN | RST:
        return flags & ~RST
    if not flags & ACK or flags == ACK:
        return flags
    return SYN if flags & SYN else MIXED


# Records that tell all flags (NetFlow, Argus, Suricata).
ORED = Told(list(_SETS), [_ored(flags) for flags in _SETS])
# AWS tells SYN, FIN, RST, and ACK only beside a SYN; 0 is "only ACKs" and what it does not tell.
# https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html, tcp-flags
AWS = Told(
    [flags if flags & SYN else MIXED for flags in _SETS],
    [flags & (SYN | ACK) if flags & SYN else MIXED for flags in _SETS],
)
# Zeek's history already tells the first packet's.
KNOWN_FIRST = Told(list(_SETS), list(_SETS))
TOLD = {"ored": ORED, "aws": AWS, "first": KNOWN_FIRST}


def told_by(name: str) -> Told | None:
    """What a declaration's `flow` names; None for no name. Raises ValueError."""
    if name and name not in TOLD:
        raise ValueError(f"flow: one of {', '.join(TOLD)}; found '{name}'")
    return TOLD[name] if name else None
