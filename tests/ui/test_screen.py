"""An analyst's session on the screen, without a terminal."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from queue import Queue

import numpy as np
import pytest

from scantui.snapshot import InputStatus
from scantui.ui.actions import ACTIONS
from scantui.ui.detail.page import DetailPage
from scantui.ui.detail.tabs import Tab
from scantui.ui.heat_ink import Ink
from scantui.ui.main_screen import MainScreen
from scantui.ui.pages import HelpPage, InputsPage
from tests.ui.build import NOW, SEED, reranked, snapshot, status
from tests.ui.pilot import analyst

SCREENS = Path(__file__).parent / "screens"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (60, 15)])
async def test_the_seed_is_seen_at_every_size(size: tuple[int, int]) -> None:
    async with analyst(size) as a:
        row = a.lines[a.line_of(SEED)]
        assert all(word in row for word in ("scan", "SYN-FIN", " 53 ", " 200 "))
        assert a.app.focused is a.table
        assert all(len(line) == size[0] for line in a.lines) and len(a.lines) == size[1]


@pytest.mark.parametrize("size", [(59, 24), (80, 14), (20, 5), (8, 2)])
async def test_a_tiny_terminal_gets_one_line(size: tuple[int, int]) -> None:
    async with analyst(size) as a:
        assert [line.strip() for line in a.lines if line.strip()] == [a.lines[0].strip()]
        assert "60×15"[: size[0]] in a.lines[0] or size[0] < 10
        await a.pilot.resize_terminal(80, 24)
        await a.settle()
        assert SEED in a.screen


async def test_the_cursor_keeps_its_source_and_its_line() -> None:
    rng = np.random.default_rng(3)
    async with analyst((120, 40), snapshot(500)) as a:
        await a.press("pagedown", "pagedown", "down", "down", "down")
        code = a.table.cursor
        address = a.session.now.address(code)
        line = a.line_of(f" {address} ")
        kept = 0
        for _ in range(12):
            order = rng.permutation(500)
            a.let_go()
            await a.see(reranked(a.session.now, order))
            a.let_go()
            await a.settle()
            assert a.table.cursor == code
            at = int(np.flatnonzero(a.table.codes == code)[0])
            if 30 <= at < 460:
                assert a.line_of(f" {address} ") == line
                kept += 1
        assert kept >= 5


async def test_every_line_on_screen_is_the_row_it_should_be_after_resorting() -> None:
    async with analyst((80, 24), snapshot(300)) as a:
        for seed in range(5):
            await a.see(reranked(a.session.now, np.random.default_rng(seed).permutation(300)))
            shown = [line[:32].split() for line in a.lines[2:11]]
            wanted = [a.session.now.address(int(code)) for code in a.table.codes[:9]]
            assert all(any(text[:5] in word for word in words) for text, words in zip(wanted, shown, strict=True))


async def test_an_untouched_cursor_rests_on_the_top_row() -> None:
    async with analyst(first=snapshot(100)) as a:
        turned = a.session.now.sources.order[::-1].copy()
        await a.see(reranked(a.session.now, turned))
        assert a.table.cursor == int(a.session.now.sources.code[turned[0]])
        assert a.table.scroll_offset.y == 0


async def test_the_order_is_held_after_a_key() -> None:
    async with analyst(first=snapshot(100)) as a:
        await a.press("down")
        before = a.table.codes.tolist()
        await a.see(reranked(a.session.now, a.session.now.sources.order[::-1].copy()))
        assert a.table.codes.tolist() == before
        a.let_go()
        assert a.table.codes.tolist() != before


async def test_numbers_go_on_while_the_order_is_held() -> None:
    async with analyst() as a:
        await a.press("down", "up")
        table = a.session.now.sources
        row = int(np.searchsorted(table.code, a.session.now.tables.addresses.code(SEED)))
        events = table.events.copy()
        events[row] = 4321
        await a.see(replace(a.session.now, seq=9, sources=replace(table, events=events)))
        assert "4321" in a.lines[a.line_of(SEED)]


async def test_a_source_that_goes_leaves_a_word_while_held_and_then_nothing() -> None:
    async with analyst(first=snapshot(30)) as a:
        await a.press("down", "down")
        gone = a.session.now.address(a.table.cursor)
        table = a.session.now.sources
        keep = table.code != a.table.cursor
        columns = {name: getattr(table, name)[keep] for name in table.__slots__ if name not in ("order", "rates")}
        smaller = replace(table, **columns, order=np.arange(int(keep.sum())))
        await a.see(replace(a.session.now, seq=5, sources=smaller))
        assert "folded away" in a.lines[a.line_of(gone)]
        a.let_go()
        await a.settle()
        assert gone not in a.screen and a.table.cursor == int(smaller.code[0])


async def test_pause_is_loud_and_counts() -> None:
    async with analyst() as a:
        assert "PAUSED" not in a.screen
        await a.press("space")
        await a.see(replace(a.session.now, seq=7, status=status(paused=True, held=1234)))
        bar = a.lines[1]
        assert "PAUSED" in bar and "1,234 events waiting" in bar and "space: resume" in bar
        await a.press("r")
        assert ("refresh",) in a.session.calls
        await a.press("space")
        assert a.session.calls[-1] == ("resume",) or ("resume",) in a.session.calls
        assert "PAUSED" not in a.screen


async def test_refresh_says_why_it_does_nothing_when_live() -> None:
    async with analyst() as a:
        await a.press("r")
        assert ("refresh",) not in a.session.calls
        assert [n.message for n in a.app._notifications] == ["r works while paused: the picture is live"]


async def test_enter_goes_down_and_escape_up_at_eighty_columns() -> None:
    async with analyst() as a:
        assert "odd flags" not in a.screen and "ports × 5 s" in a.screen
        await a.press("enter")
        assert a.app.focused is a.main.detail
        assert f"sources › {SEED} › vertical 03:14:00" in a.screen and "ports × 5 s" not in a.screen
        await a.press("8", "enter")
        assert isinstance(a.app.screen, DetailPage) and "SPT=53" not in a.lines[0] and "kernel: DROP" in a.screen
        await a.press("escape")
        assert a.app.focused is a.main.detail and a.main.detail.tab is Tab.LINES
        await a.press("escape")
        assert a.app.focused is a.main.detail and a.main.detail.tab is Tab.OVERVIEW
        await a.press("escape")
        assert a.app.focused is a.table and "ports × 5 s" in a.screen


async def test_the_detail_stands_beside_at_120_columns() -> None:
    async with analyst((120, 40)) as a:
        assert "1 overview" in a.screen and "odd flags" in a.screen and "ports × 5 s" in a.screen
        await a.press("down")
        await a.pilot.pause(0.2)
        await a.settle()
        assert "2001:db8:85a3:1111:2222:8a2e:370:7334" in a.screen
        await a.press("enter", "enter")
        assert isinstance(a.app.screen, DetailPage)


async def test_a_hidden_detail_is_not_asked_for() -> None:
    async with analyst() as a:
        assert not any(call[0] == "select" and call[1] is not None for call in a.session.calls)
        await a.press("enter")
        assert ("select", a.table.cursor) in a.session.calls
        await a.press("escape")
        await a.pilot.pause(0.2)
        assert a.session.calls[-1] == ("select", None)


async def test_mark_note_and_unmark() -> None:
    async with analyst((120, 40)) as a:
        await a.press("m")
        assert "●" in a.lines[a.line_of(SEED)]
        await a.press("m")
        assert "●" not in a.screen
        await a.press("M", *"night job", "enter")
        assert a.session.calls[-1][0] == "mark" and a.session.calls[-1][2] == "night job"
        assert "● marked: night job" in a.screen


async def test_filter_narrows_says_so_and_ends_with_escape() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press("slash", *"syn-fin")
        assert a.table.codes.tolist() == [a.session.now.tables.addresses.code(SEED)]
        assert "filter: 1 of 200" in a.screen
        await a.press("enter")
        assert a.app.focused is a.table and a.table.cursor == a.table.codes[0]
        await a.press("escape")
        assert len(a.table.codes) == 200 and "filter:" not in a.screen


async def test_a_bad_filter_explains_itself_and_keeps_the_last_good_one() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press("slash", *"scan")
        assert len(a.table.codes) == 2
        a.main.filter.value = "scan ports>"
        await a.settle()
        assert "a number must follow >" in a.screen
        assert len(a.table.codes) == 2
        a.main.filter.cursor_position = 99
        await a.press("1", "0", "0")
        assert len(a.table.codes) == 1 and "a number" not in a.screen


async def test_a_filter_that_nothing_passes_says_so() -> None:
    async with analyst() as a:
        await a.press("slash", *"nowhere")
        assert "No source passes the filter." in a.screen


async def test_sort_and_reverse() -> None:
    async with analyst(first=snapshot(100)) as a:
        await a.press("s", "t")
        assert "▾targets" in a.screen and "by targets" in a.lines[0]
        assert int(a.table.codes[0]) == a.session.now.tables.addresses.code("2001:db8:85a3:1111:2222:8a2e:370:7334")
        await a.press("S")
        assert "▴targets" in a.screen and "reversed" in a.lines[0]


async def test_a_click_on_a_head_sorts() -> None:
    async with analyst(first=snapshot(100)) as a:
        await a.pilot.click("#table", offset=(a.lines[1].index("events"), 0))
        await a.settle()
        assert a.table.ranking.sort.column == "events"
        row = int(np.searchsorted(a.session.now.sources.code, a.table.codes[0]))
        assert a.session.now.sources.events[row] == a.session.now.sources.events.max()


async def test_inputs_show_what_could_not_be_read() -> None:
    rows = (
        InputStatus("/var/log/kern.log", "following", "iptables", 100, 90, 10, ("kernel: odd words",)),
        InputStatus("/var/log/none", "error", "", 0, 0, 0, (), "permission denied: run as a member of group adm"),
    )
    async with analyst((120, 40), snapshot(status=status(inputs=rows))) as a:
        assert "1 failed" in a.lines[0]
        await a.press("i")
        assert isinstance(a.app.screen, InputsPage)
        assert "kernel: odd words" in a.screen and "permission denied" in a.screen
        more = (replace(rows[0], lines=777),)
        await a.see(replace(a.session.now, seq=3, status=status(inputs=more)))
        assert "777" in a.screen
        await a.press("q")
        assert isinstance(a.app.screen, MainScreen)


async def test_help_is_whole_and_closes() -> None:
    async with analyst((100, 24)) as a:
        await a.press("question_mark")
        assert isinstance(a.app.screen, HelpPage)
        seen = a.screen
        for _ in range(8):
            await a.press("pagedown")
            seen += a.screen
        assert all(action.text[:60] in seen for action in ACTIONS)
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen)


async def test_panes_and_heat_zoom() -> None:
    async with analyst((120, 40)) as a:
        await a.press("tab")
        assert a.app.focused is a.main.heat
        assert a.main.heat.parts(0)[0][1] == "title-focus" and a.main.detail.parts(0)[0][1] == "title"
        await a.press("tab")
        assert a.app.focused is a.main.detail
        await a.press("tab")
        assert a.app.focused is a.main.time
        await a.press("tab")
        assert a.app.focused is a.table
        await a.press("plus")
        assert a.main.wish.heat.bucket == 2_000_000 and "ports × 2 s" in a.screen
        await a.press("minus", "minus")
        assert "ports × 10 s" in a.screen
        await a.press("H")
        assert "ports ×" not in a.screen
        await a.press("tab")
        assert a.app.focused is a.main.detail


async def test_themes_go_round_and_glyphs_follow() -> None:
    async with analyst() as a:
        seen = [a.app.theme]
        for _ in a.app._themes:
            await a.press("ctrl+t")
            seen.append(a.app.theme)
            assert (a.main.heat.ink is Ink.SIXTEEN) == (a.app.theme == "ansi")
            assert SEED in a.screen
        assert set(seen) == set(a.app._themes) and seen[0] == seen[-1]


def test_an_unknown_theme_is_refused_with_the_names() -> None:
    from scantui.ui.app import ScantuiApp
    from scantui.ui.manners import Manners
    from tests.ui.build import MemorySession

    with pytest.raises(ValueError, match=r"no theme 'drak': there are .*dark"):
        ScantuiApp(MemorySession(), Manners(theme="drak"))


async def test_keys_of_the_bar_can_be_clicked() -> None:
    async with analyst() as a:
        await a.pilot.click("#keys", offset=(a.lines[-1].index("pause"), 0))
        await a.settle()
        assert ("pause",) in a.session.calls
        await a.pilot.click("#keys", offset=(a.lines[-1].index("mark"), 0))
        await a.settle()
        assert a.session.now.marks


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_leaving_stops_the_session_once(key: str) -> None:
    async with analyst() as a:
        await a.pilot.press(key)
    assert a.app.return_code == 0
    assert a.session.calls.count(("stop",)) == 1


@pytest.mark.parametrize("way", [("enter", "enter"), ("i",), ("question_mark",), ("m", "e"), ("M",)])
async def test_ctrl_q_leaves_from_anywhere(way: tuple[str, ...]) -> None:
    async with analyst() as a:
        await a.press(*way)
        assert not isinstance(a.app.screen, MainScreen)
        await a.pilot.press("ctrl+q")
    assert a.app.return_code == 0


async def test_what_is_being_read_is_not_swapped() -> None:
    async with analyst((120, 40), snapshot(100)) as a:
        await a.press("tab", "tab")
        code = a.table.cursor
        a.let_go()
        await a.see(reranked(a.session.now, a.session.now.sources.order[::-1].copy()))
        assert a.app.focused is a.main.detail and a.table.cursor == code
        assert f"{SEED} › vertical" in a.screen


async def test_no_sources_and_no_heat_draw() -> None:
    async with analyst((120, 40), snapshot(0, status=status(now=0, inputs=(), lag=None))) as a:
        assert "No sources yet." in a.screen and "no source selected" in a.screen
        await a.press("down", "enter", "m", "c", "n", "end")
        assert "No sources yet." in a.screen


async def test_a_hundred_thousand_sources_are_only_rows_that_can_be_seen() -> None:
    async with analyst((80, 24), snapshot(100_000)) as a:
        await a.press("end")
        assert a.table.cursor == int(a.table.codes[-1])
        assert a.session.now.address(a.table.cursor) in a.lines[11]
        await a.press("home")
        assert SEED in a.lines[2]


@pytest.mark.parametrize(("name", "size", "keys"), [("monitor-80x24", (80, 24), ()), ("monitor-120x40", (120, 40), ()),
                                                    ("detail-80x24", (80, 24), ("enter",))])  # fmt: skip
async def test_whole_screens(name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Set UPDATE_SCREENS=1 to write them anew after a deliberate change."""
    assert NOW == 1_763_781_250_000_000
    async with analyst(size) as a:
        await a.press(*keys)
        shown = "\n".join(line.rstrip() for line in a.lines) + "\n"
    path = SCREENS / f"{name}.txt"
    if os.environ.get("UPDATE_SCREENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(shown, "utf-8")
    assert shown == path.read_text("utf-8")


async def test_a_terminal_that_does_not_keep_up_is_sent_nothing_more() -> None:
    class Writer:
        _queue: Queue[str] = Queue()

    async with analyst() as a:
        Writer._queue.put("what the terminal has not taken")
        a.app._driver._writer_thread = Writer()
        a.session.publish(replace(a.session.now, seq=9, status=status(events=77_777)))
        await a.pilot.pause(0.4)
        assert "77777" not in a.screen and a.app._later is not None
        Writer._queue.get()
        await a.settle()
        assert "77777" in a.screen


async def test_a_slow_link_gets_fewer_pictures_and_a_sweeping_heatmap() -> None:
    async with analyst(low_bandwidth=True) as a:
        assert a.main.heat.sweep and a.app.manners.paint_seconds == 1.0


async def test_the_screen_begins_as_the_configuration_has_it() -> None:
    wishes = {
        "columns": ("source", "ports", "score"),
        "sort": "ports",
        "reverse": True,
        "bucket": 60_000_000,
        "hold_seconds": 0.0,
    }
    async with analyst(**wishes) as a:
        head = next(line for line in a.lines if "source" in line)
        assert head.split()[:3] == ["source", "▴ports", "score"] and "ports × 60 s" in a.screen.replace("1 min", "60 s")
        shown = [
            int(a.session.now.sources.ports[np.searchsorted(a.session.now.sources.code, code)])
            for code in a.table.codes[:5]
        ]
        assert shown == sorted(shown) and a.main.wish.heat.bucket == 60_000_000
        await a.press("down")
        assert a.table._hold is None
