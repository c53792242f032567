"""A small monitor for terminal tests. `python -m tests.ui.terminal_app MODE DUMP`; `F3` writes what Textual believes
to be on the screen to DUMP."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from scantui.ui import app as application
from tests.ui.build import MemorySession, heat, reranked, snapshot


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


def main() -> int:
    mode, dump = sys.argv[1], Path(sys.argv[2])
    if mode == "crash":
        application.ScantuiApp.on_key = lambda self, event: 1 / 0  # type: ignore[attr-defined]
    if mode == "live":

        def on_key(self, event) -> None:  # type: ignore[no-untyped-def]
            if event.key == "f3":
                strips = self.screen._compositor.render_strips()
                dump.write_text("\n".join(strip.text for strip in strips), "utf-8")

        application.ScantuiApp.on_key = on_key  # type: ignore[attr-defined]
    session = (LiveSession if mode == "live" else MemorySession)(snapshot(200))
    code = application.run_app(session)
    dump.with_suffix(".stopped").write_text(str(session.calls.count(("stop",))))
    return code


if __name__ == "__main__":
    sys.exit(main())
