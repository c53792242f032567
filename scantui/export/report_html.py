"""The incident report as one HTML page: no script, nothing fetched, light and dark, on paper and on a phone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from scantui.export.document import (
    Block,
    Bullets,
    Cell,
    Code,
    Document,
    Facts,
    Figure,
    Link,
    Section,
    Table,
    Text,
    Warn,
)
from scantui.export.handover import Export, Handover, Needs
from scantui.export.html_text import html_text
from scantui.export.incident import incident
from scantui.export.svg import svg

_STYLE = Path(__file__).with_name("report_html.css")
_MOST_LISTED = 8
_VERDICTS = ("scan", "suspect", "benign")
_CLASS = {"number": ' class="number"', "code": ' class="code"'}


def render(handover: Handover) -> Iterator[str]:
    """The page, part by part."""
    yield from page(incident(handover, EXPORT.name))


def page(document: Document) -> Iterator[str]:
    """A document as a page of its own."""
    style = "\n" + _STYLE.read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title = html_text(document.title)
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{title}</h1>\n<p>{' · '.join(map(html_text, document.byline))}</p>\n</header>\n"
    )
    yield '<nav aria-label="Contents">\n<ol>\n'
    for section in _contents(document):
        yield f'<li><a href="#{html_text(section.anchor)}">{html_text(section.title)}</a></li>\n'
    yield "</ol>\n</nav>\n<main>\n"
    for section in document.sections:
        yield from _section(section, 2)
    yield f"</main>\n<footer><p>{html_text(document.footer)}</p></footer>\n</body>\n</html>\n"


def _contents(document: Document) -> Sequence[Section]:
    """What the page's head leads to; a long run of sources is reached from their table."""
    detailed = [section for section in document.sections if section.parts]
    return [section for section in document.sections if len(detailed) <= _MOST_LISTED or section not in detailed]


def _section(section: Section, level: int) -> Iterator[str]:
    anchor = html_text(section.anchor)
    yield f'<section id="{anchor}" aria-labelledby="{anchor}-h">\n'
    yield f'<h{level} id="{anchor}-h">{html_text(section.title)}</h{level}>\n'
    for block in section.blocks:
        yield from _block(block)
    for part in section.parts:
        yield from _section(part, min(6, level + 1))
    yield "</section>\n"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        look = "" if block.look == "plain" else f' class="{html_text(block.look)}"'
        yield f"<p{look}>{html_text(block.text)}</p>\n"
    elif isinstance(block, Warn):
        yield f'<div class="warn" role="note">\n<p>{html_text(block.title)}</p>\n'
        yield from _list(block.items)
        yield "</div>\n"
    elif isinstance(block, Bullets):
        yield from _list(block.items)
    elif isinstance(block, Facts):
        yield f'<dl class="{"figures" if block.large else "facts"}">\n'
        for name, value in block.pairs:
            yield f"<div><dt>{html_text(name)}</dt><dd>{html_text(value)}</dd></div>\n"
        yield "</dl>\n"
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Code):
        yield f'<figure class="lines"><figcaption>{html_text(block.label)}</figcaption>\n<pre><code>'
        for line in block.lines:
            yield f"<span>{html_text(line)}\n</span>"
        yield "</code></pre></figure>\n"
    else:
        yield from _figure(block)


def _list(items: Sequence[str]) -> Iterator[str]:
    yield "<ul>\n"
    for item in items:
        yield f"<li>{html_text(item)}</li>\n"
    yield "</ul>\n"


def _table(table: Table) -> Iterator[str]:
    caption = html_text(table.caption)
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{caption}">\n'
    yield f"<table>\n<caption>{caption}</caption>\n<thead><tr>"
    for title, look in zip(table.head, table.looks, strict=True):
        yield f'<th scope="col"{_CLASS["number"] if look == "number" else ""}>{html_text(title)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for row in table.rows:
        yield "<tr>"
        for place, (value, look) in enumerate(zip(row, table.looks, strict=True)):
            open_, close = ('<th scope="row"', "</th>") if place == 0 else ("<td", "</td>")
            yield f"{open_}{_CLASS.get(look, '')}>{_cell(value, look)}{close}"
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"


def _cell(value: Cell, look: str) -> str:
    if isinstance(value, Link):
        return f'<a href="#{html_text(value.anchor)}">{html_text(value.text)}</a>'
    if look == "verdict" and value in _VERDICTS:
        return f'<span class="verdict {value}">{value}</span>'
    return html_text(value)


def _figure(figure: Figure) -> Iterator[str]:
    yield f"<figure>\n<figcaption><strong>{html_text(figure.title)}.</strong> {html_text(figure.says)}</figcaption>\n"
    yield f'<div class="wide" tabindex="0" role="region" aria-label="{html_text(figure.title)}">'
    yield from svg(figure)
    yield "</div>\n</figure>\n"


EXPORT = Export(
    name="report-html",
    suffix=".html",
    description="incident report as one HTML page: evidence, drawings, log lines, limits; fetches nothing",
    render=render,
    needs=Needs.DOSSIERS | Needs.EVENTS,
)
