"""Driving the screen in tests, and reading what stands on it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch

from textual.pilot import Pilot

from scantui.snapshot import Snapshot
from scantui.ui.app import ScantuiApp
from scantui.ui.manners import Manners
from tests.ui.build import MemorySession, snapshot


class Analyst:
    """Presses keys, sees the screen."""

    def __init__(self, app: ScantuiApp, pilot: Pilot[int], session: MemorySession) -> None:
        self.app, self.pilot, self.session = app, pilot, session

    @property
    def main(self):
        return self.app.main

    @property
    def table(self):
        return self.main.table

    @property
    def lines(self) -> list[str]:
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def screen(self) -> str:
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def settle(self) -> None:
        """Paint what the limits on painting would delay, and let the detail that is then asked for come."""
        for wait in (0.0, 0.12, 0.0):
            await self.pilot.pause(wait)
            if self.app._later is not None:
                self.app._later.stop()
                self.app._paint()
            if self.main.is_mounted and self.main._select_timer is not None:
                self.main._select_timer.stop()
                self.main._ask_detail()
            if self.main.is_mounted and self.main.heat._later is not None:
                self.main.heat._paint()
        await self.pilot.pause()

    async def see(self, new: Snapshot) -> None:
        """A newer snapshot comes from the session."""
        self.session.publish(new)
        await self.settle()

    def line_of(self, text: str) -> int:
        """The first line with `text` in its first 60 cells: the table's part of it."""
        return next(y for y, line in enumerate(self.lines) if text in line[:60])

    def let_go(self) -> None:
        """As if the order had been held long enough."""
        self.table._let_go()


@asynccontextmanager
async def analyst(size: tuple[int, int] = (80, 24), first: Snapshot | None = None,
                  terminal: tuple[str, str] = ("xterm-256color", "truecolor"), **wishes) -> AsyncIterator[Analyst]:  # fmt: skip
    """`terminal`: TERM and COLORTERM, which say how many colours there are."""
    session = MemorySession(first or snapshot())
    whole = ("title", "theme_folders", "saved", "restoring", "settings")  # the others are manners
    manners = Manners(**{name: wish for name, wish in wishes.items() if name not in whole})
    wishes = {name: wish for name, wish in wishes.items() if name in whole}
    with patch.dict(os.environ, TERM=terminal[0], COLORTERM=terminal[1]):
        app = ScantuiApp(session, manners, **wishes)
    async with app.run_test(size=size, notifications=True) as pilot:
        someone = Analyst(app, pilot, session)
        await someone.settle()
        yield someone
