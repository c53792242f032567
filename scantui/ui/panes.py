"""What all parts of the monitor's screen share: the session, the newest picture, and the panes by name."""

from __future__ import annotations

from textual.screen import Screen

from scantui.snapshot import Snapshot
from scantui.ui.compositor import TightCompositor
from scantui.ui.detail_pane import DetailPane
from scantui.ui.field import Field
from scantui.ui.heat_map import HeatMap
from scantui.ui.port import SessionPort
from scantui.ui.source_rows import SourceRows


class Panes(Screen[None]):
    """The parts of `MainScreen` that answer keys derive from this; the panes are there once it is mounted."""

    table: SourceRows
    heat: HeatMap
    detail: DetailPane
    filter: Field

    def __init__(self, session: SessionPort) -> None:
        super().__init__()
        self._compositor = TightCompositor()
        self.session = session
        self.snapshot: Snapshot = session.latest()

    def show(self, snapshot: Snapshot) -> None:
        """Paint a snapshot."""
        raise NotImplementedError

    def show_status(self) -> None:
        """Paint the status bar."""
        raise NotImplementedError

    def after_layout(self) -> None:
        """Panes may have come or gone."""
        raise NotImplementedError
