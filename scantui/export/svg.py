"""Drawings as SVG elements for a page that brings the colours (classes o0-o2 for outcomes, h1-h9 for counts)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np

from scantui.export.activity import OUTCOMES, Grid, Strip
from scantui.export.document import Figure
from scantui.export.html_text import html_text

_WIDTH, _LEFT, _RIGHT, _TOP = 960, 132, 14, 8
_PLOT = _WIDTH - _LEFT - _RIGHT
_BARS = 130  # height of the columns' part
_ROW, _FEW_ROWS, _TALL = 13, 12, 20
_AXIS, _LEGEND = 22, 26
LEVELS = 9  # a level more for every doubling: 1, 2-3, 4-7, ... 256 and more
_LABEL = 20  # characters of a row's label


def svg(figure: Figure) -> Iterator[str]:
    """The element, with title and description for whoever cannot see it."""
    drawn = figure.drawn
    body = list(_bars(drawn) if isinstance(drawn, Strip) else _cells(drawn))
    height = _BARS if isinstance(drawn, Strip) else _row_height(drawn) * len(drawn.labels)
    whole = _TOP + height + _AXIS + _LEGEND
    name = html_text(figure.name)
    yield f'<svg viewBox="0 0 {_WIDTH} {whole}" role="img" aria-labelledby="{name}-t {name}-d">'
    yield f'<title id="{name}-t">{html_text(figure.title)}</title><desc id="{name}-d">{html_text(figure.says)}</desc>'
    yield f'<rect class="plot" x="{_LEFT}" y="{_TOP}" width="{_PLOT}" height="{height}"/>'
    yield from body
    yield from _axis(figure, _TOP + height)
    yield from _outcomes(whole, drawn) if isinstance(drawn, Strip) else _levels(whole)
    yield "</svg>"


def _bars(drawn: Strip) -> Iterator[str]:
    columns = drawn.counts.shape[1]
    most = max(1, int(drawn.counts.sum(axis=0).max()))
    wide = _PLOT / columns
    for place, text in ((0.0, f"{most:,}"), (0.5, f"{most / 2:,.0f}" if most > 1 else ""), (1.0, "0")):
        y = _TOP + _BARS * place
        if text:
            yield f'<path class="rule" d="M{_LEFT} {y:.1f}h{_PLOT}"/>'
            yield f'<text class="row" x="{_LEFT - 8}" y="{y + 4:.1f}">{text}</text>'
    below = np.zeros(columns, np.int64)
    for outcome, row in enumerate(drawn.counts):
        path = []
        for column in np.flatnonzero(row).tolist():
            high = max(1.0, _BARS * int(row[column]) / most)  # a single packet is seen
            base = _TOP + _BARS - _BARS * int(below[column]) / most
            path.append(f"M{_LEFT + column * wide:.1f} {max(_TOP, base - high):.1f}h{max(1.0, wide - 1):.1f}v{high:.1f}H"
                        f"{_LEFT + column * wide:.1f}z")  # fmt: skip
        if path:
            yield f'<path class="o{outcome}" d="{"".join(path)}"/>'
        below += row


def _row_height(drawn: Grid) -> int:
    return _TALL if len(drawn.labels) <= _FEW_ROWS else _ROW


def _cells(drawn: Grid) -> Iterator[str]:
    high = _row_height(drawn)
    wide = _PLOT / drawn.counts.shape[1]
    levels = np.zeros(drawn.counts.shape, np.int64)
    some = drawn.counts > 0
    levels[some] = np.minimum(LEVELS, np.floor(np.log2(drawn.counts[some])).astype(np.int64) + 1)
    paths: dict[int, list[str]] = {}
    for row, label in enumerate(drawn.labels):
        y = _TOP + row * high
        column = 0
        for level, run in groupby(levels[row].tolist()):
            length = len(list(run))
            if level:
                x = _LEFT + column * wide
                paths.setdefault(level, []).append(f"M{x:.1f} {y}h{length * wide:.1f}v{high - 1}H{x:.1f}z")
            column += length
        shown = label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"
        yield f'<text class="row" x="{_LEFT - 8}" y="{y + high / 2 + 4:.1f}">{html_text(shown)}</text>'
    for level in sorted(paths):
        yield f'<path class="h{level}" d="{"".join(paths[level])}"/>'


def _axis(figure: Figure, y: int) -> Iterator[str]:
    for place, text in figure.labels:
        x = _LEFT + place * _PLOT
        anchor = "end" if place >= 1 else "start"
        yield f'<path class="rule" d="M{x:.1f} {y}v4"/>'
        yield f'<text x="{x:.1f}" y="{y + 16}" text-anchor="{anchor}">{html_text(text)}</text>'


def _outcomes(whole: int, drawn: Strip) -> Iterator[str]:
    x = _LEFT
    for outcome, name in enumerate(OUTCOMES):
        if drawn.counts[outcome].any():
            yield f'<path class="o{outcome}" d="M{x} {whole - 14}h10v10h-10z"/><text x="{x + 15}" y="{whole - 5}">{name}</text>'
            x += 120


def _levels(whole: int) -> Iterator[str]:
    yield f'<text x="{_LEFT}" y="{whole - 5}">packets</text>'
    for level in range(1, LEVELS + 1):
        x = _LEFT + 60 + (level - 1) * 72
        low, high = 1 << (level - 1), (1 << level) - 1
        text = f"{low}+" if level == LEVELS else str(low) if low == high else f"{low}–{high}"
        yield f'<path class="h{level}" d="M{x} {whole - 14}h10v10h-10z"/><text x="{x + 14}" y="{whole - 5}">{text}</text>'
