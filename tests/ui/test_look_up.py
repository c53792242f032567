"""Looking a source up from the monitor: never by itself, and only where it was allowed."""

from __future__ import annotations

from scantui.ui.actions import help_lines
from tests.ui.pilot import analyst


async def test_without_leave_the_key_says_what_to_start_with() -> None:
    async with analyst((100, 30)) as a:
        await a.press("W")
        assert ("look_up",) not in [call[:1] for call in a.session.calls]
        assert "start scantui with --lookup" in " ".join(one.message for one in a.app._notifications)


async def test_with_leave_it_asks_about_the_source_under_the_cursor_and_says_whom() -> None:
    async with analyst((100, 30)) as a:
        a.session.may_look_up = True
        await a.press("j", "k", "j")
        code = a.table.cursor
        assert not [call for call in a.session.calls if call[0] == "look_up"]  # moving asks nobody
        await a.press("W")
        assert [call for call in a.session.calls if call[0] == "look_up"] == [("look_up", code)]
        said = next(one for one in a.app._notifications if "look-up of" in one.message)
        assert said.message.endswith("asking [b]192.0.2.53[/b]") and not said.markup


def test_the_help_says_what_it_needs() -> None:
    assert any(keys == "W" and "--lookup" in text for _, rows in help_lines() for keys, text in rows)
