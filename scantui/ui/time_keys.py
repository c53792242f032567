"""The keys of time: pause, and what was held meanwhile."""

from __future__ import annotations

from scantui.ui.panes import Panes


class TimeKeys(Panes):
    """See actions.py for the keys."""

    def action_pause(self) -> None:
        if self.session.latest().status.paused:
            self.session.resume()
        else:
            self.session.pause()

    def action_refresh(self) -> None:
        if self.session.latest().status.paused:
            self.session.refresh()
        else:
            self.notify("r works while paused: the picture is live", markup=False, timeout=2)
