"""Counts as ink: levels, and how a level is drawn where there are many colours, sixteen or none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.color import ColorSystem
from textual.color import Color

from scantui.ui.lines import HEAT_LEVELS, Part, Parts

TOP = HEAT_LEVELS - 1
FAINT, BRIGHT = 1, 4  # the level of a single one, where cells may count hundreds and where one is a find
GLYPHS = " ░░▒▒▓▓███"  # by level, where colour cannot say it
_GLYPHS_16 = " ░▒▒▓▓█▓██"  # with the ramp blue, cyan, green, yellow (two each), red: no two levels look the same

Levels = NDArray[np.uint8]


class Ink(Enum):
    """What a level is drawn with."""

    COLOUR = "a background of the theme's ramp"
    SIXTEEN = "a glyph in one of the terminal's own colours"
    MONO = "a glyph"


def ink_for(ramp: Sequence[str], system: str | None, *, ansi: bool, glyphs: bool, no_color: bool) -> Ink:
    """The ink for a theme's ramp on a terminal of a colour system (as Rich names it; None has no colours).

    A ramp of which neighbours would look the same on that terminal is not used."""
    if no_color or system is None:
        return Ink.MONO
    if ansi:
        return Ink.SIXTEEN
    return Ink.COLOUR if not glyphs and stays_apart(ramp, system) else Ink.MONO


def stays_apart(ramp: Sequence[str], system: str) -> bool:
    """Whether neighbours differ after the terminal's colours are all there is."""
    if system == "truecolor":
        return True
    kind = ColorSystem.EIGHT_BIT if system == "256" else ColorSystem.STANDARD
    shown = [Color.parse(colour).rich_color.downgrade(kind).number for colour in ramp]
    return all(a != b for a, b in pairwise(shown))


def levels(counts: NDArray[Any], first: int = FAINT) -> Levels:
    """Counts as levels: 0, then `first` for 1, one more for every doubling. Zero stays the background."""
    found = np.zeros(counts.shape, np.uint8)
    positive = counts > 0
    found[positive] = np.minimum(TOP, np.floor(np.log2(counts[positive])).astype(np.int64) + first)
    return found


def drawn(level: int, width: int, ink: Ink) -> Part:
    """`width` cells of a level."""
    if not level:
        return " " * width, "plain"
    if ink is Ink.COLOUR:
        return " " * width, f"heat-{level}"
    if ink is Ink.SIXTEEN:
        return _GLYPHS_16[level] * width, f"ink-{level}"
    return GLYPHS[level] * width, "accent"


def cell_parts(row: Levels, ink: Ink, width: int = 1) -> list[Part]:
    """One row of levels as runs of equal cells, each `width` wide."""
    edges = np.flatnonzero(np.diff(row)) + 1
    bounds = pairwise([0, *edges.tolist(), len(row)] if len(row) else [0])
    return [drawn(int(row[start]), (end - start) * width, ink) for start, end in bounds]


def with_cursor(parts: Sequence[Part], x: int, text: str, look: str = "cursor") -> list[Part]:
    """The parts with `text` in `look` laid over cell `x` on; all parts are of narrow characters."""
    out: list[Part] = []
    at, end = 0, x + len(text)
    for old, old_look in parts:
        before, after = old[: max(0, x - at)], old[max(0, end - at) :]
        if before:
            out.append((before, old_look))
        if at <= x < at + len(old):
            out.append((text, look))
        if after and at + len(old) > end:
            out.append((after, old_look))
        at += len(old)
    return out


def legend(width: int, ink: Ink, first: int = FAINT) -> Parts:
    """Levels and the counts they begin at, or as many as `width` cells hold."""
    for step in (1, 2, 4):
        parts: list[Part] = []
        for level in range(first, HEAT_LEVELS, step):
            if ink is Ink.MONO and level > first and GLYPHS[level] == GLYPHS[level - 1]:
                continue
            text, look = drawn(level, 2, ink)
            last = level == TOP or (ink is Ink.MONO and GLYPHS[level] == GLYPHS[TOP])
            sample: Part = (text, look if ink is Ink.COLOUR else look.replace("accent", "title-focus"))
            parts += [sample, (f" {1 << (level - first)}{'+' if last else ''} ", "title")]
        if sum(len(text) for text, _ in parts) <= width:
            return tuple(parts)
    return ()
