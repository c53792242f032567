"""Widgets made of whole lines of styled text, which repaint only the cells that changed."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.strip import Strip

from scantui.safe_text import harmless
from scantui.ui.text import width_of

Part = tuple[str, str]  # text, and the look it has: a name in LOOKS
Parts = tuple[Part, ...]

HEAT_LEVELS = 10
LOOKS = ("plain", "muted", "strong", "accent", "scan", "suspect", "benign", "cursor", "cursor-idle", "title", "loud",
         "title-focus", "title-strong", "title-warn", "title-bad", "key", *(f"heat-{n}" for n in range(HEAT_LEVELS)))  # fmt: skip


def clean(parts: Parts, width: int) -> Parts:
    """The parts harmless, and in exactly `width` cells."""
    out: list[Part] = []
    left = width
    for text, look in parts:
        if left <= 0:
            break
        text = harmless(text)
        cells = width_of(text)
        if cells > left:
            text, cells = set_cell_size(text, left), left
        if text:
            out.append((text, look))
        left -= cells
    if left > 0:
        out.append((" " * left, "plain"))
    return tuple(out)


def cells(parts: Parts) -> list[tuple[str, str]]:
    """One (character, look) a cell; a wide character's second cell is empty text."""
    out: list[tuple[str, str]] = []
    for text, look in parts:
        if text.isascii():
            out.extend((char, look) for char in text)
            continue
        for char in text:
            taken = cell_len(char)
            if taken == 0 and out:
                out[-1] = (out[-1][0] + char, out[-1][1])
            elif taken:
                out.append((char, look))
                out.extend([("", look)] * (taken - 1))
    return out


def changed_spans(old: Parts, new: Parts, gap: int = 12) -> list[tuple[int, int]]:
    """Half-open spans of cells that differ, those less than `gap` cells apart as one (a jump costs about as much)."""
    before, after = cells(old), cells(new)
    if len(before) != len(after):
        return [(0, max(len(before), len(after)))]
    spans: list[tuple[int, int]] = []
    for x, (a, b) in enumerate(zip(before, after, strict=True)):
        if a == b:
            continue
        if spans and x - spans[-1][1] < gap:
            spans[-1] = (spans[-1][0], x + 1)
        else:
            spans.append((x, x + 1))
    return [_whole(after, _whole(before, s)) for s in spans]


def _whole(line: list[tuple[str, str]], span: tuple[int, int]) -> tuple[int, int]:
    """The span widened so that no wide character is cut."""
    start, end = span
    while start > 0 and line[start][0] == "":
        start -= 1
    while end < len(line) and line[end][0] == "":
        end += 1
    return start, end


class Lines(ScrollView):
    """A widget of lines. Subclasses say what line `y` of the visible area is (`parts`) and call `repaint`."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{look}" for look in LOOKS}
    DEFAULT_CSS = """
    Lines {
        overflow-x: hidden; overflow-y: hidden; scrollbar-size: 1 1;
        background: $background; color: $foreground;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background; scrollbar-color: $panel;
        scrollbar-color-hover: $muted; scrollbar-color-active: $accent;
        & > .lines--plain { color: $foreground; background: $background; }
        & > .lines--muted { color: $muted; background: $background; }
        & > .lines--strong { color: $foreground; background: $background; text-style: bold; }
        & > .lines--accent { color: $accent; background: $background; }
        & > .lines--scan { color: $scan; background: $background; text-style: bold; }
        & > .lines--suspect { color: $suspect; background: $background; }
        & > .lines--benign { color: $benign; background: $background; }
        & > .lines--cursor { color: $cursor-text; background: $cursor; text-style: bold; }
        & > .lines--cursor-idle { color: $foreground; background: $panel; text-style: bold; }
        & > .lines--title { color: $muted; background: $surface; }
        & > .lines--title-focus { color: $accent; background: $surface; text-style: bold; }
        & > .lines--title-strong { color: $foreground; background: $surface; text-style: bold; }
        & > .lines--title-warn { color: $suspect; background: $surface; }
        & > .lines--title-bad { color: $scan; background: $surface; text-style: bold; }
        & > .lines--loud { color: $paused-text; background: $paused; text-style: bold; }
        & > .lines--key { color: $accent; background: $surface; }
    }
    Lines:nocolor {
        & > .lines--muted { text-style: dim; }
        & > .lines--title { text-style: dim; }
        & > .lines--cursor { text-style: reverse bold; }
        & > .lines--cursor-idle { text-style: underline; }
        & > .lines--title-focus { text-style: bold underline; }
        & > .lines--loud { text-style: reverse bold; }
    }
    Lines:ansi {
        & > .lines--cursor { text-style: reverse bold; }
        & > .lines--cursor-idle { text-style: underline bold; }
    }
    """ + "".join(f"Lines > .lines--heat-{n} {{ color: $heat-{n}; background: $heat-{n}; }}\n"
                  for n in range(HEAT_LEVELS))  # fmt: skip

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(id=name)
        self._painted: dict[int, Parts] = {}

    def parts(self, y: int, /) -> Parts:
        """What stands on line `y` of the visible area. May be longer or shorter than the line."""
        raise NotImplementedError

    def look(self, name: str) -> Style:
        """The style of a look in the present theme."""
        return self.get_component_rich_style(f"lines--{name}")

    def line(self, y: int) -> Parts:
        """Line `y` as it is painted."""
        return clean(self.parts(y), self.scrollable_content_region.width)

    def repaint(self) -> None:
        """Send what differs from what was last painted, if it can be seen."""
        if not self.is_attached or not self.display:
            return
        for y in range(self.scrollable_content_region.height):
            old, new = self._painted.get(y), self.line(y)
            if old is None:
                self.refresh(Region(0, y, self.size.width, 1))
            elif old != new:
                self.refresh(*(Region(start, y, end - start, 1) for start, end in changed_spans(old, new)))

    def render_line(self, y: int) -> Strip:
        line = self._painted[y] = self.line(y)
        merged: list[Part] = []
        for text, look in line:
            if merged and merged[-1][1] == look:
                merged[-1] = (merged[-1][0] + text, look)
            else:
                merged.append((text, look))
        return Strip([Segment(text, self.look(look)) for text, look in merged], sum(width_of(t) for t, _ in line))

    def watch_has_focus(self, focused: bool) -> None:
        super().watch_has_focus(focused)
        self.on_focus_changed()

    def on_focus_changed(self) -> None:
        """The focus came or went."""
        self.repaint()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.repaint()
