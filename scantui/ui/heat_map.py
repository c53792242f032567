"""The heatmap: ports by time, newest at the right. Painted at most once a second, and not while it cannot be seen."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.binding import BindingType
from textual.timer import Timer

from scantui.snapshot import Heat, Snapshot
from scantui.ui import heat_view as view
from scantui.ui.actions import Place, bindings
from scantui.ui.lines import Lines, Part, Parts

SECONDS_BETWEEN = 1.0
_CHROME = 3  # title, pairs a bucket, time axis


class HeatMap(Lines, can_focus=True):
    """Rows are port bins, columns time buckets, a cell the number of distinct (source, port) pairs."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.HEAT)]

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.glyphs = False
        self._heat: Heat | None = None
        self._next: Heat | None = None
        self._offset: int | None = None
        self._painted_at = -SECONDS_BETWEEN
        self._later: Timer | None = None
        self._made: list[Parts] = []

    def show(self, snapshot: Snapshot) -> None:
        """Take the newest heat; paint it now or when a second has passed. A new zoom does not wait."""
        heat = snapshot.heat
        if heat is self._next:
            return
        zoomed = self._heat is None or heat.bucket != self._heat.bucket
        self._next = heat
        wait = self._painted_at + SECONDS_BETWEEN - time.monotonic()
        if wait <= 0 or zoomed:
            self._paint()
        elif self._later is None:
            self._later = self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        if self._later is not None:
            self._later.stop()
            self._later = None
        self._heat = self._next
        self._painted_at = time.monotonic()
        self.redraw()

    def redraw(self) -> None:
        """Make the lines anew and repaint those that changed."""
        self._made = self._make()
        self.repaint()

    def _make(self) -> list[Parts]:
        width, height = self.scrollable_content_region.size
        heat = self._heat
        if heat is None or height < 1:
            return []
        columns = max(0, width - view.LABEL)
        lines = max(0, height - _CHROME)
        rows = view.chosen_rows(heat, columns, lines, self._offset)
        made = [self._title(heat, rows, width, columns)]
        made.append(((f"{'pairs':>{view.LABEL - 1}} ", "muted"), (view.marginal(heat.pairs, columns), "muted")))
        cells = view.levels(view.window(heat.pairs, columns))
        for row in rows:
            quiet = not cells[row].any()
            name: Part = (view.label(heat, row), "muted" if quiet else "plain")
            made.append((name, *view.cell_parts(cells[row], self.glyphs)))
        made.append(((" " * view.LABEL, "muted"), (view.axis(heat, columns), "muted")))
        return made

    def _title(self, heat: Heat, rows: list[int], width: int, columns: int) -> Parts:
        look = "title-focus" if self.has_focus else "title"
        text = f" ports × {view.bucket_name(heat.bucket)}, peak {view.peak_text(heat, columns)}"
        if len(rows) < len(heat.names):
            text += f", {len(rows)} of {len(heat.names)} rows"
        legend = view.legend(width - len(text) - 2, self.glyphs)
        gap = width - len(text) - sum(len(part) for part, _ in legend)
        return ((text, look), (" " * gap, "title"), *legend)

    def parts(self, y: int, /) -> Parts:
        return self._made[y] if y < len(self._made) else ()

    def on_resize(self) -> None:
        self._made = self._make()
        self.refresh()

    def on_show(self) -> None:
        self.redraw()

    def on_focus_changed(self) -> None:
        self.redraw()

    def action_rows(self, step: int) -> None:
        """Scroll through all port bins."""
        if self._heat is None:
            return
        lines = max(0, self.size.height - _CHROME)
        last = max(0, len(self._heat.names) - lines)
        self._offset = max(0, min(last, (self._offset or 0) + step)) if last else None
        self.redraw()

    def action_chosen(self) -> None:
        self._offset = None
        self.redraw()
