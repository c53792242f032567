"""The keys that do something about a source: mark, note, copy, export."""

from __future__ import annotations

from scantui.ui.dialogs import ExportDialog, NoteDialog
from scantui.ui.panes import Panes
from scantui.ui.source_rows import SourceRows
from scantui.ui.text import plain


class ActKeys(Panes):
    """See actions.py for the keys."""

    def on_source_rows_wanted(self, event: SourceRows.Wanted) -> None:
        code = self.table.cursor
        if code is None:
            return
        address = self.snapshot.address(code)
        if event.wish == "copy":
            self.app.copy_to_clipboard(address)
            self.notify(f"copied {plain(address)}", markup=False, timeout=2)
        elif event.wish == "note":
            old = self.session.latest().marks.get(code)
            self.app.push_screen(NoteDialog(address, old.note if old else ""), lambda note: self._note(code, note))
        elif code in self.session.latest().marks:
            self.session.unmark(code)
        else:
            self.session.mark(code)

    def _note(self, code: int, note: str | None) -> None:
        if note is not None:
            self.session.mark(code, note)

    def action_export(self) -> None:
        newest = self.session.latest()
        if not newest.marks:
            self.notify("nothing is marked: m marks the source under the cursor", markup=False, severity="warning")
            return
        self.app.push_screen(ExportDialog(self.session, newest), self._exported)

    def _exported(self, written: str | None) -> None:
        if written:
            self.notify(plain(written), markup=False)
