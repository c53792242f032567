"""Filter and sort over columns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scantui.snapshot import Mark, Snapshot
from scantui.ui.filters import Filter, Texts
from scantui.ui.ranking import SORTS, Ranking, ordered
from tests.ui.build import SEED, reranked, snapshot


def passing(snap: Snapshot, text: str) -> set[str]:
    mask = Filter(text).mask(snap, Texts())
    return set(snap.tables.addresses.texts(snap.sources.code[mask]))


def test_words_match_address_kind_technique_verdict_and_cluster() -> None:
    snap = snapshot()
    for text in ("203.0.113.7", "113.7", "vertical", "syn-fin", "SYN-FIN", "c1", "scan vertical", "port=338"):
        assert passing(snap, text) == {SEED}, text
    assert passing(snap, "7334") == {"2001:db8:85a3:1111:2222:8a2e:370:7334"}
    assert passing(snap, "no-such-thing") == set()


def test_the_flag_set_of_an_unjudged_source_is_searched_too() -> None:
    snap = snapshot()
    with_ack = {snap.address(int(c)) for c, f in zip(snap.sources.code, snap.sources.flags, strict=True) if f == 18}
    assert with_ack and passing(snap, "syn-ack") == with_ack


def test_networks_of_both_families() -> None:
    snap = snapshot()
    assert passing(snap, "203.0.113.0/24") == {SEED}
    assert passing(snap, "2001:db8::/32") == {"2001:db8:85a3:1111:2222:8a2e:370:7334"}
    assert len(passing(snap, "0.0.0.0/0")) == len(snap.sources) - 1


def test_comparisons_negation_and_marks() -> None:
    snap = snapshot()
    assert passing(snap, "ports>=200") == {SEED}
    assert passing(snap, "sport=53") == {SEED}
    assert passing(snap, "!port=338 scan") == {"2001:db8:85a3:1111:2222:8a2e:370:7334"}
    code = snap.tables.addresses.code(SEED)
    assert passing(replace(snap, marks={code: Mark(code)}), "marked") == {SEED}


def test_a_source_port_that_was_not_said_is_not_below_one() -> None:
    snap = snapshot()
    assert all(snap.sources.sport[snap.sources.code == snap.tables.addresses.code(a)][0] >= 0
               for a in passing(snap, "sport<50000"))  # fmt: skip


@pytest.mark.parametrize("text", ["10.0.0.0/99", "ports>", "ports>many", "weight>3", "port>22"])
def test_a_bad_filter_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=text.split()[0].replace(".", r"\.")):
        Filter(text)


def test_texts_are_made_once_a_source() -> None:
    texts = Texts()
    first = snapshot(20)
    texts.addresses(first)
    more = snapshot(30, tables=first.tables)
    assert texts.addresses(more).tolist() == more.tables.addresses.texts(more.sources.code)


@pytest.mark.parametrize("sort", SORTS, ids=lambda s: s.title)
@pytest.mark.parametrize("reverse", [False, True])
def test_every_sort_is_a_permutation_in_order(sort, reverse: bool) -> None:
    table = snapshot(300).sources
    rows = ordered(table, sort, reverse)
    assert sorted(rows.tolist()) == list(range(300))
    if sort.column:
        steps = np.diff(getattr(table, sort.column)[rows].astype(np.float64))
        assert (steps <= 0).all() if sort.descending != reverse else (steps >= 0).all()


def test_ties_keep_the_sessions_ranking() -> None:
    table = snapshot(300).sources
    rows = ordered(table, next(s for s in SORTS if s.column == "targets"), False)
    rank = np.empty(300, np.int64)
    rank[table.order] = np.arange(300)
    same = table.targets[rows][1:] == table.targets[rows][:-1]
    assert (np.diff(rank[rows])[same] > 0).all()


def test_a_new_table_is_ranked_anew_and_an_old_one_is_not() -> None:
    ranking, snap = Ranking(), snapshot()
    rows = ranking.rows(snap)
    assert ranking.rows(replace(snap, seq=2)) is rows
    turned = reranked(snap, snap.sources.order[::-1])
    assert ranking.rows(turned).tolist() == rows.tolist()[::-1]
