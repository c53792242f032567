"""One source in full, for the detail pane: what it does, why it was flagged, and the lines that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Cluster, Scan, port_ranges
from scantui.events import Events, without_notices
from scantui.explain.explanation import Explanation
from scantui.explain.pattern import pattern
from scantui.explain.place import Place
from scantui.ingest.block import Source
from scantui.safe_text import harmless
from scantui.session.course import course_of
from scantui.snapshot import Detail, RawLine

SPANS = 60  # of the timeline
RAW_LINES = 200
_TARGETS = 20
_RANGES = 400
Fetch = Callable[[int, int, int], bytes | None]


def detail_of(
    code: int,
    events: Events,
    episodes: tuple[Scan, ...],
    clusters: tuple[Cluster, ...],
    sources: Mapping[int, Source],
    fetch: Fetch,
    why: Explanation | None = None,
    place: Place | None = None,
    best: Scan | None = None,
) -> Detail:
    """The detail of one source from its events (in time order), its episodes, and `best`, the one to show, with its
    explanation."""
    address = events.tables.addresses.text(code)
    sent = without_notices(events)
    ports = np.unique(sent.dport[sent.is_known("dport")])
    cluster = next((group for group in clusters if code in group.sources), None)
    first, last = (int(events.ts[0]), int(events.ts[-1])) if len(events) else (0, 0)
    shown = events  # all lines, or if they are too many those of the episode
    if len(events) > RAW_LINES and best is not None:
        shown = events.take((events.ts >= best.first) & (events.ts <= best.last))
    return Detail(
        code=code,
        address=address,
        pattern=pattern(sent, best),
        episodes=episodes,
        evidence=best.evidence if best else (),
        first=first,
        last=last,
        events=len(events),
        ports_text=port_ranges(ports.tolist(), _RANGES),
        targets=_targets(sent),
        timeline=_timeline(sent.ts, first, last),
        raw=_raw(shown, sources, fetch),
        raw_of=len(shown),
        episode=episodes.index(best) if best is not None else 0,
        course=course_of(sent),
        cluster=cluster,
        why=why,
        place=place,
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
