"""Filter and sort over columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.find import Facts
from scantui.snapshot import Mark
from scantui.ui.ranking import BY_COLUMN, SORTS, Ranking, ordered, sort_key
from tests.find.pictures import rich
from tests.find.reference import texts
from tests.ui.build import reranked, snapshot


@pytest.mark.parametrize("sort", SORTS, ids=lambda s: s.title)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_sort_is_a_permutation_in_order(sort, reverse: bool) -> None:
    snap = rich()
    facts = Facts().see(snap)
    rows = ordered(facts, sort, reverse)
    assert sorted(rows.tolist()) == list(range(len(snap.sources)))
    if sort.column:
        values, said = sort_key(facts, sort.column)
        known = int(said.sum())
        assert said[rows[:known]].all() and not said[rows[known:]].any()
        steps = np.diff(values[rows[:known]].astype(np.float64))
        assert (steps <= 0).all() if sort.descending != reverse else (steps >= 0).all()


@pytest.mark.parametrize("column", ["kind", "technique", "proto", "cluster", "tool", "mark", "note"])
def test_words_are_sorted_by_their_text(column: str) -> None:
    snap = rich()
    shown = [texts(column, snap, row) for row in ordered(Facts().see(snap), BY_COLUMN[column], False).tolist()]
    first = [words[0] for words in shown if words]
    assert first == sorted(first) and len(set(first)) > 1 and shown[: len(first)] == [words for words in shown if words]


def test_the_rate_now_is_that_of_the_newest_two_spans() -> None:
    snap = snapshot(50)
    rows = ordered(Facts().see(snap), BY_COLUMN["rate"], False)
    newest = snap.sources.rates.counts[:, -2:].astype(int).sum(axis=1)[rows]
    assert (np.diff(newest) <= 0).all() and newest[0] > newest[-1]


def test_ties_keep_the_sessions_ranking() -> None:
    snap = snapshot(300)
    table = snap.sources
    rows = ordered(Facts().see(snap), BY_COLUMN["targets"], False)
    rank = np.empty(300, np.int64)
    rank[table.order] = np.arange(300)
    same = table.targets[rows][1:] == table.targets[rows][:-1]
    assert (np.diff(rank[rows])[same] > 0).all()


def test_letters_and_columns_of_sorts_are_unique() -> None:
    assert len({sort.letter for sort in SORTS}) == len({sort.column for sort in SORTS}) == len(SORTS)
    assert not {sort.letter for sort in SORTS} & set("jkgG")  # they move in the menu


def test_marks_rank_anew_where_they_count() -> None:
    ranking, snap = Ranking(), snapshot()
    ranking.set_filter("marked")
    assert len(ranking.rows(snap)) == 0
    code = int(snap.sources.code[2])
    assert snap.sources.code[ranking.rows(replace(snap, marks={code: Mark(code)}))].tolist() == [code]


def test_a_new_table_is_ranked_anew_and_an_old_one_is_not() -> None:
    ranking, snap = Ranking(), snapshot()
    rows = ranking.rows(snap)
    assert ranking.rows(replace(snap, seq=2)) is rows
    turned = reranked(snap, snap.sources.order[::-1])
    assert ranking.rows(turned).tolist() == rows.tolist()[::-1]
