"""What the screen needs of a session: pictures one way, wishes the other. Every call may come from the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from scantui.detect.allow import Allowed
from scantui.export.chosen import Preview
from scantui.find.saved import Saved
from scantui.looks import Look
from scantui.snapshot import Snapshot
from scantui.state.screen import Kept


class SessionPort(Protocol):
    """The session as the screen sees it. No call waits for the work it asks for, `export` and `export_preview`
    excepted."""

    def latest(self) -> Snapshot: ...

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from the worker thread) whenever `latest` is newer than before."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def refresh(self) -> None:
        """While paused: take in what was held until now, once, and stay paused."""

    def select(self, code: int | None, episode: int | None = None) -> None:
        """Ask for `Snapshot.detail` of this source: of its episode that began at `episode`, else of the weightiest."""

    def mark(self, code: int, note: str = "", verdict: str = "") -> None: ...

    def unmark(self, code: int) -> None: ...

    def allow(self, entry: Allowed) -> None:
        """Put an entry on the allow-list, and judge what it covers again."""

    def disallow(self, entry: Allowed) -> None: ...

    def look(self, wish: Look) -> None:
        """Look at this: another moment, another cut of the heatmap, a cell, a burst. `Snapshot.look` says when it is there."""

    def search_lines(self, code: int | None, text: str) -> None:
        """Look for a text in the log lines of a source, or of all; no text ends that. `Snapshot.found` says how far it is."""

    def look_up(self, code: int) -> str:
        """Ask the network about a source's address, if that is allowed; says who is asked. Raises ValueError that says
        why not."""

    def export(self, kind: str, path: Path, codes: tuple[int, ...], overwrite: bool = False) -> str:
        """Write sources; says what was written. Raises ValueError or OSError with a text for people."""

    def export_preview(self, kind: str, codes: tuple[int, ...], most: int) -> Preview:
        """The first `most` lines of what `export` would write. Raises ValueError with a text for people."""

    def export_kinds(self) -> tuple[str, ...]: ...


class SavedFilters(Protocol):
    """Where filters are kept under a name. Every call may raise OSError or ValueError with a text for people."""

    def load(self) -> tuple[Saved, ...]: ...

    def keep(self, new: Saved) -> None:
        """Save a filter, in the place of one of its name."""

    def remove(self, name: str) -> None: ...


class KeptScreen(Protocol):
    """Where it is kept how the screen was left. Every call may raise OSError, `load` also ValueError with a text for people."""

    def load(self) -> Kept: ...

    def save(self, kept: Kept) -> None: ...
