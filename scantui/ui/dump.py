"""The page as plain text on the terminal's normal screen, where its own selection, search and scrolling work."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any

from textual.app import App, SuspendNotSupported
from textual.screen import Screen

from scantui.safe_text import harmless
from scantui.ui.ascii_text import to_ascii

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class _Interrupted(BaseException):
    """A signal came while nothing else could be done about it."""


def dump(app: App[Any], title: str, lines: Sequence[str], *, ascii_only: bool = False) -> None:
    """Print and wait for enter. The session reads on meanwhile. Raises SuspendNotSupported where there is no terminal.

    Ctrl+C comes back as enter does; SIGTERM and SIGHUP end the application as ever.
    """
    if app.is_headless or app.is_web:
        raise SuspendNotSupported("this needs a terminal")
    with app.suspend():
        try:
            with _signals_wake():
                _print(printed(title, lines), ascii_only)
                _wait_for_enter()
        except (_Interrupted, OSError):  # OSError: the terminal is gone, and SIGHUP on its way
            pass


def on_screen(screen: Screen[Any]) -> list[str]:
    """The lines of a screen as they stand."""
    return [strip.text for strip in screen._compositor.render_strips()]


def printed(title: str, lines: Sequence[str]) -> str:
    """What is printed, every line harmless."""
    return f"\n{harmless(title.strip())}\n\n{_body(lines)}\n-- enter returns to scantui --\n"


def leave(lines: Sequence[str], *, ascii_only: bool = False) -> None:
    """Print lines on the terminal that the application has given back. Raises OSError where it is gone."""
    _print(_body(lines).rstrip("\n") + "\n", ascii_only)


def _body(lines: Sequence[str]) -> str:
    return "".join(f"{harmless(line.rstrip())}\n" for line in lines)


def _print(text: str, ascii_only: bool) -> None:
    terminal = sys.__stderr__  # where Textual draws
    assert terminal is not None
    data = (to_ascii(text) if ascii_only else text).encode("utf-8", "replace")
    while data:
        data = data[os.write(terminal.fileno(), data) :]


def _wait_for_enter() -> None:
    keyboard = sys.__stdin__
    assert keyboard is not None
    while (got := os.read(keyboard.fileno(), 1024)) and b"\n" not in got:
        pass


@contextmanager
def _signals_wake() -> Iterator[None]:
    """Within, a signal does what it did and then ends the wait."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def wake(number: int, frame: FrameType | None) -> None:
        old = before[signal.Signals(number)]
        if number != signal.SIGINT and callable(old):
            old(number, frame)
        raise _Interrupted

    for number in _SIGNALS:
        signal.signal(number, wake)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
