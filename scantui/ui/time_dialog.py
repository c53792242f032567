"""The dialog that asks for a moment to go to."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from scantui.ui.dialogs import Dialog
from scantui.ui.field import Field
from scantui.ui.text import SECOND, span, stamp
from scantui.ui.typed_time import NotATime, moment_of


def _whole(at: int) -> str:
    return stamp(at // SECOND * SECOND)


class GoToDialog(Dialog):
    """Calls `go` with a moment between `first` and `last`. What was typed is read as it is typed."""

    def __init__(self, here: int, first: int, last: int, go: Callable[[int], None]) -> None:
        super().__init__()
        self._here, self._first, self._last, self._go = here, first, last, go

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Go to a time (UTC)", classes="title", markup=False)
            yield Field("", name="moment", max_length=60)
            yield Static("", id="error", markup=False)
            yield Static(self._hint(), id="preview", markup=False)
            yield Static("enter: go   esc: cancel", classes="hint", markup=False)

    def _hint(self) -> str:
        return (
            f"03:14   2000-01-25 03:14:01   -5m   yesterday 03:00\nfrom {_whole(self._first)} to {_whole(self._last)}"
        )

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def _read(self, text: str) -> int | None:
        """The moment, told before it is gone to; None with the reason under the place where it went wrong."""
        try:
            at = moment_of(text, here=self._here, first=self._first, last=self._last)
        except NotATime as wrong:
            self._tell("", f"{' ' * wrong.column}^\n{wrong}")
            return None
        ago = span((self._last - at) // SECOND * SECOND)
        self._tell(f"{stamp(at)}, {ago} before the newest event", "")
        return at

    def _tell(self, preview: str, error: str) -> None:
        self.query_one("#preview", Static).update(preview or self._hint())
        self.query_one("#error", Static).update(error)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value.strip():
            self._read(event.value)
        else:
            self._tell("", "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        at = self._read(event.value)
        if at is not None:
            self._go(at)
            self.dismiss(None)
