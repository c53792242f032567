"""SIGTERM and SIGHUP leave the application the ordinary way, so that the terminal is given back as it was."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from types import FrameType
from typing import Any

from textual.app import App

GRACE_SECONDS = 3.0  # a terminal that is gone must not keep the process


def leave_on_signals(app: App[Any]) -> None:
    """Exit `app` with status 128 + n on signal n. Does nothing outside the main thread.

    Python's own handler and not the event loop's: it also runs while the loop is blocked by a stalled terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def leave(number: int, _frame: FrameType | None) -> None:
        deadline = threading.Timer(GRACE_SECONDS, os._exit, (128 + number,))
        deadline.daemon = True
        deadline.start()
        loop.call_soon_threadsafe(lambda: app.exit(return_code=128 + number))

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
