"""What all parts of the monitor's screen share: the session, the newest picture, and the panes by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.screen import Screen

from scantui.find.saved import Shelf
from scantui.looks import Look
from scantui.snapshot import Snapshot
from scantui.ui.compositor import TightCompositor
from scantui.ui.detail_pane import DetailPane
from scantui.ui.field import Field
from scantui.ui.find_bar import FindBar
from scantui.ui.heat_map import HeatMap
from scantui.ui.port import SavedFilters, SessionPort
from scantui.ui.source_rows import SourceRows
from scantui.ui.time_bar import TimeBar


class Panes(Screen[None]):
    """The parts of `MainScreen` that answer keys derive from this; the panes are there once it is mounted."""

    table: SourceRows
    heat: HeatMap
    detail: DetailPane
    filter: Field
    find_bar: FindBar
    time: TimeBar

    def __init__(self, session: SessionPort) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.session = session
        self.saved: SavedFilters = Shelf()
        self.snapshot: Snapshot = session.latest()
        self.wish = Look()  # the newest wish; `snapshot.look` is the one that is answered

    def ask(self, **changes: Any) -> None:
        """Wish for something else to be looked at: fields of `Look`."""
        wish = replace(self.wish, **changes)
        if wish != self.wish:
            self.wish = wish
            self.session.look(wish)

    def show(self, snapshot: Snapshot) -> None:
        """Paint a snapshot."""
        raise NotImplementedError

    def show_status(self) -> None:
        """Paint the status bar."""
        raise NotImplementedError

    def after_layout(self) -> None:
        """Panes may have come or gone."""
        raise NotImplementedError
