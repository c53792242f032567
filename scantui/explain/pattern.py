"""The exact pattern of a source: what its packets have in common, in the order an analyst reads it, and what is not logged."""

from __future__ import annotations

import numpy as np

from scantui.detect.scan import Scan
from scantui.events import Action, Events, flag_text

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


def pattern(events: Events, best: Scan | None) -> tuple[tuple[str, str], ...]:
    """(field, what it does) of a source's weightiest episode `best`, or of all its events if it has none."""
    lines: list[tuple[str, str]] = []
    if best is not None and best.packets:
        events = events.take((events.ts >= best.first) & (events.ts <= best.last))
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
        return "a second or less"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
