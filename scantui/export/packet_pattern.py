"""What packets of the chosen have in common, whoever sends them: flags that no TCP sends may be dropped, the rest is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Events, Proto, flag_text, without_notices
from scantui.export.handover import Handover
from scantui.tables import HANDLES_FROM

SIX = FIN | SYN | RST | PSH | ACK | URG
# What a TCP sends, PSH and the ECN bits aside (Linux, net/netfilter/nf_conntrack_proto_tcp.c, tcp_valid_flags).
_SENT = frozenset((SYN, SYN | URG, SYN | ACK, RST, RST | ACK, FIN | ACK, FIN | ACK | URG, ACK, ACK | URG))
_NEVER_TOGETHER = (SYN | FIN, SYN | RST)  # whatever else is set
_ENOUGH = 5  # packets of one source, to call what they have in common a habit
_CLIENTS = 1024  # the ports from here on are clients' (RFC 6335 §6 calls those below the system ports)
_NAMES = {"ip_id": "IP ID", "sport": "source port", "window": "window"}


@dataclass(frozen=True, slots=True)
class Pattern:
    """TCP packets of which the flags in `mask` are those in `value`, and whose fields are those in `fields`; `packets` of the
    `of` logged. `drops`: no TCP sends such packets."""

    label: str
    mask: int
    value: int
    fields: tuple[tuple[str, int], ...]
    packets: int
    of: int
    drops: bool

    @property
    def name(self) -> str:
        told = "".join(f", {_NAMES[name]} {value}" for name, value in self.fields)
        return f"{self.label}{told}: {self.packets:,} of {self.of:,} packets"

    @property
    def text(self) -> str:
        why = (
            "no TCP sends such packets" if self.drops else "others may send the like, so they are counted, not dropped"
        )
        return f"{self.name} of the chosen sources; {why}"


def patterns(handover: Handover) -> tuple[Pattern, ...]:
    """Those to drop first, the commonest first; none when the log tells no flags."""
    if handover.events is None:
        return ()
    events = without_notices(handover.events)
    events = events.take((events.proto == Proto.TCP) & events.is_known("flags"))
    if not len(events):
        return ()
    found = [*_illegal(events), *_habits(events)]
    return tuple(sorted(found, key=lambda one: (not one.drops, -one.packets)))


def _illegal(events: Events) -> list[Pattern]:
    flags = events.flags & SIX
    tests: dict[tuple[int, int], str] = {}
    for value in np.unique(flags).tolist():
        if value & ~PSH not in _SENT:
            pair = next((pair for pair in _NEVER_TOGETHER if value & pair == pair), None)
            tests[(pair, pair) if pair is not None else (SIX, value)] = flag_text(pair or value)
    total = int(events.count.sum())
    return [
        Pattern(label, mask, value, (), int(events.count[flags & mask == value].sum()), total, True)
        for (mask, value), label in tests.items()
    ]


def _habits(events: Events) -> list[Pattern]:
    """Openings of connections to several ports or hosts that have one IP ID, or one source port that is no client's or that
    several sources use: what a tool writes, and a system does not."""
    opening = events.take((events.flags & SIX) == SYN)
    if not len(opening):
        return []
    opening = opening.take(np.argsort(opening.src, kind="stable"))
    starts = np.flatnonzero(np.r_[True, opening.src[1:] != opening.src[:-1]])  # a group a source
    packets = np.add.reduceat(opening.count.astype(np.int64), starts)
    _, same_target = _one(opening.dst.astype(np.int64) << 16 | opening.dport, starts)
    values, kept = {}, {}
    for name in _NAMES:
        values[name], constant = _one(getattr(opening, name), starts)
        kept[name] = constant & np.logical_and.reduceat(opening.is_known(name), starts)
    kept["ip_id"] &= (values["ip_id"] != 0) & (
        opening.src[starts] < HANDLES_FROM
    )  # 0: none is needed (RFC 6864); IPv6 has none
    habitual = (packets >= _ENOUGH) & ~same_target & (kept["ip_id"] | kept["sport"])
    found: dict[tuple[tuple[str, int], ...], list[int]] = {}  # the packets of each source
    for row in np.flatnonzero(habitual).tolist():
        fields = tuple((name, int(values[name][row])) for name in _NAMES if kept[name][row])
        found.setdefault(fields, []).append(int(packets[row]))
    total = int(events.count.sum())
    return [
        Pattern("SYN", SIX, SYN, fields, sum(each), total, False)
        for fields, each in found.items()
        if len(each) > 1 or "ip_id" in dict(fields) or dict(fields)["sport"] < _CLIENTS
    ]


def _one(values: NDArray[Any], starts: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The least value of each group, and whether it is the only one."""
    least = np.minimum.reduceat(values, starts)
    return least, least == np.maximum.reduceat(values, starts)
