"""The log lines of a source that hold a text, out of all that are held."""

from __future__ import annotations

from textual.events import Unmount

from scantui.snapshot import FoundLines, Snapshot
from scantui.ui.lines import Parts
from scantui.ui.pages import Page
from scantui.ui.port import SessionPort
from scantui.ui.text import clock, plain


class FoundPage(Page):
    """Asks the session when it opens, fills as lines are looked through, and ends the search when it closes."""

    def __init__(self, session: SessionPort, snapshot: Snapshot, code: int | None, text: str) -> None:
        super().__init__(snapshot)
        self._session, self._code, self._text = session, code, text
        self.searched.search.text = text

    def on_mount(self) -> None:
        self._session.search_lines(self._code, self._text)

    def on_unmount(self, _event: Unmount) -> None:
        self._session.search_lines(self._code, "")

    def make(self, _width: int, /) -> tuple[str, list[Parts]]:
        found = self.found
        whose = "" if self._code is None else f"{plain(self.snapshot.address(self._code)) or '?'} › "
        title = f" sources › {whose}lines with '{plain(self._text, 40)}'"
        if found is None:
            return f"{title}   looking", []
        lines = self.lines_of(found)
        more = found.found - len(found.lines)
        if more:
            lines.append(((f" ┆ {more:,} more", "suspect"),))
        if not lines and found.looked == found.held:
            lines.append(((" No line holds it.", "muted"),))
        return f"{title}   {progress(found)}   esc: back", lines

    @property
    def found(self) -> FoundLines | None:
        """What has been found, once the session has begun."""
        found = self.snapshot.found
        mine = found is not None and (found.code, found.text) == (self._code, self._text)
        return found if mine else None

    def lines_of(self, found: FoundLines) -> list[Parts]:
        """The lines that were found, as they are shown."""
        lines: list[Parts] = []
        path = None
        for line in found.lines:
            if line.path != path:
                path = line.path
                lines.append(((f" {plain(path)}", "accent"),))
            lines.append(((f" {clock(line.ts, self.snapshot.status.now)} ", "muted"), (plain(line.text), "plain")))
        return lines


def progress(found: FoundLines) -> str:
    """How many lines hold the text, of how many."""
    of = (
        f"{found.held:,}"
        if found.looked == found.held
        else f"{found.looked:,} looked through so far, {found.held:,} held"
    )
    gone = f", {found.gone:,} no longer to be read" if found.gone else ""
    return f"{found.found:,} of {of}{gone}"
