"""Log text is written by attackers: on the screen it is only ever visible characters."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from scantui.detect.scan import Cluster, Evidence
from scantui.snapshot import InputStatus, Mark, RawLine
from tests.ui.build import SEED, detail_of, snapshot, status
from tests.ui.pilot import Analyst, analyst

TITLE, CSI, C1, RED, CLICK, BIDI = (
    "\x1b]0;owned\x07", "\x1b[31mred", "\x9b31m", "[red]text[/red]", "[@click=app.quit]go[/]", "\u202etxt.exe",
)  # fmt: skip
EVIL = f"{RED}{CLICK}{TITLE}{CSI}{C1}{BIDI}"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


def evil_snapshot():
    snap = snapshot()
    scan = replace(snap.scans[0], techniques=(EVIL,), cluster=EVIL, proto=EVIL, evidence=(Evidence(EVIL, 3.0, EVIL),))
    cluster = Cluster(EVIL, (EVIL,), (scan.source,), EVIL, {EVIL: EVIL}, scan.first, scan.last, EVIL)
    heat = replace(snap.heat, names=tuple(f"{EVIL}{i}" for i in range(len(snap.heat.names))))
    inputs = (InputStatus(EVIL, EVIL, EVIL, 1, 1, 1, (EVIL, EVIL), EVIL),)
    snap = replace(snap, scans=(scan, snap.scans[1]), clusters=(cluster,), heat=heat, status=status(inputs=inputs),
                   marks={scan.source: Mark(scan.source, EVIL)})  # fmt: skip
    raw = (RawLine(1, EVIL, 7, EVIL),)
    detail = detail_of(snap, scan.source, pattern=((EVIL, EVIL),), raw=raw, targets=(EVIL,), ports_text=EVIL,
                       cluster=cluster, evidence=scan.evidence)  # fmt: skip
    return snap, detail


async def check(a: Analyst) -> None:
    for strip in a.app.screen._compositor.render_strips():
        for segment in strip:
            assert not CONTROL.search(segment.text), repr(segment.text)
            assert not (segment.style and segment.style.meta and "@click" in segment.style.meta)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_nothing_gets_through_anywhere(size: tuple[int, int]) -> None:
    snap, detail = evil_snapshot()
    async with analyst(size, snap, title=EVIL) as a:
        a.session._change = lambda **changes: a.session.publish(
            replace(a.session.now, **{**changes, "detail": detail if changes.get("detail") else a.session.now.detail})
        )
        await check(a)
        walk = "enter 2 3 4 5 6 7 8 w 9 enter escape escape escape i escape e down tab escape M escape A escape a escape question_mark escape"
        for key in walk.split():
            await a.press(key)
            await check(a)
        assert a.app.return_code is None


async def test_markup_is_shown_as_it_was_written() -> None:
    snap, detail = evil_snapshot()
    async with analyst((200, 60), replace(snap, detail=replace(detail, pattern=(("note", RED + CLICK),)))) as a:
        a.session.select = lambda code: None
        await a.see(replace(a.session.now, seq=2))
        assert RED + CLICK in a.screen


async def test_notices_and_dialogs_do_not_parse_what_they_show() -> None:
    async with analyst((120, 40)) as a:
        a.session.export = lambda *wanted: (_ for _ in ()).throw(ValueError(EVIL))
        await a.press("m", "e")
        a.app.screen.query_one("#path").value = "/nonexistent/" + RED
        await a.press("enter")
        await check(a)
        assert "[red]text[/red]" in a.screen and "\\x1b" in a.screen
        await a.press("escape")
        a.main._exported(EVIL)
        await a.settle()
        await check(a)
        assert "[@click=app.quit]" in a.screen


async def test_wide_and_combining_characters_do_not_shift_the_line() -> None:
    snap = snapshot()
    scan = replace(snap.scans[0], techniques=("漢字漢字漢字漢字", "é́́́́"))
    async with analyst(first=replace(snap, scans=(scan, snap.scans[1]))) as a:
        strip = a.app.screen._compositor.render_strips()[a.line_of(SEED)]
        assert strip.cell_length == 80 and " 200 " in strip.text
