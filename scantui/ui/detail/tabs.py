"""The tabs of the detail, in the order an analyst reasons, and the line that names them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from scantui.ui.lines import Part, Parts
from scantui.ui.text import width_of


class Tab(Enum):
    """In their order; the value is the name."""

    OVERVIEW = "overview"
    PATTERN = "pattern"
    WHY = "why"
    TOOLS = "tools"
    RULES = "rules"
    ORIGIN = "origin"
    AUDIT = "audit"
    LINES = "log"
    WHEN = "when"

    @property
    def number(self) -> int:
        """From 0."""
        return _ORDER.index(self)


_ORDER = tuple(Tab)
_SHORT = {Tab.OVERVIEW: "all"}
# Which names stay whole longest when the line is narrow; the tab that is open always does.
_KEEP = (Tab.WHY, Tab.TOOLS, Tab.RULES, Tab.LINES, Tab.OVERVIEW, Tab.ORIGIN, Tab.AUDIT, Tab.WHEN, Tab.PATTERN)


def tab_at(number: int) -> Tab:
    """The tab of a number from 0; the last ones before the first and after the last."""
    return _ORDER[max(0, min(len(_ORDER) - 1, number))]


@dataclass(frozen=True, slots=True)
class TabLine:
    """What a line shows, and the cells of each tab: (tab, first cell, one past the last)."""

    parts: Parts
    spans: tuple[tuple[Tab, int, int], ...]


@lru_cache(maxsize=64)
def tab_rows(active: Tab, width: int, *, focus: bool, most: int = 1) -> tuple[TabLine, ...]:
    """The tabs in a line, or in two where there may be so many and one does not hold all names."""
    whole = 1 + sum(3 + width_of(tab.value) for tab in _ORDER) - 1
    if most < 2 or whole <= width:
        return (tab_line(active, width, focus=focus),)
    half = len(_ORDER) // 2
    return tuple(tab_line(active, width, focus=focus, tabs=tabs) for tabs in (_ORDER[:half], _ORDER[half:]))


def tab_line(active: Tab, width: int, *, focus: bool, tabs: tuple[Tab, ...] = _ORDER) -> TabLine:
    """`1 overview  2 pattern …` in `width` cells: gaps close, names shorten, then the least needed give way to their
    numbers."""
    names = {tab: f" {tab.value}" for tab in tabs}
    gap = 2

    def used() -> int:
        return 1 + sum(1 + width_of(name) + gap for name in names.values()) - gap

    if used() > width:
        gap = 1
    least_first = [tab for tab in reversed(_KEEP) if tab in names and tab is not active]
    shorter = [(tab, f" {_SHORT[tab]}") for tab in least_first if tab in _SHORT] + [(tab, "") for tab in least_first]
    for tab, name in [*shorter, *([(active, "")] if active in names else [])]:
        if used() > width:
            names[tab] = name
    parts: list[Part] = [(" ", "title")]
    spans = []
    x = 1
    for tab, name in names.items():
        number = str(tab.number + 1)
        if tab is active:
            parts.append((number + name, "cursor" if focus else "cursor-idle"))
        else:
            parts += [(number, "key"), (name, "title")]
        parts.append((" " * gap, "title"))
        spans.append((tab, x, x + 1 + width_of(name)))
        x += 1 + width_of(name) + gap
    parts.append((" " * max(0, width - x), "title"))
    return TabLine(tuple(parts), tuple(spans))
