"""The command palette: everything that can be done here, by words, done where it belongs."""

from __future__ import annotations

import pytest

from scantui.ui.actions import ACTIONS
from scantui.ui.pages import HelpPage
from scantui.ui.palette import Palette, find, line_of
from scantui.ui.text import width_of
from tests.ui.pilot import analyst


@pytest.mark.parametrize(("words", "first"), [
    ("pause", "view.pause"), ("export", "act.export"), ("NOTE mark", "act.note"), ("heat.sweep", "heat.sweep"),
    ("quit", "app.quit"),
])  # fmt: skip
def test_words_find_what_they_say(words: str, first: str) -> None:
    assert find(ACTIONS, words)[0].action.id == first


def test_letters_in_their_order_will_do() -> None:
    assert "app.theme" in {found.action.id for found in find(ACTIONS, "clr thm")}


def test_without_words_there_is_everything_and_nonsense_finds_nothing() -> None:
    assert [found.action for found in find(ACTIONS, " ")] == list(ACTIONS)
    assert find(ACTIONS, "zzzqqq") == []


@pytest.mark.parametrize("width", [40, 54, 72, 100])
def test_a_line_is_as_wide_as_told(width: int) -> None:
    for found in find(ACTIONS, "the"):
        parts = line_of(found, width)
        assert width_of("".join(text for text, _ in parts)) == width
    met = line_of(find(ACTIONS, "pause")[0], width)
    assert "Pause" in [text for text, look in met if look == "accent"]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 15)])
async def test_it_does_what_was_found_where_it_belongs(size: tuple[int, int]) -> None:
    async with analyst(size) as a:
        await a.press("colon")
        assert isinstance(a.app.screen, Palette)
        await a.press(*"mark", "enter")
        assert any(call[0] == "mark" for call in a.session.calls)
        await a.press("tab", "ctrl+p", *"bottom", "enter")  # of the table, whatever has the focus
        assert a.app.focused is a.table and a.table._index == len(a.table.codes) - 1
        await a.press("colon", *"help", "enter")
        assert isinstance(a.app.screen, HelpPage)


async def test_it_offers_what_works_here_only() -> None:
    async with analyst() as a:
        await a.press("colon")
        ids = {found.action.id for found in a.app.screen._found}
        assert {"view.pause", "table.copy", "heat.sweep", "app.quit"} <= ids
        assert not {"page.close", "burst.axis", "allowed.remove", "detail.why", "app.palette"} & ids
        await a.press("escape", "i", "colon")
        ids = {found.action.id for found in a.app.screen._found}
        assert {"page.close", "app.theme"} <= ids and "view.pause" not in ids


async def test_it_is_left_without_a_trace_and_can_be_walked() -> None:
    async with analyst() as a:
        before = a.screen
        for leave in ("escape", "ctrl+p"):
            await a.press("colon", *"xx", leave)
            assert a.screen == before and a.session.calls == [("start",)]
        await a.press("colon", "down", "down", "up", "enter")
        assert ("refresh",) not in a.session.calls and "r works while paused" in a.screen
