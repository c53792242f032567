"""The dialog that chooses the table's columns and their order."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from scantui.ui.columns import BY_NAME, COLUMNS, STANDARD, layout, missing
from scantui.ui.dialogs import Dialog
from scantui.ui.lines import Parts
from scantui.ui.pick_list import PickList
from scantui.ui.text import fit


class ColumnsDialog(Dialog):
    """Dismisses with names of columns in their order, or None. `width` is what the table has, `tells` what files tell
    (see Places)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "show_or_hide", "Show or hide", show=False),
        Binding("shift+up,K", "shift(-1)", "Further left", show=False),
        Binding("shift+down,J", "shift(1)", "Further right", show=False),
        Binding("r", "standard", "As it was delivered", show=False),
    ]

    def __init__(self, names: tuple[str, ...], width: int, tells: Collection[str]) -> None:
        super().__init__()
        self._tells = tells
        self._width = width
        self._shown = set(names)
        self._order = [*names, *(column.name for column in COLUMNS if column.name not in names)]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Columns", classes="title", markup=False)
            yield PickList(name="columns")
            hint = "space: show/hide  shift+↑↓: move  r: reset  enter: apply  esc: cancel"
            yield Static(hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(PickList).focus()
        self._fill(0)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._order if name in self._shown)

    def _fill(self, at: int) -> None:
        fits = {placed.column.name for placed in layout(self._width, self.names, tells=self._tells)}
        self.query_one(PickList).fill([self._line(name, name in fits) for name in self._order], at)

    def _line(self, name: str, fits: bool) -> Parts:
        shown = name in self._shown
        option = missing(name, self._tells)
        why = f"; needs {option}" if option else "; no room at this width" if shown and not fits else ""
        about = BY_NAME[name].about + why
        look = "plain" if shown and not option else "muted"
        return ((" [x] " if shown else " [ ] ", "accent"), (fit(name, 11), look), (about, "muted"))

    def action_show_or_hide(self) -> None:
        at = self.query_one(PickList).at
        if self._order[at] != "source":
            self._shown ^= {self._order[at]}
            self._fill(at)

    def action_shift(self, step: int) -> None:
        at = self.query_one(PickList).at
        if 0 <= at + step < len(self._order):
            self._order.insert(at + step, self._order.pop(at))
            self._fill(at + step)

    def action_standard(self) -> None:
        self._shown = set(STANDARD)
        self._order = [column.name for column in COLUMNS]
        self._fill(0)

    def on_pick_list_picked(self) -> None:
        self.dismiss(self.names)
