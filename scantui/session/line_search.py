"""A text looked for in all log lines of a source that are held, a little at a time between two polls."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from scantui.events import Events
from scantui.safe_text import harmless
from scantui.session.options import Feed
from scantui.snapshot import MOST_FOUND, FoundLines, RawLine

_SLICE = 0.02  # seconds between two polls
_AT_ONCE = 64  # lines between two looks at the clock


class LineSearch:
    """Reads lines of a feed, so it belongs to the thread that polls it. `found` is how far it has come."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._events: Events | None = None
        self.found: FoundLines | None = None

    def seek(self, code: int, text: str, events: Events) -> None:
        """Look for `text` in the lines of these events, newest first; capitals count where it has some."""
        _, rows = np.unique(np.stack((events.source.astype(np.uint64), events.offset)), axis=1, return_index=True)
        self._events = events.take(rows[np.argsort(-events.ts[rows], kind="stable")])
        self.found = FoundLines(code, text, held=len(rows))

    def stop(self) -> None:
        """Forget it."""
        self._events = self.found = None

    @property
    def busy(self) -> bool:
        """Whether lines are left to look through."""
        return self._events is not None

    def go_on(self) -> None:
        """Look through some more lines."""
        end = time.monotonic() + _SLICE
        while self.busy and time.monotonic() < end:
            self._some()

    def _some(self) -> None:
        events, found = self._events, self.found
        if events is None or found is None:
            return
        lines, hits, gone = list(found.lines), found.found, found.gone
        until = min(found.looked + _AT_ONCE, found.held)
        for row in range(found.looked, until):
            line = self._line(events, row)
            if line is None:
                gone += 1
            elif found.text in (line.text if found.text != found.text.lower() else line.text.lower()):
                hits += 1
                lines += [line] if len(lines) < MOST_FOUND else []
        self.found = replace(found, looked=until, found=hits, gone=gone, lines=tuple(lines))
        if until == found.held:
            self._events = None

    def _line(self, events: Events, row: int) -> RawLine | None:
        source, offset = int(events.source[row]), int(events.offset[row])
        text = self._feed.fetch(source, offset, int(events.line_length[row]))
        if text is None:
            return None
        known = self._feed.sources()
        path = known[source].path if source in known else ""
        return RawLine(int(events.ts[row]), harmless(path), offset, harmless(text))
