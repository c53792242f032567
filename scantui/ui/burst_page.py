"""The burst page: packets at full resolution, the order of their ports, and the gaps between them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from scantui.looks import Burst, BurstWish
from scantui.snapshot import Snapshot
from scantui.ui import burst_view as view
from scantui.ui.actions import Place, bindings
from scantui.ui.burst_draw import gap_lines, port_plot
from scantui.ui.burst_lines import BurstLines
from scantui.ui.lines import Parts, clean
from scantui.ui.pages import Page
from scantui.ui.status_line import KeyBar
from scantui.ui.text import fit, plain, wrap
from scantui.ui.time_view import burst_after, burst_before, clock_of

_GAPS_WIDTH = (28, 48)  # least and most columns of the histogram
_LEAST_PLOT = 5  # lines
_COPIED_WIDTH = 140  # has room for any address


class BurstPage(Page):
    """Asks for its packets by `ask(burst=...)`, and shows them when they have come.

    `source` is the one that `s` narrows to, if it is among them. `narrow`: once they are there, look at their densest run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.BURST)]

    def __init__(self, snapshot: Snapshot, ask: Callable[..., None], wish: BurstWish, source: int | None = None, *,
                 narrow: bool = False) -> None:  # fmt: skip
        super().__init__(snapshot)
        self._ask, self._wish, self._source, self._narrow = ask, wish, source, narrow
        self._burst: Burst | None = None
        self._by_time = self._by_number = False
        self._rooms = (0, 0)  # columns of a source and of a destination
        # The console's own fonts have no braille.
        self._braille = os.environ.get("TERM") != "linux"
        self._lines: BurstLines = BurstLines(self.make, self._packet, self._told)

    def compose(self) -> ComposeResult:
        yield self._lines
        yield KeyBar((Place.BURST,), name="keys")

    def on_mount(self) -> None:
        self._ask(burst=self._wish)

    def on_unmount(self) -> None:
        self._ask(burst=None)

    def show(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        burst = snapshot.burst
        if burst is None or burst is self._burst or burst.wish != self._wish:
            return
        if self._narrow and len(burst.ts):
            self._narrow = False
            first, last = view.densest(burst.ts)
            if self._wish.since < first or last + 1 < self._wish.until:
                self._want(replace(self._wish, since=first, until=last + 1))
                return
        self._burst = burst
        self._lines.hold(len(burst.ts))

    def _want(self, wish: BurstWish) -> None:
        self._wish = wish
        self._ask(burst=wish)
        self._lines.remake()

    def make(self, width: int, /) -> tuple[str, list[Parts]]:
        whose = "all sources" if self._wish.source is None else plain(self.snapshot.address(self._wish.source)) or "?"
        came = self._burst is not None and self._burst.wish == self._wish
        title = f" sources › burst {clock_of(self._wish.since)} › {whose}{'' if came else ' …'}   esc: back"
        if self._burst is None:
            return title, [((" reading the packets …", "muted"),)]
        return title, self._head(self._burst, width)

    def _head(self, burst: Burst, width: int) -> list[Parts]:
        """Facts, the plot beside the histogram, and the heads of the packets."""
        first, *more = (line for fact in view.facts(burst) for line in wrap(fact, max(20, width - 2)))
        lines: list[Parts] = [((f" {first}", "strong"),), *(((f" {line}", "plain"),) for line in more)]
        if not len(burst.ts):
            return lines
        room = max(_LEAST_PLOT, (self._lines.size.height - len(lines) - 2) * 11 // 20)
        gaps_width = max(_GAPS_WIDTH[0], min(_GAPS_WIDTH[1], width * 3 // 8))
        plot_width = width - gaps_width - 3
        plot = port_plot(burst, plot_width, room, by_time=self._by_time, by_number=self._by_number,
                         braille=self._braille)  # fmt: skip
        gaps = gap_lines(burst, gaps_width, room)
        for y in range(room):
            left = clean(plot[y] if y < len(plot) else (), plot_width)
            lines.append(((" ", "plain"), *left, ("  ", "plain"), *(gaps[y] if y < len(gaps) else ())))
        self._rooms = view.endpoint_widths(burst, self.snapshot.tables, width)
        return [*lines, ((fit(view.packet_head(burst, width, self._rooms), width), "title"),)]

    def _packet(self, row: int, width: int) -> Parts:
        if self._burst is None:
            return ()
        return view.packet_parts(self._burst, row, self.snapshot.tables, width, self._rooms)

    # Keys

    def action_widen(self, step: int) -> None:
        self._want(view.widened(self._wish, step, self._burst))

    def action_move(self, step: int) -> None:
        timeline, wish = self.snapshot.timeline, view.moved(self._wish, step)
        if timeline is not None and (wish.until <= timeline.start or wish.since > self.snapshot.status.now):
            self.notify("there is nothing further that way", markup=False, timeout=2)
        else:
            self._want(wish)

    def action_burst(self, step: int) -> None:
        bursts = self.snapshot.timeline.bursts if self.snapshot.timeline is not None else ()
        # The burst that is shown now ends in this window: it is neither before nor after.
        found = burst_before(bursts, self._wish.since) if step < 0 else burst_after(bursts, self._wish.until)
        if found is None:
            self.notify(f"no burst {'before' if step < 0 else 'after'} this one", markup=False, timeout=2)
        else:
            self._want(replace(self._wish, since=found.since, until=found.until))

    def action_source(self) -> None:
        if self._wish.source is not None or self._burst is None:
            self._want(replace(self._wish, source=None))
            return
        there = self._source is not None and bool((self._burst.src == self._source).any())
        self._want(replace(self._wish, source=self._source if there else view.widest(self._burst)))

    def action_axis(self) -> None:
        self._by_time = not self._by_time
        self._lines.remake()

    def action_spacing(self) -> None:
        self._by_number = not self._by_number
        self._lines.remake()

    def _told(self) -> list[str]:
        """The page as plain text: facts, gaps, and all packets that it holds."""
        burst, tables = self._burst, self.snapshot.tables
        if burst is None:
            return []
        rooms = view.endpoint_widths(burst, tables, _COPIED_WIDTH)
        packets = (view.packet_parts(burst, row, tables, _COPIED_WIDTH, rooms) for row in range(len(burst.ts)))
        lines = [*gap_lines(burst, _GAPS_WIDTH[1], _COPIED_WIDTH), *packets] if len(burst.ts) else []
        whose = [] if self._wish.source is None else [plain(self.snapshot.address(self._wish.source))]
        return [*whose, *view.facts(burst), *("".join(text for text, _ in line).rstrip() for line in lines)]
