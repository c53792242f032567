"""The application: terminal manners, and the newest snapshot to whatever screen is on top."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import SuspendNotSupported
from textual.binding import BindingType
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.timer import Timer

from scantui.snapshot import Snapshot
from scantui.state.directory import reason
from scantui.ui.actions import Action, Place, bindings
from scantui.ui.calls import answers, call
from scantui.ui.dump import dump, leave, on_screen
from scantui.ui.heat_ink import ink_for
from scantui.ui.keymap import resolve
from scantui.ui.live_settings import KEYS, OF_APP, Change, LiveSettings
from scantui.ui.main_screen import SMALLEST, MainScreen
from scantui.ui.manners import Manners
from scantui.ui.news import News
from scantui.ui.pages import HelpPage, Page
from scantui.ui.palette import Palette
from scantui.ui.port import KeptScreen, SavedFilters, SessionPort
from scantui.ui.put import PUT
from scantui.ui.restoring import Restoring
from scantui.ui.signals import leave_on_signals
from scantui.ui.terminal import driver_for, is_behind, terminal_problem
from scantui.ui.text import plain
from scantui.ui.theme_folder import changes
from scantui.ui.themed import Themed
from scantui.ui.themes import load_themes

CRASHED = 1  # Textual's status after an exception
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
                 theme_folders: Sequence[Path] = (), saved: SavedFilters | None = None,
                 restoring: Restoring | None = None, settings: LiveSettings | None = None) -> None:  # fmt: skip
        """`theme_folders`: the user's, watched while it runs, as the file of `settings` is; `saved`: where filters are kept;
        `restoring`: how the screen was left, and is now.

        Raises ValueError when there is no theme of that name, or keys cannot be."""
        self.session = session
        self.restoring = restoring
        self._settings = settings
        manners = manners if restoring is None else restoring.manners(manners)
        self.manners = manners
        self.keymap = resolve(manners.keys)
        super().__init__(manners.theme, theme_folders)
        self.driver_class = driver_for(self.driver_class, manners)
        self.animation_level = "none"
        self.main = MainScreen(session, title, manners)
        if saved is not None:
            self.main.saved = saved
        self._news = News(manners)
        self._painted_at = -manners.paint_seconds
        self._later: Timer | None = None
        self._telling: Timer | None = None
        self.mouse_on = manners.mouse
        self.last_picture: list[str] = []  # to be left on the terminal
        self._announced = False
        self._stopped = False

    async def on_mount(self) -> None:
        leave_on_signals(self)
        self.set_keymap(dict(self.keymap.changed))
        self.theme_changed_signal.subscribe(self, lambda _: self._ink())
        self.app_resume_signal.subscribe(self, lambda _: self._news.forget_title())
        self.session.subscribe(self._newer)
        await self.push_screen(self.main)
        if self.restoring is not None:
            self.restoring.begin(self)
        self.session.start()
        self.call_after_refresh(self._ink)
        self.watch_themes()
        if self._settings is not None and self._settings.folder is not None:
            self._follow_settings(self._settings, self._settings.folder)

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
        if self.main.is_mounted:
            loaded = self.loaded_theme
            self.main.heat.ink = ink_for(
                self.heat_ramp,
                self.console.color_system,
                ansi=loaded.theme.ansi,
                glyphs=loaded.glyphs,
                no_color=self.no_color,
            )
            self.main.heat.redraw()

    # Settings that change while it runs

    @work(exclusive=True, group="settings", exit_on_error=False)
    async def _follow_settings(self, settings: LiveSettings, folder: Path) -> None:
        async for _ in changes([folder]):
            change = settings.change(self.theme_names)
            if change is not None:
                self._put(change)

    def _put(self, change: Change) -> None:
        """Put changed settings in force, and tell."""
        manners = change.manners
        wanted = {name: getattr(manners, name) for name in OF_APP if f"monitor.{name}" in change.keys}
        self.manners = replace(self.manners, **wanted)
        self._news.manners = self.manners
        if "theme" in wanted:
            self.theme = self.theme_for(manners.theme)
        if "mouse" in wanted and manners.mouse != self.mouse_on:
            self.action_mouse()
        if KEYS in change.keys:
            self.keymap = resolve(manners.keys)
            self.set_keymap(dict(self.keymap.changed))
            self.main.show_keys()
        for put in dict.fromkeys(PUT[key] for key in sorted(change.keys & PUT.keys())):
            put(self.main, manners)
        if self.restoring is not None and change.keys:
            self.restoring.configured(self, manners)
        for line in change.lines:
            severity: SeverityLevel = "warning" if change.wrong else "information"
            self.notify(plain(line, 300), markup=False, severity=severity, timeout=10)

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
        if not self.mouse_on:  # what resumes takes it back
            self._switch_mouse("_disable_mouse_support")

    def action_quit_showing(self) -> None:
        """Quit, and leave the screen as it stands on the terminal."""
        self.last_picture = on_screen(self.screen)
        self.exit()

    def action_mouse(self) -> None:
        """Give the mouse to the terminal, or take it back."""
        if not self._switch_mouse("_disable_mouse_support" if self.mouse_on else "_enable_mouse_support"):
            return
        self.mouse_on = not self.mouse_on
        self.notify("mouse on" if self.mouse_on else "mouse off: the terminal selects text", markup=False, timeout=2)

    def _switch_mouse(self, name: str) -> bool:
        switch = getattr(self._driver, name, None)
        if switch is not None:
            switch()
        return switch is not None


def run_app(session: SessionPort, manners: Manners = _STANDARD, *, title: str = "", theme_folders: Sequence[Path] = (),
            saved: SavedFilters | None = None, kept: KeptScreen | None = None, inputs: Sequence[str] = (),
            settings: LiveSettings | None = None) -> int:  # fmt: skip
    """Run the monitor until it is quit. `kept`: where it is kept how the screen was left, while `inputs` were watched;
    `settings`: the file of them, which is watched.

    Exit status: 0, 2 when it cannot start, 128 + n after signal n."""
    problem = terminal_problem()
    if not problem:
        restoring = None if kept is None else Restoring(kept, inputs, lambda: load_themes(theme_folders)[0], manners)
        try:
            app = ScantuiApp(session, manners, title=title, theme_folders=theme_folders, saved=saved, restoring=restoring,
                             settings=settings)  # fmt: skip
        except (ValueError, FileNotFoundError) as error:
            problem = str(error)
    if problem:
        sys.stderr.write(f"scantui: {problem}\n")
        return 2
    try:
        app.run(mouse=app.manners.mouse)
    finally:
        app.stop_session()
    status = app.return_code or 0
    if app.last_picture and status == 0:
        with suppress(OSError):
            leave(app.last_picture, ascii_only=manners.ascii)
    if restoring is not None and status != CRASHED:
        try:
            restoring.keep(app)
        except OSError as error:
            sys.stderr.write(f"scantui: how the screen was left is not kept: {reason(error)}\n")
    return status
