"""The pattern of a scan in one line, as scanlogd writes it: what was constant is given, what was not is left out or bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np

from scantui.detect.scan import Scan, port_ranges
from scantui.events import Events
from scantui.explain.observation import Observation

_RANGES = 6
_SECOND = 1_000_000
_UNSAID = {"window": "window", "ttl": "TTL", "ip_id": "IP ID", "length": "length", "seq": "sequence number"}


def signature_line(scan: Scan, events: Events, seen: Iterable[Observation]) -> str:
    """`203.0.113.7:53 -> 192.0.2.10, 200 ports 21-23,25,… ascending, SYN-FIN, once each, within 1 s; …`"""
    by_field = {one.field: one for one in seen}
    texts = events.tables.addresses
    fields = scan.signature.fields
    sport = fields.get("sport")
    source = texts.text(scan.source)
    if isinstance(sport, int):
        source = f"[{source}]:{sport}" if ":" in source else f"{source}:{sport}"
    target = texts.text(scan.target_list[0]) if scan.targets == 1 else f"{scan.targets:,} hosts"
    parts = [f"{source} -> {target}"]
    if scan.ports:
        order = f" {by_field['order'].value}" if "order" in by_field else ""
        noun = "port" if scan.ports == 1 else "ports"
        parts.append(f"{scan.ports:,} {noun} {port_ranges(scan.port_list, _RANGES)}{order}")
    parts.append(str(fields.get("flags") or scan.proto.upper()))
    if "tries" in by_field:
        parts.append("once each" if by_field["tries"].value == "once" else by_field["tries"].text)
    parts.append(timing(events))
    shown = [
        by_field[name].text
        for name in ("window", "ttl", "size", "ip_id", "seq", "ack")
        if name in by_field and not (name == "ack" and by_field[name].value == "zero")
    ]
    line = ", ".join(parts)
    if shown:
        line += "; " + ", ".join(shown)
    columns = list(_UNSAID) if scan.proto == "tcp" else ["ttl", "ip_id", "length"]
    lost = [_UNSAID[name] for name in columns if not events.is_known(name).any()]
    return line + (f"; not logged: {', '.join(lost)}" if lost else "")


def timing(events: Events) -> str:
    """How the packets lie in time, as far as the stamps tell."""
    span = int(events.ts[-1] - events.ts[0]) if len(events) else 0
    coarse = bool(np.all(events.ts % _SECOND == 0))
    if len(events) < 2:
        return "one packet"
    if coarse and span <= _SECOND:
        return "within 1 s (whole-second stamps)" if span == 0 else "within 2 s (whole-second stamps)"
    told = f"over {duration(span)}"
    gaps = np.diff(events.ts)
    gaps = gaps[gaps > 0]
    if not len(gaps):
        return told
    middle = float(np.median(gaps))
    steady = len(gaps) >= 20 and not (coarse and middle < 10 * _SECOND) and _is_steady(gaps, middle)
    return f"{told}, {'every' if steady else 'typically'} {duration(middle)}{'' if steady else ' apart'}"


def _is_steady(gaps: np.ndarray[tuple[int], np.dtype[np.int64]], middle: float) -> bool:
    return float(np.mean(np.abs(gaps - middle) <= 0.1 * middle)) >= 0.8


def duration(microseconds: float) -> str:
    """A span in the unit one would say it in."""
    seconds = microseconds / 1e6
    for unit, size in (("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0)):
        limit = {"us": 1e-3, "ms": 1.0, "s": 120.0, "min": 7200.0}.get(unit)
        if limit is None or seconds < limit:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.0f} s"


def traits(scan: Scan, seen: Iterable[Observation]) -> dict[str, str]:
    """What identifies the pattern wherever it comes from: classes of fields, no addresses, no times, no counts."""
    kept = {
        "kind": scan.kind.value,
        "proto": scan.proto,
        "technique": scan.techniques[0] if scan.techniques else scan.proto,
    }
    for one in seen:
        if one.field not in ("tries", "osprobes", "flagseries", "decoys", "hosts"):
            kept[one.field] = one.value
    sport = scan.signature.fields.get("sport")
    if isinstance(sport, int) and sport < 1024:
        kept["sport"] = str(sport)
    return kept


def stable_name(found: Mapping[str, str]) -> str:
    """The same name for the same traits, in every run: `vertical-syn-fin-sport53-3f2a`."""
    text = "\n".join(f"{name}={found[name]}" for name in sorted(found))
    digest = hashlib.blake2s(text.encode(), digest_size=2).hexdigest()
    sport = f"-sport{found['sport']}" if found.get("sport", "").isdigit() else ""
    return f"{found['kind']}-{found['technique']}{sport}-{digest}"
