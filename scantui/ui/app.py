"""The application: themes, terminal manners, and the newest snapshot to whatever screen is on top."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from scantui.snapshot import Snapshot
from scantui.ui.actions import Place, bindings
from scantui.ui.main_screen import SMALLEST, MainScreen
from scantui.ui.pages import HelpPage, Page
from scantui.ui.port import SessionPort
from scantui.ui.signals import leave_on_signals
from scantui.ui.text import plain
from scantui.ui.themes import LoadedTheme, load_themes

PAINT_SECONDS = 0.25
DEFAULT_THEME = "dark"
# Screen classes from this many columns and lines on; app.tcss says what they mean.
WIDTHS = [(0, "-tiny"), (SMALLEST[0], "-narrow"), (112, "-wide"), (170, "-huge")]
HEIGHTS = [(0, "-flat"), (SMALLEST[1], "-low"), (30, "-tall")]


class SnapshotReady(Message):
    """A newer snapshot is there to be fetched; any number of these are one."""

    def can_replace(self, message: Message) -> bool:
        """Textual asks this of messages that wait one behind the other."""
        return isinstance(message, SnapshotReady)


class ScantuiApp(App[int]):
    """The monitor. The session works in its own thread; this one only paints what `latest` gives."""

    CSS_PATH = "app.tcss"
    TITLE = "scantui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.APP)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, session: SessionPort, *, theme: str | None = None, title: str = "",
                 theme_folders: Sequence[Path] = ()) -> None:  # fmt: skip
        """Raises ValueError when there is no theme of that name."""
        self.session = session
        self._themes: dict[str, LoadedTheme]
        self._themes, self._theme_errors = load_themes(theme_folders)
        wanted = theme or DEFAULT_THEME
        if wanted not in self._themes:
            why = "; ".join(self._theme_errors)
            raise ValueError(f"no theme '{wanted}': there are {', '.join(self._themes)}" + (f" ({why})" if why else ""))
        super().__init__()
        self.animation_level = "none"
        for loaded in self._themes.values():
            self.register_theme(loaded.theme)
        self.theme = wanted
        self._main = MainScreen(session, title)
        self._painted_at = -PAINT_SECONDS
        self._later: Timer | None = None
        self._mouse_on = True
        self._announced = False
        self._stopped = False

    def on_mount(self) -> None:
        leave_on_signals(self)
        self.theme_changed_signal.subscribe(self, lambda _: self._glyphs())
        self.push_screen(self._main)
        self.session.subscribe(self._newer)
        self.session.start()
        self.call_after_refresh(self._glyphs)
        for error in self._theme_errors:
            self.notify(plain(error), severity="warning", markup=False, timeout=10)

    def on_unmount(self) -> None:
        self.stop_session()

    def stop_session(self) -> None:
        """Once, however the application ends."""
        if not self._stopped:
            self._stopped = True
            self.session.stop()

    # Snapshots

    def _newer(self) -> None:
        """Called from the session's thread. One message waits at most, however long a stalled terminal blocks us."""
        if self._announced:
            return
        self._announced = True
        try:
            self.post_message(SnapshotReady())
        except RuntimeError:  # the event loop has ended between two snapshots
            pass

    def on_snapshot_ready(self) -> None:
        self._announced = False
        wait = self._painted_at + PAINT_SECONDS - time.monotonic()
        if wait <= 0:
            self._paint()
        elif self._later is None:
            self._later = self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        self._later = None
        self._painted_at = time.monotonic()
        snapshot: Snapshot = self.session.latest()
        stack = self.screen_stack  # empty while the application is leaving
        if stack and isinstance(stack[-1], MainScreen | Page):
            stack[-1].show(snapshot)

    # Actions (see actions.py)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpPage):
            self.push_screen(HelpPage(self.session.latest()))

    def action_next_theme(self) -> None:
        names = list(self._themes)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
        self.notify(f"theme {self.theme}", markup=False, timeout=2)

    def _glyphs(self) -> None:
        """Heat by glyphs where colour cannot carry it."""
        if self._main.is_mounted:
            self._main.heat.glyphs = self.no_color or self._themes[self.theme].glyphs
            self._main.heat.redraw()

    def action_mouse(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        driver = self._driver
        name = "_disable_mouse_support" if self._mouse_on else "_enable_mouse_support"
        switch = getattr(driver, name, None)
        if switch is None:
            return
        switch()
        self._mouse_on = not self._mouse_on
        self.notify("mouse on" if self._mouse_on else "mouse off: the terminal selects text", markup=False, timeout=2)


def terminal_problem() -> str:
    """Why no screen can be shown here, in one line; empty when it can."""
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return "this terminal cannot show a screen (TERM is unset or dumb): use 'scantui report'"
    if sys.__stdin__ is None or sys.__stderr__ is None or not (sys.__stdin__.isatty() and sys.__stderr__.isatty()):
        return "no terminal on standard input and error: use 'scantui report'"
    return ""


def run_app(session: SessionPort, *, theme: str | None = None, title: str = "", mouse: bool = True,
            theme_folders: Sequence[Path] = ()) -> int:  # fmt: skip
    """Run the monitor until it is quit. Exit status: 0, 2 when it cannot start, 128 + n after signal n."""
    problem = terminal_problem()
    if not problem:
        try:
            app = ScantuiApp(session, theme=theme, title=title, theme_folders=theme_folders)
        except (ValueError, FileNotFoundError) as error:
            problem = str(error)
    if problem:
        sys.stderr.write(f"scantui: {problem}\n")
        return 2
    try:
        app.run(mouse=mouse)
    finally:
        app.stop_session()
    return app.return_code or 0
