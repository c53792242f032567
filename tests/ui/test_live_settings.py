"""The file of settings while the monitor runs: what is put in force, what is told, and that a wrong file changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from scantui.config import Settings, parse
from scantui.state.screen import Choices, Kept
from scantui.ui.columns import STANDARD
from scantui.ui.live_settings import LiveSettings
from scantui.ui.manners import Manners
from scantui.ui.restoring import Restoring
from scantui.ui.themes import load_themes
from scantui.ui.wishes import with_wishes
from tests.ui.pilot import Analyst, analyst
from tests.ui.test_restoring import LOG, Memory

THEMES = ["dark", "paper"]


def live(path: Path, text: str = "", **manners: object) -> LiveSettings:
    """Settings as they were at the start, when the file held `text`."""
    path.write_text(text)
    settings = parse(text, "")
    return LiveSettings(path, settings, with_wishes(Manners(**manners), settings)[0])


@pytest.mark.parametrize(("text", "keys", "says"), [
    ("[table]\nsort = 'ports'", {"table.sort"}, ["settings in force: table.sort"]),
    ("[keys]\nview.pause = 'f8'", {"keys"}, ["settings in force: keys"]),
    ("[judge]\nhome = ['10.0.0.0/8']", set(), ["settings that take effect at the next start: judge.home"]),
    ("[monitor]\nascii = true\nbell = true", {"monitor.bell"},
     ["settings in force: monitor.bell", "settings that take effect at the next start: monitor.ascii"]),
    ("[monitor]\ntheme = 'paper'", set(), ["settings that the command line overrides: monitor.theme"]),
])  # fmt: skip
def test_what_changed_is_told_by_its_key(tmp_path: Path, text: str, keys: set[str], says: list[str]) -> None:
    settings = live(tmp_path / "c.toml", theme="dark", said=frozenset({"theme"}))
    (tmp_path / "c.toml").write_text(text)
    change = settings.change(THEMES)
    assert change is not None and not change.wrong and (set(change.keys), list(change.lines)) == (keys, says)
    assert settings.change(THEMES) is None


@pytest.mark.parametrize(("text", "says"), [
    ("[table]\nsrot = 'ports'", "table.srot: unknown key (did you mean 'sort'?)"), ("[table", "not TOML"),
    ("[table]\ncolumns = ['prots', 'source']", "table.columns: no column is called 'prots'"),
    ("[keys]\nview.pause = 'r'", "keys.view.pause: key 'r' is that of 'view.refresh' too"),
    ('[monitor]\ntheme = "pap\\u001ber"', "monitor.theme: no theme 'pap\\x1ber': there are dark, paper"),
    ("\xff", "not UTF-8 (byte 1)"),
])  # fmt: skip
def test_what_is_wrong_is_told_once_by_file_and_key_and_changes_nothing(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "c.toml"
    settings = live(path, "[table]\nreverse = true")
    path.write_bytes(text.encode("latin-1"))
    change = settings.change(THEMES)
    assert change is not None and change.wrong and not change.keys
    assert len(change.lines) == 1 and str(path) in change.lines[0] and says in change.lines[0]
    assert settings.change(THEMES) is None
    path.write_text("[table]\nreverse = true\nsort = 'last'")
    fixed = settings.change(THEMES)
    assert fixed is not None and fixed.keys == {"table.sort"} and fixed.manners.reverse


def test_a_file_that_goes_away_keeps_what_it_said(tmp_path: Path) -> None:
    settings = live(tmp_path / "c.toml", "[table]\nreverse = true")
    (tmp_path / "c.toml").unlink()
    assert settings.change(THEMES) is None and settings.folder == tmp_path
    assert LiveSettings(Path("/dev/null"), Settings(), Manners()).folder is None


async def saved(a: Analyst, path: Path, text: str, done: Callable[[], bool]) -> None:
    """The file is saved, and the monitor sees it."""
    path.with_suffix(".new").write_text(text)
    path.with_suffix(".new").replace(path)
    for _ in range(200):
        await asyncio.sleep(0.05)
        if done():
            break
    await a.settle()
    assert done()


async def test_they_are_in_force_as_soon_as_they_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    async with analyst((120, 40), settings=live(path)) as a:
        await asyncio.sleep(0.3)  # until the folder is watched
        text = ("[monitor]\ntheme = 'paper'\nhold_seconds = 9\nbell = true\nlow_bandwidth = true\n[heat]\nbucket = 60\n"
                "[table]\nsort = 'ports'\ncolumns = ['source', 'ports']\n[keys]\nview.pause = 'f8'\nview.filter = ''\n")  # fmt: skip
        await saved(a, path, text, lambda: a.app.theme == "paper")
        assert (a.table.hold_seconds, a.table.wanted) == (9, ("source", "ports")) and "by ports" in a.lines[0]
        assert a.main.heat.sweep and a.main.wish.heat.bucket == 60_000_000 and a.app.manners.paint_seconds == 1.0
        assert a.app._news.manners.bell and "f8 pause" in a.lines[-1]
        await a.press("slash", "space")
        assert not a.main.find_bar.is_open and ("pause",) not in a.session.calls
        await a.press("f8")
        assert ("pause",) in a.session.calls

        await saved(a, path, text.replace("f8", "q"), lambda: "keys.view.pause: key 'q'" in a.screen)
        await a.press("f8")
        assert ("resume",) in a.session.calls and a.app.theme == "paper"

        await saved(a, path, "", lambda: a.app.theme == "dark")
        assert a.table.wanted == STANDARD and not a.main.heat.sweep and "by ports" not in a.lines[0]
        await a.press("space")
        assert a.session.calls.count(("pause",)) == 2


async def test_what_was_chosen_by_hand_stays_until_the_file_says_otherwise(tmp_path: Path) -> None:
    path, file = tmp_path / "config.toml", Memory(Kept(Choices(theme="fjord"), Choices(theme="auto")))
    restoring = Restoring(file, LOG, lambda: load_themes()[0], Manners())
    async with analyst((120, 40), settings=live(path), restoring=restoring) as a:
        await asyncio.sleep(0.3)
        await a.press("s", "t")
        await saved(a, path, "[table]\nreverse = true\n[monitor]\nhold_seconds = 3", lambda: a.table.hold_seconds == 3)
        assert a.app.theme == "fjord" and a.table.ranking.sort.column == "" and a.table.ranking.reverse
        await saved(a, path, "[monitor]\ntheme = 'paper'", lambda: a.app.theme == "paper")
    restoring.keep(a.app)
    assert file.kept.chosen == Choices()
