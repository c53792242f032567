"""News outside the screen: the terminal's title, its bell, and notifications it shows on the desktop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.snapshot import Snapshot
from scantui.ui.manners import Manners
from scantui.ui.text import plain
from scantui.ui.verdicts import SCAN, judged, judged_text

QUIET_SECONDS = 10.0  # between two alerts
_MOST_NAMED = 3


def title_of(scans: int, suspects: int) -> str:
    """The window's title."""
    return f"scantui: {judged_text(scans, suspects)}"


def notification(kind: str, text: str) -> str:
    """The sequence that shows `text`: OSC 9 (iTerm2) or OSC 777 (rxvt-unicode). In the latter semicolons part fields."""
    safe = plain(text, 200)
    return f"\x1b]9;{safe}\x07" if kind == "osc9" else f"\x1b]777;notify;scantui;{safe.replace(';', ',')}\x07"


class News:
    """What to send to the terminal about each picture. What was there when history had been read is no news."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners  # which may change while it runs
        self._known: NDArray[np.uint32] | None = None  # sources that scan, as far as told or there from the start
        self._title = ""
        self._alerted_at = float("-inf")

    def of(self, snapshot: Snapshot, now: float) -> tuple[str, float | None]:
        """What to send, and in how many seconds there is more to say; None when there is not. `now` is any clock's seconds."""
        if snapshot.look.at is not None:  # an old picture
            return "", None
        table = snapshot.sources
        scanning = table.code[table.verdict == SCAN]
        alert, later = self._alert(snapshot, scanning, now)
        return self._retitled(*judged(snapshot)) + alert, later

    def forget_title(self) -> None:
        """The terminal had its own title meanwhile."""
        self._title = ""

    def _retitled(self, scans: int, suspects: int) -> str:
        title = title_of(scans, suspects)
        if not self.manners.title or title == self._title:
            return ""
        self._title = title
        return f"\x1b]2;{title}\x07"

    def _alert(self, snapshot: Snapshot, scanning: NDArray[np.uint32], now: float) -> tuple[str, float | None]:
        if not self.manners.bell and self.manners.notify == "off":
            return "", None
        if self._known is None:
            if not snapshot.status.backlog:
                self._known = scanning
            return "", None
        new = np.setdiff1d(scanning, self._known)
        if not len(new):
            return "", None
        wait = self._alerted_at + QUIET_SECONDS - now
        if wait > 0:
            return "", wait
        self._alerted_at = now
        self._known = np.union1d(self._known, new)
        sent = "\x07" if self.manners.bell else ""
        if self.manners.notify != "off":
            sent += notification(self.manners.notify, _told(snapshot, new))
        return sent, None


def _told(snapshot: Snapshot, new: NDArray[np.uint32]) -> str:
    names = [snapshot.address(code) for code in new[:_MOST_NAMED].tolist()]
    if len(new) > _MOST_NAMED:
        names.append(f"{len(new) - _MOST_NAMED:,} more")
    return f"{len(new):,} new source{' scans' if len(new) == 1 else 's scan'}: {', '.join(names)}"
