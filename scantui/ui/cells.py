"""What a row of the source table says in each column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

import numpy as np

from scantui.detect.scan import Kind, Scan
from scantui.events import Proto
from scantui.find.facts import tool_of
from scantui.snapshot import VERDICT_NAMES, Snapshot
from scantui.ui.columns import VERDICT_SIGNS, Placed
from scantui.ui.groups import Group
from scantui.ui.lines import Part, Parts
from scantui.ui.marks import mark_sign
from scantui.ui.text import EIGHTHS, VARIES, clock, count, fit, flags, middle, plain, port

_SHORT_KINDS = {Kind.VERTICAL: "vert", Kind.HORIZONTAL: "horiz", Kind.PROTOCOL: "proto", Kind.ICMP_SWEEP: "icmp",
                Kind.FINGERPRINT: "finger", Kind.BACKSCATTER: "bscatt", Kind.REPLIES: "reply", Kind.TRAFFIC: "traff",
                Kind.NOTICED: "notice"}  # fmt: skip
INDENT = 2  # cells before a member of a cluster, and for the sign before a cluster
# What an address is that is no public one (explain/addresses.py), where there is no room for the whole word.
_SHORT_SCOPES = {"documentation": "doc", "benchmark": "test", "shared": "cgn", "private": "priv", "loopback": "loop",
                 "link-local": "link", "this network": "this", "multicast": "mcst", "reserved": "resv",
                 "special-purpose": "spec"}  # fmt: skip
_QUIET = frozenset({"last", "score", "first", "cluster", "rate", "tool", "proto", "note", "as"})
_PLACED = {"country": "country", "as": "holder", "known": "known"}  # columns of Places
_Value = Callable[[Snapshot, int, int], str]


def verdict_of(snapshot: Snapshot, row: int) -> str:
    number = int(snapshot.sources.verdict[row])
    return VERDICT_NAMES[number] if number < len(VERDICT_NAMES) else ""


def scan_of(snapshot: Snapshot, row: int) -> Scan | None:
    """The source's weightiest episode."""
    index = int(snapshot.sources.scan[row])
    return snapshot.scans[index] if 0 <= index < len(snapshot.scans) else None


def technique(snapshot: Snapshot, row: int, width: int) -> str:
    """How the source probes: of its weightiest episode, else the one flag set its packets carry."""
    scan = scan_of(snapshot, row)
    if scan is None or not scan.techniques:
        return flags(int(snapshot.sources.flags[row]))
    name, more = plain(scan.techniques[0]).upper(), len(scan.techniques) - 1
    if not more:
        return name
    return said if len(said := f"{name} +{more}") <= width else f"{name}+{more}"


def _kind(snapshot: Snapshot, row: int, width: int) -> str:
    scan = scan_of(snapshot, row)
    if scan is None:
        return "-"
    name = scan.kind.value
    return name if len(name) <= width else _SHORT_KINDS.get(scan.kind, name)


