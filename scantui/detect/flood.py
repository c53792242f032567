"""Floods: very many sources that send a packet or two each to one service. Not a scan, and no campaign of scans.

From a firewall log nobody can tell forged addresses from a crowd; what can be said is that no single source did anything,
and what their packets share.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import distinct_counts, run_starts
from scantui.columns.sweep import NEVER, fan_out
from scantui.detect.roles import Role, roles
from scantui.detect.scan import Evidence, Kind, Scan, Signature, Verdict
from scantui.detect.signature import signature
from scantui.detect.site import service_key
from scantui.events import Events, Proto, concat
from scantui.tables import NO_ADDRESS

MINUTE = 60_000_000
SOURCES = 1_000  # new sources a minute at one service; a busy public service has fewer that never come back
PACKETS = 2  # of a source, at most
_LOOKED_AT = 5_000  # packets of a batch that say what a flood's packets share


def floods(batches: Sequence[Events], seldom: Callable[[Events], NDArray[np.bool_]]) -> list[Scan]:
    """The floods in these events, as rows without a source. `seldom` marks the rows of sources with hardly any events."""
    asked = [seldom(batch) & (roles(batch) == Role.PROBE) & (batch.count > 0) for batch in batches]
    if sum(int(np.count_nonzero(rows)) for rows in asked) < SOURCES:
        return []
    both = list(zip(batches, asked, strict=True))
    key = np.concatenate([service_key(batch)[rows] for batch, rows in both])
    src = np.concatenate([batch.src[rows] for batch, rows in both])
    ts = np.concatenate([batch.ts[rows] for batch, rows in both])
    services = np.sort(key)
    services = services[run_starts(services)]
    which = np.searchsorted(services, key).astype(np.uint32)
    place, count = distinct_counts(which, src)
    found = []
    for service in place[count >= SOURCES].tolist():  # one by one: a flood's rows are many, and sorting them takes room
        mine = which == service
        if fan_out(ts[mine], which[mine], src[mine], MINUTE, SOURCES).crossed[0] == NEVER:
            continue
        looked_at = concat(
            [
                batch.take(np.flatnonzero(rows & (service_key(batch) == services[service]))[:_LOOKED_AT])
                for batch, rows in both
            ],
            batches[0].tables,
        )
        found.append(_row(looked_at, ts[mine], len(np.unique(src[mine]))))
    return found


def _row(mine: Events, ts: NDArray[np.int64], sources: int) -> Scan:
    """One flood: some of its packets, the times of all, and how many sources there are."""
    target = mine.tables.addresses.text(int(mine.dst[0]))
    port = int(mine.dport[0]) if mine.is_known("dport")[0] else None
    sign = signature(mine, ())
    where = target if port is None else f"{target} port {port}"
    text = (
        f"{sources:,} sources sent {len(ts):,} packets to {where}, one or two each: a flood with forged addresses, "
        "or a crowd; this log cannot tell which. No source of it scanned"
    )
    first, last = int(ts.min()), int(ts.max())
    return Scan(
        id=f"flood-{where.replace(' port ', ':')}@{first}",
        source=NO_ADDRESS,
        kind=Kind.FLOOD,
        slow=False,
        proto=_proto(mine),
        techniques=("flood",),
        first=first,
        last=last,
        flagged_at=None,
        events=len(ts),
        packets=len(ts),
        targets=1,
        ports=0 if port is None else 1,
        port_list=() if port is None else (port,),
        target_list=(int(mine.dst[0]),),
        score=0.0,
        verdict=Verdict.SUSPECT,
        signature=Signature(f"flood of {where}", sign.fields),
        evidence=(Evidence("many sources", 0.0, text),),
    )


def _proto(mine: Events) -> str:
    return Proto(int(mine.proto[0])).name.lower()
