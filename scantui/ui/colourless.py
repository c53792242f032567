"""NO_COLOR (https://no-color.org) as it is written: no colour is sent, only bold, dim, underlined and reversed text."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter


@lru_cache(1024)
def without_colour(style: Style) -> Style:
    """The style's attributes alone. Textual's own filter makes greys of colours, and black of the terminal's default."""
    return style.without_color


class Colourless(LineFilter):
    """Takes the colours from every line that is sent."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        return [Segment(text, style and without_colour(style), control) for text, style, control in segments]
