"""What the screen and the command line ask of a session, from any thread. None of it waits but exports."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread

from scantui.detect.allow import Allowed
from scantui.export import EXPORTS
from scantui.export.chosen import Preview, kind_of, marks_of, preview, write
from scantui.export.handover import Handover, Needs, Wishes
from scantui.looks import Look
from scantui.session.closeup import CloseUp
from scantui.session.engine import Engine
from scantui.session.errands import Errands
from scantui.session.handing import handing
from scantui.session.ledger import Ledger
from scantui.session.options import Feed, Options
from scantui.session.view import View, needs_view
from scantui.session.viewer import Viewer
from scantui.snapshot import Snapshot


class Commands:
    """`Session` derives from this: it makes what is named here, and its worker does what was wished for."""

    _feed: Feed
    _options: Options
    _engine: Engine
    _close_up: CloseUp
    _ledger: Ledger
    _errands: Errands
    _viewer: Viewer
    _thread: Thread | None
    _lock: Lock
    _wake: Event
    # Under the lock
    _live: Snapshot
    _latest: Snapshot
    _view: View | None
    _look: Look
    _paused: bool
    _pause_rows: int
    _refresh: bool
    _selected: int | None
    _episode: int | None
    _sought: tuple[int | None, str] | None

    def _command(self) -> None:
        self._wake.set()
        self._feed.wake()

    def pause(self) -> None:
        """Keep the picture; go on reading."""
        with self._lock:
            self._paused = True
        self._command()

    def resume(self) -> None:
        """Show what is there now, and go on; a past moment is left."""
        with self._lock:
            self._paused = False
            wish = replace(self._look, at=None)
        self.look(wish)

    def refresh(self) -> None:
        """While paused: take in what came until now, once."""
        with self._lock:
            self._refresh = True
        self._command()

    def select(self, code: int | None, episode: int | None = None) -> None:
        """Ask for the detail of a source: of its episode that began at `episode` (microseconds UTC), else the weightiest."""
        with self._lock:
            self._selected, self._episode = code, episode
        self._command()

    def search_lines(self, code: int | None, text: str) -> None:
        """Look for a text in all log lines that are held, of a source or of all; no text ends that. `Snapshot.found` is what came
        of it."""
        with self._lock:
            self._sought = (code, text) if text else None
        self._command()

    def look_up(self, code: int) -> str:
        """Ask the network about a source's address; says who is asked what. The answers come with a later detail.

        Raises ValueError that says why nobody is asked.
        """
        if self._options.desk is None:
            raise ValueError("look-ups are off: start scantui with --lookup to allow them")
        said = self._options.desk.ask(self._engine.tables.addresses.text(code), self._command)
        self._command()
        return said

    def look(self, wish: Look) -> None:
        """Look at this from now on. `Snapshot.look` says when it is there; until then the last answer stays, but for a past
        moment that is left."""
        with self._lock:
            self._look = wish
            left = self._view is not None and self._view.look.at is not None and wish.at is None
            if left or not needs_view(wish, self._live):
                self._view = None
        self._viewer.ask(wish)
        self._command()

    def mark(self, code: int, note: str = "", verdict: str = "") -> None:
        """Mark a source; `verdict` is the analyst's, one of JUDGEMENTS. Changes nothing that is detected."""
        self._ledger.mark(code, note, verdict)
        self._command()

    def unmark(self, code: int) -> None:
        """Take a mark away."""
        self._ledger.unmark(code)
        self._command()

    def allow(self, entry: Allowed) -> None:
        """Put an entry on the allow-list; what it covers is judged again at once."""
        self._ledger.allow(entry)
        self._command()

    def disallow(self, entry: Allowed) -> None:
        """Take an entry that was made here off the allow-list again."""
        self._ledger.disallow(entry)
        self._command()

    def export_kinds(self) -> tuple[str, ...]:
        """Kinds of files that sources can be written to."""
        return tuple(EXPORTS)

    def export_preview(self, kind: str, codes: tuple[int, ...], most: int) -> Preview:
        """The first lines of what `export` would write. Waits for the worker. Raises ValueError."""
        return preview(kind_of(kind), self.handover(codes, kind_of(kind).needs), most)

    def export(self, kind: str, path: Path, codes: tuple[int, ...], overwrite: bool = False) -> str:
        """Write sources to `path`; says in words what was written. Waits for the worker. Raises ValueError or OSError."""
        return write(kind_of(kind), path, self.handover(codes, kind_of(kind).needs), overwrite)

    def handover(self, codes: Iterable[int], needs: Needs, wishes: Wishes | None = None) -> Handover:
        """What is known of these sources on the newest picture, for an export. Waits for the worker. Raises ValueError."""
        with self._lock:
            snapshot, view = replace(self._latest, marks=self._ledger.marks), self._view
            rows = self._pause_rows if self._paused else self._engine.store.rows
        moment = view.moment if view is not None else None
        marks = marks_of(snapshot, codes)
        steps = handing(self._engine, self._close_up, snapshot, marks, needs, wishes or self._options.wishes,
                        time.time_ns() // 1000, rows, moment, self._feed.sources())  # fmt: skip
        done = self._errands.ask(steps)
        while self._thread is None and not done.done():
            self._errands.go_on()
        self._command()
        return done.result()
