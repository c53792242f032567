"""The monitor: status, source table, heatmap and detail over one snapshot at a time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import DescendantFocus
from textual.timer import Timer

from scantui.find import Filter
from scantui.snapshot import Snapshot
from scantui.ui.act_keys import ActKeys
from scantui.ui.actions import Place, bindings
from scantui.ui.detail.page import DetailPage
from scantui.ui.detail.tabs import Tab
from scantui.ui.detail_pane import DetailPane
from scantui.ui.find_bar import FindBar
from scantui.ui.find_keys import FindKeys
from scantui.ui.heat_keys import HeatKeys
from scantui.ui.heat_map import HeatMap
from scantui.ui.lines import Lines, Parts
from scantui.ui.manners import Manners
from scantui.ui.pages import InputsPage
from scantui.ui.port import SessionPort
from scantui.ui.put import PUT
from scantui.ui.source_rows import SourceRows
from scantui.ui.status_line import KeyBar, PausedBar, StatusLine
from scantui.ui.time_bar import TimeBar
from scantui.ui.time_keys import TimeKeys
from scantui.ui.verdicts import judged

SMALLEST = (60, 15)
_STANDARD = Manners()
_SELECT_AFTER = 0.08  # seconds the cursor must rest before its detail is asked for


class TooSmall(Lines):
    """One line in place of a screen that would not fit."""

    def parts(self, y: int, /) -> Parts:
        width, height = self.screen.size
        text = f"{width}×{height} is too small: scantui needs {SMALLEST[0]}×{SMALLEST[1]}"
        short = f"needs {SMALLEST[0]}×{SMALLEST[1]}"
        return ((text if len(text) <= width else short, "plain"),) if y == 0 else ()


class MainScreen(TimeKeys, HeatKeys, FindKeys, ActKeys):
    """Lays the panes out by size (classes of the breakpoints) and keeps them showing the same source."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.MAIN)]
    AUTO_FOCUS = "#table"

    def __init__(self, session: SessionPort, title: str = "", manners: Manners = _STANDARD) -> None:
        super().__init__(session)
        self._title = title
        self._manners = manners
        self.wanted_source = ""  # the source to go to as soon as it is there, until a key goes elsewhere
        self._selected: int | None = None
        self._select_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield TooSmall(name="small")
        yield StatusLine(self._title, name="status")
        yield PausedBar(name="paused")
        yield TimeBar(name="time")
        with Horizontal(id="body"):
            with Vertical(id="left"):
                yield SourceRows(name="table")
                yield FindBar(name="find-bar")
                yield HeatMap(name="heat")
            yield DetailPane(name="detail")
        yield KeyBar(name="keys")

    def on_mount(self) -> None:
        self.table = self.query_one(SourceRows)
        self.heat = self.query_one(HeatMap)
        self.detail = self.query_one(DetailPane)
        self.find_bar = self.query_one(FindBar)
        self.filter = self.find_bar.field
        self.time = self.query_one(TimeBar)
        self._begin(self._manners)
        self.call_after_refresh(lambda: self.show(self.snapshot))

    def _begin(self, manners: Manners) -> None:
        """As the configuration has it; keys change it from here on."""
        for put in PUT.values():
            put(self, manners)

    def show(self, snapshot: Snapshot) -> None:
        """Paint a snapshot. Widgets send only what changed."""
        self.snapshot = snapshot
        with self.app.batch_update():
            self.show_time()
            self.tell_notices(snapshot)
            self.table.show(snapshot)
            if self.wanted_source:
                self._go_to_wanted(snapshot)
            self.show_status()
            if self.heat.display:
                self.heat.show(snapshot)
            if self.detail.display:
                self.detail.show(snapshot, self.table.cursor)

    def _go_to_wanted(self, snapshot: Snapshot) -> None:
        there, _ = (0, 0) if self.table.pinned else self.table.jump(Filter(f"src:{self.wanted_source}"), 0)
        if there or self.table.pinned or (snapshot.status.lines and not snapshot.status.backlog):
            self.wanted_source = ""

    def show_status(self) -> None:
        self.query_one(StatusLine).show(self.snapshot.status, self.order_text(), judged(self.snapshot))

    def show_keys(self) -> None:
        """The keys are others."""
        self.query_one(KeyBar).refresh()

    def on_screen_resume(self) -> None:
        if self.is_mounted and hasattr(self, "table"):
            self.show(self.session.latest())

    def on_resize(self) -> None:
        if hasattr(self, "table"):
            self.call_after_refresh(self.after_layout)

    def after_layout(self) -> None:
        """Panes may have come or gone."""
        focused = self.focused
        if focused is None or not focused.display:
            self.table.focus()
        self._ask_detail()
        self.show(self.snapshot)

    # The source under the cursor

    def on_source_rows_moved(self) -> None:
        if self.detail.display:
            self.detail.show(self.snapshot, self.table.cursor)
        if self._select_timer is None:
            self._select_timer = self.set_timer(_SELECT_AFTER, self._ask_detail)

    def _ask_detail(self) -> None:
        self._select_timer = None
        self.heat.select(self.table.cursor)
        wanted = self.table.cursor if self.detail.display else None
        if wanted != self._selected:
            self._selected = wanted
            self.session.select(wanted)

    def on_source_rows_opened(self) -> None:
        if not self.detail.display:
            self.add_class("-detail")
        self.detail.focus()
        self.call_after_refresh(self.after_layout)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """What is being read must not be swapped for another source."""
        if event.widget is self.detail:
            self.table.pin()

    def on_detail_pane_full_wanted(self) -> None:
        if self.table.cursor is not None:
            page = DetailPage(self.session, self.snapshot, self.table.cursor, self.detail.tab)
            self.app.push_screen(page, lambda _: self.detail.go(page.pane.tab))

    def on_detail_pane_episode_wanted(self, event: DetailPane.EpisodeWanted) -> None:
        self.session.select(self.table.cursor, event.first)

    # Actions (see actions.py)

    def action_back(self) -> None:
        if self.focused is self.heat and self.heat.back():
            return
        if self.focused is self.detail and self.detail.search:
            self.detail.end_search()
            self.end_finding()
            return
        if self.focused is self.detail and self.detail.tab is not Tab.OVERVIEW:
            self.detail.go(Tab.OVERVIEW)
            return
        if self.focused is self.table and self.table.ranking.filter:
            self.end_filter()
        elif self.has_class("-detail"):
            self.remove_class("-detail")
            self.call_after_refresh(self.after_layout)
        elif self.focused is self.table:
            self.leave_past()
        self.table.focus()

    def action_inputs(self) -> None:
        self.app.push_screen(InputsPage(self.snapshot))

    def action_next_pane(self) -> None:
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes: list[Lines] = [pane for pane in (self.table, self.heat, self.detail, self.time) if pane.display]
        at = next((i for i, pane in enumerate(panes) if pane is self.focused), -step)
        panes[(at + step) % len(panes)].focus()
