"""A scan's packets as rows of network traffic: by destination port and flags, what the log tells of them and no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Scan
from scantui.events import Events, Proto, without_notices
from scantui.export.handover import Handover
from scantui.export.standing import Standing

MOST = 100  # rows of a scan: a bundle is read by people and platforms
_NAMES = {Proto.TCP: "tcp", Proto.UDP: "udp", Proto.ICMP: "icmp", Proto.ICMP6: "icmp6", Proto.SCTP: "sctp"}


class Row(NamedTuple):
    """Packets of one source to one port. None is what the log does not say."""

    protocol: str
    port: int | None
    flags: int | None
    source_port: int | None
    first: int
    last: int
    packets: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """The rows with most packets, by port; `left` others; `packets` of all. `flags`, `source_port`: what all its TCP packets
    have, else None."""

    rows: tuple[Row, ...]
    left: int
    packets: int
    flags: int | None
    source_port: int | None


_UNKNOWN = Traffic((), 0, 0, None, None)


def traffic(handover: Handover, one: Standing, scan: Scan) -> Traffic:
    """The packets of one of a source's scans."""
    if handover.events is None:
        return _UNKNOWN
    events = without_notices(handover.events)
    mine = events.take((events.src == one.code) & (events.ts >= scan.first) & (events.ts <= scan.last))
    if not len(mine):
        return _UNKNOWN
    key = mine.proto.astype(np.int64) << 40 | _said(mine, "dport") << 20 | _said(mine, "flags")
    _, first, of = np.unique(key, return_index=True, return_inverse=True)
    of = of.reshape(-1)
    packets = np.bincount(of, weights=mine.count).astype(np.int64)
    order = np.argsort(-packets, kind="stable")[:MOST]
    rows = [_row(mine, of == group, int(first[group]), int(packets[group])) for group in order.tolist()]
    rows.sort(
        key=lambda row: (row.protocol, -1 if row.port is None else row.port, -1 if row.flags is None else row.flags)
    )
    tcp = mine.take(mine.proto == Proto.TCP)
    return Traffic(tuple(rows), len(packets) - len(rows), int(packets.sum()), _same(tcp, "flags"), _same(tcp, "sport"))


def _said(events: Events, name: str) -> NDArray[np.int64]:
    """The column one higher, and 0 where the log does not say."""
    return np.where(events.is_known(name), getattr(events, name).astype(np.int64) + 1, 0)


def _row(events: Events, inside: NDArray[np.bool_], at: int, packets: int) -> Row:
    group = events.take(inside)
    return Row(
        protocol=_NAMES.get(Proto(int(events.proto[at])), ""),
        port=int(events.dport[at]) if events.is_known("dport")[at] else None,
        flags=int(events.flags[at]) if events.is_known("flags")[at] and events.proto[at] == Proto.TCP else None,
        source_port=_same(group, "sport"),
        first=int(group.ts.min()),
        last=int(group.ts.max()),
        packets=packets,
    )


def _same(events: Events, name: str) -> int | None:
    """The one value that a column has in all rows, None when it varies or the log does not always say."""
    values = getattr(events, name)
    if not len(values) or not events.is_known(name).all() or np.any(values != values[0]):
        return None
    return int(values[0])
