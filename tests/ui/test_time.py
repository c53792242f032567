"""The past on the screen: stepping, bursts, playing, scrubbing, going to a time, and back to live."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scantui.ui.main_screen import MainScreen
from scantui.ui.text import SECOND
from scantui.ui.time_dialog import GoToDialog
from tests.ui.build import NOW, snapshot, status, timeline
from tests.ui.pilot import Analyst, analyst

BACK, ON, LEAP_BACK, LEAP = "left_square_bracket", "right_square_bracket", "left_curly_bracket", "right_curly_bracket"
FIRST_BURST, SECOND_BURST = timeline().bursts


def at(a: Analyst) -> int | None:
    """The moment that was last asked for."""
    return a.main.wish.at


def said(a: Analyst) -> list[str]:
    return [note.message for note in a.app._notifications]


async def test_steps_go_by_heatmap_columns_and_end_live() -> None:
    async with analyst((120, 40)) as a:
        assert a.session.now.heat.bucket == 5 * SECOND and "IN THE PAST" not in a.screen
        await a.press(BACK)
        assert at(a) == NOW - 5 * SECOND
        await a.press(BACK, BACK)
        assert at(a) == NOW - 15 * SECOND
        assert a.lines[0].startswith(" IN THE PAST") and a.lines[1].startswith(
            " ◀◀ 03:13:55 UTC   15s ago   15 events later"
        )
        await a.press(LEAP_BACK)
        assert at(a) == NOW - 65 * SECOND
        await a.press(LEAP, ON, ON)
        assert at(a) == NOW - 5 * SECOND
        await a.press(ON, ON)
        assert at(a) is None and a.session.now.look.at is None
        assert "LIVE" in a.lines[0] and "◀◀" not in a.screen


async def test_a_step_forward_while_live_says_why_it_does_nothing() -> None:
    async with analyst() as a:
        await a.press(ON)
        assert at(a) is None and said(a) == ["the picture is live: [ looks back"]


async def test_every_look_is_of_the_newest_wish_though_pictures_are_late() -> None:
    async with analyst((120, 40)) as a:
        real, held = a.session.look, []
        a.session.look = held.append
        await a.press(BACK, BACK, BACK)
        assert [wish.at for wish in held] == [NOW - n * 5 * SECOND for n in (1, 2, 3)]
        assert a.lines[1].startswith(" ◀… 03:13:55 UTC")
        real(held[-1])
        await a.settle()
        assert a.lines[1].startswith(" ◀◀ 03:13:55 UTC")


async def test_bursts_are_walked_back_and_forth() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b")
        assert at(a) == SECOND_BURST.until
        await a.press("b")
        assert at(a) == FIRST_BURST.until
        await a.press("b")
        assert at(a) == FIRST_BURST.until and said(a) == ["no burst before this moment"]
        await a.press("B")
        assert at(a) == SECOND_BURST.until
        await a.press("B")
        assert said(a)[-1] == "no burst after this moment"


async def test_a_burst_that_still_goes_on_is_gone_to_as_far_as_it_came() -> None:
    line = timeline()
    going_on = replace(line, bursts=(replace(SECOND_BURST, until=NOW + SECOND),))
    async with analyst(first=snapshot(timeline=going_on)) as a:
        await a.press("b")
        assert at(a) == NOW and "◀◀ 03:14:10" in a.lines[1]


@pytest.mark.parametrize("key", ["L", "0"])
async def test_live_again_resumes_too(key: str) -> None:
    async with analyst() as a:
        await a.press("space", BACK)
        assert a.session.now.status.paused and at(a) is not None
        await a.press(key)
        assert at(a) is None and not a.session.now.status.paused and "LIVE" in a.lines[0]


async def test_escape_leaves_the_past_last_and_keeps_the_pause() -> None:
    async with analyst((120, 40)) as a:
        await a.press("space", BACK, "slash", *"scan", "enter", "tab")
        assert a.app.focused is a.main.heat
        await a.press("escape")
        assert a.app.focused is a.table and at(a) is not None
        await a.press("escape")
        assert not a.table.ranking.filter and at(a) is not None
        await a.press("escape")
        assert at(a) is None and a.session.now.status.paused
        assert a.lines[1].startswith(" ❚❚ PAUSED")


async def test_space_plays_and_stops_in_the_past() -> None:
    async with analyst((120, 40)) as a:
        await a.press(BACK, "space")
        assert a.main._player is not None and "▶ 1× 03:14:05 UTC" in a.lines[1] and "p: stop" in a.lines[1]
        assert ("pause",) not in a.session.calls
        await a.press("space")
        assert a.main._player is None and "◀◀" in a.lines[1]


async def test_playing_moves_by_speed_times_time_and_ends_live() -> None:
    async with analyst((120, 40)) as a:
        await a.press(LEAP_BACK, "p")
        a.main._player.pause()
        start = at(a)
        a.main.play_on(2.5)
        assert at(a) == start + 2.5 * SECOND
        for speed in (2, 5, 10, 30, 60, 100, 300, 1000, 1000):
            await a.press("greater_than_sign")
            assert f"▶ {speed}×" in a.lines[1]
        await a.press(*["less_than_sign"] * 5)
        assert "▶ 10×" in a.lines[1]
        a.main.play_on(1.0)
        assert at(a) == start + 12.5 * SECOND
        a.main.play_on(10.0)
        await a.settle()
        assert at(a) is None and a.main._player is None and "LIVE" in a.lines[0]


async def test_a_tick_waits_for_a_late_picture_and_then_plays_the_time_it_took() -> None:
    clock = [100.0]
    async with analyst() as a:
        a.main.clock = lambda: clock[0]
        await a.press(LEAP_BACK, "p")
        a.main._player.pause()
        start = at(a)
        real, held = a.session.look, []
        a.session.look = held.append
        clock[0] += 0.25
        a.main._tick()
        assert at(a) == start + 0.25 * SECOND
        clock[0] += 0.25
        a.main._tick()
        clock[0] += 0.25
        a.main._tick()
        assert at(a) == start + 0.25 * SECOND and len(held) == 1
        real(held[-1])
        await a.settle()
        clock[0] += 0.25
        a.main._tick()
        assert at(a) == start + 1.0 * SECOND
        clock[0] += 5
        a.main._tick()
        assert at(a) == start + 6.0 * SECOND  # a picture that never comes does not stop the clock


async def test_playing_says_what_it_needs_and_stops_at_a_step() -> None:
    async with analyst() as a:
        await a.press("p")
        assert a.main._player is None and said(a) == ["the picture is live: b or [ goes back, then p plays"]
        await a.press("greater_than_sign")
        assert said(a)[-1] == "plays at 2×"
        await a.press(LEAP_BACK, "p", ON)
        assert a.main._player is None and at(a) is not None


async def test_going_to_a_time() -> None:
    async with analyst() as a:
        await a.press("t", *"02:50:00")
        assert (
            isinstance(a.app.screen, GoToDialog) and "2025-11-22 02:50:00Z, 24m10s before the newest event" in a.screen
        )
        await a.press("enter")
        assert isinstance(a.app.screen, MainScreen) and at(a) == NOW - (24 * 60 + 10) * SECOND
        await a.press("t", *"-5m", "enter")
        assert at(a) == NOW - (29 * 60 + 10) * SECOND
        await a.press("t", *"now", "enter")
        assert at(a) == NOW
        await a.press("t", "escape")
        assert at(a) == NOW


async def test_what_is_no_time_is_told_under_the_place_and_goes_nowhere() -> None:
    async with analyst() as a:
        await a.press("t", "enter")
        assert "write a time: 03:14" in a.screen
        await a.press(*"03:14 xyzzy", "enter")
        assert isinstance(a.app.screen, GoToDialog) and at(a) is None
        typed = next(y for y, line in enumerate(a.lines) if "xyzzy" in line)
        caret = next(y for y, line in enumerate(a.lines) if "^" in line)
        assert typed < caret and a.lines[caret].index("^") == a.lines[typed].index("xyzzy")
        await a.press(*["backspace"] * 6, "enter")
        assert isinstance(a.app.screen, MainScreen)


async def test_without_events_there_is_no_past() -> None:
    async with analyst((120, 40), snapshot(0, status=status(now=0, inputs=(), lag=None), timeline=None)) as a:
        assert "no events yet: no time line" in a.screen
        await a.press(BACK, "t", "L", "T", "T")
        assert at(a) is None and said(a) == ["no events yet: there is no past to look at"] * 2
        await a.press("b", "x")
        assert said(a)[2:] == ["no burst before this moment",
                               "no packets to inspect: choose a source, or go to a burst with b"]  # fmt: skip
        a.main.time.focus()
        await a.press("left", "enter", "home")
        assert at(a) is None and isinstance(a.app.screen, MainScreen)


async def test_refresh_says_why_it_does_nothing_in_the_past() -> None:
    async with analyst() as a:
        await a.press("space", BACK, "r")
        assert ("refresh",) not in a.session.calls and said(a) == ["r works while paused: L returns to live"]


async def test_pause_shows_the_way_back_in_time() -> None:
    async with analyst((120, 40)) as a:
        await a.press("space")
        assert "[ b t: look back" in a.lines[1]


# The time line


@pytest.mark.parametrize(("size", "lines"), [((80, 24), 0), ((120, 40), 2), ((200, 60), 2)])
async def test_the_time_line_has_its_place_by_height(size: tuple[int, int], lines: int) -> None:
    async with analyst(size) as a:
        bar = a.main.time
        assert (bar.size.height if bar.display else 0) == lines
        await a.press(BACK)
        assert bar.display and bar.size.height == max(1, lines)
        assert sum(line.count("▲") for line in a.lines[:4]) >= 2
        await a.press("T")
        assert not bar.display and at(a) is not None
        await a.press("T")
        assert bar.display
        await a.press("L")
        assert bar.display
        await a.press("T")
        assert not bar.display


async def test_the_time_line_is_walked_with_the_arrows() -> None:
    async with analyst((120, 40)) as a:
        a.main.time.focus()
        await a.pilot.pause()
        await a.press("left")
        first = at(a)
        await a.press("left")
        assert first - at(a) == 7 * 30 * SECOND  # 800 spans in 118 columns: seven a column
        await a.press("right")
        assert at(a) == first
        await a.press("home")
        assert at(a) == timeline().start + 7 * 30 * SECOND
        await a.press("end")
        assert at(a) is None


async def test_a_click_and_a_drag_scrub() -> None:
    async with analyst((120, 40)) as a:
        x = a.lines[a.main.time.region.y].index("▲")
        await a.pilot.click("#time", offset=(x, 0))
        await a.settle()
        y = a.main.time.region.y
        assert FIRST_BURST.until <= at(a) <= FIRST_BURST.until + 7 * 30 * SECOND
        cursor = a.lines[y + 1].index("▴")
        assert cursor == x
        await a.pilot.mouse_down("#time", offset=(x, 0))
        await a.pilot.hover("#time", offset=(x + 10, 0))
        await a.pilot.mouse_up("#time", offset=(x + 10, 0))
        await a.settle()
        assert a.lines[y + 1].index("▴") == x + 10
        await a.pilot.hover("#time", offset=(x + 20, 0))
        await a.settle()
        assert a.lines[y + 1].index("▴") == x + 10
        await a.pilot.click("#time", offset=(118, 0))
        await a.settle()
        assert at(a) is None


async def test_a_click_stands_where_it_should_beside_the_labels_of_one_line() -> None:
    async with analyst((80, 24)) as a:
        await a.press("T")
        y = a.main.time.region.y
        x = a.lines[y].index("▲")
        await a.pilot.click("#time", offset=(x, 0))
        await a.settle()
        assert a.main.time.burst_here() == FIRST_BURST


async def test_the_time_line_is_among_the_panes() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab", "tab", "tab")
        assert a.app.focused is a.main.time
        await a.press("escape")
        assert a.app.focused is a.table
