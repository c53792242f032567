"""The keys of the heatmap that work from every pane, and what it asks of the session."""

from __future__ import annotations

from scantui.looks import BurstWish
from scantui.ui.burst_page import BurstPage
from scantui.ui.heat_map import HeatMap
from scantui.ui.panes import Panes


class HeatKeys(Panes):
    """See actions.py for the keys."""

    def action_heat(self) -> None:
        self.toggle_class("-no-heat")
        self.call_after_refresh(self.after_layout)

    def action_zoom(self, step: int) -> None:
        self.heat.zoom(step)

    def action_heat_view(self) -> None:
        self.heat.turn()

    def action_heat_only(self) -> None:
        if self.heat.wish.source is not None:
            self.heat.only(None)
        elif self.table.cursor is not None:
            self.heat.only(self.table.cursor)

    def on_heat_map_wished(self) -> None:
        self.ask(**self.heat.wishes())

    def on_heat_map_events_wanted(self, event: HeatMap.EventsWanted) -> None:
        wish = BurstWish(event.since, event.until, event.source, event.low, event.high)
        self.app.push_screen(BurstPage(self.snapshot, self.ask, wish, self.table.cursor))

    def on_heat_map_turned(self) -> None:
        """The map needs more lines than the others."""
        self.set_class(self.heat.face is self.heat.space, "-port-space")
        self.call_after_refresh(self.after_layout)
