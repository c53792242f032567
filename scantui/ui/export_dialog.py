"""The export dialog: which sources, as what, into which file, with the beginning of what will stand in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from scantui.detect.scan import Verdict
from scantui.export import EXPORTS
from scantui.export.chosen import Preview
from scantui.export.handover import Needs
from scantui.snapshot import Snapshot
from scantui.ui.dialogs import Dialog, choice, choice_around
from scantui.ui.field import Field
from scantui.ui.port import SessionPort
from scantui.ui.text import fit, moment, plain, wrap

_PREVIEW, _LEAST_PREVIEW = 10, 3
_OTHER_LINES = 11  # of the dialog and around it, but for the choices
_PREVIEWED = 20  # sources that a preview is made of where each takes a while
_REST = 0.15  # seconds
_WIDEST, _FRAME = 110, 7  # columns of the dialog (app.tcss), and of what stands beside the kinds in it
_MOST_CAUTIONS = 4


@dataclass(frozen=True, slots=True)
class Scope:
    """Sources to export, and what they are called."""

    name: str
    codes: tuple[int, ...]


def scopes(snapshot: Snapshot, cursor: int | None) -> tuple[Scope, ...]:
    """What can be exported: sources marked and seen here, the one under the cursor, all that scanned. Never an empty one."""
    here = set(snapshot.sources.code.tolist())
    marked = tuple(code for code in snapshot.marks if code in here)
    elsewhere = tuple(code for code in snapshot.marks if code not in here)
    scanned: dict[int, None] = {}
    for scan in sorted(snapshot.scans, key=lambda scan: -scan.score):
        if scan.verdict is Verdict.SCAN:
            scanned |= dict.fromkeys(scan.sources)
    found = (
        Scope("marked", marked),
        Scope("this source", () if cursor is None else (cursor,)),
        Scope("all scans", tuple(scanned)),
        Scope("marked, also in other logs", (*marked, *elsewhere) if elsewhere else ()),
    )
    return tuple(scope for scope in found if scope.codes)


class ExportDialog(Dialog):
    """Dismisses with what was written in words, or None. An existing file is replaced on the second enter only."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "kind(1)", "Next kind", show=False, priority=True),
        Binding("shift+tab", "kind(-1)", "Previous kind", show=False, priority=True),
        Binding("pagedown", "kind(5)", "Further kinds", show=False, priority=True),
        Binding("pageup", "kind(-5)", "Kinds before", show=False, priority=True),
        Binding("down", "scope(1)", "Next sources", show=False, priority=True),
        Binding("up", "scope(-1)", "Previous sources", show=False, priority=True),
    ]

    def __init__(
        self,
        session: SessionPort,
        snapshot: Snapshot,
        offered: tuple[Scope, ...],
        folder: Callable[[], Path] = Path.cwd,
    ) -> None:
        """`offered` holds at least one scope."""
        super().__init__()
        self._session, self._snapshot, self._offered = session, snapshot, offered
        self._kinds = session.export_kinds()
        self._kind, self._scope = self._kinds[0], offered[0]
        day = f"{moment(snapshot.status.now):%Y%m%d-%H%M%S}" if snapshot.status.now else "empty"
        self._suggested = str(folder() / f"scantui-{day}{self._suffix}")
        self._confirmed = ""
        self._writing = False

    @property
    def _suffix(self) -> str:
        return EXPORTS[self._kind].suffix if self._kind in EXPORTS else f".{self._kind}"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static("Export sources", classes="title", markup=False)
            yield Static("", id="choices", markup=False)
            yield Field(self._suggested, name="path", max_length=4096)
            yield Static("", id="preview", markup=False)
            yield Static("", id="cautions", markup=False)
            yield Static("", id="error", markup=False)
            yield Static("enter: write   tab: kind   ↑ ↓: sources   esc: cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._describe()

    @property
    def path(self) -> Path:
        return Path(self.query_one(Input).value.strip()).expanduser()

    def _describe(self) -> None:
        what = EXPORTS[self._kind].description if self._kind in EXPORTS else ""
        names = tuple(f"{scope.name} ({len(scope.codes):,})" for scope in self._offered)
        at = self._offered.index(self._scope)
        width = max(40, min(_WIDEST, self.app.size.width * 96 // 100) - _FRAME)
        kinds = choice_around(self._kinds, self._kind, width)
        self.tell("choices", f"of {choice(names, names[at])}\nas {kinds}\n   {what}")
        self.run_worker(self._preview(), exclusive=True)

    async def _preview(self) -> None:
        taken = self.query_one("#choices").size.height
        most = max(_LEAST_PREVIEW, min(_PREVIEW, self.app.size.height - _OTHER_LINES - taken))
        codes = self._scope.codes
        needs = EXPORTS[self._kind].needs if self._kind in EXPORTS else Needs.PICTURE
        cut = len(codes) > _PREVIEWED and bool(needs)
        await asyncio.sleep(_REST)  # a key that is held down asks once
        try:
            made = await asyncio.to_thread(
                self._session.export_preview, self._kind, codes[:_PREVIEWED] if cut else codes, most
            )
        except ValueError as error:
            made = Preview((str(error),), False, ())
        width = max(20, self.query_one("#preview").size.width)
        lines = [fit(plain(line), width).rstrip() for line in made.lines]
        self.tell("preview", "\n".join([*lines, *(["┆"] if made.more else [])]))
        told = [line for one in made.cautions for line in wrap(f"! {plain(one)}", width)]
        if cut:
            told.insert(0, f"shown as of the first {_PREVIEWED} of {len(codes):,} sources")
        self.tell("cautions", "\n".join(told[:_MOST_CAUTIONS]))

    def _complain(self, text: str) -> None:
        self.tell("error", plain(text, 300))

    def action_kind(self, step: int) -> None:
        before = self._suffix
        self._kind = self._kinds[(self._kinds.index(self._kind) + step) % len(self._kinds)]
        field = self.query_one(Input)
        if field.value.endswith(before):
            field.value = field.value.removesuffix(before) + self._suffix
            field.cursor_position = len(field.value)
        self._describe()

    def action_scope(self, step: int) -> None:
        at = self._offered.index(self._scope)
        self._scope = self._offered[(at + step) % len(self._offered)]
        self._describe()

    def on_input_changed(self) -> None:
        self._confirmed = ""
        self._complain("")

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._writing:
            return
        path = self.path
        if not event.value.strip() or path.is_dir():
            self._complain("write the name of a file")
            return
        replace = self._confirmed == str(path)
        if path.exists() and not replace:
            self._confirmed = str(path)
            self._complain("the file exists: enter again replaces it")
            return
        self._writing = True
        self.tell("cautions", f"writing {plain(str(path))} …")
        try:
            written = await asyncio.to_thread(self._session.export, self._kind, path, self._scope.codes, replace)
        except OSError as error:
            self._complain(f"{path}: {error.strerror or error}")
        except ValueError as error:
            self._complain(str(error))
        else:
            self.dismiss(written)
        finally:
            self._writing = False
