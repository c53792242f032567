"""The keys of the heatmap that work from every pane."""

from __future__ import annotations

from scantui.snapshot import HEAT_BUCKETS as BUCKETS
from scantui.ui.panes import Panes


class HeatKeys(Panes):
    """See actions.py for the keys."""

    _zoom: int | None = None  # asked for; the picture follows

    def action_heat(self) -> None:
        self.toggle_class("-no-heat")
        self.call_after_refresh(self.after_layout)

    def action_zoom(self, step: int) -> None:
        now = self._zoom or self.snapshot.heat.bucket
        at = min(range(len(BUCKETS)), key=lambda i: abs(BUCKETS[i] - now))
        self._zoom = BUCKETS[max(0, min(len(BUCKETS) - 1, at + step))]
        self.session.heat_bucket(self._zoom)
