"""The detail over the full screen: the same tabs, and all of the width."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from scantui.snapshot import Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.detail.tabs import Tab
from scantui.ui.detail_pane import DetailPane
from scantui.ui.pages import Page
from scantui.ui.port import SessionPort
from scantui.ui.searching import Searched


class DetailPage(Page):
    """Escape goes back to the pane, which then shows the tab that was read last."""

    BINDINGS: ClassVar[list[BindingType]] = [one for one in bindings(Place.PAGE) if one.id == "page.close"]

    def __init__(self, session: SessionPort, snapshot: Snapshot, code: int, tab: Tab) -> None:
        super().__init__(snapshot)
        self._session = session
        self._code = code
        self.pane = DetailPane(name="detail-page")
        self.pane.tab = tab

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()
        self.call_after_refresh(lambda: self.show(self.snapshot))

    def show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.pane.show(snapshot, self._code)

    @property
    def searched(self) -> Searched:
        return self.pane

    def on_detail_pane_episode_wanted(self, event: DetailPane.EpisodeWanted) -> None:
        self._session.select(self._code, event.first)

    def dump(self) -> tuple[str, list[str]]:
        return self.pane.trail, self.pane.text()
