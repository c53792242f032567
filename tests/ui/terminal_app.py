"""A small monitor for terminal tests. `python -m tests.ui.terminal_app MODE DUMP [MANNERS as JSON]`; `F3` writes what Textual
believes to be on the screen to DUMP. MODE: still, live, evil (hostile text in every field), crash (at a key), or a file to
follow, of which DUMP.count then tells all the time how many events were read."""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from scantui.ingest.follow import Follower
from scantui.session import Session
from scantui.ui import app as application
from scantui.ui.manners import Manners
from scantui.ui.port import SessionPort
from tests.ui.build import MemorySession, heat, reranked, snapshot
from tests.ui.test_injection import evil_snapshot


class LiveSession(MemorySession):
    """Re-ranks and counts twelve times, then falls silent."""

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        rng = np.random.default_rng(5)
        for tick in range(12):
            time.sleep(0.15)
            table = self.now.sources
            events = table.events + (rng.random(len(table)) < 0.1) * rng.integers(1, 2000, len(table))
            new = replace(self.now, sources=replace(table, events=events), heat=heat(shift=tick))
            new = replace(new, status=replace(new.status, events=int(events.sum()), paused=tick in (4, 5)))
            order = table.order.copy()
            a, b = rng.integers(0, 12, 2)
            order[[a, b]] = order[[b, a]]
            self.publish(reranked(new, order))


def write_screen(dump: Path) -> None:
    """What Textual believes to be on the screen goes to `dump` at F3."""

    def on_key(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key == "f3":
            strips = self.screen._compositor.render_strips()
            written = dump.with_suffix(".part")
            written.write_text("\n".join(strip.text for strip in strips), "utf-8")
            written.replace(dump)

    application.ScantuiApp.on_key = on_key  # type: ignore[attr-defined]


def following(path: Path, count: Path) -> Session:
    """A real session over a growing file."""
    session = Session(Follower([str(path)], follow=True))

    def tell() -> None:
        while True:
            written = count.with_suffix(".part")
            written.write_text(str(session.latest().status.events))
            written.replace(count)
            time.sleep(0.05)

    threading.Thread(target=tell, daemon=True).start()
    return session


def session_for(mode: str, dump: Path) -> SessionPort:
    if mode == "live":
        return LiveSession(snapshot(200))
    if mode == "evil":
        evil, detail = evil_snapshot()
        return MemorySession(replace(evil, detail=detail))
    if mode in ("still", "crash"):
        return MemorySession(snapshot(200))
    return following(Path(mode), dump.with_suffix(".count"))


def main() -> int:
    mode, dump = sys.argv[1], Path(sys.argv[2])
    manners = Manners(**json.loads(sys.argv[3])) if len(sys.argv) > 3 else Manners()
    if mode == "crash":
        application.ScantuiApp.on_key = lambda self, event: 1 / 0  # type: ignore[attr-defined]
    else:
        write_screen(dump)
    session = session_for(mode, dump)
    code = application.run_app(session, manners)
    if isinstance(session, MemorySession):
        dump.with_suffix(".stopped").write_text(str(session.calls.count(("stop",))))
    return code


if __name__ == "__main__":
    sys.exit(main())
