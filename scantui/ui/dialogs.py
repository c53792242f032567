"""The two dialogs: export the marked sources, and a note for a mark."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from scantui.snapshot import Snapshot
from scantui.ui.compositor import TightCompositor
from scantui.ui.field import Field
from scantui.ui.port import SessionPort
from scantui.ui.text import moment, plain

_MOST_LISTED = 6


class _Dialog(ModalScreen[str | None]):
    """A box with a title, one input and lines of plain text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("ctrl+q", "app.quit", "Quit", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._compositor = TightCompositor()

    def action_cancel(self) -> None:
        self.dismiss(None)


class NoteDialog(_Dialog):
    """Asks for a note; dismisses with it, or None."""

    def __init__(self, address: str, note: str) -> None:
        super().__init__()
        self._address, self._note = address, note

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(f"Mark {plain(self._address)} with a note", classes="title", markup=False)
            yield Field(self._note, name="note", max_length=200)
            yield Static("enter: mark   esc: cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


class ExportDialog(_Dialog):
    """Writes the marked sources; dismisses with what was written in words, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "kind(1)", "Next kind", show=False, priority=True),
        Binding("shift+tab", "kind(-1)", "Previous kind", show=False, priority=True),
    ]

    def __init__(self, session: SessionPort, snapshot: Snapshot, folder: Callable[[], Path] = Path.cwd) -> None:
        super().__init__()
        self._session, self._snapshot = session, snapshot
        self._kinds = session.export_kinds()
        self._kind = self._kinds[0]
        day = f"{moment(snapshot.status.now):%Y%m%d-%H%M%S}" if snapshot.status.now else "empty"
        self._suggested = str(folder() / f"scantui-marked-{day}.{self._kind}")
        self._confirmed = ""
        self._writing = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Export the marked sources", classes="title", markup=False)
            yield Static("", id="kinds", markup=False)
            yield Field(self._suggested, name="path", max_length=4096)
            yield Static("", id="preview", markup=False)
            yield Static("", id="error", markup=False)
            yield Static("enter: write   tab: next kind   esc: cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._describe()

    @property
    def path(self) -> Path:
        return Path(self.query_one(Input).value.strip()).expanduser()

    def _describe(self) -> None:
        kinds = "   ".join(f"[{kind}]" if kind == self._kind else f" {kind} " for kind in self._kinds)
        self.query_one("#kinds", Static).update(f"as {kinds}")
        marks = self._snapshot.marks
        lines = [f"{len(marks)} source{'' if len(marks) == 1 else 's'} to {plain(str(self.path))}"]
        for code, mark in list(marks.items())[:_MOST_LISTED]:
            note = f"  {plain(mark.note, 60)}" if mark.note else ""
            lines.append(f"  {plain(self._snapshot.address(code)) or '?'}{note}")
        if len(marks) > _MOST_LISTED:
            lines.append(f"  and {len(marks) - _MOST_LISTED} more")
        self.query_one("#preview", Static).update("\n".join(lines))

    def _complain(self, text: str) -> None:
        self.query_one("#error", Static).update(plain(text, 300))

    def action_kind(self, step: int) -> None:
        before = self._kind
        self._kind = self._kinds[(self._kinds.index(before) + step) % len(self._kinds)]
        field = self.query_one(Input)
        if field.value.endswith(f".{before}"):
            field.value = field.value.removesuffix(before) + self._kind
        self._describe()

    def on_input_changed(self) -> None:
        self._confirmed = ""
        self._complain("")
        self._describe()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._writing:
            return
        path = self.path
        if not event.value.strip() or path.is_dir():
            self._complain("write the name of a file")
            return
        if path.exists() and self._confirmed != str(path):
            self._confirmed = str(path)
            self._complain("the file exists: enter again replaces it")
            return
        self._writing = True
        try:
            written = await asyncio.to_thread(self._session.export_marked, self._kind, path)
        except OSError as error:
            self._complain(f"{path}: {error.strerror or error}")
        except ValueError as error:
            self._complain(str(error))
        else:
            self.dismiss(written)
        finally:
            self._writing = False
