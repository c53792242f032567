"""TCP flags of flow records: what is known of the first packet when a record ORs the flags of all.

One packet's flags are exact. Of several, a SYN beside an ACK was a SYN first and the rest later, and a SYN beside a RST a SYN
whose answer was then refused: the half-open scan of an open port. Other flags without an ACK come from no ordinary connection,
so they are one probe sent again. Anything else may be a mixture, and is not known.

A record of one direction may be that of the answers: then a SYN beside an ACK was a SYN-ACK. Suricata adds the ACK of a packet
that it makes up when a session ends (src/flow-timeout.c), also to the flags of one packet; its sessions begin with a SYN, and
where it takes up others at a SYN-ACK, that is told as the client's (StreamTcpNewSession before FlowSwap, src/stream-tcp.c).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, FIN, PSH, RST, SYN, URG
from scantui.formats.sheet import Record
from scantui.formats.turned import UNTOLD, turn

MIXED = -1
_SETS = range(512)


class Told:
    """Flags of the first packet by the ORed flags: of records of one packet, and of those of several or an unknown number."""

    def __init__(self, single: list[int], several: list[int], *, turns: str = "", one_way: bool = False) -> None:
        """`turns`: records may be turned around (see `turned.py`), "always" when all packets came back, or by their "history";
        `one_way`: they may be of no packet, and tell a TTL of one packet only."""
        self._single, self._several = np.array(single), np.array(several)
        self.turns, self.one_way = turns, one_way

    def first(self, ored: NDArray[Any], count: NDArray[Any]) -> NDArray[np.int64]:
        """Flags of the first packet of each record, `MIXED` where they cannot be told; `count` is its packets, 0 unknown."""
        ored = np.minimum(ored, 511)
        first: NDArray[np.int64] = np.where(count == 1, self._single[ored], self._several[ored])
        return first

    def one(self, record: Record) -> bool:
        """Turn the columns of a flow record into those of its first packet and their number; whether it is of any packet."""
        if record.get("answered") == UNTOLD:
            del record["answered"]
        if self.one_way:
            if record.get("count") == 0:
                return False
            if record.get("count") != 1:
                record.pop("ttl", None)
        back = record.get("count") == 0
        if self.turns:
            turn(record, by_flags=self.turns == "history")
        if back and record.get("count"):  # what is told is of the first packet
            return True
        if "flags" in record:
            table = self._single if record.get("count") == 1 else self._several
            first = int(table[min(record.pop("flags"), 511)])
            if first != MIXED:
                record["flags"] = first
        if "count" in record:
            if not record["count"] and not record.get("answered", 1):
                del record["answered"]  # nothing was counted, so nothing shows that no answer came
            record["count"] = max(1, record["count"])
        return True


_OF_CONNECTIONS = (
    SYN | RST | ACK | FIN | PSH | URG
)  # the others are of ECN, and may stand beside a SYN (RFC 3168 §6.1.1)


def _ored(flags: int) -> int:
    if flags & _OF_CONNECTIONS == SYN | RST:
        return flags & ~RST
    if not flags & ACK or flags == ACK:
        return flags
    return SYN if flags & SYN else MIXED


def _opened(flags: int) -> int:
    return flags & ~ACK if flags & SYN else flags


def _either(flags: int) -> int:
    return MIXED if flags & (SYN | ACK) == SYN | ACK else _ored(flags)


def _unless_syn_ack(flags: int) -> int:
    return MIXED if flags & (SYN | ACK) == SYN | ACK else flags


# Records that tell all flags of who began (Argus).
ORED = Told(list(_SETS), [_ored(flags) for flags in _SETS])
# Records of one direction that may be the answers' (NetFlow).
ONE_WAY = Told(list(_SETS), [_either(flags) for flags in _SETS])
# Suricata's flows, and its records of one direction.
SURICATA = Told([_opened(flags) for flags in _SETS], [_ored(flags) for flags in _SETS], turns="always")
SURICATA_ONE_WAY = Told([_unless_syn_ack(flags) for flags in _SETS], [_either(flags) for flags in _SETS], one_way=True)
# AWS tells SYN, FIN, RST, and ACK only beside a SYN; 0 is "only ACKs" and what it does not tell.
# https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html, tcp-flags
AWS = Told(
    [flags if flags & SYN else MIXED for flags in _SETS],
    [flags & (SYN | ACK) if flags & SYN else MIXED for flags in _SETS],
)
# Zeek's history already tells the first packet's.
KNOWN_FIRST = Told(list(_SETS), list(_SETS), turns="history")
TOLD = {
    "ored": ORED,
    "one-way": ONE_WAY,
    "suricata": SURICATA,
    "suricata-one-way": SURICATA_ONE_WAY,
    "aws": AWS,
    "first": KNOWN_FIRST,
}


def told_by(name: str) -> Told | None:
    """What a declaration's `flow` names; None for no name. Raises ValueError."""
    if name and name not in TOLD:
        raise ValueError(f"flow: one of {', '.join(TOLD)}; found '{name}'")
    return TOLD[name] if name else None
