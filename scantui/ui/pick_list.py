"""A list in a dialog: one line is under the cursor, and the view follows it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message

from scantui.ui.lines import Lines, Parts
from scantui.ui.text import fit


class PickList(Lines, can_focus=True):
    """`Picked` is posted on enter, and on a click on the line under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next line", show=False),
        Binding("up,k", "move(-1)", "Previous line", show=False),
        Binding("home,g", "move(-1000)", "First line", show=False),
        Binding("end,G", "move(1000)", "Last line", show=False),
        Binding("enter", "pick", "Choose", show=False),
    ]
    DEFAULT_CSS = "PickList { overflow-y: auto; height: auto; max-height: 60vh; }"

    class Picked(Message):
        """The line under the cursor was chosen."""

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        self.at = 0
        self._items: list[Parts] = []

    def fill(self, items: list[Parts], at: int | None = None) -> None:
        """Show these lines; the cursor stays where it is unless told."""
        grown = len(items) != len(self._items)
        self._items = items
        self.at = max(0, min(len(items) - 1, self.at if at is None else at))
        if grown:
            self.virtual_size = Size(1, len(items))
            self.refresh(layout=True)
        self._into_view()
        self.repaint()

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        return max(1, len(self._items))

    def parts(self, y: int, /) -> Parts:
        index = self.scroll_offset.y + y
        if index >= len(self._items):
            return ()
        line = self._items[index]
        if index != self.at:
            return line
        return ((fit("".join(text for text, _ in line), self.size.width), "cursor"),)

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self.at < top:
            self.scroll_to(y=self.at, animate=False)
        elif self.at >= top + height:
            self.scroll_to(y=self.at - height + 1, animate=False)

    def on_resize(self) -> None:
        self._into_view()
        self.refresh()

    def action_move(self, step: int) -> None:
        self.at = max(0, min(len(self._items) - 1, self.at + step))
        self._into_view()
        self.repaint()

    def action_pick(self) -> None:
        if self._items:
            self.post_message(self.Picked())

    def on_click(self, event: Click) -> None:
        index = self.scroll_offset.y + event.y
        if index < len(self._items):
            again, self.at = index == self.at, index
            self.repaint()
            if again:
                self.action_pick()
