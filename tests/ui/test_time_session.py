"""An analyst goes back in time over a real session: the demo's night, from the burst of its last minutes to its start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from scantui.resources import folder
from scantui.session import Session
from scantui.session.replay import Replay
from scantui.snapshot import VERDICT_NAMES
from scantui.ui.app import ScantuiApp
from scantui.ui.burst_page import BurstPage
from scantui.ui.field import Field
from scantui.ui.main_screen import MainScreen
from tests.ui.pilot import Analyst

SEED, SSH_SWEEP, NULL_SCAN = "203.0.113.7", "203.0.113.82", "203.0.113.51"


async def until(a: Analyst, holds: Callable[[], bool]) -> None:
    """Let the session work until this holds; the test's own time limit ends what never does."""
    while not holds():
        await asyncio.sleep(0.05)
        await a.settle()


async def shown(a: Analyst) -> None:
    """The moment that was asked for stands on the screen."""
    await until(a, lambda: a.main.snapshot.look.at == a.main.wish.at)
    await a.settle()


def verdict_of(a: Analyst, address: str) -> str | None:
    """What is told of a source; None when the table does not have it."""
    snapshot = a.main.snapshot
    code = snapshot.tables.addresses.code(address)
    table = snapshot.sources
    row = int(table.code.searchsorted(code))
    if row == len(table) or int(table.code[row]) != code:
        return None
    return VERDICT_NAMES[int(table.verdict[row])]


async def go_to(a: Analyst, time: str) -> None:
    await a.press("t")
    a.app.screen.query_one("#moment", Field).value = time
    await a.press("enter")
    await shown(a)


async def test_pause_go_back_to_the_burst_inspect_it_and_return() -> None:
    session = Session(Replay(sorted(folder("demo_logs").glob("*.log")), seconds=0.5))
    app = ScantuiApp(session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        a = Analyst(app, pilot, session)
        await until(a, lambda: bool(a.main.snapshot.status.inputs))
        await until(a, lambda: all(one.state == "done" for one in a.main.snapshot.status.inputs))
        await until(a, lambda: a.main.snapshot.timeline.end >= a.main.snapshot.status.now)
        everything = a.main.snapshot.status.events
        assert verdict_of(a, SEED) == "scan" and "16 ▲ bursts" in a.screen

        # Pause, and back to the last burst: the seed's scan is in the table as of then.
        await a.press("space")
        await until(a, lambda: "PAUSED" in a.screen)
        await a.press("b")
        await shown(a)
        assert a.lines[0].startswith(" IN THE PAST") and a.lines[1].startswith(" ◀◀ 03:16:24 UTC   3m35s ago")
        assert verdict_of(a, SEED) == "scan" and "SYN-FIN" in a.lines[a.line_of(f" {SEED} ")]
        later = a.main.snapshot.status.held
        assert f"{later:,} events later" in a.lines[1] and a.main.snapshot.status.events + later == everything

        # Half a second before it nothing is known of it; nothing is told that was not known yet.
        await go_to(a, "03:14:00.5")
        assert verdict_of(a, SEED) is None and f" {SEED} " not in a.screen
        await go_to(a, "01:30")
        assert verdict_of(a, NULL_SCAN) == "scan" and verdict_of(a, SSH_SWEEP) is None
        at = a.main.wish.at
        assert all(scan.flagged_at is None or scan.flagged_at <= at for scan in a.main.snapshot.scans)
        assert a.main.snapshot.sources.last.max() <= at
        heat = a.main.snapshot.heat
        assert heat.start + heat.bucket * (heat.pairs.shape[1] - 1) <= at

        # Steps go by the heatmap's columns, bursts both ways.
        await a.press("left_square_bracket")
        await shown(a)
        assert a.main.wish.at == at - heat.bucket and a.main.wish.at % heat.bucket == 0
        await a.press("b")
        await shown(a)
        assert a.lines[1].startswith(" ◀◀ 01:01:36 UTC") and verdict_of(a, NULL_SCAN) == "scan"
        await a.press("b", "b")
        await shown(a)
        assert verdict_of(a, NULL_SCAN) is None

        # It plays on by itself, and what comes is told when it comes.
        await a.press(*["greater_than_sign"] * 8, "p")
        await until(a, lambda: verdict_of(a, NULL_SCAN) == "scan")
        assert "▶ 1000×" in a.lines[1] and verdict_of(a, SEED) is None
        await a.press("p")

        # The packets of the burst, then only the seed's.
        await go_to(a, "03:14:30")
        await a.press("x")
        await until(a, lambda: isinstance(a.app.screen, BurstPage) and "packets, " in a.screen)
        assert "burst 03:14:00" in a.lines[0]
        await a.press("s")
        await until(a, lambda: f"› {SEED}   esc" in a.lines[0])
        assert "200 packets, 1 source, 200 ports of 1 host" in a.screen
        assert "stamps are whole seconds: gaps below 1 s cannot be seen" in a.screen and f"{SEED}:53 " in a.screen
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen) and a.lines[0].startswith(" IN THE PAST")

        # And back to now.
        await a.press("L")
        await shown(a)
        await until(a, lambda: not a.main.snapshot.status.paused)
        assert "LIVE" in a.lines[0] and "◀◀" not in a.screen
        assert a.main.snapshot.status.events == everything and verdict_of(a, SEED) == "scan"
