"""The screen begins as it was left."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from scantui.snapshot import Snapshot
from scantui.state.screen import Choices, Kept, fingerprint
from scantui.ui.manners import Manners
from scantui.ui.restoring import Restoring
from scantui.ui.themes import load_themes
from tests.ui.build import SEED, snapshot
from tests.ui.pilot import Analyst, analyst

LOG = ("/var/log/kern.log",)
SAME = fingerprint(LOG)
SIXTH = "2001:db8:85a3:1111:2222:8a2e:370:7334"


class Memory:
    """A file that lives in memory."""

    def __init__(self, kept: Kept | Exception | None = None) -> None:
        self.kept = kept or Kept()
        self.saved = 0

    def load(self) -> Kept:
        if isinstance(self.kept, Exception):
            raise self.kept
        return self.kept

    def save(self, kept: Kept) -> None:
        self.kept = kept
        self.saved += 1


@asynccontextmanager
async def run(file: Memory, size: tuple[int, int] = (120, 40), inputs: tuple[str, ...] = LOG, first: Snapshot | None = None,
              **manners: Any) -> AsyncIterator[Analyst]:  # fmt: skip
    """One run, from start to end."""
    restoring = Restoring(file, inputs, lambda: load_themes()[0], Manners(**manners))
    async with analyst(size, first=first or snapshot(), restoring=restoring, **manners) as a:
        yield a
    restoring.keep(a.app)


async def test_what_was_chosen_is_there_again() -> None:
    file = Memory()
    async with run(file) as a:
        await a.press("s", "p", "S", "c", "H", "T", "ctrl+t", "C", "space", "enter", "v", "v")
        a.main.heat.wish = replace(a.main.heat.wish, bucket=60_000_000)
        left = (a.table.wanted, a.app.theme)
    assert file.saved == 1
    async with run(file) as a:
        ranking = a.table.ranking
        assert (a.table.wanted, a.app.theme) == left and ranking.sort.column == "ports" and ranking.reverse
        assert a.table.listing.clustered and a.main.heat.view == "map" and not a.main.heat.display
        assert a.main.heat.wish.bucket == 60_000_000 and not a.main.time.display
    assert file.saved == 1  # nothing new


async def test_who_chose_nothing_leaves_nothing() -> None:
    file = Memory()
    async with run(file) as a:
        await a.press("s", "p", "s", "i", "c", "c", "H", "H", "C", "escape")
    assert file.saved == 0


async def test_a_choice_taken_back_is_forgotten() -> None:
    file = Memory()
    async with run(file) as a:
        await a.press("s", "p", "H")
    assert file.kept.chosen == Choices(order=("ports", False), heat=False)
    async with run(file) as a:
        await a.press("s", "i", "H")
    assert file.kept.chosen == Choices()


async def test_the_command_line_beats_what_was_kept_and_leaves_it_alone() -> None:
    file = Memory(Kept(Choices(theme="paper", mouse=False), Choices(theme="auto", mouse=True)))
    async with run(file, theme="fjord", said=frozenset({"theme"})) as a:
        assert a.app.theme == "fjord" and not a.app.mouse_on
        await a.press("ctrl+t")
    assert file.kept.chosen.theme == "paper" and file.saved == 0
    async with run(file) as a:
        assert a.app.theme == "paper"


async def test_what_was_kept_beats_the_configuration_until_that_changes() -> None:
    file = Memory()
    async with run(file, sort="last") as a:
        await a.press("s", "p")
    async with run(file, sort="last") as a:
        assert a.table.ranking.sort.column == "ports"
    async with run(file, sort="targets") as a:
        assert a.table.ranking.sort.column == "targets"
    assert file.kept.chosen == Choices()


@pytest.mark.parametrize("address", [SEED, SIXTH])
async def test_the_source_under_the_cursor_if_the_same_is_watched(address: str) -> None:
    file = Memory(Kept(inputs=SAME, source=address))
    empty = snapshot()
    empty = replace(empty, sources=snapshot(0).sources, status=replace(empty.status, lines=0))
    async with run(file, first=empty) as a:
        await a.see(snapshot(tables=empty.tables, seq=2))
        assert a.main.snapshot.address(a.table.cursor) == address and a.table.pinned
        await a.press("down")
        other = a.main.snapshot.address(a.table.cursor)
    assert file.kept.source == other != address and file.kept.inputs == SAME
    async with run(file, inputs=("/elsewhere",)) as a:
        assert not a.table.pinned and a.table._index == 0
    async with run(file) as a:
        assert a.main.snapshot.address(a.table.cursor) == other


@pytest.mark.parametrize("text", ["(", "a or", "\x1b]0;x\x07", '"', "x" * 2000, "203.0.113.7) or ("])
async def test_no_text_of_the_file_is_an_obstacle(text: str) -> None:
    async with run(Memory(Kept(filter=text, inputs=SAME, source=text))) as a:
        await a.see(snapshot(seq=2))
        await a.press("slash", "up")
        assert not a.table.pinned and not a.main.wanted_source
        assert all(char.isprintable() for line in a.lines for char in line)


async def test_who_moves_first_is_not_moved() -> None:
    file = Memory(Kept(inputs=SAME, source="198.51.100.99"))
    waiting = snapshot()
    async with run(file, first=replace(waiting, status=replace(waiting.status, backlog=True))) as a:
        await a.press("down")
        assert a.main.wanted_source == "" or a.table.pinned
        here = a.table.cursor
        await a.see(replace(waiting, seq=2))
        assert a.table.cursor == here and a.main.wanted_source == ""


async def test_a_filter_is_not_in_force_again_but_at_hand() -> None:
    file = Memory()
    async with run(file) as a:
        await a.press("slash", *"verdict:scan", "enter")
    assert file.kept.filter == "verdict:scan"
    async with run(file) as a:
        assert not a.table.ranking.filter and "not in force" in a.screen and "verdict:scan" in a.screen
        await a.press("slash", "up", "enter")
        assert a.table.ranking.filter.text == "verdict:scan"


@pytest.mark.parametrize(("kept", "says"), [
    (ValueError("screen.json: [b]not JSON"), "as configured: screen.json: [b]not JSON"),
    (OSError(13, "Permission denied"), "as configured: Permission denied"),
    (Kept(Choices(theme="gone"), Choices(theme="auto")), "no theme 'gone' any more"),
    (Kept(Choices(order=("size", True)), Choices(order=("interest", False))), "no sort 'size' any more"),
])  # fmt: skip
async def test_what_cannot_be_is_told_and_no_obstacle(kept: Kept | Exception, says: str) -> None:
    async with run(Memory(kept)) as a:
        assert says in a.screen.replace("\n", " ") or says in " ".join(
            toast.render().plain for toast in a.app.screen.query("Toast")
        )
        assert a.table.cursor is not None


async def test_narrow_screens_keep_their_open_detail() -> None:
    file = Memory()
    async with run(file, (80, 24)) as a:
        await a.press("enter")
        assert a.main.detail.display
    async with run(file, (80, 24)) as a:
        assert a.main.detail.display and ("select", a.table.cursor) in a.session.calls
