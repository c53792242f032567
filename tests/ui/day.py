"""An analyst's day as sentences: what is done, and what must then stand on the screen."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from scantui.explain.rules.ruleset import read_rules
from scantui.resources import folder
from scantui.session import Options, Session
from scantui.session.replay import Replay
from scantui.snapshot import JUDGEMENTS
from scantui.state import State
from scantui.ui.app import ScantuiApp
from scantui.ui.burst_page import BurstPage
from scantui.ui.detail.page import DetailPage
from scantui.ui.detail.tabs import Tab
from scantui.ui.dialogs import MarkDialog
from scantui.ui.export_dialog import ExportDialog
from scantui.ui.field import Field
from tests.ui.pilot import Analyst

PATIENCE = 40.0  # seconds for what must come; the whole of a loaded machine's delay


class Day:
    """Drives the real application over a real session by keys alone; every deed waits until it can be seen to be done."""

    def __init__(self, analyst: Analyst) -> None:
        self.analyst = analyst

    # What is seen

    @property
    def screen(self) -> str:
        """What stands on the screen, with single spaces."""
        return " ".join(self.analyst.screen.split())

    async def until(self, holds: Callable[[], bool], wanted: str = "") -> None:
        """Let the session work until this holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, f"never came{wanted}:\n{self.analyst.screen}"
            await asyncio.sleep(0.05)
            await self.analyst.settle()

    async def sees(self, *texts: str) -> None:
        for text in texts:
            await self.until(lambda text=text: text in self.screen, f" {text!r}")  # type: ignore[misc]

    def sees_no(self, *texts: str) -> None:
        assert not [text for text in texts if text in self.screen]

    def line(self, text: str) -> str:
        return self.analyst.lines[self.analyst.line_of(text)]

    def has_colours(self) -> bool:
        """Whether any cell has a hue; greys have none."""
        inks = {ink.get_truecolor() for strip in self.analyst.app.screen._compositor.render_strips() for segment in strip
                if segment.style is not None for ink in (segment.style.color, segment.style.bgcolor) if ink is not None}  # fmt: skip
        return any(max(ink) - min(ink) > 3 for ink in inks)

    # The log and its time

    async def replays(self) -> None:
        """All of the log is read, and judged."""
        main = self.analyst.main
        await self.until(lambda: bool(main.snapshot.status.inputs))
        await self.until(lambda: all(one.state == "done" for one in main.snapshot.status.inputs))
        await self.until(
            lambda: main.snapshot.timeline is not None and main.snapshot.timeline.end >= main.snapshot.status.now
        )

    async def pauses(self) -> None:
        await self.analyst.press("space")
        await self.sees("PAUSED")

    async def rewinds_to_the_burst(self) -> None:
        await self.analyst.press("b")
        await self._arrives()

    async def goes_to(self, moment: str) -> None:
        await self.analyst.press("t")
        self.analyst.app.screen.query_one("#moment", Field).value = moment
        await self.analyst.press("enter")
        await self._arrives()

    async def returns_to_now(self) -> None:
        await self.analyst.press("L")
        await self._arrives()
        await self.sees("LIVE")

    async def _arrives(self) -> None:
        main = self.analyst.main
        await self.until(lambda: main.snapshot.look.at == main.wish.at)

    # The burst

    async def opens_the_burst(self) -> None:
        await self.analyst.press("x")
        await self.until(lambda: isinstance(self.analyst.app.screen, BurstPage) and " packets, " in self.screen)

    async def keeps_one_source_of_it(self) -> None:
        await self.analyst.press("s")
        await self.sees(", 1 source,")

    # The source

    async def picks(self, address: str) -> None:
        table = self.analyst.main.table
        code = self.analyst.main.snapshot.tables.addresses.code(address)
        table.move_to(table.codes.tolist().index(code))
        await self.analyst.settle()
        assert table.cursor == code

    async def opens_it(self) -> None:
        await self.analyst.press("enter")
        await self.until(lambda: self.analyst.main.detail.detail is not None)

    async def reads(self, tab: Tab) -> None:
        """The tab over the full screen."""
        await self.analyst.press(str(tab.number + 1))
        if not isinstance(self.analyst.app.screen, DetailPage):
            await self.analyst.press("enter")
        page = self.analyst.app.screen
        assert isinstance(page, DetailPage)
        await self.until(lambda: page.pane.tab is tab and page.pane.detail is not None)

    async def scrolls_to(self, text: str) -> None:
        """Page by page; the end of the page ends it."""
        while text not in self.screen:
            before = self.screen
            await self.analyst.press("pagedown")
            assert self.screen != before, f"{text!r} is nowhere:\n{self.analyst.screen}"

    async def goes_up(self) -> None:
        await self.analyst.press("escape")

    # What is done about it

    async def judges(self, verdict: str, note: str) -> None:
        await self.analyst.press("M")
        assert isinstance(self.analyst.app.screen, MarkDialog)
        await self.analyst.press(*["tab"] * JUDGEMENTS.index(verdict), *note, "enter")
        await self.sees(f"marked {verdict}: {note}")

    async def exports(self, kind: str, path: Path) -> None:
        """What was marked."""
        await self.analyst.press("e")
        dialog = self.analyst.app.screen
        assert isinstance(dialog, ExportDialog)
        while f"[{kind}]" not in self.screen:
            await self.analyst.press("tab")
        await self.sees("[marked (1)]")
        dialog.query_one("#path", Field).value = str(path)
        await self.analyst.press("enter")
        told = self.analyst.app._notifications
        await self.until(lambda: path.exists() and any(path.name in notice.message for notice in told), f" {path.name}")


@asynccontextmanager
async def day(logs: list[str], size: tuple[int, int], *, rules: str = "", state: Path | None = None,
              colour: bool = True) -> AsyncIterator[Day]:  # fmt: skip
    """A day with these of the demo's logs (all when there are none named); `rules` as a rule file's text."""
    files = sorted(folder("demo_logs") / name for name in logs) or sorted(folder("demo_logs").glob("*.log"))
    options = Options(rules=read_rules([("local.rules", rules)]) if rules else None)
    session = Session(Replay(files, seconds=0.5), options, State(state) if state is not None else None)
    environment = {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | ({} if colour else {"NO_COLOR": "1"})
    with patch.dict(os.environ, environment):
        app = ScantuiApp(session)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Day(Analyst(app, pilot, session))
