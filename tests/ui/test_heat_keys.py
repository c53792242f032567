"""The heatmap's place by keys and mouse: cursor, zoom, pan, ranges, one source, views, sweep, ink."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from scantui.looks import BurstWish, CellWish, HeatWish
from scantui.snapshot import HEAT_BUCKETS
from scantui.ui.burst_page import BurstPage
from scantui.ui.heat_ink import Ink
from scantui.ui.heat_view import LABEL
from scantui.ui.main_screen import MainScreen
from tests.ui.answers import heat_of
from tests.ui.build import NOW, SECOND, heat, snapshot
from tests.ui.pilot import Analyst, analyst


def heat_lines(a: Analyst) -> list[str]:
    region = a.main.heat.region
    return [line[region.x : region.right] for line in a.lines[region.y : region.bottom]]


def readout(a: Analyst) -> str:
    return heat_lines(a)[-1].strip()


def wished(a: Analyst) -> HeatWish:
    return a.main.wish.heat


async def rest(a: Analyst) -> None:
    """The cursor rests until its cell is asked for and answered."""
    await a.pilot.pause(0.15)
    await a.settle()


async def test_the_cursor_starts_on_the_hottest_cell_and_reads_it_out() -> None:
    async with analyst((120, 40)) as a:
        assert "┼" not in a.screen and "▲" not in heat_lines(a)[-1]
        await a.press("tab")
        await rest(a)
        start = NOW // (5 * SECOND) * 5 * SECOND - 10 * 5 * SECOND
        assert a.main.wish.cell == CellWish(32768, 49151, start, start + 5 * SECOND)
        assert readout(a).startswith("32768-49151 · 03:13:20-03:13:25 · 90 pairs, 90 packets · 5.0.0.0 (8), 5.0.82.9")
        row = next(line for line in heat_lines(a) if "┼" in line)
        assert row.startswith("32768-49151 ") and heat_lines(a)[-2][row.index("┼")] == "▲"
        await a.press("shift+tab")
        await rest(a)
        assert "┼" not in a.screen and a.main.wish.cell is None


async def test_the_cell_is_asked_for_only_when_the_cursor_rests() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        await rest(a)
        before = len(a.session.calls)
        for key in ("h", "h", "h", "j"):
            await a.pilot.press(key)
        await rest(a)
        looks = [call for call in a.session.calls[before:] if call[0] == "look"]
        assert len(looks) == 1 and looks[0][1].cell == a.main.heat.ports.cell()


async def test_the_cursor_stays_on_its_time_and_ports_while_columns_scroll() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "h", "k")
        spot, row = a.main.heat.ports.spot, next(line for line in heat_lines(a) if "┼" in line)
        x = row.index("┼")
        await a.see(replace(a.session.now, seq=2, heat=heat(shift=3)))
        moved = next(line for line in heat_lines(a) if "┼" in line)
        assert a.main.heat.ports.spot == spot and moved.index("┼") == x - 3 and moved[:LABEL] == row[:LABEL]


async def test_columns_stand_still_rather_than_leave_the_cursor_behind() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        for _ in range(57):
            await a.pilot.press("left")
        await a.settle()
        spot = a.main.heat.ports.spot
        await a.see(replace(a.session.now, seq=2, heat=heat(shift=4)))
        assert a.main.heat.ports.spot == spot and wished(a).until is not None
        assert next(line for line in heat_lines(a) if "┼" in line).index("┼") == LABEL
        assert "(end: newest)" in heat_lines(a)[0]
        await a.press("shift+tab")
        assert wished(a).until is None and "(end: newest)" not in heat_lines(a)[0]


async def test_past_the_left_edge_the_columns_follow_and_end_returns() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "shift+left", "shift+left")
        until = wished(a).until
        assert until is not None and until < NOW and a.session.now.look.heat.until == until
        spot = a.main.heat.ports.spot
        assert "┼" in a.screen and a.main.heat.ports.cell().since // (5 * SECOND) == spot.at // (5 * SECOND)
        await a.press("shift+right", "shift+right")
        assert "┼" in a.screen
        await a.press("end")
        assert wished(a).until is None
        assert a.main.heat.ports.cell().until == (NOW // (5 * SECOND) + 1) * 5 * SECOND
        await a.press("l", "l")
        assert wished(a).until is None


async def test_home_is_the_oldest_event() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "home")
        first = a.session.now.status.first
        cell = a.main.heat.ports.cell()
        assert cell.since <= first < cell.until
        assert next(line for line in heat_lines(a) if "┼" in line).index("┼") == LABEL
        await a.press("left", "shift+left")
        assert a.main.heat.ports.cell() == cell


async def test_zoom_goes_through_all_widths_and_keeps_the_moment() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "shift+left")
        for key, bound in (("plus", HEAT_BUCKETS[0]), ("minus", HEAT_BUCKETS[-1]), ("plus", HEAT_BUCKETS[0])):
            for _ in range(len(HEAT_BUCKETS)):
                before = a.main.heat.ports.cell()
                await a.press(key)
                cell = a.main.heat.ports.cell()
                # Widths that do not divide each other share at least a moment.
                assert cell.since < before.until and before.since < cell.until and "┼" in a.screen
                assert cell.until - cell.since == a.session.now.heat.bucket == wished(a).bucket
            assert wished(a).bucket == bound


async def test_zoom_from_another_pane_stays_at_the_newest() -> None:
    async with analyst((120, 40)) as a:
        await a.press("plus")
        assert wished(a) == HeatWish(bucket=2 * SECOND) and "ports × 2 s" in a.screen


async def test_a_range_opens_to_its_ports_and_esc_goes_back() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        spot = a.main.heat.ports.spot
        await a.press("o")
        assert (wished(a).low, wished(a).high) == (32768, 49151)
        assert "ports 32768-49151 × 5 s" in heat_lines(a)[0]
        assert any(line.startswith("32768-33279") for line in heat_lines(a))
        inner = a.main.heat.ports.spot
        assert inner.at == spot.at and 32768 <= inner.low <= inner.high <= 49151
        await a.press("o")
        assert (wished(a).low, wished(a).high) == (inner.low, inner.high)
        await a.press("escape")
        assert a.main.heat.ports.spot == inner and a.app.focused is a.main.heat
        await a.press("escape")
        assert (wished(a).low, wished(a).high) == (0, 65_535) and a.main.heat.ports.spot == spot
        await a.press("escape")
        assert a.app.focused is a.table


async def test_one_port_does_not_open() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "k", "k", "k", "k", "k", "k")
        assert a.main.heat.ports.spot.low == a.main.heat.ports.spot.high
        before = wished(a)
        await a.press("o")
        assert wished(a) == before and "nothing to open" in a.screen


async def test_enter_and_a_second_click_show_the_packets_of_the_cell() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "enter")
        start = NOW // (5 * SECOND) * 5 * SECOND - 10 * 5 * SECOND
        assert isinstance(a.app.screen, BurstPage)
        assert a.main.wish.burst == BurstWish(start, start + 5 * SECOND, None, 32768, 49151)
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen)
        await a.pilot.click(a.main.heat, offset=(LABEL + 4, 3))
        await a.settle()
        assert isinstance(a.app.screen, MainScreen) and a.main.heat.ports.spot.low == 22
        cell = a.main.heat.ports.cell()
        await a.pilot.click(a.main.heat, offset=(LABEL + 4, 3))
        await a.settle()
        assert isinstance(a.app.screen, BurstPage)
        assert a.main.wish.burst == BurstWish(cell.since, cell.until, None, 22, 22)


@pytest.mark.parametrize("offset", [(2, 3), (LABEL + 3, 0), (LABEL + 3, 1), (LABEL + 3, 15)])
async def test_a_click_beside_the_cells_only_takes_the_focus(offset: tuple[int, int]) -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        spot = a.main.heat.ports.spot
        await a.pilot.click(a.main.heat, offset=offset)
        await a.pilot.click(a.main.heat, offset=offset)
        await a.settle()
        assert a.main.heat.ports.spot == spot and isinstance(a.app.screen, MainScreen)


async def test_rows_scroll_past_the_chosen_ones_and_g_chooses_again() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        labels = [line[:LABEL] for line in heat_lines(a)[2:-2]]
        await a.press("down", "down")
        assert "49152-65535 ·" not in readout(a) and readout(a).startswith("no port")
        assert [line[:LABEL] for line in heat_lines(a)[2:-2]] != labels and "┼" in a.screen
        await a.press("pageup", "pageup", "pageup")
        assert readout(a).startswith("21 ftp") and "┼" in a.screen
        await a.press("g")
        assert any(line.startswith("49152-65535") for line in heat_lines(a))


async def test_only_the_source_under_the_cursor() -> None:
    async with analyst((120, 40)) as a:
        first = a.table.cursor
        await a.press("f")
        assert wished(a).source == first and f"only {a.session.now.address(first)}" in heat_lines(a)[0]
        await a.press("down")
        await rest(a)
        assert wished(a).source == a.table.cursor != first
        assert f"only {a.session.now.address(a.table.cursor)}" in heat_lines(a)[0]
        await a.press("tab")
        await rest(a)
        assert a.main.wish.cell.source == a.table.cursor
        await a.press("f")
        assert wished(a).source is None and "only" not in heat_lines(a)[0]


async def test_the_views_take_turns_and_only_the_one_shown_is_asked_for() -> None:
    async with analyst((120, 40)) as a:
        seen = []
        for _ in range(4):
            seen.append((heat_lines(a)[0].split(",")[0].strip(), a.main.wish.matrix, a.main.wish.mapped))
            await a.press("v")
        assert [(title[:12], matrix, mapped) for title, matrix, mapped in seen] == [
            ("ports × 5 s", False, False), ("sources × po", True, False), ("port space", False, True),
            ("ports × 5 s", False, False)]  # fmt: skip


async def test_the_matrix_by_cursor() -> None:
    async with analyst((120, 40)) as a:
        await a.press("v", "tab", "down", "down", "right", "right")
        matrix = a.session.now.matrix
        code = int(matrix.codes[2])
        assert readout(a).startswith(f"{a.session.now.address(code)} · 23 telnet · 2 ports")
        await rest(a)
        cell = a.main.wish.cell
        assert (cell.low, cell.high, cell.source) == (23, 23, code) and "10 packets" in readout(a)
        for _ in range(20):
            await a.press("down")
        assert a.session.now.address(int(matrix.codes[22])) in readout(a) and "┼" in a.screen
        await a.press("end")
        assert "no port" in readout(a)
        for _ in range(7):
            await a.press("left")
        await a.press("o")
        assert (wished(a).low, wished(a).high) == (0, 1023) and wished(a).source == int(matrix.codes[22])
        assert heat_lines(a)[0].strip().startswith("ports 0-1023 ×")
        await a.press("escape")
        assert wished(a) == HeatWish() and "sources × ports" in heat_lines(a)[0] and "┼" in a.screen


async def test_the_map_by_cursor_in_words_and_for_one_source() -> None:
    async with analyst((120, 40)) as a:
        await a.press("v", "v", "tab")
        assert "all sources" in a.screen and "in 32 of 32" in a.screen
        assert readout(a).startswith("ports 0-63 · 64 of 64 met, 128 packets")
        await a.press("right")
        assert readout(a).startswith("ports 192-255 ·") or readout(a).startswith("ports 64-127 ·")
        await a.press("f")
        assert "147 ports within" in a.screen and f"only {a.session.now.address(a.table.cursor)}" in heat_lines(a)[0]
        await a.press("enter")
        assert isinstance(a.app.screen, BurstPage)
        burst = a.main.wish.burst
        assert burst.source == a.table.cursor and burst.high - burst.low == 63
        assert burst.since == a.session.now.status.first and burst.until == NOW + 1


async def click_twice(pilot: Pilot[int], a: Analyst, offset: tuple[int, int]) -> None:
    for _ in range(2):
        await pilot.click(a.main.heat, offset=offset)
        await a.settle()


async def test_the_mouse_works_in_every_view() -> None:
    async with analyst((120, 40)) as a:
        await a.press("v")
        await click_twice(a.pilot, a, (22, 5))
        assert isinstance(a.app.screen, BurstPage) and a.main.wish.burst.source == int(a.session.now.matrix.codes[2])
        await a.press("escape", "v")
        await click_twice(a.pilot, a, (1, 2))
        assert isinstance(a.app.screen, BurstPage) and a.main.wish.burst.low == 14 * 64


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 30), (200, 60)])
@pytest.mark.parametrize("views", [0, 1, 2])
async def test_every_view_fits_every_size(size: tuple[int, int], views: int) -> None:
    async with analyst(size) as a:
        await a.press("tab", *["v"] * views)
        for _ in range(2):
            await a.press("end", "down", "right", "pagedown", "home", "g")
        lines = heat_lines(a)
        assert len(lines) == a.main.heat.size.height and readout(a)
        assert any(sign in "\n".join(lines) for sign in "┼▀▄")


async def test_a_sweep_writes_in_place() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "w")
        assert ", sweep" in heat_lines(a)[0] and "▏" in heat_lines(a)[1]
        await a.press("shift+tab")
        before = heat_lines(a)
        await a.see(replace(a.session.now, seq=2, heat=heat_of(heat(), NOW, HeatWish())))
        await a.see(replace(a.session.now, seq=3, heat=replace(heat(shift=1), names=a.session.now.heat.names)))
        await a.see(replace(a.session.now, seq=4, heat=heat(shift=0)))
        assert heat_lines(a) == before
        await a.see(replace(a.session.now, seq=5, heat=heat(shift=1)))
        gap = before[1].index("▏")
        changed = {x for old, new in zip(before[2:-1], heat_lines(a)[2:-1], strict=True)
                   for x, (b, c) in enumerate(zip(old, new, strict=True)) if b != c}  # fmt: skip
        assert changed <= {gap, gap + 1, LABEL, LABEL + 1}


@pytest.mark.parametrize(("terminal", "theme", "ink"), [
    (("xterm-256color", "truecolor"), "dark", Ink.COLOUR), (("xterm-256color", ""), "light", Ink.COLOUR),
    (("xterm", ""), "dark", Ink.MONO), (("xterm", ""), "ansi", Ink.SIXTEEN),
])  # fmt: skip
async def test_the_ink_follows_terminal_and_theme(terminal: tuple[str, str], theme: str, ink: Ink) -> None:
    async with analyst((80, 24), terminal=terminal, theme=theme) as a:
        await a.press("tab")
        assert a.main.heat.ink is ink
        assert any(glyph in "\n".join(heat_lines(a)) for glyph in "░▒▓") == (ink is not Ink.COLOUR)


async def test_a_slow_link_starts_with_a_sweep() -> None:
    async with analyst((120, 40), low_bandwidth=True) as a:
        assert ", sweep" in heat_lines(a)[0]
        await a.press("tab", "w")
        assert ", sweep" not in heat_lines(a)[0]


async def test_without_sources_every_view_says_so() -> None:
    async with analyst((120, 40), snapshot(0)) as a:
        await a.see(replace(a.session.now, seq=2, heat=heat(0)))
        await a.press("tab", "left", "end", "home", "down")
        assert "· nothing" in readout(a) and "┼" in a.screen
        await a.press("v", "down", "right", "end", "enter", "o", "f")
        assert isinstance(a.app.screen, MainScreen) and "no sources yet" in heat_lines(a)[0]
        assert wished(a).source is None
