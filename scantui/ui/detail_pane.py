"""The detail pane: the source under the cursor in tabs, each scrolled by lines and each remembering where it was."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click
from textual.geometry import Size
from textual.message import Message

from scantui.snapshot import Detail, Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.clipboard import copy
from scantui.ui.detail.head import breadcrumb
from scantui.ui.detail.log_lines import LogLines, log_lines
from scantui.ui.detail.make import tab_lines, tab_text
from scantui.ui.detail.tabs import Tab, TabLine, tab_at, tab_rows
from scantui.ui.keymap import keymap_of
from scantui.ui.lines import Parts
from scantui.ui.pages import sideways
from scantui.ui.searching import Searched
from scantui.ui.text import fit, plain, width_of

_TALL = 20  # lines of a pane that has one to spare, so that all tabs show their names
_SIDESTEP = 20


class DetailPane(Searched, can_focus=True):
    """The lines of one tab. Among log lines a cursor moves, and the view follows it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.DETAIL)]
    DEFAULT_CSS = "DetailPane { overflow-y: auto; }"

    class FullWanted(Message):
        """Enter: this tab, full screen."""

    class EpisodeWanted(Message):
        """Another episode of the source is to be shown: the one that began at `first`."""

        def __init__(self, first: int) -> None:
            super().__init__()
            self.first = first

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.tab = Tab.OVERVIEW
        self.wrapped = True
        self._snapshot: Snapshot | None = None
        self._code: int | None = None
        self._lines: list[Parts] = []
        self._log = LogLines((), ())
        self._made_of: tuple[object, ...] = ()
        self._scrolled: dict[Tab, int] = {}
        self._cursor = 0  # which log line
        self._left = 0
        self._read = 0  # the line that a search found, where there is no cursor

    # What is shown

    def show(self, snapshot: Snapshot, code: int | None) -> None:
        """Paint the detail of `code`, or say that it is being read. The tab stays the same from source to source."""
        if code != self._code:
            self._code = code
            self._scrolled.clear()
            self._cursor = self._left = 0
            self.scroll_to(y=0, animate=False)
        self._snapshot = snapshot
        self._make()
        self.repaint()

    @property
    def detail(self) -> Detail | None:
        """What is shown in full, once it is there."""
        made = self._snapshot.detail if self._snapshot is not None else None
        return made if made is not None and made.code == self._code else None

    def _make(self) -> None:
        snapshot, width = self._snapshot, self.scrollable_content_region.width
        if snapshot is None or not width or not self.display:
            return
        detail = self.detail
        height = self.size.height - self._head
        mark = snapshot.marks.get(self._code) if self._code is not None else None
        made_of = (detail, self._code, width, height, mark, self.tab, self.wrapped)
        if self._made_of and self._made_of[0] is detail and self._made_of[1:] == made_of[1:]:
            return
        self._made_of = made_of
        if self._code is None:
            self._lines = [((" no source selected", "muted"),)]
        elif detail is None:
            self._lines = [((" reading…", "muted"),)]
        elif self.tab is Tab.LINES:
            self._log = log_lines(detail, width, wrapped=self.wrapped)
            self._lines = list(self._log.lines)
            self._cursor = max(0, min(self._cursor, len(detail.raw) - 1))
        else:
            self._lines = tab_lines(self.tab, detail, snapshot, width, height)
        if self.virtual_size.height != len(self._lines) + self._head:
            self.virtual_size = Size(1, len(self._lines) + self._head)

    @property
    def _head(self) -> int:
        """Lines above those that scroll: breadcrumb and tabs."""
        return 1 + len(self._rows_of_tabs())

    def _rows_of_tabs(self) -> tuple[TabLine, ...]:
        most = 2 if self.size.height >= _TALL else 1
        return tab_rows(self.tab, self.size.width, focus=self.has_focus, most=most)

    def parts(self, y: int, /) -> Parts:
        if y == 0:
            return ((fit(self.trail, self.size.width), "title-focus" if self.has_focus else "title"),)
        if y < self._head:
            return self._rows_of_tabs()[y - 1].parts
        index = self.scroll_offset.y + y - self._head
        if index >= len(self._lines):
            return ()
        line = self._lines[index]
        if self.tab is not Tab.LINES or self.detail is None:
            return self.search.lit(line)
        line = sideways(line, self._left)
        if self._log.owner[index] == self._cursor:
            text = fit("".join(text for text, _ in line), self.scrollable_content_region.width)
            line = ((text, "cursor" if self.has_focus else "cursor-idle"),)
        return self.search.lit(line)

    @property
    def trail(self) -> str:
        """The breadcrumb."""
        if self._snapshot is None or self._code is None:
            return " sources"
        return breadcrumb(self._snapshot.address(self._code) or "?", self.detail, self.tab, self.size.width)

    def text(self) -> list[str]:
        """The whole tab as plain text."""
        detail = self.detail
        if detail is None or self._snapshot is None:
            return []
        return tab_text(self.tab, detail, self._snapshot)

    def on_resize(self) -> None:
        self._make()
        self.refresh()

    def on_show(self) -> None:
        self._make()
        self.refresh()

    # Tabs

    def go(self, tab: Tab) -> None:
        """Open a tab where it was left."""
        if tab is self.tab:
            return
        self._scrolled[self.tab] = self.scroll_offset.y
        self.tab = tab
        self._make()
        self.scroll_to(y=self._scrolled.get(tab, 0), animate=False, force=True)
        self.repaint()

    def action_tab(self, number: int) -> None:
        self.go(tab_at(number))

    def action_step_tab(self, step: int) -> None:
        self.go(tab_at(self.tab.number + step))

    def action_episode(self, step: int) -> None:
        """Episodes are in order of time, the newest first."""
        detail = self.detail
        if detail is None or len(detail.episodes) < 2:
            self.notify("this source has one episode only", markup=False, timeout=2)
            return
        wanted = detail.episode - step
        if 0 <= wanted < len(detail.episodes):
            self.post_message(self.EpisodeWanted(detail.episodes[wanted].first))
        else:
            self.notify(f"that is its {'newest' if step > 0 else 'oldest'} episode", markup=False, timeout=2)

    def action_full(self) -> None:
        if self.detail is not None:
            self.post_message(self.FullWanted())

    def on_click(self, event: Click) -> None:
        at = event.get_content_offset(self)
        if at is None:
            return
        if 1 <= at.y < self._head:
            for tab, start, end in self._rows_of_tabs()[at.y - 1].spans:
                if start <= at.x < end:
                    self.go(tab)
        elif at.y >= self._head and self.tab is Tab.LINES:
            index = self.scroll_offset.y + at.y - self._head
            if index < len(self._log.owner) and self._log.owner[index] >= 0:
                self._cursor = self._log.owner[index]
                self.repaint()

    # Looking for a text: among log lines in each of them whole, in the other tabs in the lines as they stand

    @property
    def _among_log_lines(self) -> bool:
        return self.tab is Tab.LINES and self.detail is not None and bool(self.detail.raw)

    def searched(self) -> list[str]:
        if self._among_log_lines and self.detail is not None:
            return [plain(line.text) for line in self.detail.raw]
        return ["".join(text for text, _ in line) for line in self._lines]

    def searched_words(self) -> str:
        detail = self.detail
        if not self._among_log_lines or detail is None or detail.raw_of <= len(detail.raw):
            return super().searched_words()
        return f"in {len(detail.raw):,} of {detail.raw_of:,} log lines; {keymap_of(self.app).key('find.find')} looks through all"

    def reading_at(self) -> int:
        if self._among_log_lines:
            return self._cursor
        top = self.scroll_offset.y
        return self._read if top <= self._read < top + self.size.height - self._head else top

    def read_at(self, number: int) -> None:
        if self._among_log_lines:
            self._to_line(number)
            return
        self._read = number
        top, room = self.scroll_offset.y, max(1, self.size.height - self._head)
        if not top <= number < top + room:
            self.scroll_to(y=number - room // 3, animate=False)

    # Copying

    def action_copy(self) -> None:
        detail = self.detail
        if self.tab is Tab.LINES and detail is not None and detail.raw:
            copy(self.app, [detail.raw[self._cursor].text])
        else:
            self.action_copy_all()

    def action_copy_all(self) -> None:
        if lines := self.text():
            copy(self.app, lines)

    # Moving

    def action_scroll(self, step: int) -> None:
        if self.tab is Tab.LINES and self.detail is not None and self.detail.raw:
            self._to_line(self._cursor + step)
        else:
            self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def _to_line(self, number: int) -> None:
        """Put the cursor on a log line, and bring it into view."""
        assert self.detail is not None
        self._cursor = max(0, min(len(self.detail.raw) - 1, number))
        rows = [row for row, owner in enumerate(self._log.owner) if owner == self._cursor]
        top, room = self.scroll_offset.y, max(1, self.size.height - self._head)
        if rows[0] < top or self._cursor == 0:
            self.scroll_to(y=0 if self._cursor == 0 else rows[0], animate=False)
        elif rows[-1] >= top + room:
            self.scroll_to(y=rows[-1] - room + 1, animate=False)
        self.repaint()

    def action_scroll_page(self, step: int) -> None:
        self.action_scroll(step * max(1, self.size.height - self._head - 1))

    def action_scroll_top(self) -> None:
        self._left = 0
        if self.tab is Tab.LINES and self.detail is not None and self.detail.raw:
            self._to_line(0)
        self.scroll_to(y=0, animate=False)
        self.repaint()

    def action_wrap(self) -> None:
        self.wrapped = not self.wrapped
        self._left = 0
        self._make()
        self.repaint()

    def action_sideways(self, step: int) -> None:
        if self.wrapped or self.tab is not Tab.LINES:
            return
        longest = max((sum(width_of(text) for text, _ in line) for line in self._lines), default=0)
        most = max(0, longest - self.scrollable_content_region.width + 1)
        self._left = max(0, min(most, self._left + step * _SIDESTEP))
        self.repaint()