def sparkline(counts: Sequence[int], width: int) -> str:
    """The counts as eighth blocks, one scale for all rows: from 1, 4, 10, 32, 100, 317 and 1,000 events on. In less than
    `width` cells two or more share one. None is blank, and the highest leaves the top free, so that rows do not run together."""
    each = max(1, -(-len(counts) // max(1, width)))
    even = [*[0] * (-len(counts) % each), *counts]
    shared = (sum(even[at : at + each]) for at in range(0, len(even), each))
    return "".join(EIGHTHS[min(7, 1 + int(2 * log10(n)))] if n else " " for n in shared).rjust(width)


def _rate(snapshot: Snapshot, row: int, width: int) -> str:
    counts = snapshot.sources.rates.counts
    return sparkline(counts[row].tolist(), width) if row < len(counts) else ""


def _cluster(snapshot: Snapshot, row: int, width: int) -> str:
    scan = scan_of(snapshot, row)
    return cluster_name(scan.cluster, width) if scan is not None and scan.cluster else "-"


def cluster_name(id_: str, width: int) -> str:
    """The source that a cluster is named after: of `c-203.0.113.7@948769441` the address."""
    return middle(plain(id_).removeprefix("c-").partition("@")[0], width)


def _tool(snapshot: Snapshot, row: int, _width: int) -> str:
    scan = scan_of(snapshot, row)
    return plain(tool_of(snapshot, scan)) or "-" if scan is not None else "-"


def _verdict(snapshot: Snapshot, row: int, _width: int) -> str:
    name = verdict_of(snapshot, row)
    return f"{VERDICT_SIGNS[name]} {name or '-'}"


def _protocol(snapshot: Snapshot, row: int, _width: int) -> str:
    number = int(snapshot.sources.proto[row])
    if number > 0:
        return Proto(number).name.lower()
    scan = scan_of(snapshot, row)
    return plain(scan.proto) if scan is not None else "many" if number == -1 else "?"


def _mark(snapshot: Snapshot, row: int, _width: int) -> str:
    return mark_sign(snapshot.marks.get(int(snapshot.sources.code[row])))


def _judged(snapshot: Snapshot, row: int, _width: int) -> str:
    mark = snapshot.marks.get(int(snapshot.sources.code[row]))
    return plain(mark.verdict or "marked") if mark is not None else "-"


def _note(snapshot: Snapshot, row: int, _width: int) -> str:
    mark = snapshot.marks.get(int(snapshot.sources.code[row]))
    return plain(mark.note) if mark is not None else ""


def _placed(snapshot: Snapshot, row: int, column: str) -> tuple[str, ...] | None:
    """The words of a column of places; None for a source that was not looked at yet."""
    places = snapshot.places
    at = int(places.rows(snapshot.sources.code[row : row + 1])[0])
    return places.words[int(getattr(places, column)[at])] if at >= 0 else None


def _differ(snapshot: Snapshot, group: Group, column: str) -> bool:
    """Whether the members of a cluster that were looked at do not all have the same in a column of places."""
    places = snapshot.places
    at = places.rows(snapshot.sources.code[group.rows])
    said = np.stack((getattr(places, column), places.scope), axis=1)[at[at >= 0]]
    return len(said) > 1 and bool((said != said[0]).any())


def _place(column: str) -> _Value:
    """A cell of places: what a file says, else (in the first of these columns) what the address is; blank until it was looked
    at."""

    def said(snapshot: Snapshot, row: int, width: int) -> str:
        words = _placed(snapshot, row, column)
        if words:
            more = f" +{len(words) - 1}" if len(words) > 1 else ""
            return fit(plain(words[0]), width - len(more)).rstrip() + more if more else plain(words[0])
        if words is None:
            return ""
        told = column == "country" or (column == "holder" and "country" not in snapshot.places.tells)
        name = "".join(_placed(snapshot, row, "scope") or ()) if told else ""
        return (name if len(name) <= width else _SHORT_SCOPES.get(name, name)) or "-"

    return said


_VALUES: dict[str, _Value] = {
    "mark": _mark,
    "verdict": _verdict,
    "source": lambda s, row, width: middle(plain(s.address(int(s.sources.code[row]))), width) or "?",
    **{name: _place(column) for name, column in _PLACED.items()},
    "kind": _kind,
    "technique": technique,
    "sport": lambda s, row, _: port(int(s.sources.sport[row])),
    "ports": lambda s, row, _: count(int(s.sources.ports[row])),
    "targets": lambda s, row, _: count(int(s.sources.targets[row])),
    "events": lambda s, row, _: count(int(s.sources.events[row])),
    "rate": _rate,
    "last": lambda s, row, _: clock(int(s.sources.last[row]), s.status.now),
    "score": lambda s, row, _: f"{float(s.sources.score[row]):.1f}" if s.sources.scan[row] >= 0 else "-",
    "first": lambda s, row, _: clock(int(s.sources.first[row]), s.status.now),
    "cluster": _cluster,
    "tool": _tool,
    "proto": _protocol,
    "port": lambda s, row, _: port(int(s.sources.dport[row])),
    "judged": _judged,
    "note": _note,
}


def row_parts(snapshot: Snapshot, row: int, columns: tuple[Placed, ...], indent: int = 0) -> Parts:
    """One row as styled cells, each followed by its gap. What is no scan stands back. `indent` moves the address in."""
    verdict = verdict_of(snapshot, row)
    values = [
        " " * indent + _VALUES["source"](snapshot, row, placed.width - indent)
        if placed.column.name == "source"
        else _VALUES[placed.column.name](snapshot, row, placed.width)
        for placed in columns
    ]
    return _parts(values, columns, verdict)


def _parts(values: list[str], columns: tuple[Placed, ...], verdict: str) -> Parts:
    body = "plain" if verdict in ("scan", "suspect") else "muted"
    looks = {"mark": "accent", "judged": "accent", "verdict": verdict or "muted"}
    parts: list[Part] = []
    for text, placed in zip(values, columns, strict=True):
        name = placed.column.name
        look = looks.get(name) or ("strong" if name == "source" and verdict == "scan" else body)
        if name in _QUIET:
            look = "muted"
        parts.append((fit(text, placed.width, placed.column.right) + " ", look))
    return tuple(parts)


def group_parts(snapshot: Snapshot, group: Group, columns: tuple[Placed, ...], opened: bool) -> Parts:
    """One cluster as styled cells: what its members come to together."""
    cluster, now = group.cluster, snapshot.status.now
    members, best = len(group.rows), group.best
    sources = f"{members}" if members == len(cluster.sources) else f"{members}/{len(cluster.sources)}"
    marks = {mark_sign(snapshot.marks.get(int(code))) for code in snapshot.sources.code[group.rows].tolist()} - {" "}
    shared = cluster.signature.get("sport")
    said = {
        "mark": marks.pop() if len(marks) == 1 else "*" if marks else " ",
        "source": f"{'▾' if opened else '▸'} {sources} {plain(cluster.relation)}",
        "kind": plain(cluster.relation),
        "sport": str(shared) if isinstance(shared, int) else port(VARIES),
        "ports": count(group.ports),
        "targets": count(group.targets) + ("+" if group.targets_more else ""),
        "events": count(group.events),
        "last": clock(group.last, now),
        "first": clock(group.first, now),
        "note": "",
        "judged": "",
    }
    if group.ports > 1:
        said["port"] = port(VARIES)
    values = []
    for placed in columns:
        name, width = placed.column.name, placed.width
        if name == "rate":
            text: str | None = sparkline(group.rates.tolist(), width)
        else:
            text = cluster_name(cluster.id, width) if name == "cluster" else said.get(name)
        if name in _PLACED and _differ(snapshot, group, _PLACED[name]):
            text = "many"
        values.append(_VALUES[name](snapshot, best, width) if text is None else text)
    return _parts(values, columns, verdict_of(snapshot, best))


def row_text(snapshot: Snapshot, row: int, columns: tuple[Placed, ...], width: int) -> str:
    """The row as plain text in `width` cells."""
    return fit("".join(text for text, _ in row_parts(snapshot, row, columns)).rstrip(), width)
