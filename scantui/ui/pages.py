"""Full-screen pages of lines: inputs, help. Each is lines made for a width, scrolled by the same keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen

from scantui.snapshot import InputStatus, Snapshot
from scantui.ui.actions import ACTIONS, Action, Place, bindings, help_lines
from scantui.ui.clipboard import copy
from scantui.ui.compositor import TightCompositor
from scantui.ui.find_bar import FindBar
from scantui.ui.lines import Part, Parts
from scantui.ui.marks import MEANINGS, SIGNS
from scantui.ui.searching import Searched
from scantui.ui.text import SECOND, fit, plain, span, stamp, width_of, wrap

_SIDESTEP = 20


class PageLines(Searched, can_focus=True):
    """A title line, and lines below it that scroll down and, when long, sideways."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PAGE)]
    DEFAULT_CSS = "PageLines { overflow-y: auto; width: 1fr; height: 1fr; }"

    def __init__(self, make: Callable[[int], tuple[str, list[Parts]]]) -> None:
        super().__init__()
        self._make = make
        self._title = ""
        self._lines: list[Parts] = []
        self._left = 0
        self._read = 0  # the line that a search found

    @property
    def room(self) -> int:
        """Lines that scroll and can be seen at once."""
        return max(1, self.size.height - 1)

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
        return self.search.lit(sideways(self._lines[index], self._left)) if index < len(self._lines) else ()

    def searched(self) -> list[str]:
        return self.text()[1]

    def reading_at(self) -> int:
        top = self.scroll_offset.y
        return self._read if top <= self._read < top + self.room else top

    def read_at(self, number: int) -> None:
        self._read = number
        top, room = self.scroll_offset.y, self.room
        if not top <= number < top + room:
            self.scroll_to(y=number - room // 3, animate=False)

    def on_resize(self) -> None:
        self.remake()
        self.refresh()

    async def action_close(self) -> None:
        await self.run_action("screen.close")

    def action_scroll(self, step: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_scroll_page(self, step: int) -> None:
        self.action_scroll(step * max(1, self.room - 1))

    def action_scroll_top(self) -> None:
        self._left = 0
        self.scroll_to(y=0, animate=False)
        self.repaint()

    def text(self) -> tuple[str, list[str]]:
        """The title, and all lines as plain text."""
        return self._title, ["".join(text for text, _ in line).rstrip() for line in self._lines]

    def action_copy(self) -> None:
        copy(self.app, self.text()[1])

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

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.SEARCH)]
    DEFAULT_CSS = "Page { background: $background; } Page > FindBar { dock: bottom; }"

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.snapshot = snapshot
        self._lines = PageLines(self.make)
        self._bar = FindBar(name="search")

    def compose(self) -> ComposeResult:
        yield self._lines

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        """Title and lines for a width."""
        raise NotImplementedError

    def show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        if self._lines.is_attached:
            self._lines.remake()

    def dump(self) -> tuple[str, list[str]]:
        """Title and all lines as plain text: what is printed on the plain terminal."""
        return self._lines.text()

    def action_close(self) -> None:
        if self._bar.is_open:
            self.on_find_bar_left()
        else:
            self.dismiss()

    # Looking for a text

    @property
    def searched(self) -> Searched:
        """The lines that are searched."""
        return self._lines

    async def action_search(self) -> None:
        if not self.searched.is_attached:
            self.notify("there is no text to search here", markup=False, timeout=3)
            return
        if not self._bar.is_attached:
            await self.mount(self._bar)
        self.searched.begin_search()
        self._bar.open("search", self.searched.search.text)

    def action_search_next(self, step: int) -> None:
        if self.searched.search:
            self._bar.tell(self.searched.seek_again(step))

    def on_find_bar_changed(self) -> None:
        if self._bar.is_open:
            self._bar.tell(self.searched.seek(self._bar.field.value))

    def on_find_bar_done(self) -> None:
        if self.searched.search:
            self._bar.add_class("-told")
        else:
            self._bar.close()
        self.searched.focus()

    def on_find_bar_left(self) -> None:
        self.searched.end_search()
        self._bar.close()
        self.searched.focus()


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
    if entry.doubt:
        lines += [((f" {'':10} {line}", "suspect"),) for line in wrap(plain(entry.doubt), max(20, width - 13))]
    for share in entry.formats:
        how = f" ({plain(entry.recognised)})" if share.name == entry.format and entry.recognised else ""
        read = f"{plain(share.name)} read {share.lines:,} lines, {_percent(share.lines, entry.lines)}{how}"
        lines.append(((f" {'':10} {read}", "plain"),))
        missing = f"cannot tell: {', '.join(share.cannot_tell)}" if share.cannot_tell else ""
        lines += [((f" {'':12} {line}", "muted"),) for line in wrap(missing, max(20, width - 15)) if line]
    if entry.lag is not None:
        lines.append(((f" {'':10} lag {span(round(entry.lag * SECOND))}", "muted"),))
    if entry.left and entry.done:
        lines.append(((f" {'':10} {100 * entry.done // (entry.done + entry.left)}% read", "muted"),))
    if entry.error:
        lines += [((f" {'':10} {line}", "scan"),) for line in wrap(plain(entry.error), max(20, width - 13))]
    lines += [((f" {'':10} ┆ {plain(sample)}", "muted"),) for sample in entry.samples]
    return lines


def _percent(part: int, whole: int) -> str:
    """A share that is 100 % only when it is all."""
    return "all" if part >= whole else f"{min(99.9, 100 * part / whole):.1f}%"


class HelpPage(Page):
    """Every key, from the list that the bindings are made of."""

    def __init__(self, snapshot: Snapshot, actions: Sequence[Action] = ACTIONS) -> None:
        super().__init__(snapshot)
        self._actions = actions

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        lines: list[Parts] = []
        for place, rows in help_lines(self._actions):
            lines += [((" ", "plain"),), ((f" {place}", "accent"),)]
            for keys, text in rows:
                first, *more = wrap(text, max(20, width - 20))
                lines.append(((f"   {fit(keys, 14)} ", "strong"), (first, "plain")))
                lines += [((" " * 18 + line, "plain"),) for line in more]
        lines += [((" ", "plain"),), ((" signs", "accent"),)]
        marks = [(sign, f"marked: {MEANINGS[verdict]}") for verdict, sign in SIGNS.items()]
        for sign, meaning in (("! scan", "the evidence suffices"), ("~ suspect", "some evidence"),
                              ("· benign", "ordinary use, replies, backscatter"), *marks,
                              ("? -", "the log did not say"), ("varies", "more than one value")):  # fmt: skip
            lines.append(((f"   {fit(sign, 14)} ", "strong"), (meaning, "plain")))
        lines += [((" ", "plain"),), ((f" events to {stamp(self.snapshot.status.now)}; all times UTC", "muted"),)]
        return " help   esc: back", lines
