"""Full-screen pages of lines: log lines, inputs, help. Each is lines made for a width, scrolled by the same keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen

from scantui.snapshot import InputStatus, RawLine, Snapshot
from scantui.ui.actions import Place, bindings, help_lines
from scantui.ui.compositor import TightCompositor
from scantui.ui.lines import Lines, Part, Parts
from scantui.ui.text import fit, plain, stamp, width_of, wrap

_SIDESTEP = 20


class PageLines(Lines, can_focus=True):
    """A title line, and lines below it that scroll down and, when long, sideways."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAGE)]
    DEFAULT_CSS = "PageLines { overflow-y: auto; width: 1fr; height: 1fr; }"

    def __init__(self, make: Callable[[int], tuple[str, list[Parts]]]) -> None:
        super().__init__()
        self._make = make
        self._title = ""
        self._lines: list[Parts] = []
        self._left = 0

    def remake(self) -> None:
        """Ask for the lines again and repaint what changed."""
        self._title, self._lines = self._make(self.scrollable_content_region.width)
        if self.virtual_size.height != len(self._lines) + 1:
            self.virtual_size = Size(1, len(self._lines) + 1)
        self.repaint()

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return ((fit(self._title, self.size.width), "title-focus"),)
        index = self.scroll_offset.y + y - 1
        return sideways(self._lines[index], self._left) if index < len(self._lines) else ()

    def on_resize(self) -> None:
        self.remake()
        self.refresh()

    def action_close(self) -> None:
        self.screen.dismiss()

    def action_scroll(self, step: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_scroll_page(self, step: int) -> None:
        self.action_scroll(step * max(1, self.size.height - 2))

    def action_scroll_top(self) -> None:
        self._left = 0
        self.scroll_to(y=0, animate=False)
        self.repaint()

    def action_sideways(self, step: int) -> None:
        longest = max((sum(width_of(text) for text, _ in line) for line in self._lines), default=0)
        most = max(0, longest - self.scrollable_content_region.width + 1)
        self._left = max(0, min(most, self._left + step * _SIDESTEP))
        self.repaint()


def sideways(parts: Parts, left: int) -> Parts:
    """The line from its `left`th character on."""
    out: list[Part] = []
    for text, look in parts:
        out.append((text[left:], look))
        left = max(0, left - len(text))
    return tuple(part for part in out if part[0])


class Page(Screen[None]):
    """A full screen of lines; `show` takes a newer snapshot."""

    DEFAULT_CSS = "Page { background: $background; }"

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.snapshot = snapshot
        self._lines = PageLines(self.make)

    def compose(self) -> ComposeResult:
        yield self._lines

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        """Title and lines for a width."""
        raise NotImplementedError

    def show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        if self._lines.is_attached:
            self._lines.remake()


class RawPage(Page):
    """The log lines behind one source, as they were written."""

    def __init__(self, snapshot: Snapshot, code: int) -> None:
        super().__init__(snapshot)
        self._code = code
        self._raw: tuple[RawLine, ...] = ()

    def make(self, _width: int, /) -> tuple[str, list[Parts]]:
        detail = self.snapshot.detail
        if detail is not None and detail.code == self._code:
            self._raw = detail.raw
        lines: list[Parts] = []
        path = None
        for raw in self._raw:
            if raw.path != path:
                path = raw.path
                lines.append(((f" {plain(path)}", "accent"),))
            lines.append(((f" {raw.offset:>10} ", "muted"), (plain(raw.text), "plain")))
        address = self.snapshot.address(self._code) or "?"
        if not lines:
            lines.append(((" The log lines of this source are no longer held.", "muted"),))
        title = f" sources › {plain(address)} › {len(self._raw)} log lines (byte offset, line)   esc: back"
        return title, lines


class InputsPage(Page):
    """What is being read, and what could not be."""

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        lines: list[Parts] = []
        inputs = self.snapshot.status.inputs
        for entry in inputs:
            lines += _input_lines(entry, width)
        if not inputs:
            lines.append(((" Nothing is being read.", "muted"),))
        lines += [((" ", "plain"),)]
        for sentence in self.snapshot.status.judging:
            lines += [((f" {line}", "plain"),) for line in wrap(plain(sentence), max(20, width - 2))]
        return f" sources › inputs ({len(inputs)})   esc: back", lines


_STATE_LOOKS = {"following": "benign", "waiting": "suspect", "error": "scan"}


def _input_lines(entry: InputStatus, width: int) -> list[Parts]:
    state = fit(plain(entry.state), 10)
    format_name = plain(entry.format) or "format not known yet"
    lines: list[Parts] = [
        ((" ", "plain"),),
        ((f" {state} ", _STATE_LOOKS.get(entry.state, "muted")), (plain(entry.path), "strong")),
        ((f" {'':10} {format_name}, {entry.lines:,} lines, {entry.events:,} events, ", "plain"),
         (f"{entry.unread:,} unread", "suspect" if entry.unread else "muted")),
    ]  # fmt: skip
    if entry.error:
        lines += [((f" {'':10} {line}", "scan"),) for line in wrap(plain(entry.error), max(20, width - 13))]
    lines += [((f" {'':10} ┆ {plain(sample)}", "muted"),) for sample in entry.samples]
    return lines


class HelpPage(Page):
    """Every key, from the list that the bindings are made of."""

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        lines: list[Parts] = []
        for place, rows in help_lines():
            lines += [((" ", "plain"),), ((f" {place}", "accent"),)]
            for keys, text in rows:
                first, *more = wrap(text, max(20, width - 20))
                lines.append(((f"   {fit(keys, 14)} ", "strong"), (first, "plain")))
                lines += [((" " * 18 + line, "plain"),) for line in more]
        lines += [((" ", "plain"),), ((" signs", "accent"),)]
        for sign, meaning in (("! scan", "the evidence suffices"), ("~ suspect", "some evidence"),
                              ("· benign", "ordinary use, replies, backscatter"), ("●", "marked"),
                              ("? -", "the log did not say"), ("varies", "more than one value")):  # fmt: skip
            lines.append(((f"   {fit(sign, 14)} ", "strong"), (meaning, "plain")))
        lines += [((" ", "plain"),), ((f" events to {stamp(self.snapshot.status.now)}; all times UTC", "muted"),)]
        return " help   esc: back", lines
