"""The heatmap's place: three views of who asks for which ports, over one wish. Painted at most once a second by news.

What a person does is painted at once. Nothing is painted while it cannot be seen.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.events import Click
from textual.message import Message
from textual.timer import Timer

from scantui.looks import CellWish, HeatWish
from scantui.snapshot import HEAT_BUCKETS, Snapshot
from scantui.state.screen import View
from scantui.ui.actions import Place, bindings
from scantui.ui.heat_face import Face, Frame
from scantui.ui.heat_ink import Ink
from scantui.ui.heat_matrix import SourcesByPorts
from scantui.ui.heat_moves import bucket_filling
from scantui.ui.heat_ports import PortsByTime, Spot
from scantui.ui.heat_view import LABEL
from scantui.ui.lines import Lines, Parts
from scantui.ui.port_map import PortSpace

SECONDS_BETWEEN = 1.0
VIEWS: tuple[View, ...] = ("ports", "matrix", "map")
ASK_AFTER = 0.1  # seconds the cursor must rest before its cell is asked for


class HeatMap(Lines, can_focus=True):
    """Ports by time; sources by ports; the port space as a map."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.HEAT)]

    class Wished(Message):
        """Something else is to be looked at: see `wishes`."""

    @dataclass
    class EventsWanted(Message):
        """The packets of a cell: `since` <= time < `until`, ports `low` to `high` (-1: without one), of a source or of all."""

        since: int
        until: int
        low: int
        high: int
        source: int | None = None

    class Turned(Message):
        """Another view is shown: see `view`."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self.ink = Ink.COLOUR
        self.sweep = False
        self.selected: int | None = None
        self.wish = HeatWish()
        self.ports, self.matrix, self.space = PortsByTime(), SourcesByPorts(), PortSpace()
        self._faces: tuple[Face, ...] = (self.ports, self.matrix, self.space)
        self._view = 0
        self._opened: list[tuple[int, HeatWish, Spot | None]] = []  # view, cut and cursor that `open` left behind
        self._filling: int | None = None  # the bucket that was wished for without being asked
        self._follow = False  # the one source shown is that under the table's cursor
        self._kept = False  # standing still for the cursor's sake, until the focus goes
        self._cell: CellWish | None = None
        self._snapshot: Snapshot | None = None
        self._next: Snapshot | None = None
        self._painted_at = -SECONDS_BETWEEN
        self._later: Timer | None = None
        self._asking: Timer | None = None
        self._made: list[Parts] = []

    @property
    def face(self) -> Face:
        return self._faces[self._view]

    @property
    def view(self) -> View:
        """The view by name, one of VIEWS."""
        return VIEWS[self._view]

    @view.setter
    def view(self, name: View) -> None:
        self._turn_to(VIEWS.index(name))

    @property
    def chosen_bucket(self) -> int:
        """The bucket that someone wished for, microseconds; 0 when it goes by the span of the log."""
        return self.wish.bucket if self.wish.bucket is not None and self.wish.bucket != self._filling else 0

    def wish_bucket(self, bucket: int | None) -> None:
        """Wish for a bucket in microseconds; None: by the span of the log."""
        self._filling = None
        self._wish(replace(self.wish, bucket=bucket))

    # Pictures

    def show(self, snapshot: Snapshot) -> None:
        """Take the newest picture; paint it now or when a second has passed. The answer to a wish does not wait."""
        old = self._snapshot
        if self._next is not None and _same(snapshot, self._next):
            return
        self._next = snapshot
        wait = self._painted_at + SECONDS_BETWEEN - time.monotonic()
        answer = old is None or old.look != snapshot.look or old.heat.bucket != snapshot.heat.bucket
        if wait <= 0 or answer or (snapshot.cell is not None and old is not None and old.cell != snapshot.cell):
            self._paint()
        elif self._later is None:
            self._later = self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        if self._later is not None:
            self._later.stop()
            self._later = None
        self._snapshot = self._next
        self._painted_at = time.monotonic()
        self._fill()
        at, until = (None if self._next is None else self._next.look.at), self.wish.until
        if at is not None and until is not None and until > at:  # that is not there yet
            self._wish(replace(self.wish, until=None))
        frame = self._frame()
        if frame is not None and self.face is self.ports and (still := self.ports.kept(frame)) is not None:
            self._kept = True
            self._wish(still)
        self.redraw()
        self._ask_later()

    def _fill(self) -> None:
        """On a wide screen the session's choice of a bucket leaves much of the width empty: take one that fills it."""
        frame = self._frame()
        if frame is None or (self.wish.bucket is not None and self.wish.bucket != self._filling):
            return
        first, end = frame.span
        self._filling = bucket_filling(end - first, frame.width - LABEL)
        self._wish(replace(self.wish, bucket=self._filling))

    def redraw(self) -> None:
        """Make the lines anew and repaint those that changed."""
        self._make()
        self.repaint()

    def _frame(self) -> Frame | None:
        size = self.scrollable_content_region.size
        if self._snapshot is None or size.height < 1:
            return None
        return Frame(self._snapshot, self.wish, size.width, size.height, self.has_focus, self.ink, self.sweep,
                     self.selected)  # fmt: skip

    def _make(self) -> None:
        frame = self._frame()
        self._made = [] if frame is None else self.face.make(frame)

    def parts(self, y: int, /) -> Parts:
        return self._made[y] if y < len(self._made) else ()

    def look(self, name: str) -> Style:
        kind, _, which = name.partition("-")
        if kind == "ink":
            return Style(color=super().look(f"heat-{which}").bgcolor, bgcolor=super().look("plain").bgcolor)
        if kind == "half":
            above, _, below = which.partition("-")
            return Style(color=super().look(f"heat-{above}").bgcolor, bgcolor=super().look(f"heat-{below}").bgcolor)
        return super().look(name)

    def on_resize(self) -> None:
        self._make()
        self.refresh()

    def on_show(self) -> None:
        self.redraw()

    def on_focus_changed(self) -> None:
        if not self.has_focus and self._kept:
            self._kept = False
            self._wish(replace(self.wish, until=None))
        self.redraw()
        self._ask_later()

    # Wishes

    def wishes(self) -> dict[str, object]:
        """The fields of `Look` that this place has a say in."""
        return {"heat": self.wish, "cell": self._cell, "mapped": self.face is self.space,
                "matrix": self.face is self.matrix}  # fmt: skip

    def _wish(self, wish: HeatWish | None) -> None:
        if wish is not None and wish != self.wish:
            self.wish = wish
            self.post_message(self.Wished())

    def _ask_later(self) -> None:
        """Ask for the cell under the cursor once the cursor rests."""
        if self._asking is not None:
            self._asking.stop()
            self._asking = None
        if self._wanted_cell() != self._cell:
            self._asking = self.set_timer(ASK_AFTER, self._ask)

    def _wanted_cell(self) -> CellWish | None:
        return self.face.cell() if self.has_focus else None

    def _ask(self) -> None:
        self._asking = None
        self._cell = self._wanted_cell()
        self.post_message(self.Wished())

    def only(self, source: int | None) -> None:
        """Show what one source sent, that under the table's cursor from now on; or what all did."""
        self._follow = source is not None
        self._wish(replace(self.wish, source=source))

    def select(self, source: int | None) -> None:
        """The source under the table's cursor is this one."""
        self.selected = source
        if self._follow and source is not None:
            self.only(source)
        elif self.face is self.matrix:
            self.redraw()

    def turn(self) -> None:
        """The next view."""
        self._turn_to((self._view + 1) % len(self._faces))

    def _turn_to(self, view: int) -> None:
        if view != self._view:
            self._view = view
            self.post_message(self.Wished())
            self.post_message(self.Turned())
        self.redraw()
        self._ask_later()

    def zoom(self, step: int) -> None:
        """A bucket `step` sizes wider, in ports by time."""
        if self._snapshot is None or self.face is not self.ports:
            return
        now = self.wish.bucket or self._snapshot.heat.bucket
        at = min(range(len(HEAT_BUCKETS)), key=lambda i: abs(HEAT_BUCKETS[i] - now))
        self._filling = None
        self._wish(self.ports.zoomed(HEAT_BUCKETS[max(0, min(len(HEAT_BUCKETS) - 1, at + step))]))

    def back(self) -> bool:
        """One level up within this place; False at the top."""
        if not self._opened:
            return False
        view, was, self.ports.spot = self._opened.pop()
        self.ports.home()
        source = self.wish.source if self._follow else was.source
        self._wish(replace(self.wish, low=was.low, high=was.high, source=source))
        self._turn_to(view)
        return True

    # Keys (see actions.py) and the mouse

    def _do(self, wish: HeatWish | None) -> None:
        self._kept = self._kept and wish is None
        self._wish(wish)
        self.redraw()
        self._ask_later()

    def action_move(self, across: int, down: int) -> None:
        self._do(self.face.move(across, down))

    def action_half(self, step: int) -> None:
        self._do(self.face.move(step * self.face.half(), 0))

    def action_page(self, step: int) -> None:
        self._do(self.face.move(0, step * self.face.page()))

    def action_edge(self, step: int) -> None:
        self._do(self.face.edge(step))

    def action_chosen(self) -> None:
        self.face.home()
        self._do(None)

    def action_sweep(self) -> None:
        self.sweep = not self.sweep
        self._do(None)

    def action_open(self) -> None:
        """Cut the range under the cursor into its ports, by time."""
        cell = self.face.cell()
        if cell is None:
            return
        if cell.low == cell.high:
            self.notify("one port: nothing to open; enter shows its packets", markup=False, timeout=2)
            return
        self._opened.append((self._view, self.wish, self.ports.spot))
        self.ports.home()
        self._follow = self._follow and cell.source == self.wish.source
        self._wish(replace(self.wish, low=cell.low, high=cell.high, source=cell.source))
        self._turn_to(0)

    def action_events(self) -> None:
        """The packets of the cell under the cursor."""
        cell, frame = self.face.cell(), self.face.frame
        if cell is not None and frame is not None:
            first, end = frame.span
            since, until = max(cell.since, min(first, end - 1)), min(cell.until, end)
            if since < until:
                self.post_message(self.EventsWanted(since, until, cell.low, cell.high, cell.source))

    def on_click(self, event: Click) -> None:
        again = self.face.point(event.x, event.y)
        if again:
            self.action_events()
        elif again is not None:
            self._do(None)


def _same(a: Snapshot, b: Snapshot) -> bool:
    """Whether two pictures show the same here."""
    return (a.heat is b.heat and a.cell is b.cell and a.portmap is b.portmap and a.matrix is b.matrix
            and a.look == b.look)  # fmt: skip
