"""One list of keys: bindings and help are made of it, every action exists, no key means two things in one place."""

from __future__ import annotations

from collections import Counter

import pytest
from textual.binding import Binding

from scantui.ui.actions import ACTIONS, Place, help_lines, of_place
from scantui.ui.allowed_page import AllowedLines
from scantui.ui.app import ScantuiApp
from scantui.ui.burst_page import BurstPage
from scantui.ui.detail_pane import DetailPane
from scantui.ui.find_bar import FindField
from scantui.ui.heat_map import HeatMap
from scantui.ui.main_screen import MainScreen
from scantui.ui.pages import HelpPage, PageLines
from scantui.ui.source_rows import SourceRows
from scantui.ui.time_bar import TimeBar
from tests.ui.build import snapshot

HOLDERS = {Place.APP: ScantuiApp, Place.FIND: FindField, Place.MAIN: MainScreen, Place.TABLE: SourceRows, Place.HEAT: HeatMap,
           Place.TIME: TimeBar, Place.DETAIL: DetailPane, Place.PAGE: PageLines, Place.BURST: BurstPage,
           Place.ALLOWED: AllowedLines}  # fmt: skip


@pytest.mark.parametrize("place", Place)
def test_each_place_binds_its_actions_and_no_others(place: Place) -> None:
    bound = {b.id: (b.key, b.action) for b in HOLDERS[place].BINDINGS if isinstance(b, Binding)}
    assert bound == {a.id: (a.keys, a.call) for a in of_place(place)}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.id)
def test_every_action_is_there(action) -> None:
    assert callable(getattr(HOLDERS[action.place], "action_" + action.call.split("(")[0]))


def test_ids_are_unique_and_keys_do_not_clash() -> None:
    assert max(Counter(a.id for a in ACTIONS).values()) == 1
    for place in Place:
        inherited = [] if place in (Place.PAGE, Place.ALLOWED, Place.FIND, Place.APP) else [*of_place(Place.MAIN), *of_place(Place.APP)]
        around = inherited if place is not Place.MAIN else [*of_place(Place.APP)]
        if place is Place.BURST:
            around = [*of_place(Place.PAGE)]
        keys = Counter(key for a in [*of_place(place), *around] for key in a.keys.split(","))
        assert [key for key, times in keys.items() if times > 1] == []


def test_help_lists_every_action() -> None:
    listed = [text for _, rows in help_lines() for _, text in rows]
    assert sorted(listed) == sorted(a.text for a in ACTIONS)
    lines = HelpPage(snapshot()).make(120)[1]
    whole = "\n".join("".join(text for text, _ in line) for line in lines)
    assert all(a.text in whole for a in ACTIONS)
