"""What the rules share: events as plain rows in time order, and what a rule says of a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from scantui.events import Action, Events

SECOND = 1_000_000  # microseconds
REFUSED = (Action.DROP, Action.REJECT)


class Flag(NamedTuple):
    """`at` in microseconds; `kind` in scantui's words; `technique` None when the tool names none."""

    at: int
    kind: str
    technique: str | None = None


class Packet(NamedTuple):
    """One event. Null columns are None."""

    ts: int
    src: int
    dst: int
    proto: int  # IANA number
    sport: int | None
    dport: int | None
    flags: int | None
    icmp_type: int | None
    refused: bool


def packets(events: Events) -> Iterator[Packet]:
    """The events in time order (ties as logged)."""
    ordered = events.take(np.lexsort((events.offset, events.ts)))
    columns = [ordered.ts.tolist(), ordered.src.tolist(), ordered.dst.tolist(), ordered.proto_num.tolist()]
    for name in ("sport", "dport", "flags", "icmp_type"):
        known = ordered.is_known(name).tolist()
        values = getattr(ordered, name).tolist()
        columns.append([value if said else None for value, said in zip(values, known, strict=True)])
    columns.append(np.isin(ordered.action, REFUSED).tolist())
    return map(Packet._make, zip(*columns, strict=True))
