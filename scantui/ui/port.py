"""What the screen needs of a session: pictures one way, wishes the other. Every call may come from the UI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from scantui.snapshot import Snapshot


class SessionPort(Protocol):
    """The session as the screen sees it. No call waits for the work it asks for, `export_marked` excepted."""

    def latest(self) -> Snapshot: ...

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from the worker thread) whenever `latest` is newer than before."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    def refresh(self) -> None:
        """While paused: take in what was held until now, once, and stay paused."""

    def select(self, code: int | None) -> None:
        """Ask for `Snapshot.detail` of this source."""

    def mark(self, code: int, note: str = "") -> None: ...

    def unmark(self, code: int) -> None: ...

    def heat_bucket(self, microseconds: int) -> None:
        """Width of a heatmap column."""

    def export_marked(self, kind: str, path: Path) -> str:
        """Write the marked sources; says what was written. Raises ValueError or OSError with a text for people."""

    def export_kinds(self) -> tuple[str, ...]: ...
