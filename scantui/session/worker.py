"""The session: a worker thread that reads, judges and publishes frozen snapshots, latest wins; and the same without a thread.

Every public method may be called from any thread. Nothing the screen does can stop the reading.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scantui.export import EXPORTS
from scantui.ingest.info import InputInfo
from scantui.safe_text import harmless
from scantui.session.detail import detail_of
from scantui.session.engine import Engine
from scantui.session.gather import Gather
from scantui.session.options import Feed, Options
from scantui.session.why import Why
from scantui.snapshot import Detail, Heat, InputStatus, Mark, Snapshot, Status, empty_sources

PUBLISH = 0.25  # seconds between snapshots
POLL = 0.1  # seconds between polls
_MOST_BYTES = 4 << 20  # read between two looks at the clock
_EXAMINE = 0.45  # seconds between judgements while live (every second picture); at once after a quiet moment
_HISTORY_EXAMINE = 1.0  # seconds between judgements while history is read
_CLUSTER = 1.0
_RATE_SPAN = 5.0
_SENSIBLE_LAG = 86_400.0


class Session:
    """One run over a feed."""

    def __init__(self, feed: Feed, options: Options = Options()) -> None:  # noqa: B008  frozen
        self._feed = feed
        self._engine = Engine(options)
        self._why = Why(self._engine, options)
        self._options = options
        self._lock = threading.Lock()
        self._gather = Gather(lambda block: self._engine.take(block))
        self._taken = 0
        self._quiet = True
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._listeners: list[Callable[[], None]] = []
        self._marks: dict[int, Mark] = {}
        self._selected: int | None = None
        self._paused = False
        self._refresh = False
        self._bucket: int | None = None
        self._pause_rows = 0
        self._detail_key: tuple[object, ...] = ()
        self._detail: Detail | None = None
        self._arrivals: deque[tuple[float, int]] = deque()
        self._last_news: tuple[object, ...] = ()
        self._latest = self._empty()
        self.failure: BaseException | None = None  # what ended the worker, if anything did

    # Without a thread ----------------------------------------------------------------------------------------------
    def run_to_end(self, select: str | None = None) -> Snapshot:
        """Read everything, judge it at once, return the picture, with the detail of the source `select` (an address)."""
        self._engine = Engine(self._options, batch=True)
        self._why = Why(self._engine, self._options)
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
        self._latest = replace(self._latest, tools=self._why.tools(), cannot_see=self._why.feed().cannot_see)
        return self._latest

    # The worker ------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        """Start reading."""
        self._thread = threading.Thread(target=self._guarded, name="scantui-session", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and give the feed back. Waits for the worker a moment."""
        self._stop.set()
        self._command()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5.0)
        self._feed.close()

    def _guarded(self) -> None:
        try:
            self._run()
        except BaseException as error:  # the screen must hear of it, whatever it is
            self.failure = error
            said = harmless(f"{type(error).__name__}: {error}", 120)
            self._latest = replace(
                self._latest, seq=self._latest.seq + 1, status=replace(self._latest.status, failure=said)
            )
            self._notify()

    def _run(self) -> None:
        """Poll often; parse, judge and publish at most every PUBLISH seconds, and at once after a quiet moment."""
        published = examined = clustered = float("-inf")
        settled = False
        while not self._stop.is_set():
            self._read()
            now = time.monotonic()
            history = self._feed.backlog
            asked = self._wake.is_set()
            self._wake.clear()
            if asked or now - published >= PUBLISH:
                self._parse(now)
                if self._engine.unjudged and now - examined >= (_HISTORY_EXAMINE if history else _EXAMINE):
                    self._engine.examine(history=history)
                    examined = now
                if now - clustered >= (_CLUSTER if history else 0):
                    self._engine.cluster()
                    clustered = now
                if self._feed.finished and not settled:
                    self._engine.flush()
                    self._engine.settle()
                    settled = True
                if self._news(asked=asked):
                    self._publish(now)
                    published = now
            if not history and not self._stop.is_set():
                self._feed.wait(POLL)

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
            self._arrivals.append((now, got))

    def _news(self, *, asked: bool) -> bool:
        """Whether a new snapshot would differ: idle costs nothing."""
        fresh = (
            self._engine.store.rows,
            self._engine.judgements,
            self._feed.inputs(),
            self._paused,
            round(self._rate(time.monotonic())),
            self._lines(),
        )
        changed = fresh != self._last_news
        self._last_news = fresh
        return changed or asked

    def _lines(self) -> int:
        return sum(self._engine.reader.status(source).lines for one in self._feed.inputs() for source in one.sources)

    def _rate(self, now: float) -> float:
        while self._arrivals and self._arrivals[0][0] < now - _RATE_SPAN:
            self._arrivals.popleft()
        return sum(count for _, count in self._arrivals) / _RATE_SPAN

    # Pictures --------------------------------------------------------------------------------------------------------
    def _publish(self, now: float) -> None:
        with self._lock:
            paused, refresh, selected, bucket = self._paused, self._refresh, self._selected, self._bucket
            self._refresh, self._bucket = False, None
            marks = dict(self._marks)
        engine, last = self._engine, self._latest
        if bucket is not None:
            engine.zoom(bucket)
        if paused and not refresh:
            rows = self._pause_rows
            made = replace(last, heat=engine.heat() if bucket is not None else last.heat)
        else:
            rows = self._pause_rows = engine.store.rows
            made = Snapshot(0, engine.tables, engine.table(), engine.scans, engine.clusters, engine.heat(), last.status)
        made = replace(
            made,
            seq=last.seq + 1,
            status=self._status(now, paused, rows, len(made.sources)),
            marks=marks,
            detail=self._detailed(selected, rows),
        )
        self._latest = made
        self._notify()

    def _detailed(self, selected: int | None, rows: int) -> Detail | None:
        if selected is None:
            return None
        key = (selected, rows, id(self._engine.clusters))
        if key != self._detail_key:
            events, episodes = self._engine.judge_alone(selected, rows)
            clusters = self._engine.clusters
            why = self._why.explain(selected, events, episodes, clusters)
            self._detail = detail_of(selected, events, episodes, clusters, self._feed.sources(), self._feed.fetch, why)
            self._detail_key = key
        return self._detail

    def _status(self, now: float, paused: bool, rows: int, sources: int) -> Status:
        engine = self._engine
        inputs = tuple(self._input(one) for one in self._feed.inputs())
        behind = (engine.newest_arrival - engine.newest) / 1e6
        return Status(
            paused=paused,
            held=engine.store.rows - rows,
            events=rows,
            lines=sum(one.lines for one in inputs),
            unread=sum(one.unread for one in inputs),
            sources=sources + engine.sources.unlisted,
            rate=self._rate(now),
            lag=behind if engine.newest and -60 <= behind < _SENSIBLE_LAG else None,
            inputs=inputs,
            evicted=engine.store.evicted,
            folded=engine.store.folded,
            memory=engine.store.nbytes,
            budget=self._options.memory,
            now=engine.newest,
            backlog=self._feed.backlog,
            judging=engine.judging(),
        )

    def _input(self, one: InputInfo) -> InputStatus:
        parts = [self._engine.reader.status(source) for source in one.sources]
        names = list(dict.fromkeys(part.format for part in parts if part.format))
        return InputStatus(
            harmless(one.path),
            one.state.value,
            ", ".join(names),
            sum(part.lines for part in parts) + one.oversized,
            sum(part.events for part in parts),
            sum(part.unread for part in parts) + one.oversized,
            tuple(sample for part in parts for sample in part.samples)[-5:],
            one.error,
        )

    def _empty(self) -> Snapshot:
        status = Status(False, 0, 0, 0, 0, 0, 0.0, None, (), 0, 0, 0, self._options.memory, 0)
        heat: Heat = self._engine.heat()
        return Snapshot(0, self._engine.tables, empty_sources(), (), (), heat, status)

    def latest(self) -> Snapshot:
        """The newest snapshot."""
        return self._latest

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` from the worker's thread whenever a newer snapshot is there, or the worker failed."""
        self._listeners.append(listener)

    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()

    # Commands --------------------------------------------------------------------------------------------------------
    def _command(self) -> None:
        self._wake.set()
        self._feed.wake()

    def pause(self) -> None:
        """Keep the picture; go on reading."""
        with self._lock:
            self._paused = True
        self._command()

    def resume(self) -> None:
        """Show what is there now, and go on."""
        with self._lock:
            self._paused = False
        self._command()

    def refresh(self) -> None:
        """While paused: take in what came until now, once."""
        with self._lock:
            self._refresh = True
        self._command()

    def select(self, code: int | None) -> None:
        """Ask for the detail of a source."""
        with self._lock:
            self._selected = code
        self._command()

    def heat_bucket(self, microseconds: int) -> None:
        """Show heatmap columns of this width."""
        with self._lock:
            self._bucket = microseconds
        self._command()

    def mark(self, code: int, note: str = "") -> None:
        """Mark a source."""
        with self._lock:
            self._marks[code] = Mark(code, note, time.time_ns() // 1000)
        self._command()

    def unmark(self, code: int) -> None:
        """Take a mark away."""
        with self._lock:
            self._marks.pop(code, None)
        self._command()

    def export_kinds(self) -> tuple[str, ...]:
        """Kinds of files that marked sources can be written to."""
        return tuple(EXPORTS)

    def export_marked(self, kind: str, path: Path) -> str:
        """Write the marked sources to `path`; says in words what was written. Raises ValueError or OSError."""
        with self._lock:
            marks = dict(self._marks)
        if kind not in EXPORTS:
            raise ValueError(f"no export is called {kind!r}; there are {', '.join(EXPORTS)}")
        if not marks:
            raise ValueError("nothing is marked: mark a source with m first")
        EXPORTS[kind].write(path, replace(self._latest, marks=marks), marks)
        return f"{len(marks)} marked source{'' if len(marks) == 1 else 's'} written to {harmless(str(path))}"
