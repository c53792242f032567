"""Filter, find, saved filters, sort, columns and clusters on the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scantui.detect.scan import Cluster
from scantui.find import FindError
from scantui.find.complete import Completion
from scantui.find.saved import Saved
from scantui.snapshot import Snapshot
from scantui.state.directory import Directory
from scantui.state.filters import FILE, SavedFilters
from scantui.ui.columns import BY_NAME, COLUMNS, STANDARD, checked_columns
from scantui.ui.columns_dialog import ColumnsDialog
from scantui.ui.filters_dialog import FiltersDialog
from scantui.ui.find_bar import choice_parts, error_parts
from scantui.ui.main_screen import MainScreen
from scantui.ui.ranking import SORTS
from scantui.ui.sort_dialog import SortDialog
from tests.ui.build import NOW, SECOND, reranked, seed_scan, snapshot
from tests.ui.pilot import Analyst, analyst

V6 = "2001:db8:85a3:1111:2222:8a2e:370:7334"


def text_of(parts) -> str:
    return "".join(text for text, _ in parts)


def caret(a: Analyst) -> tuple[int, str]:
    """Where the caret stands below the line, and the line with it."""
    line = next(line for line in a.lines if "▴" in line and "filter" not in line and "verdict" not in line)
    return line.index("▴"), line


# What stands below the line ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("x", [0, 5, 30, 39, 79, 200])
def test_the_caret_stands_under_what_is_wrong(width: int, x: int) -> None:
    said = text_of(error_parts(FindError("a number must follow >", 0, 1), x, width))
    assert said.index("▴") == min(x, width - 1) and len(said) <= width
    assert "a number" in said or width == 40


def test_choices_end_before_the_line_does() -> None:
    offer = Completion(0, 2, tuple((f"choice-{n}", n) for n in range(30)), "what it is")
    for chosen in (None, 0, 12, 29):
        said = text_of(choice_parts(offer, chosen, 80))[:80]
        assert chosen is None or f"choice-{chosen} {chosen}" in said
        assert said.rstrip().endswith("…") or chosen == 29
    assert "what it is" in text_of(choice_parts(Completion(0, 0, (), "what it is"), None, 80))


# The filter line --------------------------------------------------------------------------------------------------
async def test_an_error_is_told_under_its_place_and_the_last_good_filter_stays() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press("slash", *"scan")
        a.main.filter.value = "scan pots>5"
        await a.settle()
        at, line = caret(a)
        assert at == len(" / ") + len("scan ") and "no field is called 'pots', perhaps 'ports'?" in line
        assert len(a.table.codes) == 2
        await a.press("enter")
        assert a.app.focused is a.main.filter and "perhaps 'ports'?" in a.screen
        await a.press("escape")
        assert len(a.table.codes) == 200 and a.app.focused is a.table and "pots" not in a.screen


async def test_tab_takes_what_is_offered_and_goes_round() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press("slash", *"ver")
        assert " tab verdict:" in a.screen
        await a.press("tab")
        assert a.main.filter.value == "verdict:" and "suspect" in a.screen
        seen = []
        for _ in range(5):
            await a.press("tab")
            seen.append(a.main.filter.value)
        assert (
            set(seen[:4]) == {f"verdict:{name}" for name in ("none", "scan", "suspect", "benign")}
            and seen[4] == seen[0]
        )
        await a.press(*" ports>5")
        assert a.app.focused is a.main.filter and a.main.filter.value == seen[0] + " ports>5"


async def test_the_arrows_bring_back_what_was_typed() -> None:
    async with analyst(first=snapshot(200)) as a:
        for text in ("scan", "ports>3"):
            await a.press("slash", *text, "enter", "escape")
        await a.press("slash", "up")
        assert a.main.filter.value == "ports>3"
        await a.press("up", "up")
        assert a.main.filter.value == "scan" and len(a.table.codes) == 2
        await a.press("down", "down")
        assert a.main.filter.value == ""


async def test_the_line_stays_while_there_is_a_filter_and_then_goes() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press("slash", *"verdict:scan", "enter")
        assert " / verdict:scan" in a.screen and "tab " not in a.screen and a.app.focused is a.table
        await a.press("escape")
        assert " / verdict:scan" not in a.screen


# Finding ----------------------------------------------------------------------------------------------------------
async def test_find_goes_there_and_filters_nothing() -> None:
    async with analyst((120, 40), snapshot(40)) as a:
        await a.press("F", *"verdict:benign")
        assert len(a.table.codes) == 40 and " find verdict:benign" in a.screen
        table = a.session.now.sources
        benign = set(table.code[table.verdict == 1].tolist())
        assert a.table.cursor in benign and f"found 1 of {len(benign)}" in a.screen
        await a.press("enter")
        first = a.table.cursor
        assert a.app.focused is a.table and " find " not in a.screen
        seen = [first]
        for _ in range(len(benign) - 1):
            await a.press("n")
            seen.append(a.table.cursor)
        assert set(seen) == benign and f"found {len(benign)} of {len(benign)}" in a.screen
        await a.press("n")
        assert a.table.cursor == first
        await a.press("N")
        assert a.table.cursor == seen[-1]


async def test_next_looks_for_what_was_filtered_by() -> None:
    async with analyst((120, 40), snapshot(300)) as a:
        await a.press("n")
        assert "nothing to look for yet" in a.app._notifications.__iter__().__next__().message
        await a.press("slash", *"src:2001*", "enter", "escape", "end", "n")
        assert a.session.now.address(a.table.cursor) == V6 and len(a.table.codes) == 300
        await a.press("F", *"src:9.9.9.9")
        assert "nothing fits 'src:9.9.9.9'" in a.screen


async def test_escape_from_find_keeps_the_filter() -> None:
    async with analyst((120, 40), snapshot(300)) as a:
        await a.press("slash", *"verdict:scan", "enter", "F", *"ports>100", "escape")
        assert len(a.table.codes) == 2 and " / verdict:scan" in a.screen


# Saved filters ----------------------------------------------------------------------------------------------------
async def test_filters_are_saved_applied_and_forgotten(tmp_path: Path) -> None:
    store = SavedFilters(Directory(tmp_path))
    async with analyst(first=snapshot(200), saved=store) as a:
        await a.press("apostrophe")
        assert isinstance(a.app.screen, FiltersDialog) and "none yet" in a.screen
        await a.press("a")
        assert "there is no filter to save" in a.screen
        await a.press("escape", "slash", *"verdict:scan", "enter", "apostrophe", "a", "enter")
        assert "write a name" in a.screen
        await a.press(*"scans", "enter")
        assert store.load() == (Saved("scans", "verdict:scan"),) and "1 scans" in a.screen
        await a.press("escape", "escape", "apostrophe", "1")
        assert isinstance(a.app.screen, MainScreen) and len(a.table.codes) == 2 and " / verdict:scan" in a.screen
        await a.press("apostrophe", "d")
        assert "d again forgets 'scans'" in a.screen and store.load()
        await a.press("d")
        assert store.load() == () and "none yet" in a.screen


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[filters]\nold = 'ports>'\n")
    async with analyst(first=snapshot(20), saved=SavedFilters(Directory(tmp_path))) as a:
        await a.press("apostrophe")
        assert "filters.old: a number must follow >" in " ".join(a.screen.split())


async def test_without_a_directory_filters_last_the_run() -> None:
    async with analyst(first=snapshot(200)) as a:
        await a.press(
            "slash", *"scan", "enter", "apostrophe", "a", *"x", "enter", "escape", "escape", "apostrophe", "enter"
        )
        assert len(a.table.codes) == 2


# Order and columns ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.title)
async def test_every_sort_has_its_letter(sort) -> None:
    async with analyst((120, 40), snapshot(100)) as a:
        await a.press("s")
        assert isinstance(a.app.screen, SortDialog) and sort.title in a.screen
        await a.press(sort.letter)
        assert isinstance(a.app.screen, MainScreen) and a.table.ranking.sort is sort
        assert a.table.ranking.reverse == (sort is SORTS[0])


async def test_the_same_sort_again_turns_it() -> None:
    async with analyst((120, 40), snapshot(100)) as a:
        await a.press("s", "e", "s")
        assert "▾ events" in a.screen
        await a.press("enter")
        assert a.table.ranking.reverse and "by events, reversed" in a.lines[0]
        await a.press("s", "down", "down", "enter")
        assert a.table.ranking.sort.column == "score" and not a.table.ranking.reverse
        await a.press("s", "escape")
        assert a.table.ranking.sort.column == "score"


async def test_columns_are_chosen_and_moved() -> None:
    async with analyst() as a:
        await a.press("C")
        assert (
            isinstance(a.app.screen, ColumnsDialog) and "[x] kind" in a.screen and "no room at this width" in a.screen
        )
        await a.press("down", "down", "space")  # the source cannot go
        await a.press("up", "space", "end", "space", *["shift+up"] * (len(COLUMNS) - 2), "enter")
        assert a.table.wanted == ("mark", "note", *(name for name in STANDARD if name not in ("mark", "verdict")))
        head = a.lines[a.line_of("source")]
        assert head.index("note") < head.index("source") and "verdict" not in head
        await a.press("C", "r", "enter")
        assert a.table.wanted == STANDARD
        await a.press("C", "space", "escape")
        assert a.table.wanted == STANDARD


def test_names_of_columns_are_checked() -> None:
    assert checked_columns(["source", "ports"]) == ("source", "ports")
    for names, says in ((["source", "prots"], "'prots', perhaps 'proto'"), (["ports"], "'source' must be"),
                        (["source", "source"], "named twice"), (["source", "zzz"], "there are mark, verdict")):  # fmt: skip
        with pytest.raises(ValueError, match=says):
            checked_columns(names)
    assert set(STANDARD) < set(BY_NAME)


# Clusters ---------------------------------------------------------------------------------------------------------
def clustered(sources: int = 60) -> Snapshot:
    """Two clusters: of four scans, and of two sources of which one is not in the table."""
    base = snapshot(sources)
    tables, table = base.tables, base.sources
    rows = [3, 7, 20, 30, 41]
    scans, index, verdict, score = list(base.scans), table.scan.copy(), table.verdict.copy(), table.score.copy()
    for number, row in enumerate(rows):
        scans.append(seed_scan(int(table.code[row]), tables, id=f"m{number}", cluster="big" if number < 4 else "small",
                               port_list=(22, 80 + number), ports=2, targets=300, score=20.0 - number))  # fmt: skip
        index[row], verdict[row], score[row] = len(scans) - 1, 3, 20.0 - number
    big = Cluster("big", ("m0", "m1", "m2", "m3"), tuple(int(table.code[row]) for row in rows[:4]), "distributed",
                  {"sport": 53}, NOW - 60 * SECOND, NOW)  # fmt: skip
    small = Cluster("small", ("m4",), (int(table.code[41]), 7), "decoy", {}, NOW, NOW)
    order = np.lexsort((-score, -verdict.astype(np.int64))).astype(np.int64)
    table = replace(table, scan=index, verdict=verdict, score=score, order=order)
    return replace(base, sources=table, scans=tuple(scans), clusters=(small, big))


async def test_clusters_stand_first_and_open_to_their_members() -> None:
    snap = clustered()
    table, big = snap.sources, snap.clusters[1]
    async with analyst((120, 40), snap) as a:
        await a.press("c")
        top = a.line_of("cluster, source") + 1
        row = a.lines[top]
        assert "▸ 4 distributed" in row and " 53 " in row and "300" not in row and " 1+" in row
        events = sum(int(table.events[np.searchsorted(table.code, code)]) for code in big.sources)
        assert f" {events} " in row and "SYN-FIN" in row
        assert "▸ 1/2 decoy" in a.lines[top + 1] and len(a.table.codes) == 60 - 5 + 2
        assert "clusters" in a.lines[0] and a.table.cursor == big.sources[0] and set(a.table.chosen) == set(big.sources)
        await a.press("right")
        assert "▾ 4 distributed" in a.lines[top]
        assert [a.lines[top + n].split()[2] for n in (1, 2, 3, 4)] == [snap.address(code) for code in big.sources]
        await a.press("down", "down", "down")
        assert a.table.chosen == (big.sources[2],)
        await a.press("left")
        assert "▸ 4 distributed" in a.lines[top] and a.table.cursor == big.sources[0]
        await a.press("enter")
        assert "▾ 4 distributed" in a.lines[top] and a.app.focused is a.table
        await a.press("enter", "down", "down", "right", "left")
        assert "▸ 4 distributed" in a.lines[top] and a.table.chosen == (int(a.table.codes[2]),)


async def test_a_member_stays_under_the_cursor_through_resorts_and_between_views() -> None:
    async with analyst((120, 40), clustered()) as a:
        await a.press("c", "right", "down", "down")
        code = a.table.cursor
        for seed in range(4):
            a.let_go()
            await a.see(reranked(a.session.now, np.random.default_rng(seed).permutation(60)))
            assert a.table.cursor == code
        await a.press("c")
        assert a.table.cursor == code and len(a.table.codes) == 60
        await a.press("c")
        assert a.table.cursor == code
        await a.press("left")
        big = a.session.now.clusters[1]
        assert set(a.table.chosen) == set(big.sources)
        a.let_go()
        await a.see(replace(a.session.now, seq=50, clusters=a.session.now.clusters[:1]))
        assert len(a.table.chosen) == 1


async def test_figures_of_a_cluster_go_on_while_the_order_is_held() -> None:
    async with analyst((120, 40), clustered()) as a:
        await a.press("c", "down", "up")
        table = a.session.now.sources
        events = table.events.copy()
        events[3] += 54_321
        await a.see(replace(a.session.now, seq=9, sources=replace(table, events=events)))
        assert str(54_321 + int(sum(table.events[[3, 7, 20, 30]]))) in a.screen


async def test_a_filter_leaves_the_members_that_pass() -> None:
    async with analyst((120, 40), clustered()) as a:
        snap = a.session.now
        first = snap.address(snap.clusters[1].sources[0])
        await a.press("c", "slash", *f"src:{first} or sport:53", "enter")
        assert "▸ 1/4 distributed" in a.screen and "decoy" not in a.screen
        await a.press("escape", "F", *"relation:decoy", "enter")
        assert "found 1 of 1" in a.screen and a.table.chosen == (int(snap.sources.code[41]),)


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.title)
async def test_clusters_can_be_sorted_by_everything(sort) -> None:
    async with analyst((120, 40), clustered()) as a:
        await a.press("c", "s", sort.letter, "S")
        keys = a.table.listing.keys
        assert len(set(keys.tolist())) == len(keys) == 57 and (keys[:2] >> 32).all() and not (keys[2:] >> 32).any()


async def test_without_clusters_the_key_says_so() -> None:
    async with analyst((120, 40), replace(snapshot(30), clusters=())) as a:
        await a.press("c")
        assert not a.table.listing.clustered and "there are no clusters" in next(iter(a.app._notifications)).message


async def test_a_click_opens_a_cluster() -> None:
    async with analyst((120, 40), clustered()) as a:
        await a.press("c", "down")
        await a.pilot.click("#table", offset=(15, 1))
        await a.settle()
        assert "▸ 4 distributed" in a.screen
        await a.pilot.click("#table", offset=(15, 1))
        await a.settle()
        assert "▾ 4 distributed" in a.screen


async def test_a_cluster_is_marked_as_a_whole() -> None:
    async with analyst((120, 40), clustered()) as a:
        big = set(a.session.now.clusters[1].sources)
        await a.press("c", "m")
        assert (
            set(a.session.now.marks) == big
            and "cluster: 4 sources marked" in a.app._notifications.__iter__().__next__().message
        )
        row = a.lines[a.line_of("▸ 4 distributed")]
        assert row.startswith("●")
        await a.press("right", "down", "m", "up", "m")
        assert set(a.session.now.marks) == big
        await a.press("m")
        assert a.session.now.marks == {}
        await a.press("M", *"night", "tab", "enter")
        assert {mark.note for mark in a.session.now.marks.values()} == {"night"} and set(a.session.now.marks) == big
        assert a.lines[a.line_of("▾ 4 distributed")].startswith("S")
        await a.press("m")
        assert set(a.session.now.marks) == big
