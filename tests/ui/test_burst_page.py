"""The burst page: which packets it asks for, what it shows of them, and its keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.looks import BurstWish
from scantui.ui.burst_page import BurstPage
from scantui.ui.main_screen import MainScreen
from scantui.ui.text import HOUR, SECOND
from tests.ui.build import NOW, SEED, burst_of, timeline
from tests.ui.pilot import Analyst, analyst

FIRST_BURST, SECOND_BURST = timeline().bursts


def wish(a: Analyst) -> BurstWish | None:
    """The packets that were last asked for."""
    return a.main.wish.burst


def seed(a: Analyst) -> int:
    return a.session.now.tables.addresses.code(SEED)


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40), (200, 60)])
async def test_a_burst_that_was_gone_to_is_inspected_at_every_size(size: tuple[int, int]) -> None:
    async with analyst(size) as a:
        await a.press("b", "b", "x")
        assert isinstance(a.app.screen, BurstPage)
        assert wish(a) == BurstWish(FIRST_BURST.since, FIRST_BURST.until)
        assert a.lines[0].startswith(" sources › burst 22:47:30 › all sources   esc: back")
        for words in ("200 packets, 1 source, 200 ports of 1 host", "order of ports: mixed", "gaps between packets",
                      "destination", "203.0.113.7:53", "SYN-FIN", "63104┤"):  # fmt: skip
            assert words in a.screen
        assert all(len(line) == size[0] for line in a.lines) and len(a.lines) == size[1]
        assert "+ narrow" in a.lines[-1]
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen) and wish(a) is None


async def test_a_source_is_inspected_over_its_episode() -> None:
    async with analyst((120, 40)) as a:
        await a.press("x")
        scan = a.session.now.scans[0]
        assert a.table.cursor == seed(a)
        first = next(call[1].burst for call in a.session.calls if call[0] == "look" and call[1].burst)
        assert first == BurstWish(scan.first, scan.last + 1, seed(a))
        assert f"› {SEED}" in a.lines[0]


async def test_only_the_densest_run_of_a_long_time_is_shown() -> None:
    async with analyst((120, 40)) as a:
        real = a.session.look

        def look(new) -> None:
            real(new)
            if new.burst is not None:
                ts = (
                    np.sort(np.concatenate([np.arange(5) * HOUR, 10 * HOUR + np.arange(195) * SECOND // 20]))
                    + NOW
                    - 20 * HOUR
                )
                inside = ts[(ts >= new.burst.since) & (ts < new.burst.until)]
                made = replace(burst_of(new.burst, packets=len(inside)), ts=inside)
                a.session.publish(replace(a.session.now, seq=99, burst=made))

        a.session.look = look
        table = a.session.now.sources
        spread = replace(table, scan=np.full(len(table), -1, np.int32), first=np.full(len(table), NOW - 20 * HOUR),
                         last=np.full(len(table), NOW))  # fmt: skip
        await a.see(replace(a.session.now, seq=3, sources=spread))
        await a.press("x")
        start = NOW - 10 * HOUR
        assert wish(a) == BurstWish(start, start + 194 * SECOND // 20 + 1, seed(a))
        assert "195 packets" in a.screen
        await a.press("minus")
        assert wish(a).until - wish(a).since > 19 * SECOND  # narrowed once only


async def test_enter_on_the_time_line_opens_the_burst_there_or_the_column() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "b")
        a.main.time.focus()
        await a.press("enter")
        assert wish(a) == BurstWish(FIRST_BURST.since, FIRST_BURST.until)
        await a.press("escape", "left", "left", "left", "enter")
        column = 7 * 30 * SECOND
        assert wish(a) == BurstWish(a.main.wish.at - column, a.main.wish.at)
        await a.press("escape")
        await a.pilot.click("#time", offset=(a.lines[a.main.time.region.y].index("▲"), 0), times=2)
        await a.settle()
        assert isinstance(a.app.screen, BurstPage) and wish(a) == BurstWish(FIRST_BURST.since, FIRST_BURST.until)


async def test_the_window_is_narrowed_widened_and_moved() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "b", "x")
        since, until = wish(a).since, wish(a).until
        await a.press("plus")
        assert (wish(a).since, wish(a).until) == (since + 2 * SECOND, until - 2 * SECOND)
        await a.press("minus", "minus")
        assert (wish(a).since, wish(a).until) == (since - 4 * SECOND, until + 4 * SECOND)
        await a.press("right_square_bracket")
        assert wish(a).since == since + 4 * SECOND
        await a.press("left_square_bracket", "left_square_bracket")
        assert wish(a).since == since - 12 * SECOND
        assert "burst 22:47:18" in a.lines[0]


async def test_the_window_does_not_leave_the_run() -> None:
    async with analyst((120, 40)) as a:
        await a.press("x")
        for _ in range(12):
            await a.pilot.press("right_square_bracket")
        await a.settle()
        assert wish(a).since <= NOW
        assert "there is nothing further that way" in [note.message for note in a.app._notifications]


async def test_bursts_are_walked_from_the_page() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "x", "b")
        assert (wish(a).since, wish(a).until) == (FIRST_BURST.since, FIRST_BURST.until)
        await a.press("b")
        assert [note.message for note in a.app._notifications] == ["no burst before this one"]
        await a.press("B")
        assert (wish(a).since, wish(a).until) == (SECOND_BURST.since, SECOND_BURST.until)


async def test_one_source_and_all_again() -> None:
    async with analyst((120, 40)) as a:
        await a.press("down", "b", "b", "x")
        await a.press("s")
        assert wish(a).source == seed(a)  # the source under the cursor is not in this burst: the busiest is
        await a.press("s")
        assert wish(a).source is None and "all sources" in a.lines[0]


async def test_the_axis_turns_to_time_and_back() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "b", "x")
        assert "by packet" in a.screen
        await a.press("x")
        assert "over time" in a.screen and "by packet" not in a.screen
        await a.press("x")
        assert "by packet" in a.screen


async def test_facts_gaps_and_packets_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    async with analyst((80, 24)) as a:
        copied: list[str] = []
        monkeypatch.setattr(a.app, "copy_to_clipboard", copied.append)
        await a.press("x")
        await a.press("y")
        lines = copied[0].split("\n")
        assert lines[0] == SEED and lines[1].startswith("03:14:00.") and lines[3].startswith("order of ports: mixed")
        assert sum(" > 198.51.100.10:" in line and line.endswith("SYN-FIN") for line in lines) == 200
        assert "gaps between packets" in copied[0]


async def test_ports_stand_in_order_or_by_number() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "b", "x")
        assert "200 ports in order by packet" in a.screen
        await a.press("o")
        assert " ports by packet" in a.screen and "in order" not in a.screen
        await a.press("o", "x")
        assert "200 ports in order over time" in a.screen


async def test_the_packets_scroll_and_the_head_stays() -> None:
    async with analyst((80, 24)) as a:
        await a.press("b", "b", "x")
        first = a.lines[14:23]
        await a.press("pagedown")
        assert a.lines[14:23] != first and a.lines[1].startswith(" 22:47:30.") and "time UTC" in a.screen
        for _ in range(30):
            await a.pilot.press("pagedown")
        await a.settle()
        burst = a.session.now.burst
        assert f":{burst.dport[-1]} " in a.lines[-2]
        await a.press("home")
        assert a.lines[14:23] == first
        await a.press("right", "down", "up")
        assert a.lines[14:23] == first


async def test_a_page_down_skips_no_packet() -> None:
    async with analyst((80, 24)) as a:
        await a.press("b", "b", "x")
        last = a.lines[-2]
        await a.press("pagedown")
        head = next(y for y, line in enumerate(a.lines) if "time UTC" in line)
        assert a.lines[head + 1] == last


async def test_a_text_is_found_in_the_packets() -> None:
    async with analyst((80, 24)) as a:
        await a.press("b", "b", "x")
        port = int(a.session.now.burst.dport[150])
        await a.press("slash", *f":{port} ", "enter")
        assert f":{port} " in a.screen and "1 of 1" in a.screen
        await a.press("escape")
        assert isinstance(a.app.screen, BurstPage)


async def test_packets_that_are_late_are_waited_for_and_old_answers_ignored() -> None:
    async with analyst((120, 40)) as a:
        real, held = a.session.look, []
        a.session.look = held.append
        await a.press("b", "b", "x")
        assert "reading the packets …" in a.screen
        real(held[-1])
        await a.settle()
        assert "200 packets" in a.screen
        await a.press("plus")
        assert "all sources …" in a.lines[0] and "200 packets" in a.screen
        await a.see(replace(a.session.now, seq=50, burst=burst_of(BurstWish(0, 1), packets=7)))
        assert "200 packets" in a.screen
        real(held[-1])
        await a.settle()
        assert "all sources …" not in a.lines[0]


async def test_more_packets_than_are_shown_and_whole_seconds_are_told() -> None:
    async with analyst((80, 24)) as a:
        await a.press("b", "b", "x")
        made = burst_of(wish(a), packets=300, whole_seconds=True)
        await a.see(
            replace(a.session.now, seq=70, burst=replace(made, ts=made.ts // SECOND * SECOND, packets=1_000_000))
        )
        assert "gaps below 1 s cannot be seen" in a.screen and "999,700 more" in a.screen.replace("\n ", "")
        assert "<1 s" in a.screen and "µs" not in a.screen


async def test_hostile_packets_show_harmless() -> None:
    async with analyst((120, 40)) as a:
        await a.press("b", "b", "x")
        burst = burst_of(wish(a))
        odd = replace(burst, src=np.full(200, 4_000_000_000, np.uint32), proto=np.full(200, 6, np.uint8),
                      flags=np.full(200, -1, np.int32), sport=np.full(200, -1, np.int32))  # fmt: skip
        await a.see(replace(a.session.now, seq=80, burst=odd))
        assert "238.107.40.0 " in a.screen and " other" in a.screen


async def test_without_braille_the_plot_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with analyst((80, 24)) as a:
        monkeypatch.setenv("TERM", "linux")
        await a.press("b", "b", "x")
        assert not any(0x2800 <= ord(char) <= 0x28FF for char in a.screen) and "." in a.lines[6][7:40]
