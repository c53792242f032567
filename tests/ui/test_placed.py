"""Country, autonomous system and names on lists in the source table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.snapshot import Snapshot
from scantui.ui.cells import row_parts
from scantui.ui.columns import layout
from tests.find.pictures import places_of
from tests.ui.build import snapshot
from tests.ui.pilot import analyst

NAMES = ("source", "country", "as", "known")
EVERY = frozenset({"country", "as", "known"})


def placed(tells: frozenset[str] = EVERY) -> Snapshot:
    snap = snapshot()
    return replace(snap, places=replace(places_of(snap.sources.code[::2]), tells=tells))


def cells(snap: Snapshot, code: int, width: int = 120) -> list[str]:
    row = int(np.searchsorted(snap.sources.code, code))
    return [text.strip() for text, _ in row_parts(snap, row, layout(width, NAMES, tells=EVERY))][1:]


def test_what_files_say_and_do_not_say() -> None:
    snap = placed()
    code = snap.sources.code[::2].tolist()
    assert cells(snap, code[0]) == ["private", "-", "-"]  # no file knows it, and it is no public address
    assert cells(snap, code[1]) == ["DE", "AS3320 Deutsche Telekom…", "Shodan"]
    assert cells(snap, code[2])[:2] == ["NL", "AS64500 Example, Ltd"]
    assert cells(snap, code[3], 47) == ["priv", "-", "Shod… +1"]
    assert cells(replace(snap, places=replace(snap.places, tells=frozenset({"as"}))), code[0])[1] == "private"
    assert cells(snap, code[4])[1] == "-"
    assert cells(snap, int(snap.sources.code[1])) == ["", "", ""]  # not looked at yet


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_they_are_shown_where_an_option_gives_them(size: tuple[int, int]) -> None:
    async with analyst(size, first=snapshot()) as a:
        head = a.lines[a.line_of("verdict")]
        assert " cc " not in head and " known" not in head
        await a.see(placed(frozenset({"country"})))
        head = a.lines[a.line_of("verdict")]
        assert " cc " in head and " known" not in head and " as " not in head
        await a.see(placed())
        assert (" as " in a.lines[a.line_of("verdict")]) is (size[0] == 200)


async def test_the_dialog_tells_what_is_missing() -> None:
    async with analyst((120, 40), first=snapshot()) as a:
        await a.press("C")
        assert "its country; needs --mmdb" in a.screen and "known scanners; needs --known" in a.screen


async def test_they_are_sorted_and_filtered_by() -> None:
    async with analyst((200, 60), first=placed()) as a:
        await a.press("s", "s")
        numbers = [line.split("AS")[1].split()[0] for line in a.lines if " AS3320 " in line or " AS64500 " in line]
        assert numbers == sorted(numbers, key=int) and set(numbers) == {"3320", "64500"}
        await a.press("slash", *"asn:3320", "enter")
        shown = set(a.table.codes.tolist())
        places = a.main.snapshot.places
        assert shown == set(places.code[places.asn == 3320].tolist()) and "by AS number" in a.lines[0]


async def test_a_cluster_says_a_country_only_if_all_its_members_do() -> None:
    snap = placed()
    members = snap.clusters[0].sources
    for country, said in (([1, 1], "DE"), ([1, 2], "many"), ([0, 0], "-")):
        codes = np.sort(np.array(members, np.uint32))
        none = np.zeros(2, np.int32)
        places = replace(snap.places, code=codes, country=np.array(country, np.int32), asn=none.astype(np.int64) - 1,
                         holder=none, scope=none, known=none)  # fmt: skip
        async with analyst((200, 60), first=replace(snap, places=places)) as a:
            await a.press("c")
            line = a.lines[a.line_of("2 distributed")]
            assert line.split("distributed")[1].split()[0] == said
