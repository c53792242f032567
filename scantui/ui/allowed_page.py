"""The allow-list in force: what was given on the command line, and what was made here and can be taken off."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Click
from textual.geometry import Size

from scantui.detect.allow import line_of
from scantui.detect.scan import Scan
from scantui.snapshot import AllowedEntry, Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.lines import Lines, Parts
from scantui.ui.pages import Page
from scantui.ui.port import SessionPort
from scantui.ui.text import fit, plain


def excused(entry: AllowedEntry, scans: tuple[Scan, ...]) -> int:
    """How many scans this entry excuses, by the evidence it left."""
    begin = f"{entry.entry.words};"
    return sum(scan.evidence[0].text.startswith(begin) for scan in scans if scan.evidence)


class AllowedLines(Lines, can_focus=True):
    """One line an entry, and a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.ALLOWED)]
    DEFAULT_CSS = "AllowedLines { overflow-y: auto; width: 1fr; height: 1fr; }"

    def __init__(self, session: SessionPort) -> None:
        super().__init__(name="allowed")
        self._session = session
        self._entries: tuple[AllowedEntry, ...] = ()
        self._scans: tuple[Scan, ...] = ()
        self._cursor = 0

    def show(self, snapshot: Snapshot) -> None:
        self._entries, self._scans = snapshot.allowed, snapshot.scans
        self._cursor = max(0, min(self._cursor, len(self._entries) - 1))
        if self.virtual_size.height != len(self._entries) + 1:
            self.virtual_size = Size(1, len(self._entries) + 1)
        self.repaint()

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return (
                (
                    fit(f" sources › allow-list ({len(self._entries)})   d: take off   esc: back", self.size.width),
                    "title-focus",
                ),
            )
        index = self.scroll_offset.y + y - 1
        if not self._entries:
            return (
                (
                    " Nobody is allowed to scan. A in the monitor allows the source under the cursor."
                    if y == 1
                    else "",
                    "muted",
                ),
            )
        if index >= len(self._entries):
            return ()
        line = self._line(self._entries[index])
        if index != self._cursor:
            return line
        return ((fit("".join(text for text, _ in line), self.size.width), "cursor"),)

    def _line(self, entry: AllowedEntry) -> Parts:
        scans = excused(entry, self._scans)
        from_where = "made here" if entry.own else "given"
        return (
            (f" {from_where:9}  ", "muted"),
            (f"{scans:>5,} excused  ", "muted"),
            (plain(line_of(entry.entry)), "plain"),
        )

    def text(self) -> list[str]:
        return ["".join(text for text, _ in self._line(entry)).strip() for entry in self._entries]

    def on_resize(self) -> None:
        self.refresh()

    def action_cursor(self, step: int) -> None:
        self._cursor = max(0, min(len(self._entries) - 1, self._cursor + step))
        top, room = self.scroll_offset.y, max(1, self.size.height - 1)
        if not top <= self._cursor < top + room:
            self.scroll_to(y=self._cursor if self._cursor < top else self._cursor - room + 1, animate=False)
        self.repaint()

    def on_click(self, event: Click) -> None:
        if event.y > 0:
            self.action_cursor(self.scroll_offset.y + event.y - 1 - self._cursor)

    def action_remove(self) -> None:
        if not self._entries:
            return
        entry = self._entries[self._cursor]
        if entry.own:
            self._session.disallow(entry.entry)
            self.notify(f"{entry.entry.network} is off the list; its sources are judged again", markup=False, timeout=3)
        else:
            self.notify("this entry was given on the command line: start without it", markup=False, severity="warning")


class AllowedPage(Page):
    """The list, full screen."""

    BINDINGS: ClassVar[list[BindingType]] = [one for one in bindings(Place.PAGE) if one.id == "page.close"]

    def __init__(self, session: SessionPort, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._rows = AllowedLines(session)

    def compose(self) -> ComposeResult:
        yield self._rows

    def on_mount(self) -> None:
        self._rows.focus()
        self.show(self.snapshot)

    def show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._rows.show(snapshot)

    def dump(self) -> tuple[str, list[str]]:
        return "allow-list", self._rows.text()
