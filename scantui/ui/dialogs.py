"""What all dialogs share, and the dialog for a mark."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from scantui.snapshot import JUDGEMENTS, Mark
from scantui.ui.compositor import TightCompositor
from scantui.ui.field import Field
from scantui.ui.marks import MEANINGS, SIGNS
from scantui.ui.text import plain

MOST_NOTE = 200  # characters


class Dialog(ModalScreen[Any]):
    """A box with a title, inputs and lines of plain text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._compositor = TightCompositor()

    def action_cancel(self) -> None:
        self.dismiss(None)

    def tell(self, name: str, text: str) -> None:
        """Put `text` in the line called `name`."""
        self.query_one(f"#{name}", Static).update(text)


def choice(names: tuple[str, ...], chosen: str) -> str:
    """Names in a line, the chosen one in brackets."""
    return "  ".join(f"[{name}]" if name == chosen else f" {name} " for name in names)


def choice_around(names: tuple[str, ...], chosen: str, width: int) -> str:
    """As `choice`, in at most `width` columns: the names around the chosen one, and which of how many it is."""
    whole = choice(names, chosen)
    if len(whole) <= width:
        return whole
    at = names.index(chosen)
    which = f"  {at + 1} of {len(names)}"
    start, end, grew = at, at + 1, True
    while grew:
        grew = False
        wider = [(start, end + 1), (start - 1, end)]
        for low, high in wider if end - at <= at - start + 1 else wider[::-1]:
            if low >= 0 and high <= len(names) and len(choice(names[low:high], chosen)) + 4 + len(which) <= width:
                start, end, grew = low, high, True
                break
    before, after = "‹ " if start else "  ", " ›" if end < len(names) else "  "
    return f"{before}{choice(names[start:end], chosen)}{after}{which}"


class MarkDialog(Dialog):
    """Asks for a verdict and a note; dismisses with (note, verdict), with "unmark", or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,down", "verdict(1)", "Next verdict", show=False, priority=True),
        Binding("shift+tab,up", "verdict(-1)", "Previous verdict", show=False, priority=True),
        Binding("ctrl+d", "unmark", "Unmark", show=False, priority=True),
    ]

    def __init__(self, address: str, mark: Mark | None) -> None:
        super().__init__()
        self._address = address
        self._marked = mark is not None
        self._note = mark.note if mark is not None else ""
        self._verdict = mark.verdict if mark is not None else ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"Mark {plain(self._address)}", classes="title", markup=False)
            yield Static("", id="verdicts", markup=False)
            yield Field(self._note, name="note", max_length=MOST_NOTE)
            hint = "enter: mark   tab: verdict" + ("   ctrl+d: unmark" if self._marked else "") + "   esc: cancel"
            yield Static(hint, classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._describe()

    def _describe(self) -> None:
        names = choice(tuple(name or "none" for name in JUDGEMENTS), self._verdict or "none")
        self.tell(
            "verdicts",
            f"your verdict {names}\n{SIGNS[self._verdict]} {MEANINGS[self._verdict]}; detection is not changed",
        )

    def action_verdict(self, step: int) -> None:
        self._verdict = JUDGEMENTS[(JUDGEMENTS.index(self._verdict) + step) % len(JUDGEMENTS)]
        self._describe()

    def action_unmark(self) -> None:
        self.dismiss("unmark" if self._marked else None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss((event.value.strip(), self._verdict))
