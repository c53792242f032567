"""Floods: very many sources that send a packet or two each to one service. Not a scan, and no campaign of scans.

From a firewall log nobody can tell forged addresses from a crowd; what can be said is that no single source did anything,
and what their packets share.
"""

from __future__ import annotations

import numpy as np

from scantui.columns.group import distinct_counts, run_lengths, run_starts
from scantui.columns.sweep import NEVER, fan_out
from scantui.detect.roles import Role, roles
from scantui.detect.scan import Evidence, Kind, Scan, Signature, Verdict
from scantui.detect.signature import signature
from scantui.detect.site import service_key
from scantui.events import Events, Proto
from scantui.tables import NO_ADDRESS

MINUTE = 60_000_000
SOURCES = 1_000  # new sources a minute at one service; a busy public service has fewer that never come back
PACKETS = 2  # of a source, at most


def floods(events: Events) -> list[Scan]:
    """The floods in these events, as rows without a source."""
    order = np.argsort(events.src, kind="stable")
    starts = run_starts(events.src[order])
    seldom = np.repeat(run_lengths(starts, len(order)) <= PACKETS, run_lengths(starts, len(order)))
    rows = np.sort(order[seldom])
    if len(rows) < SOURCES:
        return []
    few = events.take(rows)
    few = few.take(roles(few) == Role.PROBE)
    key = service_key(few)
    services = np.sort(key)
    services = services[run_starts(services)]
    which = np.searchsorted(services, key).astype(np.uint32)
    place, count = distinct_counts(which, few.src)
    big = np.isin(which, place[count >= SOURCES])
    few, which = few.take(big), which[big]
    peaks = fan_out(few.ts, which, few.src, MINUTE, SOURCES)
    found = []
    for service in peaks.group[peaks.crossed != NEVER].tolist():
        mine = few.take(which == service)
        found.append(_row(mine.take(np.argsort(mine.ts, kind="stable"))))
    return found


def _row(mine: Events) -> Scan:
    """One flood, from its packets in time order."""
    target = mine.tables.addresses.text(int(mine.dst[0]))
    port = int(mine.dport[0]) if mine.is_known("dport")[0] else None
    sources = len(np.unique(mine.src))
    sign = signature(mine, ())
    where = target if port is None else f"{target} port {port}"
    text = (
        f"{sources:,} sources sent {len(mine):,} packets to {where}, one or two each: a flood with forged addresses, "
        "or a crowd; this log cannot tell which. No source of it scanned"
    )
    first, last = int(mine.ts[0]), int(mine.ts[-1])
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
        events=len(mine),
        packets=int(mine.count.sum(dtype=np.int64)),
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
