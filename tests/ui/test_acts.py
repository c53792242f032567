"""What an analyst does about a source: mark, judge, allow, copy, export; through the screen."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scantui.detect.allow import line_of, networks
from scantui.snapshot import AllowedEntry, Mark
from scantui.ui.allowed_page import AllowedPage
from scantui.ui.detail.page import DetailPage
from scantui.ui.detail.tabs import Tab
from scantui.ui.dialogs import choice_around
from scantui.ui.export_dialog import ExportDialog, scopes
from scantui.ui.main_screen import MainScreen
from tests.ui.build import NOW, SECOND, SEED, detail_of, snapshot
from tests.ui.pilot import Analyst, analyst


def notes(a: Analyst) -> str:
    return " | ".join(one.message for one in a.app._notifications)


def copied(a: Analyst) -> str:
    return a.app.clipboard


async def test_a_verdict_is_chosen_by_tab_and_stands_in_the_mark_column() -> None:
    async with analyst((120, 40)) as a:
        code = a.table.cursor
        await a.press("M", "tab", *"night job")
        assert "[scan]" in a.screen and "detection is not changed" in a.screen
        await a.press("enter")
        assert a.session.calls[-1] == ("mark", code, "night job", "scan")
        assert a.lines[a.line_of(SEED)].lstrip().startswith("S ")
        assert "S marked scan: night job" in a.screen
        await a.press("M", "shift+tab", "shift+tab", "enter")
        assert a.session.now.marks[code].verdict == "watch" and a.session.now.marks[code].note == "night job"


async def test_a_mark_that_says_something_is_brought_back() -> None:
    async with analyst((120, 40)) as a:
        code = a.table.cursor
        await a.press("M", "down", "down", *"ours", "enter", "m")
        assert code not in a.session.now.marks and "m brings it back" in notes(a)
        await a.press("m")
        assert a.session.now.marks[code] == Mark(code, "ours", NOW, "benign")
        await a.press("M", "ctrl+d")
        assert code not in a.session.now.marks


async def test_marks_work_from_the_detail_too() -> None:
    async with analyst((80, 24)) as a:
        await a.press("enter", "m")
        assert a.table.cursor in a.session.now.marks and "● marked" in a.screen


async def test_allowing_shows_the_line_and_what_it_covers() -> None:
    async with analyst((120, 40)) as a:
        await a.press("A")
        assert "write a reason" in a.screen
        await a.press(*"pentest #4711")
        assert f"{SEED}/32 pentest #4711" in a.screen and "1 source with episodes, 1 no longer counted" in a.screen
        a.app.screen.query_one("#network").value = "203.0.113.0/24"
        a.app.screen.query_one("#until").value = "soon"
        await a.press("enter")
        assert "is no end" in a.screen and not isinstance(a.app.screen, MainScreen)
        a.app.screen.query_one("#until").value = "2099-01-31"
        await a.press("enter")
        call = a.session.calls[-1]
        assert call[0] == "allow" and line_of(call[1]) == "203.0.113.0/24 until=2099-01-31 pentest #4711"


async def test_the_allow_list_is_shown_and_own_entries_can_be_taken_off() -> None:
    given, own = networks(("192.0.2.0/24", "198.51.100.0/24"))
    first = replace(snapshot(), allowed=(AllowedEntry(given, False), AllowedEntry(own, True)))
    async with analyst((100, 30), first) as a:
        await a.press("a")
        assert isinstance(a.app.screen, AllowedPage) and "192.0.2.0/24" in a.screen and "made here" in a.screen
        await a.press("d")
        assert not [call for call in a.session.calls if call[0] == "disallow"] and "given on the command line" in notes(
            a
        )
        await a.press("down", "d")
        assert ("disallow", own) in a.session.calls
        await a.settle()
        assert "198.51.100.0/24" not in "\n".join(a.lines[1:6])
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen)


async def test_notices_are_shown_once() -> None:
    async with analyst((100, 30)) as a:
        told = ("marks.jsonl:3: [b]no mark[/b]", "not written: No space left on device")
        await a.see(replace(a.session.now, seq=2, notices=told[:1]))
        await a.see(replace(a.session.now, seq=3, notices=told[:1]))
        await a.see(replace(a.session.now, seq=4, notices=told))
        assert [one.message for one in a.app._notifications] == list(told)
        assert not any(one.markup for one in a.app._notifications)


async def test_export_offers_the_source_under_the_cursor_and_previews(tmp_path: Path) -> None:
    async with analyst((120, 40)) as a:
        await a.press("e")
        assert isinstance(a.app.screen, ExportDialog) and "[this source (1)]" in a.screen
        assert "source,note" in a.screen and "nothing shows who sent the packets" in a.screen
        await a.press("down")
        assert "[all scans (2)]" in a.screen
        await a.press("tab")
        field = a.app.screen.query_one("#path")
        assert field.value.endswith(".json") and "[json]" in a.screen and '"schema": "scantui.marked/1"' in a.screen
        field.value = str(tmp_path / "no" / "such.json")
        await a.press("enter")
        assert "No such file or directory" in a.screen
        field.value = str(tmp_path / "out.json")
        (tmp_path / "out.json").write_text("old")
        await a.press("enter")
        assert "exists" in a.screen and (tmp_path / "out.json").read_text() == "old"
        await a.press("enter")
        assert isinstance(a.app.screen, MainScreen) and SEED in (tmp_path / "out.json").read_text()
        assert "2 sources as json in" in notes(a)


async def test_export_fits_eighty_columns() -> None:
    async with analyst((80, 24)) as a:
        await a.press("m", "e")
        assert "[marked (1)]" in a.screen and "source,note" in a.screen
        assert "esc: cancel" in a.screen and "Export sources" in a.screen


def test_scopes_tell_marks_of_other_logs_apart() -> None:
    snap = snapshot()
    here, elsewhere = int(snap.sources.code[0]), snap.tables.addresses.code("192.0.2.200")
    offered = scopes(replace(snap, marks={here: Mark(here), elsewhere: Mark(elsewhere)}), None)
    assert [(scope.name, len(scope.codes)) for scope in offered] == [
        ("marked", 1), ("all scans", 2), ("marked, also in other logs", 2)]  # fmt: skip
    assert scopes(snapshot(0), None) == ()


async def test_copying_by_pane() -> None:
    async with analyst((120, 40)) as a:
        await a.press("y")
        assert copied(a) == SEED and "tmux needs set-clipboard on" in notes(a)
        await a.press("enter", "3", "y")
        assert copied(a).startswith(" ! scan  vertical") and "no answer" in copied(a)
        await a.press("8", "down", "down", "y")
        raw = a.session.now.detail.raw
        assert copied(a) == raw[2].text
        await a.press("Y")
        assert copied(a) == "\n".join(line.text for line in raw) and "copied 30 lines" in notes(a)


async def test_tabs_by_number_arrow_and_click_remember_where_they_were() -> None:
    async with analyst((80, 20)) as a:
        await a.press("enter", "3", "down", "down")
        at = a.main.detail.scroll_offset.y
        assert a.main.detail.tab is Tab.WHY and at > 0
        await a.press("right", "left")
        assert a.main.detail.tab is Tab.WHY and a.main.detail.scroll_offset.y == at
        line = a.line_of("5 rules")
        await a.pilot.click(offset=(a.lines[line].index("5 rules") + 1, line))
        assert a.main.detail.tab is Tab.RULES
        await a.press("1", "left")
        assert a.main.detail.tab is Tab.OVERVIEW


async def test_the_tab_stays_from_source_to_source() -> None:
    async with analyst((120, 40)) as a:
        await a.press("enter", "3", "shift+tab", "shift+tab")
        a.table.focus()
        await a.press("down")
        await a.pilot.pause(0.2)
        await a.settle()
        assert a.main.detail.tab is Tab.WHY and a.main.detail.scroll_offset.y == 0


async def test_full_screen_goes_back_to_the_tab_that_was_read_last() -> None:
    async with analyst((80, 24)) as a:
        await a.press("enter", "enter")
        assert isinstance(a.app.screen, DetailPage)
        await a.press("3")
        assert "odd flags" in a.screen
        await a.press("q")
        assert isinstance(a.app.screen, MainScreen) and a.main.detail.tab is Tab.WHY


async def test_another_episode_is_asked_for() -> None:
    async with analyst((200, 60)) as a:
        await a.press("enter", "comma")
        assert "one episode only" in notes(a)
        detail = a.session.now.detail
        older = replace(detail.episodes[0], id="s9", first=NOW - 9000 * SECOND)
        a.session.select = lambda code, episode=None: a.session.calls.append(("select", code, episode))
        await a.see(replace(a.session.now, seq=9, detail=replace(detail, episodes=(detail.episodes[0], older))))
        assert "(2 of 2)" in a.screen
        await a.press("comma")
        assert a.session.calls[-1] == ("select", a.table.cursor, older.first)
        await a.press("full_stop")
        assert "its newest episode" in notes(a)


async def test_long_log_lines_wrap_or_scroll_sideways() -> None:
    async with analyst((80, 24)) as a:
        await a.press("enter", "8")
        assert "WINDOW=1028" in a.screen
        await a.press("w")
        assert "WINDOW=1028" not in a.screen
        await a.press(*["shift+right"] * 6)
        assert "WINDOW=1028" in a.screen
        await a.press("w")
        assert "kernel: DROP" in a.screen


async def test_the_log_line_under_the_cursor_stays_in_view() -> None:
    async with analyst((80, 24)) as a:
        await a.press("enter", "8")
        for _ in range(29):
            await a.press("down")
        assert "DPT=9214" in a.screen.replace("\n", "")
        await a.press("home")
        assert "DPT=21 " in a.screen


async def test_a_dump_needs_a_terminal() -> None:
    async with analyst((80, 24)) as a:
        await a.press("P")
        assert "needs a terminal" in notes(a)
        assert any(SEED in line for line in a.main.dump()[1]) and len(a.main.dump()[1]) == 41
        await a.press("enter", "8")
        assert a.main.dump()[1] == [raw.text for raw in detail_of(a.session.now, a.table.cursor).raw]
        await a.press("question_mark")
        assert any("Mark the source" in line for line in a.app.screen.dump()[1])


@pytest.mark.parametrize("at", range(12))
@pytest.mark.parametrize("width", [30, 40, 60, 200])
def test_of_many_kinds_those_around_the_chosen_are_named(at: int, width: int) -> None:
    names = tuple(f"kind-{n}" for n in range(12))
    line = choice_around(names, names[at], width)
    assert f"[{names[at]}]" in line and len(line) <= width
    shown = re.findall(r"kind-\d+", line)
    assert shown == list(names[names.index(shown[0]) : names.index(shown[-1]) + 1])
    assert (len(shown) == 12) == (width == 200) == (f"{at + 1} of 12" not in line)
    assert ("‹" in line) == (shown[0] != names[0]) and ("›" in line) == (shown[-1] != names[-1])
    if width == 60 and 2 <= at <= 9:
        assert abs(2 * shown.index(names[at]) - len(shown) + 1) <= 1  # in the middle
