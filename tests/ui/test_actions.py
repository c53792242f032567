"""One list of keys: bindings and help are made of it, every action exists, no key means two things in one place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from textual.binding import Binding

from scantui.ui.actions import ACTIONS, AROUND, Place, help_lines, of_place
from scantui.ui.allowed_page import AllowedLines
from scantui.ui.app import ScantuiApp
from scantui.ui.burst_page import BurstPage
from scantui.ui.detail_pane import DetailPane
from scantui.ui.find_bar import FindField
from scantui.ui.heat_map import HeatMap
from scantui.ui.keymap import STANDARD, clashes, key_name
from scantui.ui.keys_table import markdown
from scantui.ui.main_screen import MainScreen
from scantui.ui.pages import HelpPage, Page, PageLines
from scantui.ui.raw_page import RawLines
from scantui.ui.source_rows import SourceRows
from scantui.ui.time_bar import TimeBar
from tests.ui.build import snapshot

ROOT = Path(__file__).parents[2]
HOLDERS = {Place.APP: ScantuiApp, Place.SEARCH: Page, Place.FIND: FindField, Place.MAIN: MainScreen, Place.TABLE: SourceRows, Place.HEAT: HeatMap,
           Place.TIME: TimeBar, Place.DETAIL: DetailPane, Place.PAGE: PageLines, Place.BURST: BurstPage,
           Place.ALLOWED: AllowedLines, Place.FOUND: RawLines}  # fmt: skip


@pytest.mark.parametrize("place", Place)
def test_each_place_binds_its_actions_and_no_others(place: Place) -> None:
    bound = {b.id: (b.key, b.action) for b in HOLDERS[place].BINDINGS if isinstance(b, Binding)}
    assert bound == {a.id: (a.keys, a.call) for a in of_place(place)}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.id)
def test_every_action_is_there(action) -> None:
    assert callable(getattr(HOLDERS[action.place], "action_" + action.call.split("(")[0]))


# An inner place takes these keys over on purpose.
MEANT = {("allowed.down", "page.down", "down"), ("allowed.down", "page.down", "j"), ("allowed.up", "page.up", "up"),
         ("allowed.up", "page.up", "k"), ("find.complete", "view.next", "tab"), ("find.leave", "view.back", "escape"),
         ("page.close", "app.quit", "q")}  # fmt: skip


def test_ids_are_unique_and_keys_do_not_clash() -> None:
    assert max(Counter(a.id for a in ACTIONS).values()) == 1
    assert set(AROUND) == set(Place)
    assert clashes(ACTIONS) == MEANT


def test_every_key_is_a_key() -> None:
    for action in ACTIONS:
        assert ",".join(key_name(key) for key in action.keys.split(",")) == action.keys


def test_the_document_is_the_registry() -> None:
    assert (ROOT / "docs" / "keys.md").read_text() == "".join(markdown(STANDARD)), (
        "scantui config --keys > docs/keys.md"
    )


def test_help_lists_every_action() -> None:
    listed = [text for _, rows in help_lines() for _, text in rows]
    assert sorted(listed) == sorted(a.text for a in ACTIONS)
    lines = HelpPage(snapshot()).make(120)[1]
    whole = "\n".join("".join(text for text, _ in line) for line in lines)
    assert all(a.text in whole for a in ACTIONS)
