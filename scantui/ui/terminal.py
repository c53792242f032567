"""The terminal: whether a screen can be shown on it, what is sent to it, and whether it keeps up."""

from __future__ import annotations

import os
import sys
from typing import Any

from textual.driver import Driver

from scantui.ui.ascii_text import to_ascii
from scantui.ui.manners import Manners

KEEP_TITLE, GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"  # XTWINOPS 22 and 23: the terminal's stack of titles
WEB = "TEXTUAL_DRIVER"  # set by textual-serve for the process of a browser tab


def terminal_problem() -> str:
    """Why no screen can be shown here, in one line; empty when it can."""
    if os.environ.get(WEB):
        return ""
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "this terminal cannot show a screen (TERM is unset or dumb): use 'scantui watch --print' or 'scantui report'"
    if sys.__stdin__ is None or sys.__stderr__ is None or not (sys.__stdin__.isatty() and sys.__stderr__.isatty()):
        return "no terminal on standard input and error: use 'scantui watch --print' or 'scantui report'"
    return ""


def driver_for(base: type[Driver], manners: Manners) -> type[Driver]:
    """Textual's driver, sending ASCII only if so wished, and giving the title back whenever it gives the terminal back."""

    class OwnDriver(base):  # type: ignore[misc, valid-type]
        def write(self, data: str) -> None:
            super().write(to_ascii(data) if manners.ascii else data)

        def start_application_mode(self) -> None:
            super().start_application_mode()
            if manners.title:
                self.write(KEEP_TITLE)

        def stop_application_mode(self) -> None:
            if manners.title:
                self.write(GIVE_TITLE_BACK)
            super().stop_application_mode()

    return OwnDriver


def is_behind(driver: Any) -> bool:
    """Whether the terminal has not taken yet what was sent. Textual's writer blocks the whole program once 30 writes wait."""
    writer = getattr(driver, "_writer_thread", None)
    return writer is not None and not writer._queue.empty()
