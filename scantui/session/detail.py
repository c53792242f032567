"""One source in full, for the detail pane: what it does, why it was flagged, and the lines that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Cluster, Scan, port_ranges
from scantui.events import Events
from scantui.explain.explanation import Explanation
from scantui.explain.pattern import pattern
from scantui.ingest.block import Source
from scantui.safe_text import harmless
from scantui.snapshot import Detail, RawLine

SPANS = 60  # of the timeline
RAW_LINES = 200
_TARGETS = 20
_RANGES = 60
Fetch = Callable[[int, int, int], bytes | None]


def detail_of(
    code: int,
    events: Events,
    episodes: tuple[Scan, ...],
    clusters: tuple[Cluster, ...],
    sources: Mapping[int, Source],
    fetch: Fetch,
    why: Explanation | None = None,
) -> Detail:
    """The detail of one source from its events (in time order), its episodes and the explanation of the weightiest."""
    address = events.tables.addresses.text(code)
    best = max(episodes, key=lambda scan: scan.score, default=None)
    ports = np.unique(events.dport[events.is_known("dport")])
    cluster = next((group for group in clusters if code in group.sources), None)
    first, last = (int(events.ts[0]), int(events.ts[-1])) if len(events) else (0, 0)
    return Detail(
        code=code,
        address=address,
        pattern=pattern(events, best),
        episodes=episodes,
        evidence=best.evidence if best else (),
        first=first,
        last=last,
        events=len(events),
        ports_text=port_ranges(ports.tolist(), _RANGES),
        targets=_targets(events),
        timeline=_timeline(events.ts, first, last),
        raw=_raw(events, sources, fetch),
        cluster=cluster,
        why=why,
    )


def _targets(events: Events) -> tuple[str, ...]:
    hosts, counts = np.unique(events.dst, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_TARGETS]
    lines = [f"{events.tables.addresses.text(int(hosts[i]))}  {int(counts[i]):,}" for i in order.tolist()]
    return (*lines, f"and {len(hosts) - _TARGETS:,} more") if len(hosts) > _TARGETS else tuple(lines)


def _timeline(ts: NDArray[np.int64], first: int, last: int) -> tuple[int, ...]:
    if not len(ts):
        return ()
    width = max(1, -(-(last - first + 1) // SPANS))
    return tuple(np.bincount((ts - first) // width, minlength=SPANS)[:SPANS].tolist())


def _raw(events: Events, sources: Mapping[int, Source], fetch: Fetch) -> tuple[RawLine, ...]:
    rows = (
        range(len(events))
        if len(events) <= RAW_LINES
        else [*range(RAW_LINES // 2), *range(len(events) - RAW_LINES // 2, len(events))]
    )
    lines = []
    for row in rows:
        source, offset = int(events.source[row]), int(events.offset[row])
        text = fetch(source, offset, int(events.line_length[row]))
        path = sources[source].path if source in sources else ""
        shown = harmless(text) if text is not None else "(no longer to be read: the file was removed or rotated away)"
        lines.append(RawLine(int(events.ts[row]), harmless(path), offset, shown))
    return tuple(lines)
