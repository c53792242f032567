"""The session: a worker thread that reads, judges and publishes frozen snapshots, latest wins; and the same without a thread.

Every public method may be called from any thread. Nothing the screen does can stop the reading.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from scantui.detect.allow import Allowed
from scantui.events import Events
from scantui.looks import Look, Timeline
from scantui.safe_text import harmless
from scantui.session.answers import Base
from scantui.session.closeup import CloseUp
from scantui.session.commands import Commands
from scantui.session.engine import Engine
from scantui.session.errands import Errands
from scantui.session.gather import Gather
from scantui.session.ledger import Keeper, Ledger
from scantui.session.line_search import LineSearch
from scantui.session.options import Feed, Options
from scantui.session.placing import Placing
from scantui.session.status import Pace, empty, lines_of, status_of
from scantui.session.tools import Tools
from scantui.session.view import View, live_part, needs_heat, needs_view, shown
from scantui.session.viewer import Viewer
from scantui.snapshot import Snapshot

PUBLISH = 0.25  # seconds between snapshots
POLL = 0.1  # seconds between polls
_IDLE_AFTER, _IDLE_POLL = 2.0, 0.25  # without news; where the kernel tells of changes, they wake earlier
_PLACING_POLL = 0.02  # while there are sources to look up in the user's files
_MOST_BYTES = 4 << 20  # read between two looks at the clock
_EXAMINE = 0.45  # seconds between judgements while live (every second picture); at once after a quiet moment
_HISTORY_EXAMINE = 1.0  # seconds between judgements while history is read
_CLUSTER = 1.0
_TIMELINE = 1.0
_MEND = 1.0  # seconds between recounts of the heatmap for events that came late


class Session(Commands):
    """One run over a feed."""

    def __init__(self, feed: Feed, options: Options = Options(), keeper: Keeper | None = None) -> None:  # noqa: B008  frozen
        self._feed = feed
        self._engine = Engine(options)
        self._close_up = CloseUp(self._engine, feed, options, whole=False)
        self._options = options
        self._lock = threading.Lock()
        self._gather = Gather(lambda block: self._engine.take(block))
        self._taken = 0
        self._quiet = True
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[], None]] = []
        self._keeper = keeper
        self._ledger = self._new_ledger()
        self._selected: int | None = None
        self._episode: int | None = None  # when the episode to show began
        self._paused = False
        self._refresh = False
        self._look = Look()
        self._viewer = Viewer(self._seen, self._broke)
        self._view: View | None = None
        self._broken: BaseException | None = None  # what ended the viewer
        self._pause_rows = 0
        self._line_search = LineSearch(feed, lambda *line: self._engine.reader.legible(*line))
        self._errands = Errands()
        self._tools = Tools()
        self._placing = Placing(self._engine.tables.addresses, options.files)
        self._sought: tuple[int | None, str] | None = None  # the text to look for in log lines, and whose
        self._timeline_at, self._timeline_rows = float("-inf"), 0
        self._mended_at = float("-inf")
        self._pace = Pace()
        self._last_news: tuple[object, ...] = ()
        self._ended = False  # all was read, and judged as a whole
        self._live = self._latest = empty(self._engine)  # without and with what was asked to look at
        self.failure: BaseException | None = None  # what ended the worker, if anything did

    # Without a thread ----------------------------------------------------------------------------------------------
    def run_to_end(self, select: str | None = None) -> Snapshot:
        """Read everything, judge it at once, return the picture, with the detail of the source `select` (an address)."""
        self._engine = Engine(self._options, batch=True)
        self._ledger = self._new_ledger()  # marks are by the engine's codes
        if (allowed := self._ledger.new_list()) is not None:
            self._engine.allow(allowed)
        self._close_up = CloseUp(self._engine, self._feed, self._options, whole=True)
        while True:
            got = sum(self._engine.take(block) for block in self._feed.poll())
            if self._feed.finished:
                break
            if not got:
                self._feed.wait(POLL)
        self._engine.flush()
        self._engine.settle()
        if select is not None:
            self._selected = self._engine.tables.addresses.code(select)
        self._publish(0.0)
        why = self._close_up.why
        self._latest = replace(self._latest, tools=why.tools(), cannot_see=why.feed().cannot_see)
        return self._latest

    def _new_ledger(self) -> Ledger:
        return Ledger(self._engine.tables.addresses, self._options.knobs.allowed, self._keeper)

    def events(self) -> Events:
        """All that a finished run (`run_to_end`) holds; rows that were folded stand for several packets (`count`).

        Raises RuntimeError while a worker reads.
        """
        if self._thread is not None:
            raise RuntimeError("events are to be had of a finished run only")
        return self._engine.store.everything()

    # The worker ------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Start reading."""
        self._thread = threading.Thread(target=self._guarded, name="scantui-session", daemon=True)
        self._thread.start()
        self._viewer.start()

    def stop(self) -> None:
        """Stop reading and give the feed back. Waits for the worker a moment."""
        self._stop.set()
        self._command()
        self._viewer.stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5.0)
        self._feed.close()
        if self._options.desk is not None:
            self._options.desk.close()
        self._ledger.write(last=True)

    def _guarded(self) -> None:
        try:
            self._run()
        except BaseException as error:  # the screen must hear of it, whatever it is
            self.failure = error
            said = harmless(f"{type(error).__name__}: {error}", 120)
            self._show(replace(self._live, status=replace(self._live.status, failure=said)))
        finally:
            self._errands.close()

    def _run(self) -> None:
        """Poll often; parse, judge and publish at most every PUBLISH seconds, and at once after a quiet moment."""
        published = examined = clustered = busy = float("-inf")
        while not self._stop.is_set():
            self._read()
            now = time.monotonic()
            busy = busy if self._quiet else now
            history = self._feed.backlog
            asked = self._wake.is_set()
            self._wake.clear()
            if self._broken is not None:
                raise self._broken
            self._ledger.write()
            asked |= self._judge_by(self._ledger.new_list())
            asked |= self._search()
            self._errands.go_on()
            self._placing.go_on(self._live.sources)
            if asked or now - published >= PUBLISH:
                self._parse(now)
                if self._engine.unjudged and now - examined >= (_HISTORY_EXAMINE if history else _EXAMINE):
                    self._engine.examine(history=history)
                    examined = now
                if now - clustered >= (_CLUSTER if history else 0):
                    self._engine.cluster()
                    clustered = now
                if self._feed.finished and not self._ended:
                    self._engine.flush()
                    self._engine.settle()
                    self._ended = True
                self._tools.go_on(self._engine.store, self._engine.scans, self._engine.clusters)
                if self._news(asked=asked):
                    self._publish(now)
                    published = now
            if not history and not self._stop.is_set() and not (self._line_search.busy or self._errands.busy):
                idle = POLL if now - busy < _IDLE_AFTER else _IDLE_POLL
                self._feed.wait(_PLACING_POLL if self._placing.busy else idle)

    def _search(self) -> bool:
        """Look through more log lines, if some are wished for. Whether that has just come to its end."""
        with self._lock:
            sought = self._sought
        search = self._line_search
        if sought is None:
            search.stop()
        elif search.found is None or sought != (search.found.code, search.found.text):
            code, store = sought[0], self._engine.store
            batches = store.batches() if code is None else [store.of_sources(np.array([code], np.uint32))]
            search.seek(*sought, batches)
        if not search.busy:
            return False
        search.go_on()
        return not search.busy

    def _judge_by(self, allowed: tuple[Allowed, ...] | None) -> bool:
        """Whether the allow-list is new. What it changes is judged again at once; a paused table follows when it goes on."""
        if allowed is None:
            return False
        self._engine.allow(allowed)
        self._close_up.stale()
        if self._ended:
            self._engine.settle()
        return True

    def _read(self) -> None:
        self._quiet = True
        for block in self._feed.poll(_MOST_BYTES):
            self._quiet = False
            self._taken += self._gather.add(block)
            if self._stop.is_set():
                break

    def _parse(self, now: float) -> None:
        """Take what was gathered; when nothing came at all, also what the reader holds back."""
        got = self._gather.flush() + self._taken
        self._taken = 0
        if self._quiet and not got:
            self._engine.flush()
        if got:
            self._pace.add(now, got)

    def _news(self, *, asked: bool) -> bool:
        """Whether a new snapshot would differ: idle costs nothing."""
        fresh = (
            self._engine.store.rows,
            self._engine.judgements,
            self._feed.inputs(),
            self._ended,
            self._paused,
            round(self._pace.rate(time.monotonic())),
            lines_of(self._engine, self._feed),
            self._line_search.found,
            self._tools.found,
            self._placing.found,
        )
        changed = fresh != self._last_news
        self._last_news = fresh
        now = time.monotonic()
        return changed or asked or self._timeline_due(now) or (self._heat_due(now) and not self._paused)

    # Pictures --------------------------------------------------------------------------------------------------------
    def _publish(self, now: float) -> None:
        with self._lock:
            paused, refresh, look, view = self._paused, self._refresh, self._look, self._view
            selected, episode, self._refresh = self._selected, self._episode, False
        engine, made = self._engine, self._live
        engine.store.beside = self._viewer.nbytes
        rows = self._pause_rows
        if not paused or refresh:
            engine.zoom(live_part(look).heat.bucket)
            if self._heat_due(now):
                engine.mend_heat()
                self._mended_at = now
            rows = self._pause_rows = engine.store.rows
            made = Snapshot(0, engine.tables, engine.table(), engine.scans, engine.clusters, engine.heat(), made.status)
            made = replace(made, timeline=self._timeline(now))
        rate = self._pace.rate(now)
        made = replace(
            made,
            status=status_of(
                engine, self._feed, paused=paused, rows=rows, sources=len(made.sources), rate=rate, ended=self._ended
            ),
            marks=self._ledger.marks,
            allowed=self._ledger.entries,
            notices=(*self._options.notices, *self._ledger.notices),
            found=self._line_search.found,
            tools=self._tools.found,
            places=self._placing.found,
            detail=self._close_up.of(selected, episode, rows, view.moment if view is not None else None),
        )
        if not needs_heat(look, made):
            made = replace(made, look=live_part(look))
        listed = not engine.sources.unlisted
        self._viewer.offer(Base(engine.store.past(), made, engine.knobs, rows, listed, self._feed.backlog))
        self._show(made)

    def _heat_due(self, now: float) -> bool:
        """Whether the heatmap lacks late events, and there is time to look for them: not while a history is read."""
        return self._engine.heat_is_short and now - self._mended_at >= _MEND and not self._feed.backlog

    def _timeline_due(self, now: float) -> bool:
        """Whether events came after the time line that is shown, and its second is over."""
        return (
            self._engine.store.rows != self._timeline_rows and now - self._timeline_at >= _TIMELINE and not self._paused
        )

    def _timeline(self, now: float) -> Timeline | None:
        """The time line; made anew once a second, which is often enough for its spans."""
        if now - self._timeline_at < _TIMELINE and not self._ended:
            return self._live.timeline
        self._timeline_at, self._timeline_rows = now, self._engine.store.rows
        return self._engine.timeline.picture(self._engine.met)

    def _show(self, live: Snapshot | None = None, view: View | None = None) -> None:
        """Publish a new live picture, or a new view over the one there is if it is still wished for."""
        with self._lock:
            if view is not None:
                if view.look != self._look:
                    return
                self._view = view
            self._live = live or self._live
            if not needs_view(self._look, self._live):
                self._view = None
            self._latest = replace(shown(self._live, self._view), seq=self._latest.seq + 1)
        self._notify()

    def _seen(self, view: View) -> None:
        """The viewer's answer. The detail of a past moment follows from the worker, who alone may read the inputs."""
        self._show(view=view)
        if view.moment is not None:
            self._command()

    def _broke(self, error: BaseException) -> None:
        self._broken = error
        self._command()

    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._latest

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` from the worker's thread whenever a newer snapshot is there, or the worker failed."""
        self._listeners.append(listener)

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()
