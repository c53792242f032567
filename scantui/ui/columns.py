"""The source table's columns: what there is, which fit a width, and the head line."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scantui.snapshot import RATE_SPANS
from scantui.ui.lines import Part, Parts
from scantui.ui.text import fit

# Sign and word: colour alone never carries a verdict.
VERDICT_SIGNS = {"scan": "!", "suspect": "~", "benign": "·", "": " "}


@dataclass(frozen=True, slots=True)
class Column:
    """`keep` ranks columns for narrow screens (low stays longest). `least` is the width that will do, where it is less.
    `sort` names the sort that the head stands for. One that is not `standard` is shown when it is chosen; one that `needs` an
    option only while that was given."""

    name: str
    title: str
    width: int
    keep: int
    about: str
    right: bool = False
    sort: str | None = None
    least: int = 0
    standard: bool = True
    needs: str = ""


COLUMNS = (
    Column("mark", " ", 1, 0, "your mark"), Column("verdict", "verdict", 9, 1, "what the evidence comes to", sort=""),
    Column("source", "source", 15, 0, "the address", sort="source"),
    Column("country", "cc", 7, 6, "its country", sort="country", least=4, needs="--mmdb"),
    Column("as", "as", 24, 8, "its autonomous system: number and name", sort="as", least=16, needs="--mmdb"),
    Column("known", "known", 12, 9, "name on a list of known scanners", sort="known", least=8, needs="--known"),
    Column("kind", "kind", 11, 7, "the shape of what it did", sort="kind", least=6),
    Column("technique", "technique", 11, 2, "how it probes", sort="technique", least=9),
    Column("sport", "sport", 6, 3, "the one source port", True, "sport"),
    Column("ports", "ports", 5, 1, "destination ports", True, "ports"),
    Column("targets", "targets", 7, 5, "destination hosts", True, "targets"),
    Column("events", "events", 6, 4, "log lines", True, "events"),
    Column("rate", "rate", RATE_SPANS, 6, "events over time, newest right, log scale", sort="rate", least=6),
    Column("last", "last", 8, 8, "last seen", True, "last"),
    Column("score", "score", 5, 9, "log-odds of the evidence", True, "score"),
    Column("first", "first", 8, 10, "first seen", True, "first"),
    Column("cluster", "cluster", 15, 12, "the cluster it is in", sort="cluster", least=10),
    Column("tool", "tool", 9, 13, "the tool, where the log tells it", sort="tool"),
    Column("proto", "proto", 5, 2, "the one protocol", sort="proto", standard=False),
    Column("port", "port", 6, 2, "the one destination port", True, "port", standard=False),
    Column("judged", "mine", 6, 2, "your verdict", sort="mark", standard=False),
    Column("note", "note", 20, 2, "your note", sort="note", least=8, standard=False),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
STANDARD = tuple(column.name for column in COLUMNS if column.standard)
WIDEST_SOURCE = 39  # an IPv6 address in full


def checked_columns(names: Iterable[str]) -> tuple[str, ...]:
    """The names if they are columns, each once, with `source` among them. Raises ValueError that says what is wrong."""
    chosen: list[str] = []
    for name in names:
        if name not in BY_NAME:
            close = difflib.get_close_matches(name, BY_NAME, n=1)
            hint = f", perhaps '{close[0]}'?" if close else f": there are {', '.join(BY_NAME)}"
            raise ValueError(f"no column is called '{name}'{hint}")
        if name in chosen:
            raise ValueError(f"column '{name}' is named twice")
        chosen.append(name)
    if "source" not in chosen:
        raise ValueError("the column 'source' must be among the columns")
    return tuple(chosen)


def missing(name: str, tells: Collection[str]) -> str:
    """The option that a column needs and was not given; "" when there is none. `tells`: see Places."""
    needs = BY_NAME[name].needs
    return needs if needs and name not in tells else ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A column on the screen: cells `x` to `x + width`."""

    column: Column
    x: int
    width: int


def layout(
    width: int, names: Sequence[str] = STANDARD, indent: int = 0, tells: Collection[str] = ()
) -> tuple[Placed, ...]:
    """Those of the named columns that the files given can fill (`tells`) and that fit `width` cells, one apart, in that order.
    Room left over goes to columns that can do with less, then to the source; `indent` is what the source needs beside the
    address."""
    names = [name for name in names if not missing(name, tells)]
    chosen: dict[str, int] = {}
    room = width + 1
    for name in sorted(names, key=lambda name: (BY_NAME[name].keep, names.index(name))):
        need = (BY_NAME[name].least or BY_NAME[name].width) + (indent if name == "source" else 0)
        if need + 1 > room:
            break
        chosen[name] = need
        room -= need + 1
    for name in sorted(chosen, key=lambda name: name == "rate"):  # a word is hurt more than a line of counts
        more = min(room, max(0, BY_NAME[name].width - chosen[name]))
        chosen[name] += more
        room -= more
    if "source" in chosen:
        chosen["source"] = min(chosen["source"] + room, WIDEST_SOURCE + indent)
    placed: list[Placed] = []
    x = 0
    for name in names:
        if name in chosen:
            placed.append(Placed(BY_NAME[name], x, chosen[name]))
            x += chosen[name] + 1
    return tuple(placed)


def header(columns: tuple[Placed, ...], sort: str, up: bool, source: str = "source") -> Parts:
    """The head line; the sorted column is in the accent and carries an arrow. `source` heads the addresses."""
    parts: list[Part] = []
    arrow = "▴" if up else "▾"
    for placed in columns:
        title, sorted_by = placed.column.title, placed.column.sort == sort
        title = source if placed.column.name == "source" else title
        look = "title-focus" if sorted_by else "title"
        if sorted_by and placed.column.right and parts:  # into the gap: titles are as wide as their columns
            title = arrow + title
            parts.pop()
            parts.append((fit(title, placed.width + 1, True), look))
        else:
            parts.append((fit(title + arrow if sorted_by else title, placed.width, placed.column.right), look))
        parts.append((" ", "title"))
    return tuple(parts)
