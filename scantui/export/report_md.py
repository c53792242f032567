"""The incident report in Markdown (CommonMark with GitHub's tables), for tickets and wikis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scantui.export.activity import Grid
from scantui.export.document import Block, Bullets, Code, Document, Facts, Figure, Link, Section, Table, Text, Warn
from scantui.export.handover import Export, Handover, Needs
from scantui.export.incident import incident
from scantui.export.markdown_text import fenced, markdown_text

_RULE = {"number": "---:"}
_SHADES = " ·░▒▓█"  # by count: none, 1, 2-3, 4-15, 16-255, more
_WIDE = 60  # columns of a drawing


def render(handover: Handover) -> Iterator[str]:
    """The report, part by part."""
    yield from written(incident(handover, EXPORT.name))


def written(document: Document) -> Iterator[str]:
    """A document as Markdown."""
    yield f"# {markdown_text(document.title)}\n\n"
    for line in document.byline:
        yield f"{markdown_text(line)}  \n"
    for section in document.sections:
        yield from _section(section, 2)
    yield f"\n---\n\n{markdown_text(document.footer)}\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"\n{'#' * level} {markdown_text(section.title)}\n\n"
    for block in section.blocks:
        yield "\n".join(_block(block)) + "\n\n"
    for part in section.parts:
        yield from _section(part, min(6, level + 1))


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        yield markdown_text(block.text)
    elif isinstance(block, Warn):
        yield f"> **{markdown_text(block.title)}**"
        yield ">"
        for item in block.items:
            yield f"> - {markdown_text(item)}"
    elif isinstance(block, Bullets):
        for item in block.items:
            yield f"- {markdown_text(item)}"
    elif isinstance(block, Facts):
        yield from _rows(("", ""), block.pairs, ("text", "text"))
    elif isinstance(block, Table):
        yield f"{markdown_text(block.caption)}:"
        yield ""
        rows = [[cell.text if isinstance(cell, Link) else cell for cell in row] for row in block.rows]
        yield from _rows(block.head, rows, block.looks)
    elif isinstance(block, Code):
        yield f"{markdown_text(block.label)}:"
        yield ""
        yield from fenced(list(block.lines))
    else:
        yield from _figure(block)


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]], looks: Sequence[str]) -> Iterator[str]:
    yield f"| {' | '.join(map(markdown_text, head))} |"
    yield f"| {' | '.join(_RULE.get(look, '---') for look in looks)} |"
    for row in rows:
        yield f"| {' | '.join(map(markdown_text, row))} |"


def _figure(figure: Figure) -> Iterator[str]:
    """A drawing of characters: darker is more."""
    yield f"**{markdown_text(figure.title)}.** {markdown_text(figure.says)}"
    yield ""
    counts = figure.drawn.counts if isinstance(figure.drawn, Grid) else figure.drawn.counts.sum(axis=0, keepdims=True)
    labels = figure.drawn.labels if isinstance(figure.drawn, Grid) else ("packets",)
    columns = counts.shape[1]
    cuts = np.arange(min(_WIDE, columns)) * columns // min(_WIDE, columns)
    narrow = np.add.reduceat(counts, cuts, axis=1)
    shade = np.select([narrow == 0, narrow < 2, narrow < 4, narrow < 16, narrow < 256], [0, 1, 2, 3, 4], 5)
    wide = max(map(len, labels))
    lines = [
        f"{label:>{wide}} {''.join(_SHADES[level] for level in row)}"
        for label, row in zip(labels, shade.tolist(), strict=True)
    ]
    ends = figure.labels[0][1], figure.labels[-1][1]
    yield from fenced(
        [*lines, f"{'':>{wide}} from {ends[0]}" + (f", a later mark: {ends[1]}" if ends[1] != ends[0] else "")]
    )


EXPORT = Export(
    name="report-md",
    suffix=".md",
    description="incident report in Markdown, for tickets and wikis",
    render=render,
    needs=Needs.DOSSIERS | Needs.EVENTS,
)
