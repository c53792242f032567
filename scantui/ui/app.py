"""The application: terminal manners, and the newest snapshot to whatever screen is on top."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer

from scantui.snapshot import Snapshot
from scantui.ui.actions import Action, Place, bindings
from scantui.ui.calls import answers, call
from scantui.ui.dump import dump, on_screen
from scantui.ui.heat_ink import ink_for
from scantui.ui.keymap import resolve
from scantui.ui.main_screen import SMALLEST, MainScreen
from scantui.ui.manners import Manners
from scantui.ui.news import News
from scantui.ui.pages import HelpPage, Page
from scantui.ui.palette import Palette
from scantui.ui.port import SavedFilters, SessionPort
from scantui.ui.signals import leave_on_signals
from scantui.ui.terminal import driver_for, is_behind, terminal_problem
from scantui.ui.themed import Themed

BEHIND_SECONDS = 0.1  # until a terminal that does not keep up is looked at again
_STANDARD = Manners()
# Screen classes from this many columns and lines on; app.tcss says what they mean.
WIDTHS = [(0, "-tiny"), (SMALLEST[0], "-narrow"), (112, "-wide"), (170, "-huge")]
HEIGHTS = [(0, "-flat"), (SMALLEST[1], "-low"), (30, "-tall")]


class SnapshotReady(Message):
    """A newer snapshot is there to be fetched; any number of these are one."""

    def can_replace(self, message: Message) -> bool:
        """Textual asks this of messages that wait one behind the other."""
        return isinstance(message, SnapshotReady)


class ScantuiApp(Themed):
    """The monitor. The session works in its own thread; this one only paints what `latest` gives."""

    CSS_PATH = "app.tcss"
    TITLE = "scantui"
    ENABLE_COMMAND_PALETTE = False  # Textual's; ours is palette.py
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.APP)]
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, session: SessionPort, manners: Manners = _STANDARD, *, title: str = "",
                 theme_folders: Sequence[Path] = (), saved: SavedFilters | None = None) -> None:  # fmt: skip
        """`theme_folders`: the user's, watched while it runs; `saved`: where filters are kept.

        Raises ValueError when there is no theme of that name, or keys cannot be."""
        self.session = session
        self.manners = manners
        self.keymap = resolve(manners.keys)
        super().__init__(manners.theme, theme_folders)
        self.driver_class = driver_for(self.driver_class, manners)
        self.animation_level = "none"
        self._main = MainScreen(session, title, manners)
        if saved is not None:
            self._main.saved = saved
        self._news = News(manners)
        self._painted_at = -manners.paint_seconds
        self._later: Timer | None = None
        self._telling: Timer | None = None
        self._mouse_on = manners.mouse
        self._announced = False
        self._stopped = False

    def on_mount(self) -> None:
        leave_on_signals(self)
        self.set_keymap(dict(self.keymap.changed))
        self.theme_changed_signal.subscribe(self, lambda _: self._ink())
        self.app_resume_signal.subscribe(self, lambda _: self._news.forget_title())
        self.push_screen(self._main)
        self.session.subscribe(self._newer)
        self.session.start()
        self.call_after_refresh(self._ink)
        self.watch_themes()

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
        wait = self._painted_at + self.manners.paint_seconds - time.monotonic()
        if wait <= 0:
            self._paint()
        elif self._later is None:
            self._later = self.set_timer(wait, self._paint)

    def _paint(self) -> None:
        """Paint the newest; not while the terminal has still to take what it was sent before."""
        if is_behind(self._driver):
            self._later = self.set_timer(BEHIND_SECONDS, self._paint)
            return
        self._later = None
        self._painted_at = time.monotonic()
        snapshot: Snapshot = self.session.latest()
        stack = self.screen_stack  # empty while the application is leaving
        if stack and isinstance(stack[-1], MainScreen | Page):
            stack[-1].show(snapshot)
        self._tell_news()

    def _tell_news(self) -> None:
        """Title, bell and notification, as far as they are wished for."""
        self._telling = None
        sent, later = self._news.of(self.session.latest(), time.monotonic())
        if sent and self._driver is not None:
            self._driver.write(sent)
        if later is not None and self._telling is None:
            self._telling = self.set_timer(later, self._tell_news)

    def _ink(self) -> None:
        """Heat by glyphs where colour cannot carry it."""
        if self._main.is_mounted:
            loaded = self.loaded_theme
            self._main.heat.ink = ink_for(
                self.heat_ramp,
                self.console.color_system,
                ansi=loaded.theme.ansi,
                glyphs=loaded.glyphs,
                no_color=self.no_color,
            )
            self._main.heat.redraw()

    # Actions (see actions.py)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpPage):
            self.push_screen(HelpPage(self.session.latest(), self.keymap.actions))

    def action_palette(self) -> None:
        """What can be done on this screen, found by words."""
        below = self.screen
        if isinstance(below, MainScreen | Page):
            offered = [a for a in self.keymap.actions if a.id != "app.palette" and answers(below, a) is not None]
            self.push_screen(Palette(offered), self._palette_chosen)

    def _palette_chosen(self, action: Action | None) -> None:
        if action is not None:
            self.call_later(call, self.screen, action)

    def action_dump(self) -> None:
        """The page that is on top, whole, on the terminal's normal screen."""
        screen = self.screen
        if isinstance(screen, MainScreen | Page):
            title, lines = screen.dump()
        else:
            title, lines = self.TITLE, on_screen(screen)
        try:
            dump(self, f"scantui  {title.strip()}", lines, ascii_only=self.manners.ascii)
        except SuspendNotSupported as error:
            self.notify(str(error), markup=False, severity="warning")
        if not self._mouse_on:  # what resumes takes it back
            self._switch_mouse("_disable_mouse_support")

    def action_mouse(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        if not self._switch_mouse("_disable_mouse_support" if self._mouse_on else "_enable_mouse_support"):
            return
        self._mouse_on = not self._mouse_on
        self.notify("mouse on" if self._mouse_on else "mouse off: the terminal selects text", markup=False, timeout=2)

    def _switch_mouse(self, name: str) -> bool:
        switch = getattr(self._driver, name, None)
        if switch is not None:
            switch()
        return switch is not None


def run_app(session: SessionPort, manners: Manners = _STANDARD, *, title: str = "", theme_folders: Sequence[Path] = (),
            saved: SavedFilters | None = None) -> int:  # fmt: skip
    """Run the monitor until it is quit. Exit status: 0, 2 when it cannot start, 128 + n after signal n."""
    problem = terminal_problem()
    if not problem:
        try:
            app = ScantuiApp(session, manners, title=title, theme_folders=theme_folders, saved=saved)
        except (ValueError, FileNotFoundError) as error:
            problem = str(error)
    if problem:
        sys.stderr.write(f"scantui: {problem}\n")
        return 2
    try:
        app.run(mouse=manners.mouse)
    finally:
        app.stop_session()
    return app.return_code or 0
