"""The time line: the whole run in one or two lines, with its bursts and the moment looked at. Click or drag to go there."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click, MouseDown, MouseMove, MouseUp
from textual.message import Message

from scantui.looks import Moment, Timeline
from scantui.ui import time_view as view
from scantui.ui.actions import Place, bindings
from scantui.ui.lines import Lines, Parts


class TimeBar(Lines, can_focus=True):
    """Activity is distinct (source, port) pairs on a log scale. With one line the ends stand beside it, with two below."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TIME)]

    class Moved(Message):
        """The analyst wants to see the moment `at`; None is now."""

        def __init__(self, at: int | None) -> None:
            super().__init__()
            self.at = at

    class Opened(Message):
        """The analyst wants to see the packets there."""

    def __init__(self, *, name: str | None = None) -> None:
        super().__init__(name=name)
        self._timeline: Timeline | None = None
        self._at: int | None = None
        self._now = 0
        self._dragged = False

    def show(self, timeline: Timeline | None, at: int | None, now: int) -> None:
        """`at` None: the picture is live; `now` is the time of the newest event."""
        self._timeline, self._at, self._now = timeline, at, now
        self.repaint()

    def _laid_out(self) -> tuple[Timeline, view.Scale, tuple[str, str], int] | None:
        """The time line, its scale, what stands left and right of the line, and the room for it."""
        if self._timeline is None or not len(self._timeline.events):
            return None
        first, last = view.ends(self._timeline, self._now) if self.size.height == 1 else ("", "")
        room = self.size.width - len(first) - len(last) - 2 - bool(first) - bool(last)
        return self._timeline, view.scale_of(self._timeline, room), (first, last), room

    def parts(self, y: int, /) -> Parts:
        laid = self._laid_out()
        if laid is None:
            return ((" no events yet: no time line", "muted"),) if y == 0 else ()
        timeline, scale, (first, last), room = laid
        label = "strong" if self.has_focus else "muted"
        if y:
            return ((" ", "plain"), *view.label_parts(timeline, scale, self._at, self._now, room))
        here = self._now if self._at is None and self.has_focus else self._at
        line = view.line_parts(timeline, scale, here)
        gap = " " * (room - scale.columns)
        return ((f" {first} " if first else " ", label), *line, (gap, "plain"), (f" {last}" if last else "", label))

    def on_resize(self) -> None:
        self.refresh()

    # Moving

    def burst_here(self) -> Moment | None:
        """The burst in the column of the moment looked at."""
        laid = self._laid_out()
        if laid is None or self._at is None:
            return None
        timeline, scale, _, _ = laid
        return view.burst_near(timeline.bursts, self._at, scale.column)

    def column_here(self) -> tuple[int, int] | None:
        """(since, until) of the column that is looked at, the newest one when live; None before the first event."""
        laid = self._laid_out()
        if laid is None:
            return None
        _, scale, _, _ = laid
        end = scale.end_of(scale.column_of(self._now if self._at is None else self._at))
        return end - scale.column, end

    def _go(self, column: int) -> None:
        """To the end of a column, which is now for the newest one and what lies right of it."""
        laid = self._laid_out()
        if laid is None:
            return
        scale = laid[1]
        end = scale.end_of(max(0, column))
        at = None if end >= self._now else end
        if at != self._at:
            self.post_message(self.Moved(at))

    def action_step(self, step: int) -> None:
        laid = self._laid_out()
        if laid is not None:
            scale = laid[1]
            self._go(scale.column_of(self._now if self._at is None else self._at) + step)

    def action_inspect(self) -> None:
        self.post_message(self.Opened())

    # The mouse

    def _scrub(self, x: int) -> None:
        laid = self._laid_out()
        if laid is not None:
            first = laid[2][0]
            self._go(x - 1 - (len(first) + 1 if first else 0))

    def on_mouse_down(self, event: MouseDown) -> None:
        self._dragged = True
        self.capture_mouse()
        self._scrub(event.x)

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._dragged:
            self._scrub(event.x)

    def on_mouse_up(self, _event: MouseUp) -> None:
        self._dragged = False
        self.release_mouse()

    def on_click(self, event: Click) -> None:
        if event.chain == 2:
            self.post_message(self.Opened())
