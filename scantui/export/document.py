"""A document as blocks of plain text, before any markup: what the reports say, whatever they are written in.

Texts may hold anything; each renderer makes them harmless and escapes them for its own syntax, in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scantui.export.activity import Grid, Strip


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `look`: plain, lead (larger), or muted."""

    text: str
    look: str = "plain"


@dataclass(frozen=True, slots=True)
class Warn:
    """What to know before anyone acts."""

    title: str
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Bullets:
    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values that stand together. `large`: the few figures at a report's head."""

    pairs: Sequence[tuple[str, str]]
    large: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to the section of that anchor, in the same document."""

    text: str
    anchor: str


Cell = str | Link


@dataclass(frozen=True, slots=True)
class Table:
    """`looks`: of each column, one of text, number, code, verdict. The first column heads its row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    looks: Sequence[str]


def filled(table: Table) -> Table:
    """The table without the columns that are empty in every row."""
    keep = [place for place in range(len(table.head)) if any(row[place] for row in table.rows)]
    rows = [[row[place] for place in keep] for row in table.rows]
    return Table(table.caption, [table.head[place] for place in keep], rows, [table.looks[place] for place in keep])


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they are; `label` says what they are."""

    label: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing. `says` tells in words what it shows, for whoever cannot see it."""

    name: str  # a word, unique in the document
    title: str
    says: str
    drawn: Strip | Grid
    labels: Sequence[tuple[float, str]]  # along the time axis: place (0 to 1) and text


Block = Text | Warn | Bullets | Facts | Table | Code | Figure


@dataclass(frozen=True, slots=True)
class Section:
    """`anchor` is a word of letters, digits and hyphens, unique in the document."""

    title: str
    anchor: str
    blocks: Sequence[Block] = ()
    parts: Sequence[Section] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    byline: Sequence[str]
    sections: Sequence[Section]
    footer: str
