"""The log lines that hold a text, of whatever source; enter goes on to the source of one."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click

from scantui.snapshot import FoundLines, Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.detail.found_page import FoundPage
from scantui.ui.lines import Parts
from scantui.ui.pages import PageLines
from scantui.ui.port import SessionPort
from scantui.ui.text import clock, fit, plain

_ADDRESS = 17  # columns of an address; longer ones push the line to the right


class RawLines(PageLines):
    """Lines with a cursor, which the search moves as well."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FOUND)]

    def parts(self, y: int, /) -> Parts:
        parts = super().parts(y)
        if y == 0 or self.scroll_offset.y + y - 1 != self._read or not parts:
            return parts
        return ((fit("".join(text for text, _ in parts), self.size.width), "cursor"),)

    def reading_at(self) -> int:
        return self._read

    def action_scroll(self, step: int) -> None:
        number = max(0, min(len(self._lines) - 1, self._read + step))
        top = self.scroll_offset.y
        if not top <= number < top + self.room:
            self.scroll_to(y=number if number < top else number - self.room + 1, animate=False)
        self._read = number
        self.repaint()

    def action_scroll_top(self) -> None:
        self._read = 0
        super().action_scroll_top()

    async def action_choose(self) -> None:
        await self.run_action("screen.choose")

    def on_click(self, event: Click) -> None:
        if event.y > 0:
            self.action_scroll(self.scroll_offset.y + event.y - 1 - self._read)


class RawPage(FoundPage):
    """`chosen` is called with the source of the line that was chosen."""

    def __init__(self, session: SessionPort, snapshot: Snapshot, text: str, chosen: Callable[[int], None]) -> None:
        super().__init__(session, snapshot, None, text)
        self._chosen = chosen
        self._lines = RawLines(self.make)
        self._lines.search.text = text

    def lines_of(self, found: FoundLines) -> list[Parts]:
        return [
            (
                (f" {clock(line.ts, self.snapshot.status.now)} ", "muted"),
                (
                    f"{plain(self.snapshot.address(line.code) if line.code is not None else '') or '?':{_ADDRESS}} ",
                    "accent",
                ),
                (plain(line.text), "plain"),
            )
            for line in found.lines
        ]

    def action_choose(self) -> None:
        found, number = self.found, self._lines.reading_at()
        code = found.lines[number].code if found is not None and number < len(found.lines) else None
        if code is not None:
            self.dismiss()
            self._chosen(code)
