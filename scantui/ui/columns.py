"""The source table's columns: which ones fit a width, and what a row says in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scantui.snapshot import VERDICT_NAMES, Snapshot
from scantui.ui.lines import Part, Parts
from scantui.ui.text import clock, count, fit, flags, middle, plain, port

# Sign and word: colour alone never carries a verdict.
VERDICT_SIGNS = {"scan": "!", "suspect": "~", "benign": "·", "": " "}
MARK = "●"


@dataclass(frozen=True, slots=True)
class Column:
    """`keep` ranks columns for narrow screens (low stays longest); `sort` names the sort that its head stands for."""

    name: str
    title: str
    width: int
    keep: int
    right: bool = False
    sort: str | None = None


COLUMNS = (
    Column("mark", " ", 1, 0), Column("verdict", "verdict", 9, 1, sort=""),
    Column("source", "source", 15, 0, sort="code"), Column("kind", "kind", 11, 7),
    Column("technique", "technique", 11, 2), Column("sport", "sport", 6, 3, True, "sport"),
    Column("ports", "ports", 5, 1, True, "ports"), Column("targets", "targets", 7, 5, True, "targets"),
    Column("events", "events", 6, 4, True, "events"), Column("last", "last", 8, 8, True, "last"),
    Column("score", "score", 5, 9, True, "score"), Column("first", "first", 8, 10, True, "first"),
    Column("cluster", "cluster", 10, 11),
)  # fmt: skip
WIDEST_SOURCE = 39  # an IPv6 address in full
_QUIET = frozenset({"last", "score", "first", "cluster"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A column on the screen: cells `x` to `x + width`."""

    column: Column
    x: int
    width: int


def layout(width: int) -> tuple[Placed, ...]:
    """The columns that fit `width` cells, one apart. Room left over goes to the source column."""
    chosen: list[Column] = []
    room = width + 1
    for column in sorted(COLUMNS, key=lambda c: (c.keep, COLUMNS.index(c))):
        if column.width + 1 > room:
            break
        chosen.append(column)
        room -= column.width + 1
    placed: list[Placed] = []
    x = 0
    for column in COLUMNS:
        if column in chosen:
            wide = min(column.width + room, WIDEST_SOURCE) if column.name == "source" else column.width
            placed.append(Placed(column, x, wide))
            x += wide + 1
    return tuple(placed)


def header(columns: tuple[Placed, ...], sort: str, up: bool) -> Parts:
    """The head line; the sorted column is in the accent and carries an arrow."""
    parts: list[Part] = []
    arrow = "▴" if up else "▾"
    for placed in columns:
        title, sorted_by = placed.column.title, placed.column.sort == sort
        look = "title-focus" if sorted_by else "title"
        if sorted_by and placed.column.right and parts:  # into the gap: titles are as wide as their columns
            title = arrow + title
            parts.pop()
            parts.append((fit(title, placed.width + 1, True), look))
        else:
            parts.append((fit(title + arrow if sorted_by else title, placed.width, placed.column.right), look))
        parts.append((" ", "title"))
    return tuple(parts)


def technique(snapshot: Snapshot, row: int) -> str:
    """How the source probes: of its weightiest episode, else the one flag set its packets carry."""
    index = int(snapshot.sources.scan[row])
    if 0 <= index < len(snapshot.scans):
        names = snapshot.scans[index].techniques
        if names:
            return plain(names[0]).upper() + (f" +{len(names) - 1}" if len(names) > 1 else "")
    return flags(int(snapshot.sources.flags[row]))


def verdict_of(snapshot: Snapshot, row: int) -> str:
    number = int(snapshot.sources.verdict[row])
    return VERDICT_NAMES[number] if number < len(VERDICT_NAMES) else ""


_Value = Callable[[Snapshot, int, int], str]


def _kind(snapshot: Snapshot, row: int, _width: int) -> str:
    index = int(snapshot.sources.scan[row])
    return snapshot.scans[index].kind.value if 0 <= index < len(snapshot.scans) else "-"


def _cluster(snapshot: Snapshot, row: int, _width: int) -> str:
    index = int(snapshot.sources.scan[row])
    name = snapshot.scans[index].cluster if 0 <= index < len(snapshot.scans) else None
    return plain(name) if name else "-"


def _verdict(snapshot: Snapshot, row: int, _width: int) -> str:
    name = verdict_of(snapshot, row)
    return f"{VERDICT_SIGNS[name]} {name or '-'}"


_VALUES: dict[str, _Value] = {
    "mark": lambda s, row, _: MARK if int(s.sources.code[row]) in s.marks else " ",
    "verdict": _verdict,
    "source": lambda s, row, width: middle(plain(s.address(int(s.sources.code[row]))), width) or "?",
    "kind": _kind,
    "technique": lambda s, row, _: technique(s, row),
    "sport": lambda s, row, _: port(int(s.sources.sport[row])),
    "ports": lambda s, row, _: count(int(s.sources.ports[row])),
    "targets": lambda s, row, _: count(int(s.sources.targets[row])),
    "events": lambda s, row, _: count(int(s.sources.events[row])),
    "last": lambda s, row, _: clock(int(s.sources.last[row]), s.status.now),
    "score": lambda s, row, _: f"{float(s.sources.score[row]):.1f}" if s.sources.scan[row] >= 0 else "-",
    "first": lambda s, row, _: clock(int(s.sources.first[row]), s.status.now),
    "cluster": _cluster,
}


def row_parts(snapshot: Snapshot, row: int, columns: tuple[Placed, ...]) -> Parts:
    """One row as styled cells, each followed by its gap. What is no scan stands back."""
    verdict = verdict_of(snapshot, row)
    body = "plain" if verdict in ("scan", "suspect") else "muted"
    looks = {"mark": "accent", "verdict": verdict or "muted"}
    parts: list[Part] = []
    for placed in columns:
        name = placed.column.name
        text = _VALUES[name](snapshot, row, placed.width)
        look = looks.get(name) or ("strong" if name == "source" and verdict == "scan" else body)
        if name in _QUIET:
            look = "muted"
        parts.append((fit(text, placed.width, placed.column.right) + " ", look))
    return tuple(parts)


def row_text(snapshot: Snapshot, row: int, width: int) -> str:
    """The row as plain text in `width` cells."""
    return fit("".join(text for text, _ in row_parts(snapshot, row, layout(width))).rstrip(), width)
