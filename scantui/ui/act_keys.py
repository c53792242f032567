"""The keys that do something about a source: mark, note, allow, copy, export."""

from __future__ import annotations

from scantui.detect.allow import Allowed
from scantui.snapshot import Mark, Snapshot
from scantui.ui.allow_dialog import AllowDialog
from scantui.ui.allowed_page import AllowedPage
from scantui.ui.clipboard import copy
from scantui.ui.detail.head import mark_text
from scantui.ui.dialogs import MarkDialog
from scantui.ui.dump import on_screen
from scantui.ui.export_dialog import ExportDialog, scopes
from scantui.ui.keymap import keymap_of
from scantui.ui.panes import Panes
from scantui.ui.port import SessionPort
from scantui.ui.text import plain


class ActKeys(Panes):
    """See actions.py for the keys."""

    _told = 0  # notices that were shown

    def __init__(self, session: SessionPort) -> None:
        super().__init__(session)
        self._taken_away: dict[int, Mark] = {}  # what marks said that were taken away in this run

    def tell_notices(self, snapshot: Snapshot) -> None:
        """Show what a person should hear of, once."""
        for notice in snapshot.notices[self._told :]:
            self.notify(plain(notice, 300), markup=False, severity="warning", timeout=12)
        self._told = len(snapshot.notices)

    def on_source_rows_copy_wanted(self) -> None:
        code = self.table.cursor
        if code is not None:
            address = plain(self.snapshot.address(code))
            copy(self.app, [address], address)

    def action_mark(self) -> None:
        code = self.table.cursor
        if code is None:
            return
        self.table.pin()
        if len(self.table.chosen) > 1:
            self._mark_cluster(self.table.chosen)
            return
        mark = self.session.latest().marks.get(code)
        if mark is not None:
            self._unmark(code, mark)
        elif code in self._taken_away:
            mark = self._taken_away.pop(code)
            self.session.mark(code, mark.note, mark.verdict)
            self.notify(plain(f"{self.snapshot.address(code)}: {mark_text(mark)}", 200), markup=False, timeout=3)
        else:
            self.session.mark(code)

    def _mark_cluster(self, codes: tuple[int, ...]) -> None:
        """Mark all sources of a cluster; again: unmark those of which nothing else was said."""
        marks = self.session.latest().marks
        fresh = [code for code in codes if code not in marks]
        bare = [code for code in codes if code in marks and not marks[code].note and not marks[code].verdict]
        for code in fresh:
            self.session.mark(code)
        for code in () if fresh else bare:
            self.session.unmark(code)
        kept = (
            f"; {len(codes) - len(bare):,} with a note or verdict stay" if not fresh and len(bare) < len(codes) else ""
        )
        done = f"{len(fresh):,} sources marked" if fresh else f"{len(bare):,} sources no longer marked{kept}"
        self.notify(f"cluster: {done}", markup=False, timeout=4)

    def _unmark(self, code: int, mark: Mark) -> None:
        self.session.unmark(code)
        if mark.note or mark.verdict:
            self._taken_away[code] = mark
            key = keymap_of(self.app).key("act.mark")
            told = f"{self.snapshot.address(code)}: no longer {mark_text(mark)[2:]}; {key} brings it back"
            self.notify(plain(told, 200), markup=False, timeout=5)

    def action_note(self) -> None:
        code = self.table.cursor
        if code is None:
            return
        self.table.pin()
        codes = self.table.chosen
        mark = self.session.latest().marks.get(code) if len(codes) == 1 else None
        name = self.snapshot.address(code) if len(codes) == 1 else f"{len(codes):,} sources of the cluster"

        def done(answer: tuple[str, str] | str | None) -> None:
            if isinstance(answer, tuple):
                for one in codes:
                    self.session.mark(one, *answer)
            elif answer is not None and mark is not None:
                self._unmark(code, mark)

        self.app.push_screen(MarkDialog(name, mark), done)

    def action_allow(self) -> None:
        code = self.table.cursor
        if code is not None:
            self.table.pin()
            newest = self.session.latest()
            self.app.push_screen(AllowDialog(newest.address(code), newest), self._allow)

    def _allow(self, entry: Allowed | None) -> None:
        if entry is not None:
            self.session.allow(entry)
            later = "; the paused table follows at r or space" if self.session.latest().status.paused else ""
            key = keymap_of(self.app).key("act.allowed")
            self.notify(plain(f"{entry.words}; {key}: the list{later}", 300), markup=False, timeout=5)

    def action_allowed(self) -> None:
        self.app.push_screen(AllowedPage(self.session, self.session.latest()))

    def action_look_up(self) -> None:
        """Leaves the machine, so only when scantui was started for it."""
        code = self.table.cursor
        if code is None:
            return
        try:
            said = self.session.look_up(code)
        except ValueError as error:
            self.notify(plain(str(error), 300), markup=False, severity="warning")
        else:
            self.notify(plain(said, 300), markup=False)

    def dump(self) -> tuple[str, list[str]]:
        """The pane that has the focus, whole: all rows of the table, all lines of the tab; else the screen as it stands."""
        if self.focused is self.detail:
            return self.detail.trail, self.detail.text()
        if self.focused is self.table:
            return "sources", self.table.text(self.size.width)
        return "", on_screen(self)

    def action_export(self) -> None:
        newest = self.session.latest()
        offered = scopes(newest, self.table.cursor)
        if offered:
            self.app.push_screen(ExportDialog(self.session, newest, offered), self._exported)
        else:
            self.notify("there is no source to export yet", markup=False, severity="warning")

    def _exported(self, written: str | None) -> None:
        if written:
            self.notify(plain(written), markup=False)
