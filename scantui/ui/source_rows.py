"""The source table: lines drawn straight from columns. The cursor is a source or a cluster, not a line number."""

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

from scantui.find import Filter
from scantui.snapshot import Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.columns import COLUMNS, STANDARD, Placed, checked_columns, header, layout
from scantui.ui.groups import Group
from scantui.ui.lines import Lines, Parts
from scantui.ui.listing import Listing
from scantui.ui.manners import HOLD_SECONDS
from scantui.ui.ranking import BY_COLUMN, Ranking
from scantui.ui.text import fit


class SourceRows(Lines, can_focus=True):
    """One line a source, or a cluster with its members below it when it is open (see groups.py for the lines' keys).

    Until a key moves the cursor it rests on the top row; then it stays with its source, and the source with its screen line,
    through every re-sort."""

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

    class CopyWanted(Message):
        """The address under the cursor is to be copied."""

    class Sorted(Message):
        """A column head was clicked."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.listing = Listing()
        self.wanted: tuple[str, ...] = STANDARD  # names of the columns to show, as far as they fit
        self.hold_seconds = HOLD_SECONDS
        self.pinned = False
        self._key: int | None = None  # of the line under the cursor
        self._snapshot: Snapshot | None = None
        self._columns: tuple[Placed, ...] = ()
        self._index = 0
        self._line = 0  # of the screen, that the cursor should be on, also after the ends of the table made it another
        self._left_at = (0, 0)  # index and scroll offset after the last arrangement
        self._held_until = 0.0
        self._hold: Timer | None = None

    @property
    def ranking(self) -> Ranking:
        return self.listing.ranking

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Address code of each line."""
        return self.listing.codes

    @property
    def cursor(self) -> int | None:
        """The source under the cursor; of a cluster its weightiest member."""
        return next(iter(self.chosen), None)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The sources under the cursor: one, or all members of a cluster, the weightiest first."""
        return self.listing.sources(self._key)

    def show(self, snapshot: Snapshot) -> None:
        """Paint a newer snapshot; the order too, unless it is being held."""
        told = self._snapshot.places.tells if self._snapshot is not None else frozenset()
        self._snapshot = snapshot
        if snapshot.places.tells != told:
            self.relayout()
        if time.monotonic() < self._held_until and len(self.listing.keys):
            self.listing.see(snapshot, arrange=False)
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
        moved = (self._index, self.scroll_offset.y) != self._left_at
        line = self._index - self.scroll_offset.y if moved else self._line
        was, self._index = self.cursor, 0
        self.listing.see(self._snapshot)
        keys = self.listing.keys
        if self.pinned:
            found = self.listing.line_of(self._key)
            if found is None:
                self.pinned, line = False, 0
            else:
                self._index = found
        self._key = int(keys[self._index]) if len(keys) else None
        if self.virtual_size.height != len(keys) + 1:
            self.virtual_size = Size(1, len(keys) + 1)
        self.scroll_to(y=self._index - line if self.pinned else 0, animate=False)
        self._line, self._left_at = line, (self._index, self.scroll_offset.y)
        self.repaint()
        if self.cursor != was:
            self.post_message(self.Moved(self.cursor))

    def _hold_order(self) -> None:
        """Keep the order for a while; then catch up once."""
        if not self.hold_seconds:
            return
        self._held_until = time.monotonic() + self.hold_seconds
        if self._hold is not None:
            self._hold.stop()
        self._hold = self.set_timer(self.hold_seconds, self._let_go)

    def _let_go(self) -> None:
        self._hold = None
        self._held_until = 0.0
        self._reorder()

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return self._head(self._columns)
        index = self.scroll_offset.y + y - 1
        if index >= len(self.listing.keys):
            return ((self._empty_text() if y == 1 else "", "muted"),)
        key = int(self.listing.keys[index])
        parts = self.listing.parts(key, self._columns)
        if key != self._key:
            return parts
        text = fit("".join(text for text, _ in parts).rstrip(), self.scrollable_content_region.width)
        return ((text, "cursor" if self.has_focus else "cursor-idle"),)

    def _head(self, columns: tuple[Placed, ...]) -> Parts:
        sort = self.ranking.sort
        title = "cluster, source" if self.listing.clustered else "source"
        return header(columns, sort.column, sort.descending == self.ranking.reverse, title)

    def text(self, width: int, most: int = 5000) -> list[str]:
        """Head and lines as plain text; at most so many lines, and how many more."""
        columns, keys = self._layout(width), self.listing.keys
        lines = [self._head(columns), *(self.listing.parts(key, columns) for key in keys[:most].tolist())]
        more = [f"and {len(keys) - most:,} more"] if len(keys) > most else []
        return ["".join(text for text, _ in line) for line in lines] + more

    def choose(self, names: tuple[str, ...]) -> None:
        """Show these columns, as far as they fit. Raises ValueError for what is no column."""
        self.wanted = checked_columns(names)
        self.relayout()

    def relayout(self) -> None:
        """Other columns, or another width."""
        self._columns = self._layout(self.scrollable_content_region.width)
        self.refresh()

    def _layout(self, width: int) -> tuple[Placed, ...]:
        """The columns that are wanted, that files given can fill, and that fit."""
        tells = self._snapshot.places.tells if self._snapshot is not None else frozenset()
        return layout(width, self.wanted, self.listing.indent, tells)

    def _empty_text(self) -> str:
        if len(self.listing.keys):
            return ""
        if self.ranking.filter:
            return " No source passes the filter."
        return " No sources yet."

    def on_resize(self) -> None:
        self.relayout()
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
        """Put the cursor on the line at `index` of the present order."""
        if not len(self.listing.keys):
            return
        self._index = max(0, min(len(self.listing.keys) - 1, index))
        self._key = int(self.listing.keys[self._index])
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
        self.move_to(len(self.listing.keys) - 1)

    def pin(self) -> bool:
        """Keep the cursor on the source it is on now; False when there is none."""
        if self.cursor is None:
            return False
        self.pinned = True
        self._hold_order()
        return True

    def action_open(self) -> None:
        group = self.listing.cluster_at(self._key)
        if group is not None:
            self._open(group, not self.listing.is_open(group))
        elif self.pin():
            self.post_message(self.Opened())

    def _open(self, group: Group, opened: bool) -> None:
        """List a cluster's members, or no longer; the cursor is then on the cluster."""
        self._key, self.pinned = self.listing.open(group, opened), True
        self.reorder_now()
        self._into_view()

    def action_unfold(self) -> None:
        group = self.listing.cluster_at(self._key)
        if group is not None:
            self._open(group, True)

    def action_fold(self) -> None:
        group = self.listing.cluster_around(self._key)
        if group is not None:
            self._open(group, False)

    def cluster(self, clustered: bool) -> None:
        """Show clusters and their members, or sources only."""
        code = self.cursor
        self.listing.clustered = clustered
        if not clustered:
            self._key = code
        self.relayout()
        self.reorder_now()
        self._into_view()

    def jump(self, wanted: Filter, step: int) -> tuple[int, int]:
        """Go to the next line that a filter lets through (`step` 0: from this line on; -1: back), around the end. Which of
        how many it is, from 1; (0, 0) when there is none."""
        lines = self.listing.matches(wanted)
        if not len(lines):
            return 0, 0
        if step < 0:
            at = int(np.searchsorted(lines, self._index)) - 1
        else:
            at = int(np.searchsorted(lines, self._index, "right" if step else "left"))
        at %= len(lines)
        self.move_to(int(lines[at]))
        return at + 1, len(lines)

    def action_copy(self) -> None:
        if self.pin():
            self.post_message(self.CopyWanted())

    def on_click(self, event: Click) -> None:
        if event.y == 0:
            self._sort_by_head(event.x)
            return
        index = self.scroll_offset.y + event.y - 1
        if index < len(self.listing.keys):
            again = index == self._index and self.pinned
            self.move_to(index)
            if again:
                self.action_open()

    def _sort_by_head(self, x: int) -> None:
        for placed in self._columns:
            if placed.x <= x < placed.x + placed.width and placed.column.sort is not None:
                self.ranking.sort_by(BY_COLUMN[placed.column.sort])
                self.reorder_now()
                self.post_message(self.Sorted())


assert {column.sort for column in COLUMNS if column.sort is not None} <= set(BY_COLUMN)
