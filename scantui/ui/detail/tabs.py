"""The tabs of the detail, in the order an analyst reasons, and the line that names them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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
    LINES = "lines"
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
    """What the line shows, and the cells of each tab: (tab, first cell, one past the last)."""

    parts: Parts
    spans: tuple[tuple[Tab, int, int], ...]


def tab_line(active: Tab, width: int, *, focus: bool) -> TabLine:
    """`1 overview  2 pattern …` in `width` cells: gaps close, then names shorten and give way to their numbers, the least
    needed first."""
    forms = {tab: [f" {tab.value}", *(f" {_SHORT[tab]}" for _ in range(tab in _SHORT)), ""] for tab in _ORDER}
    chosen = dict.fromkeys(_ORDER, 0)
    gap = 2

    def used() -> int:
        return 1 + sum(1 + width_of(forms[tab][form]) + gap for tab, form in chosen.items()) - gap

    if used() > width:
        gap = 1
    for tab in (*reversed([tab for tab in _KEEP if tab is not active]), active):
        while used() > width and chosen[tab] + 1 < len(forms[tab]):
            chosen[tab] += 1
    parts: list[Part] = [(" ", "title")]
    spans = []
    x = 1
    for tab in _ORDER:
        number, name = str(tab.number + 1), forms[tab][chosen[tab]]
        if tab is active:
            parts.append((number + name, "cursor" if focus else "cursor-idle"))
        else:
            parts += [(number, "key"), (name, "title")]
        parts.append((" " * gap, "title"))
        spans.append((tab, x, x + 1 + width_of(name)))
        x += 1 + width_of(name) + gap
    parts.append((" " * max(0, width - x), "title"))
    return TabLine(tuple(parts), tuple(spans))
