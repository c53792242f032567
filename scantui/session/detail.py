"""One source in full, for the detail pane: what it does, why it was flagged, and the lines that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Cluster, Scan, port_ranges
from scantui.events import Action, Events, flag_text
from scantui.ingest.block import Source
from scantui.safe_text import harmless
from scantui.snapshot import Detail, RawLine

SPANS = 60  # of the timeline
RAW_LINES = 200
_TARGETS = 20
_RANGES = 60
Fetch = Callable[[int, int, int], bytes | None]

_FIELD_NAMES = {
    "flags": "TCP flags",
    "sport": "source port",
    "window": "window",
    "length": "IP length",
    "ttl": "TTL",
    "ip_id": "IP ID",
    "seq": "sequence number",
    "ack": "ACK number",
    "tcp_options": "TCP options",
    "df": "don't fragment",
    "port_order": "port order",
}


def detail_of(
    code: int,
    events: Events,
    episodes: tuple[Scan, ...],
    clusters: tuple[Cluster, ...],
    sources: Mapping[int, Source],
    fetch: Fetch,
) -> Detail:
    """The detail of one source from its events (in time order) and its episodes."""
    address = events.tables.addresses.text(code)
    best = max(episodes, key=lambda scan: scan.score, default=None)
    ports = np.unique(events.dport[events.is_known("dport")])
    cluster = next((group for group in clusters if code in group.sources), None)
    first, last = (int(events.ts[0]), int(events.ts[-1])) if len(events) else (0, 0)
    return Detail(
        code=code,
        address=address,
        pattern=_pattern(events, best),
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
    )


def _pattern(events: Events, best: Scan | None) -> tuple[tuple[str, str], ...]:
    lines: list[tuple[str, str]] = []
    if best is not None:
        seconds = (best.last - best.first) / 1e6
        reach = f"{best.ports:,} ports" if best.ports != 1 else "1 port"
        hosts = f"{best.targets:,} targets" if best.targets != 1 else "1 target"
        lines.append(
            ("what", f"{best.kind.value}{', slow' if best.slow else ''}: {'/'.join(best.techniques) or best.proto}")
        )
        lines.append(("reach", f"{reach} on {hosts}, {best.events:,} packets in {_duration(seconds)}"))
        lines += [(_FIELD_NAMES.get(name, name), str(value)) for name, value in best.signature.fields.items()]
    else:
        sets = np.unique(events.flags[events.is_known("flags")]).tolist()
        if sets:
            lines.append(("TCP flags", ", ".join(flag_text(flags) for flags in sets[:6])))
        sports = np.unique(events.sport[events.is_known("sport")])
        if len(sports):
            lines.append(("source port", str(sports[0]) if len(sports) == 1 else f"{len(sports)} values"))
    fates = [
        (Action(value).name.lower(), int(count))
        for value, count in zip(*np.unique(events.action, return_counts=True), strict=True)
        if value
    ]
    if fates:
        lines.append(
            (
                "the sensor did",
                ", ".join(f"{name} {count:,}" for name, count in sorted(fates, key=lambda pair: -pair[1])),
            )
        )
    rules = [events.tables.texts.text(rule) for rule in np.unique(events.rule[events.rule > 0]).tolist()[:3]]
    if rules:
        lines.append(("log prefix", ", ".join(rules)))
    unsaid = [
        _FIELD_NAMES[name] for name in ("flags", "ttl", "window", "ip_id", "seq") if not events.is_known(name).any()
    ]
    if unsaid and len(events):
        lines.append(("not in this log", ", ".join(unsaid)))
    return tuple(lines)


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "under a second"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


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
