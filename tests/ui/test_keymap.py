"""The user's own keys: they take hold everywhere, and what cannot be is refused with both actions named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ui.actions import ACTIONS, key_names
from scantui.ui.keymap import STANDARD, KeymapError, clashes, key_name, resolve
from scantui.ui.pages import HelpPage
from tests.ui.pilot import analyst

IDS = [action.id for action in ACTIONS]
KEYS = ["p", "P", "/", "f8", "ctrl+k", "space", "alt+x", "tab", "é", ""]


@pytest.mark.parametrize(("written", "key"), [
    ("/", "slash"), ("slash", "slash"), ("?", "question_mark"), ("Esc", "escape"), ("F2", "f2"), ("ctrl+P", "ctrl+p"),
    ("shift+a", "A"), ("G", "G"), ("shift+tab", "shift+tab"), ("pgdn", "pagedown"), ("ctrl+i", "tab"), ("comma", "comma"),
    ("+", "plus"), ("shift+ctrl+k", "ctrl+shift+k"), (" space ", "space"),
])  # fmt: skip
def test_keys_may_be_written_as_they_are_or_by_name(written: str, key: str) -> None:
    assert key_name(written) == key


@pytest.mark.parametrize("written", ["", "spcae", "ctrl+", "ctrl+foo", "hold+p", "\x1b", "pp"])
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        key_name(written)


@pytest.mark.parametrize(("wishes", "says"), [
    ({"view.puase": "x"}, "view.puase: unknown action (did you mean 'view.pause'?)"),
    ({"view.pause": "spcae"}, "view.pause: 'spcae' is no key; did you mean 'space'?"),
    ({"view.pause": "q"}, "view.pause: key 'q' is that of 'app.quit' too (monitor, everywhere); give one of them another key"),
    ({"table.copy": "m"}, "table.copy: key 'm' is that of 'act.mark' too (source table, monitor); give one of them another key"),
    ({"view.pause": "p"}, "view.pause: key 'p' is that of 'time.play' too (in the monitor); give one of them another key"),
    ({"app.help": "j"}, "app.help: key 'j' is that of"),
])  # fmt: skip
def test_what_cannot_be_is_told(wishes: dict[str, str], says: str) -> None:
    with pytest.raises(KeymapError) as error:
        resolve(wishes)
    assert says in str(error.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(KeymapError) as error:
        resolve({"nonesuch": "x", "view.pause": "foo", "act.mark": "e"})
    assert {name for name, _ in error.value.wrong} == {"nonesuch", "view.pause", "act.mark"}


@given(st.dictionaries(st.sampled_from(IDS), st.lists(st.sampled_from(KEYS), max_size=2).map(",".join), max_size=4))
def test_a_keymap_never_adds_a_clash(wishes: dict[str, str]) -> None:
    try:
        keymap = resolve(wishes)
    except KeymapError:
        return
    assert clashes(keymap.actions) <= clashes(ACTIONS)
    assert [action.id for action in keymap.actions] == IDS


async def test_own_keys_take_hold_in_bindings_bar_and_help() -> None:
    keys = {"view.pause": "p", "time.play": "space", "act.mark": "ctrl+k", "view.sort": ""}
    async with analyst(keys=keys) as a:
        await a.press("p")
        assert a.session.calls.count(("pause",)) == 1 and "p: resume" in a.screen
        await a.press("p", "s")
        assert a.session.calls.count(("resume",)) == 1 and "Sort by" not in a.screen
        assert "p pause" in a.lines[-1] and "ctrl+k mark" in a.lines[-1] and "sort" not in a.lines[-1]
        await a.press("ctrl+k")
        assert any(call[0] == "mark" for call in a.session.calls)
        await a.press("question_mark")
        assert isinstance(a.app.screen, HelpPage)
        helped = "\n".join("".join(text for text, _ in line) for line in a.app.screen.make(80)[1])
        assert "   p              Pause" in helped and "   ctrl+k         Mark the source" in helped


async def test_two_actions_can_change_places() -> None:
    async with analyst(keys={"act.mark": "M", "act.note": "m"}) as a:
        await a.press("M")
        assert any(call[0] == "mark" for call in a.session.calls)
        await a.press("m")
        assert "your verdict" in a.screen


def test_an_action_without_a_key_is_pointed_at_by_the_palette() -> None:
    keymap = resolve({"view.pause": ""})
    assert keymap.key("view.pause") == ":" and STANDARD.key("view.pause") == "space"
    assert key_names(next(a for a in keymap.actions if a.id == "view.pause")) == ""
