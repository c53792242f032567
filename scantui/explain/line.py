"""The pattern of a scan in one line, as scanlogd writes it: what was constant is given, what was not is left out or bounded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np

from scantui.detect.scan import Kind, Scan, Verdict, port_ranges
from scantui.events import Events
from scantui.explain.observation import Observation

_RANGES = 6
_SECOND = 1_000_000
_BURSTS = 10  # how far the mean gap lies above the median one when packets come in bursts
_TRAIT = {"unrelated": "random"}  # the same sender where no sequence number is logged
_OF_ALL = ("order", "tries")  # said of all packets, unless only a part of them was made alike
_HEADERS = ("window", "ttl", "size", "ip_id", "seq", "ack")
_UNSAID = {"window": "window", "ttl": "TTL", "ip_id": "IP ID", "length": "length", "seq": "sequence number"}


def signature_line(scan: Scan, events: Events, seen: Iterable[Observation], about: str = "") -> str:
    """`203.0.113.7:53 -> 192.0.2.10, 200 ports 21-23,25,… ascending, SYN-FIN, once each, within 1 s; …`

    `about`: which packets the header fields are of, where not of all."""
    by_field = {one.field: one for one in seen}
    texts = events.tables.addresses
    fields = scan.signature.fields
    sport = fields.get("sport")
    source = texts.text(scan.source)
    if isinstance(sport, int):
        source = f"[{source}]:{sport}" if ":" in source else f"{source}:{sport}"
    target = texts.text(scan.target_list[0]) if scan.targets == 1 else f"{scan.targets:,} hosts"
    parts = [f"{source} -> {target}"]
    if scan.kind is Kind.PROTOCOL:
        parts.append(f"{len(np.unique(events.proto_num[events.is_known('proto_num')])):,} IP protocols")
    elif scan.ports:
        order = f" {by_field['order'].value}" if "order" in by_field and not about else ""
        noun = "port" if scan.ports == 1 else "ports"
        reached = len(np.unique(events.dport[events.is_known("dport")]))
        more = (
            f" (of {reached:,}: the others may be answers)"
            if reached > scan.ports and scan.verdict is not Verdict.BENIGN
            else ""
        )
        parts.append(f"{scan.ports:,} {noun} {port_ranges(scan.port_list, _RANGES)}{more}{order}")
    parts.append(str(fields.get("flags") or scan.proto.upper()))
    if "tries" in by_field and not about:
        text = by_field["tries"].text
        parts.append("once each" if text == "one packet a target port" else text)
    parts.append(timing(events))
    shown = [
        by_field[name].text
        for name in ((*_OF_ALL, *_HEADERS) if about else _HEADERS)
        if name in by_field and not (name == "ack" and by_field[name].value == "zero")
    ]
    line = ", ".join(parts)
    if shown:
        line += f"; in {about}: " if about else "; "
        line += ", ".join(shown)
    columns = list(_UNSAID) if scan.proto == "tcp" else ["ttl", "ip_id", "length"]
    if len(texts.packed(scan.source)) == 16:  # RFC 8200: no identification in the header
        columns.remove("ip_id")
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
    if coarse and middle < 10 * _SECOND:
        return f"{told} (whole-second stamps)"
    if len(gaps) >= 20 and _is_steady(gaps, middle):
        return f"{told}, every {duration(middle)}"
    bursts = ", in bursts" if len(gaps) >= 20 and span > _BURSTS * middle * len(gaps) else ""
    return f"{told}{bursts}, median gap {duration(middle)}"


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
    benign = scan.verdict is Verdict.BENIGN and scan.proto == "tcp"
    kept = {
        "kind": scan.kind.value,
        "proto": scan.proto,
        # A technique is a scan's: what only answers is named by its flags.
        "technique": str(scan.signature.fields.get("flags") or scan.proto).split(",")[0].lower()
        if benign
        else (scan.techniques[0] if scan.techniques else scan.proto),
    }
    for one in seen:
        if one.field not in ("tries", "osprobes", "flagseries", "decoys", "hosts"):
            kept[one.field] = _TRAIT.get(one.value, one.value)
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
