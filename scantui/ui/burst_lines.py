"""Lines of the burst page: a head that stays, and packets that scroll below it."""

from __future__ import annotations

from collections.abc import Callable

from textual.geometry import Size

from scantui.ui.lines import Parts
from scantui.ui.pages import PageLines
from scantui.ui.text import fit


class BurstLines(PageLines):
    """A head that stays, and packets below it that scroll; only those that can be seen are made into text."""

    DEFAULT_CSS = "BurstLines { scrollbar-gutter: stable; }"

    def __init__(self, make: Callable[[int], tuple[str, list[Parts]]], packet: Callable[[int, int], Parts],
                 told: Callable[[], list[str]]) -> None:  # fmt: skip
        super().__init__(make)
        self._packet, self._told = packet, told
        self._packets = 0
        self._searched: list[str] = []

    @property
    def room(self) -> int:
        return max(1, self.size.height - 1 - len(self._lines))

    def remake(self) -> None:
        self._title, self._lines = self._make(self.scrollable_content_region.width)
        self._resize()
        self.repaint()

    def hold(self, packets: int) -> None:
        """So many packets there are, from the first one on."""
        self._packets = packets
        self._searched = []
        self.scroll_to(y=0, animate=False)
        self.remake()

    def searched(self) -> list[str]:
        """The packets as they stand on the screen."""
        if len(self._searched) != self._packets:
            width = self.scrollable_content_region.width
            self._searched = ["".join(text for text, _ in self._packet(row, width)) for row in range(self._packets)]
        return self._searched

    def text(self) -> tuple[str, list[str]]:
        return self._title, self._told()

    def _resize(self) -> None:
        height = 1 + len(self._lines) + self._packets
        if self.virtual_size.height != height:
            self.virtual_size = Size(1, height)

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return ((fit(self._title, self.size.width), "title-focus"),)
        if y <= len(self._lines):
            return self._lines[y - 1]
        row = self.scroll_offset.y + y - 1 - len(self._lines)
        width = self.scrollable_content_region.width
        return self.search.lit(self._packet(row, width)) if row < self._packets else ()
