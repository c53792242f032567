"""The source table: lines drawn straight from columns. The cursor is a source, not a line number."""

from __future__ import annotations

import time
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.timer import Timer

from scantui.snapshot import Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.columns import COLUMNS, Placed, header, layout, row_parts
from scantui.ui.lines import Lines, Parts
from scantui.ui.ranking import SORTS, Ranking
from scantui.ui.text import fit

HOLD_SECONDS = 2.0  # the order stands still this long after a key, so that rows do not move under the reader's eyes


class SourceRows(Lines, can_focus=True):
    """One line a source. Until a key moves the cursor it rests on the top row; then it stays with its source, and the
    source with its screen line, through every re-sort."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TABLE)]
    DEFAULT_CSS = "SourceRows { overflow-y: scroll; }"

    class Moved(Message):
        """The cursor is on another source."""

        def __init__(self, code: int | None) -> None:
            super().__init__()
            self.code = code

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, SourceRows.Moved)

    class Opened(Message):
        """Enter, or a click on the row under the cursor."""

    class Wanted(Message):
        """The source under the cursor is to be marked, noted or copied (`wish`)."""

        def __init__(self, wish: str) -> None:
            super().__init__()
            self.wish = wish

    class Sorted(Message):
        """A column head was clicked."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.ranking = Ranking()
        self.cursor: int | None = None
        self.pinned = False
        self.codes: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._snapshot: Snapshot | None = None
        self._columns: tuple[Placed, ...] = ()
        self._index = 0
        self._held_until = 0.0
        self._hold: Timer | None = None

    def show(self, snapshot: Snapshot) -> None:
        """Paint a newer snapshot; the order too, unless it is being held."""
        self._snapshot = snapshot
        if time.monotonic() < self._held_until and len(self.codes):
            self.repaint()
        else:
            self._reorder()

    def reorder_now(self) -> None:
        """A sort or filter was asked for: the hold does not apply."""
        self._held_until = 0.0
        self._reorder()

    def _reorder(self) -> None:
        if self._snapshot is None:
            return
        rows = self.ranking.rows(self._snapshot)
        self.codes = self._snapshot.sources.code[rows]
        line = self._index - self.scroll_offset.y
        was, self._index = self.cursor, 0
        if self.pinned and self.cursor is not None:
            found = np.flatnonzero(self.codes == self.cursor)
            if len(found):
                self._index = int(found[0])
            else:
                self.pinned, self.cursor, line = False, None, 0
        if not self.pinned:
            self.cursor = int(self.codes[0]) if len(self.codes) else None
        if self.virtual_size.height != len(self.codes) + 1:
            self.virtual_size = Size(1, len(self.codes) + 1)
        self.scroll_to(y=self._index - line if self.pinned else 0, animate=False)
        self.repaint()
        if self.cursor != was:
            self.post_message(self.Moved(self.cursor))

    def _hold_order(self) -> None:
        """Keep the order for a while; then catch up once."""
        self._held_until = time.monotonic() + HOLD_SECONDS
        if self._hold is not None:
            self._hold.stop()
        self._hold = self.set_timer(HOLD_SECONDS, self._let_go)

    def _let_go(self) -> None:
        self._hold = None
        self._held_until = 0.0
        self._reorder()

    def row_of(self, code: int) -> int | None:
        """Row number of a source in the snapshot's table (which is in order of code)."""
        if self._snapshot is None:
            return None
        at = int(np.searchsorted(self._snapshot.sources.code, np.uint32(code)))
        table = self._snapshot.sources.code
        return at if at < len(table) and int(table[at]) == code else None

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            sort = self.ranking.sort
            return header(self._columns, sort.column, sort.descending == self.ranking.reverse)
        index = self.scroll_offset.y + y - 1
        if self._snapshot is None or index >= len(self.codes):
            return ((self._empty_text() if y == 1 else "", "muted"),)
        code = int(self.codes[index])
        row = self.row_of(code)
        if row is None:
            parts: Parts = ((f"  {self._snapshot.address(code)} was folded away", "muted"),)
        else:
            parts = row_parts(self._snapshot, row, self._columns)
        if code != self.cursor:
            return parts
        text = fit("".join(text for text, _ in parts).rstrip(), self.scrollable_content_region.width)
        return ((text, "cursor" if self.has_focus else "cursor-idle"),)

    def _empty_text(self) -> str:
        if len(self.codes):
            return ""
        if self.ranking.filter:
            return " No source passes the filter."
        return " No sources yet."

    def on_resize(self) -> None:
        self._columns = layout(self.scrollable_content_region.width)
        self.refresh()
        self._into_view()

    def _page(self) -> int:
        return max(1, self.size.height - 1)

    def _into_view(self) -> None:
        top, height = self.scroll_offset.y, self._page()
        if self._index < top:
            self.scroll_to(y=self._index, animate=False)
        elif self._index >= top + height:
            self.scroll_to(y=self._index - height + 1, animate=False)

    def move_to(self, index: int, pin: bool = True) -> None:
        """Put the cursor on the source at `index` of the present order."""
        if not len(self.codes):
            return
        self._index = max(0, min(len(self.codes) - 1, index))
        self.cursor = int(self.codes[self._index])
        self.pinned = pin
        self._hold_order()
        self._into_view()
        self.repaint()
        self.post_message(self.Moved(self.cursor))

    def action_cursor(self, step: int) -> None:
        self.move_to(self._index + step)

    def action_page(self, step: int) -> None:
        self.move_to(self._index + step * self._page())

    def action_top(self) -> None:
        self.move_to(0, pin=False)

    def action_bottom(self) -> None:
        self.move_to(len(self.codes) - 1)

    def pin(self) -> bool:
        """Keep the cursor on the source it is on now; False when there is none."""
        if self.cursor is None:
            return False
        self.pinned = True
        self._hold_order()
        return True

    def action_open(self) -> None:
        if self.pin():
            self.post_message(self.Opened())

    def _wish(self, wish: str) -> None:
        if self.pin():
            self.post_message(self.Wanted(wish))

    def action_mark(self) -> None:
        self._wish("mark")

    def action_note(self) -> None:
        self._wish("note")

    def action_copy(self) -> None:
        self._wish("copy")

    def on_click(self, event: Click) -> None:
        if event.y == 0:
            self._sort_by_head(event.x)
            return
        index = self.scroll_offset.y + event.y - 1
        if index < len(self.codes):
            again = index == self._index and self.pinned
            self.move_to(index)
            if again:
                self.post_message(self.Opened())

    def _sort_by_head(self, x: int) -> None:
        for placed in self._columns:
            if placed.x <= x < placed.x + placed.width and placed.column.sort is not None:
                if placed.column.sort == self.ranking.sort.column:
                    self.ranking.reverse = not self.ranking.reverse
                else:
                    self.ranking.sort = next(s for s in SORTS if s.column == placed.column.sort)
                    self.ranking.reverse = False
                self.reorder_now()
                self.post_message(self.Sorted())


assert {column.sort for column in COLUMNS if column.sort is not None} <= {sort.column for sort in SORTS}
