"""The keys of time: pause, the past, playing it, and the packets of a burst."""

from __future__ import annotations

import time

from textual.timer import Timer

from scantui.looks import BurstWish
from scantui.ui.burst_page import BurstPage
from scantui.ui.keymap import keymap_of
from scantui.ui.panes import Panes
from scantui.ui.status_line import Past, PausedBar
from scantui.ui.time_bar import TimeBar
from scantui.ui.time_dialog import GoToDialog
from scantui.ui.time_view import SPEEDS, burst_after, burst_before, burst_near, stepped

_TICK = 0.25  # seconds between two moments while the past is played
_PATIENCE = 2.0  # seconds a moment may take to be shown before the next is asked for all the same


class TimeKeys(Panes):
    """See actions.py for the keys. `wish.at` is the moment wanted, `snapshot.look.at` the one that is shown."""

    _speed = SPEEDS[0]
    _player: Timer | None = None
    _played_at = 0.0  # by `clock`
    clock = staticmethod(time.monotonic)  # seconds

    # Pause

    def action_pause(self) -> None:
        """A past moment stands still already: there, it plays on or stops."""
        if self.wish.at is not None:
            self.action_play()
        elif self.session.latest().status.paused:
            self.session.resume()
        else:
            self.session.pause()

    def action_refresh(self) -> None:
        if self.wish.at is None and self.session.latest().status.paused:
            self.session.refresh()
            return
        why = "the picture is live" if self.wish.at is None else f"{self._key('live')} returns to live"
        self._say(f"{keymap_of(self.app).key('view.refresh')} works while paused: {why}")

    def _key(self, name: str) -> str:
        return keymap_of(self.app).key(f"time.{name}")

    def _say(self, text: str) -> None:
        self.notify(text, markup=False, timeout=3)

    # The past

    def go(self, at: int | None) -> None:
        """Look at a moment; None, or one that has not come, is now."""
        now = self.snapshot.status.now
        timeline = self.snapshot.timeline
        if at is not None and timeline is None:
            self._say("no events yet: there is no past to look at")
            return
        if at is None or timeline is None or at > now:
            self.leave_past()
            return
        self.ask(at=max(at, self._first()))
        self.show_time()

    def leave_past(self) -> None:
        """Look at now, or at what was paused."""
        self._stop()
        self.ask(at=None)
        self.show_time()

    def _first(self) -> int:
        timeline = self.snapshot.timeline
        return self.snapshot.status.first or (timeline.start if timeline is not None else 0)

    def _here(self) -> int:
        return self.snapshot.status.now if self.wish.at is None else self.wish.at

    def show_time(self) -> None:
        """Paint the loud bar and the time line."""
        status, at = self.snapshot.status, self.wish.at
        self.set_class(at is not None, "-past")
        past = None
        if at is not None:
            speed = self._speed if self._player is not None else 0
            past = Past(at, status.now, status.held, speed, shown=self.snapshot.look.at == at)
        self.query_one(PausedBar).show(status, past)
        if self.time.display:
            self.time.show(self.snapshot.timeline, at, status.now)

    def action_step_time(self, steps: int) -> None:
        self._stop()
        if self.wish.at is None and steps > 0:
            self._say(f"the picture is live: {self._key('step-back')} looks back")
            return
        self.go(stepped(self._here(), self.snapshot.heat.bucket, steps))

    def action_burst(self, step: int) -> None:
        self._stop()
        bursts = self.snapshot.timeline.bursts if self.snapshot.timeline is not None else ()
        found = burst_before(bursts, self.wish.at) if step < 0 else burst_after(bursts, self.wish.at)
        if found is None:
            self._say(f"no burst {'before' if step < 0 else 'after'} this moment")
        else:
            self.go(min(found.until, self.snapshot.status.now))

    def action_go_to(self) -> None:
        self._stop()
        if self.snapshot.timeline is None:
            self.go(self._here())
            return
        self.app.push_screen(GoToDialog(self._here(), self._first(), self.snapshot.status.now, self.go))

    def action_live(self) -> None:
        self.leave_past()
        if self.session.latest().status.paused:
            self.session.resume()

    # Playing

    def action_play(self) -> None:
        if self._player is not None:
            self._stop()
        elif self.wish.at is None:
            back, burst, play = (self._key(name) for name in ("step-back", "burst", "play"))
            self._say(f"the picture is live: {burst} or {back} goes back, then {play} plays")
            return
        else:
            self._played_at = self.clock()
            self._player = self.set_interval(_TICK, self._tick)
        self.show_time()

    def action_speed(self, step: int) -> None:
        at = SPEEDS.index(self._speed)
        self._speed = SPEEDS[max(0, min(len(SPEEDS) - 1, at + step))]
        if self._player is None:
            self._say(f"plays at {self._speed}×")
        self.show_time()

    def _tick(self) -> None:
        """One tick of playing. A picture that is late is waited for: the time it took is played with the next."""
        elapsed = self.clock() - self._played_at
        if self.snapshot.look.at == self.wish.at or elapsed > _PATIENCE:
            self._played_at += elapsed
            self.play_on(elapsed)

    def play_on(self, seconds: float) -> None:
        """Play what `seconds` of a clock hold at this speed; at the present, playing is over."""
        if self.wish.at is not None:
            at = self.wish.at + round(seconds * self._speed * 1_000_000)
            self.go(at if at < self.snapshot.status.now else None)

    def _stop(self) -> None:
        if self._player is not None:
            self._player.stop()
            self._player = None

    # The time line and what is in it

    def action_time_bar(self) -> None:
        shown = self.time.display
        self.set_class(shown, "-no-time")
        self.set_class(not shown, "-time")
        self.call_after_refresh(self.after_layout)

    def on_time_bar_moved(self, event: TimeBar.Moved) -> None:
        self._stop()
        self.go(event.at)

    def on_time_bar_opened(self) -> None:
        burst, column = self.time.burst_here(), self.time.column_here()
        if burst is not None:
            self._inspect(BurstWish(burst.since, burst.until))
        elif column is not None:
            self._inspect(BurstWish(*column))

    def action_inspect(self) -> None:
        """The packets of the burst gone to; else of the weightiest episode of the source, or of its densest run."""
        timeline, at, code = self.snapshot.timeline, self.wish.at, self.table.cursor
        burst = None if timeline is None or at is None else burst_near(timeline.bursts, at, self.snapshot.heat.bucket)
        if burst is not None:
            self._inspect(BurstWish(burst.since, burst.until))
            return
        span = self._span_of(code) if code is not None else None
        if span is None:
            self._say(f"no packets to inspect: choose a source, or go to a burst with {self._key('burst')}")
            return
        self._inspect(BurstWish(*span, source=code), narrow=True)

    def _span_of(self, code: int) -> tuple[int, int] | None:
        """When the source was at it: its weightiest episode, else all that was seen of it."""
        sources = self.snapshot.sources
        row = int(sources.code.searchsorted(code))
        if row >= len(sources) or int(sources.code[row]) != code:
            return None
        if int(sources.scan[row]) >= 0:
            scan = self.snapshot.scans[int(sources.scan[row])]
            return scan.first, scan.last + 1
        return int(sources.first[row]), int(sources.last[row]) + 1

    def _inspect(self, wish: BurstWish, *, narrow: bool = False) -> None:
        self._stop()
        self.show_time()
        self.app.push_screen(BurstPage(self.snapshot, self.ask, wish, self.table.cursor, narrow=narrow))
