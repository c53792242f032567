"""The dialog of saved filters: apply one, save the present one under a name, forget one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Input, Static

from scantui.find.saved import Saved
from scantui.ui.dialogs import Dialog
from scantui.ui.field import Field
from scantui.ui.keymap import keymap_of
from scantui.ui.lines import Parts
from scantui.ui.pick_list import PickList
from scantui.ui.port import SavedFilters
from scantui.ui.text import fit, plain

_MOST_NAME = 40
_HINT = "enter, 1-9: apply   a: save the present one   d: forget   esc: cancel"


class FiltersDialog(Dialog):
    """Dismisses with the text of a filter, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Save the present filter", show=False),
        Binding("d,delete", "remove", "Forget", show=False),
    ]

    def __init__(self, saved: SavedFilters, present: str) -> None:
        super().__init__()
        self._saved, self._present = saved, present.strip()
        self._list: tuple[Saved, ...] = ()
        self._forgetting = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Saved filters", classes="title", markup=False)
            yield PickList(name="filters")
            yield Field(name="filter-name", max_length=_MOST_NAME)
            yield Static("", id="error", markup=False)
            yield Static(_HINT, classes="hint", id="filters-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).display = False
        self.query_one(PickList).focus()
        self._reload()

    def _reload(self) -> None:
        try:
            self._list = self._saved.load()
        except (OSError, ValueError) as error:
            self._complain(error)
        lines: list[Parts] = [
            (
                (f" {number if number < 10 else ' '} ", "accent"),
                (fit(plain(one.name), 20) + " ", "strong"),
                (plain(one.text), "plain"),
            )
            for number, one in enumerate(self._list, 1)
        ]
        empty: Parts = ((f" none yet: filter with {self._key}, then save it here with a", "muted"),)
        self.query_one(PickList).fill(lines or [empty])

    def _complain(self, error: Exception) -> None:
        said = error.strerror or str(error) if isinstance(error, OSError) else str(error)
        self.tell("error", plain(said, 300))

    @property
    def _key(self) -> str:
        return keymap_of(self.app).key("view.filter")

    # Apply

    def on_pick_list_picked(self) -> None:
        self._apply(self.query_one(PickList).at)

    def _apply(self, at: int) -> None:
        if at < len(self._list):
            self.dismiss(self._list[at].text)

    def on_key(self, event: Key) -> None:
        if self.query_one(PickList).has_focus and event.character is not None and event.character in "123456789":
            event.stop()
            self._apply(int(event.character) - 1)

    # Save

    def action_add(self) -> None:
        if not self._present:
            self.tell("error", f"there is no filter to save: filter with {self._key} first")
            return
        field = self.query_one(Input)
        field.display = True
        field.value = next((one.name for one in self._list if one.text == self._present), "")
        field.focus()
        self.tell("filters-hint", plain(f"a name for: {self._present}", 200) + "   enter: save   esc: cancel")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if not name:
            self.tell("error", "write a name")
            return
        try:
            self._saved.keep(Saved(name, self._present))
        except (OSError, ValueError) as error:
            self._complain(error)
            return
        self._to_list()
        self._reload()

    def _to_list(self) -> None:
        self.query_one(Input).display = False
        self.query_one(PickList).focus()
        self.tell("error", "")
        self.tell("filters-hint", _HINT)

    def action_cancel(self) -> None:
        if self.query_one(Input).display:
            self._to_list()
        else:
            self.dismiss(None)

    # Forget

    def action_remove(self) -> None:
        at = self.query_one(PickList).at
        if at >= len(self._list):
            return
        name = self._list[at].name
        if self._forgetting != name:
            self._forgetting = name
            self.tell("error", plain(f"d again forgets '{name}'", 100))
            return
        self._forgetting = ""
        self.tell("error", "")
        try:
            self._saved.remove(name)
        except (OSError, ValueError) as error:
            self._complain(error)
        self._reload()
