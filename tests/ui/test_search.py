"""Looking for a text in lines: the detail, full-screen pages, and all log lines of a source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.snapshot import FoundLines
from scantui.ui.detail.found_page import FoundPage, progress
from scantui.ui.detail.page import DetailPage
from scantui.ui.main_screen import MainScreen
from scantui.ui.pages import HelpPage
from scantui.ui.raw_page import RawPage
from scantui.ui.text_search import TextSearch, next_of
from tests.ui.build import detail_of
from tests.ui.pilot import analyst

LOOKS = ("plain", "muted", "scan")


def search(text: str) -> TextSearch:
    made = TextSearch()
    made.text = text
    return made


# Pure -------------------------------------------------------------------------------------------------------------
@given(st.lists(st.tuples(st.text(alphabet="abAB é", max_size=6), st.sampled_from(LOOKS)), max_size=5),
       st.text(alphabet="abAB", min_size=1, max_size=3))  # fmt: skip
def test_lit_parts_say_the_same_and_light_what_was_looked_for(parts: list[tuple[str, str]], text: str) -> None:
    lit = search(text).lit(tuple(parts))
    said = "".join(part for part, _ in parts)
    assert "".join(part for part, _ in lit) == said
    cells = [look for part, look in lit for _ in part]
    own = [look for part, look in parts for _ in part]
    same = said if text != text.lower() else said.lower()
    wanted, at = list(own), same.find(text)
    while at >= 0:
        wanted[at : at + len(text)] = ["loud"] * len(text)
        at = same.find(text, at + len(text))
    assert cells == wanted


@given(st.lists(st.integers(0, 30), unique=True).map(sorted), st.integers(0, 30), st.sampled_from((-1, 0, 1)))
def test_the_next_one_is_the_nearest_that_way(found: list[int], at: int, step: int) -> None:
    place, number = next_of(found, at, step)
    if not found:
        assert (place, number) == (0, -1)
        return
    assert found[place - 1] == number
    ways = {1: [n for n in found if n > at], 0: [n for n in found if n >= at], -1: [n for n in found if n < at][::-1]}[
        step
    ]
    assert number == (ways[0] if ways else found[-1 if step < 0 else 0])


def test_capitals_count_where_there_are_some() -> None:
    lines = ["SYN FIN", "syn"]
    assert search("syn").found(lines) == [0, 1] and search("SYN").found(lines) == [0] and search("").found(lines) == []


# On the screen ----------------------------------------------------------------------------------------------------
async def test_log_lines_are_searched_in_the_pane() -> None:
    async with analyst((120, 40)) as a:
        await a.press("enter", "8", "slash", *"DPT=338 ")
        assert "search DPT=338" in a.screen and "1 of 1 in 30 lines" in a.screen
        await a.press("enter")
        assert a.app.focused is a.main.detail and " search " not in a.screen and "1 of 1 in 30 lines" in a.lines[0]
        await a.press("slash", "home", *(["delete"] * 8), *"spt=53", "enter", "n", "n")
        assert a.main.detail._cursor == 3 and "4 of 30 in 30 lines" in a.lines[0]
        await a.press("N", "N", "N", "N")
        assert a.main.detail._cursor == 29
        lit = {look for y in range(40) for text, look in a.main.detail.parts(y) if text.lower() == "spt=53"}
        assert lit == {"loud"}
        await a.press("escape")
        assert not a.main.detail.search and "of 30" not in a.lines[0] and a.app.focused is a.main.detail
        await a.press("slash", *"zzz", "enter")
        assert "no 'zzz' in 30 lines" in a.lines[0]


async def test_only_a_part_of_the_lines_is_said_to_be_searched_and_f_looks_through_all() -> None:
    async with analyst((120, 40)) as a:
        session = a.session
        session.select = lambda code, *_: session._change(
            detail=None if code is None else detail_of(session.now, code, raw_of=5120)
        )
        await a.press("down")  # the detail is asked for once the cursor has rested
        await a.press("up")
        await a.press("enter", "8", "slash", *"DPT=2")
        assert "in 30 of 5,120 log lines; F looks through all" in a.screen
        await a.press("enter", "F")
        assert "enter looks through all log lines" in a.screen
        await a.press("enter")
        assert isinstance(a.app.screen, FoundPage) and session.calls[-1] == ("search", a.table.cursor, "DPT=2")
        found = session.now.found
        assert found.found == 4 and f"lines with 'DPT=2'   {progress(found)}" in a.screen
        half = replace(found, held=90_000, looked=45_000, gone=7)
        await a.see(replace(session.now, seq=99, found=half))
        assert "4 of 45,000 looked through so far, 90,000 held, 7 no longer to be read" in a.screen
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen) and session.calls[-1] == ("search", a.table.cursor, "")


async def test_a_log_line_of_whatever_source_leads_to_it() -> None:
    async with analyst((120, 40)) as a:
        last = int(a.session.now.sources.code[-1])
        await a.press("slash", *"verdict:benign", "enter", "R", *"DPT=2")
        assert "search the log lines of all sources" in a.screen
        await a.press("enter")
        page = a.app.screen
        assert isinstance(page, RawPage) and a.session.calls[-1] == ("search", None, "DPT=2")
        assert a.session.now.address(last) in "".join(page.dump()[1])
        await a.press("n", "n", "down", "up", "up")
        assert page._lines.reading_at() == 1 and page._lines.parts(2)[0][1] == "cursor"
        await a.press("end")
        await a.press("enter")
        assert isinstance(a.app.screen, MainScreen) and ("search", None, "") in a.session.calls
        assert a.table.cursor == last and not a.table.ranking.filter  # the filter hid it


@pytest.mark.parametrize("found", [FoundLines(1, "x", held=4, looked=4)])
def test_progress_of_a_search_that_is_done(found: FoundLines) -> None:
    assert progress(found) == "0 of 4"


async def test_other_tabs_are_searched_as_they_stand() -> None:
    async with analyst((120, 40)) as a:
        await a.press("enter", "3", "slash", *"source port", "enter")
        assert " of " in a.lines[0] and a.main.detail.search.text == "source port"
        await a.press("escape", "escape", "escape")
        assert a.app.focused is a.table


async def test_pages_are_searched() -> None:
    async with analyst((100, 24)) as a:
        await a.press("question_mark", "slash", *"pause")
        assert isinstance(a.app.screen, HelpPage) and " search pause" in a.screen
        first = a.screen
        await a.press("enter", "n", "n", "n")
        assert " of " in a.lines[-1] and a.screen != first
        top = a.app.screen._lines.scroll_offset.y
        await a.press("escape")
        assert (
            isinstance(a.app.screen, HelpPage)
            and " search " not in a.screen
            and a.app.screen._lines.scroll_offset.y == top
        )
        await a.press("escape")
        assert isinstance(a.app.screen, MainScreen)


async def test_the_detail_over_the_full_screen_is_searched() -> None:
    async with analyst((120, 40)) as a:
        await a.press("enter", "8", "enter", "slash", *"spt=53", "enter", "n")
        assert isinstance(a.app.screen, DetailPage) and "2 of 30 in 30 lines" in a.lines[-1]
        assert a.app.screen.pane._cursor == 1 and a.app.focused is a.app.screen.pane
        await a.press("slash", "q")
        assert isinstance(a.app.screen, DetailPage)
        await a.press("escape", "escape")
        assert isinstance(a.app.screen, MainScreen)
