"""The heatmap over a real session: the demo's night, its burst found by the cursor, opened, and one source's shape."""

from __future__ import annotations

from scantui.resources import folder
from scantui.session import Session
from scantui.session.replay import Replay
from scantui.ui.app import ScantuiApp
from scantui.ui.burst_page import BurstPage
from scantui.ui.main_screen import MainScreen
from scantui.ui.text import SECOND
from tests.ui.pilot import Analyst
from tests.ui.test_heat_keys import heat_lines, readout
from tests.ui.test_time_session import SEED, SSH_SWEEP, until


async def answered(a: Analyst) -> None:
    """What is wished for stands on the screen."""
    await until(a, lambda: a.main.snapshot.look == a.main.wish)
    await a.settle()


async def test_from_the_night_to_the_burst_to_its_ports_and_to_its_source() -> None:
    session = Session(Replay(sorted(folder("demo_logs").glob("*.log")), seconds=0.5))
    app = ScantuiApp(session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        a = Analyst(app, pilot, session)
        await until(a, lambda: bool(a.main.snapshot.status.inputs))
        await until(a, lambda: all(one.state == "done" for one in a.main.snapshot.status.inputs))

        # The seed alone: its burst is the only thing left, in one column.
        code = a.main.snapshot.tables.addresses.code(SEED)
        await until(a, lambda: code in a.table.codes)
        a.table.move_to(a.table.codes.tolist().index(code))
        await a.press("f")
        await answered(a)
        await a.press("tab")
        await answered(a)
        assert f"only {SEED}, peak 200" in heat_lines(a)[0]
        pairs = a.main.snapshot.heat.pairs
        assert pairs.sum() == 200 and (pairs.sum(axis=0) > 0).sum() == 1

        # Zoomed in step by step the cursor stays on the burst; what it reads out is what the session counts.
        while a.main.snapshot.heat.bucket > SECOND:
            await a.press("plus")
            await answered(a)
        assert a.main.snapshot.heat.pairs.sum() == 200
        await until(a, lambda: a.main.wish.cell == a.main.heat.ports.cell())
        await answered(a)
        cell = a.main.snapshot.cell
        assert cell.pairs == cell.packets > 10 and cell.sources == 1
        assert f" · 03:14:01-03:14:02 · {cell.pairs} pairs, {cell.packets} packets" in readout(a)

        # A range opens to its ports; the counts stay the same.
        wish, inside = cell.wish, cell.pairs
        await a.press("o")
        await answered(a)
        heat = a.main.snapshot.heat
        assert heat.low[0] == wish.low and heat.high[-1] == wish.high
        assert inside <= heat.pairs.sum() <= inside + 24  # watched ports of the range are among them now
        await a.press("escape")
        await answered(a)
        assert a.main.wish.heat.low == 0 and a.main.heat.ports.cell() == wish

        # Its packets.
        await a.press("enter")
        await until(a, lambda: a.main.snapshot.burst is not None or a.app.screen.snapshot.burst is not None)
        assert isinstance(a.app.screen, BurstPage)
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen)

        # Its shape, in words; then the sweep's: one port.
        await a.press("v", "v")
        await answered(a)
        assert "200 ports within 0-64895, in 31 of 32" in a.screen
        await a.press("shift+tab")
        code = a.main.snapshot.tables.addresses.code(SSH_SWEEP)
        a.table.move_to(a.table.codes.tolist().index(code))
        await until(a, lambda: a.main.wish.heat.source == code)
        await answered(a)
        assert "1 port within 0-63, in 1 of 32" in a.screen


async def test_every_cell_of_the_matrix_is_what_the_session_counts() -> None:
    session = Session(Replay(sorted(folder("demo_logs").glob("*.log")), seconds=0.5))
    app = ScantuiApp(session)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        a = Analyst(app, pilot, session)
        await until(a, lambda: bool(a.main.snapshot.status.inputs))
        await until(a, lambda: all(one.state == "done" for one in a.main.snapshot.status.inputs))
        await a.press("v", "tab")
        await answered(a)
        matrix, sources = a.main.snapshot.matrix, a.main.snapshot.sources
        rows = sources.code.searchsorted(matrix.codes)
        assert (matrix.ports.sum(axis=1) - (matrix.low == -1) @ matrix.ports.T == sources.ports[rows]).all()
        await a.press("down", "end", "left")
        await until(a, lambda: a.main.wish.cell is not None and a.main.wish.cell == a.main.heat.matrix.cell())
        await answered(a)
        cell = a.main.snapshot.cell
        column = int((matrix.low == cell.wish.low).argmax())
        assert cell.wish.source == int(matrix.codes[1]) and cell.pairs == matrix.ports[1, column]
