"""The dialog that chooses what the table is sorted by."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Static

from scantui.ui.dialogs import Dialog
from scantui.ui.lines import Parts
from scantui.ui.pick_list import PickList
from scantui.ui.ranking import SORTS, Sort
from scantui.ui.text import fit


class SortDialog(Dialog):
    """Dismisses with a Sort, or None. A letter chooses at once; what it is sorted by already is then reversed."""

    def __init__(self, sort: Sort, reverse: bool) -> None:
        super().__init__()
        self._sort, self._reverse = sort, reverse

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Sort by", classes="title", markup=False)
            yield PickList(name="sorts")
            yield Static("letter or enter: sort; the same again: reverse   esc: cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        picks = self.query_one(PickList)
        picks.fill([self._line(sort) for sort in SORTS], SORTS.index(self._sort))
        picks.focus()

    def _line(self, sort: Sort) -> Parts:
        arrow = " " if sort is not self._sort else "▾" if sort.descending != self._reverse else "▴"
        first = sort.first
        return ((f" {sort.letter} ", "accent"), (f"{arrow} {fit(sort.title, 16)}", "plain"), (first, "muted"))

    def on_pick_list_picked(self) -> None:
        self.dismiss(SORTS[self.query_one(PickList).at])

    def on_key(self, event: Key) -> None:
        chosen = next((sort for sort in SORTS if sort.letter == event.character), None)
        if chosen is not None:
            event.stop()
            self.dismiss(chosen)
