"""The detail pane: the source under the cursor in full, scrolled by lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message

from scantui.snapshot import Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.detail_lines import breadcrumb, detail_lines
from scantui.ui.lines import Lines, Parts
from scantui.ui.text import fit


class DetailPane(Lines, can_focus=True):
    """Line 0 is the breadcrumb; below it the lines of `detail_lines` scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.DETAIL)]
    DEFAULT_CSS = "DetailPane { overflow-y: auto; }"

    class RawWanted(Message):
        """Enter: the log lines, full screen."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._snapshot: Snapshot | None = None
        self._code: int | None = None
        self._lines: list[Parts] = []
        self._made_of: tuple[object, ...] = ()

    def show(self, snapshot: Snapshot, code: int | None) -> None:
        """Paint the detail of `code`, or say that it is being read."""
        if code != self._code:
            self._code = code
            self.scroll_to(y=0, animate=False)
        self._snapshot = snapshot
        self._make()
        self.repaint()

    def _make(self) -> None:
        snapshot, width = self._snapshot, self.scrollable_content_region.width
        if snapshot is None or not width or not self.display:
            return
        detail = snapshot.detail
        mark = snapshot.marks.get(self._code) if self._code is not None else None
        made_of = (detail, self._code, width, mark)
        if len(self._made_of) == 4 and self._made_of[0] is detail and self._made_of[1:] == made_of[1:]:
            return
        self._made_of = made_of
        if self._code is None:
            self._lines = [((" no source selected", "muted"),)]
        elif detail is None or detail.code != self._code:
            self._lines = [((" reading…", "muted"),)]
        else:
            self._lines = detail_lines(detail, snapshot, width)
        if self.virtual_size.height != len(self._lines) + 1:
            self.virtual_size = Size(1, len(self._lines) + 1)

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return ((fit(self._trail(), self.size.width), "title-focus" if self.has_focus else "title"),)
        index = self.scroll_offset.y + y - 1
        return self._lines[index] if index < len(self._lines) else ()

    def _trail(self) -> str:
        if self._snapshot is None or self._code is None:
            return " sources"
        detail = self._snapshot.detail
        mine = detail if detail is not None and detail.code == self._code else None
        return breadcrumb(self._snapshot.address(self._code) or "?", mine, self.size.width)

    def on_resize(self) -> None:
        self._make()
        self.refresh()

    def on_show(self) -> None:
        self._make()
        self.refresh()

    def action_scroll(self, step: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_scroll_page(self, step: int) -> None:
        self.action_scroll(step * max(1, self.size.height - 2))

    def action_scroll_top(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_raw(self) -> None:
        self.post_message(self.RawWanted())
