"""What happened when, as numbers: every packet is drawn once, in its place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scantui.events import Action, Events, events, known_bits
from scantui.export.activity import COLUMNS, ROWS, ports, spans_of, strip, targets
from scantui.tables import Tables
from tests.export.handing import MIXED, SYNFIN, demo

_ROW = st.tuples(
    st.integers(0, 40 * 86_400_000_000),
    st.none() | st.integers(0, 65_535),
    st.integers(0, 200),
    st.sampled_from(list(Action)),
    st.integers(1, 9),
)


def _events(rows: list[tuple[int, int | None, int, Action, int]]) -> Events:
    rows = sorted(rows, key=lambda row: row[0])
    columns = {
        "ts": np.array([row[0] for row in rows], np.int64),
        "dport": np.array([row[1] or 0 for row in rows], np.uint16),
        "dst": np.array([row[2] + (192 << 24) for row in rows], np.uint32),
        "action": np.array([row[3] for row in rows], np.uint8),
        "count": np.array([row[4] for row in rows], np.uint32),
        "known": np.array([known_bits(["dport"] if row[1] is not None else []) for row in rows], np.uint32),
    }
    return events(Tables(), len(rows), columns)


@given(st.lists(_ROW, max_size=300))
def test_every_packet_is_drawn_once(rows: list[tuple[int, int | None, int, Action, int]]) -> None:
    batch = _events(rows)
    spans = spans_of(batch)
    if spans is None:
        assert len({row[0] for row in rows}) < 8
        return
    assert 2 <= spans.count <= COLUMNS
    assert spans.at.min() >= 0 and spans.at.max() < spans.count
    whole = sum(row[4] for row in rows)
    bars = strip(batch, spans)
    assert bars.counts.sum() == whole
    assert bars.counts[1].sum() == sum(row[4] for row in rows if row[3] is Action.ACCEPT)
    grid = ports(batch, spans, {})
    assert (grid is None) == all(row[1] is None for row in rows)
    for each in (grid, targets(batch, spans)):
        if each is not None:
            assert each.counts.shape == (len(each.labels), spans.count)
            assert each.counts.sum() == whole
            assert np.array_equal(each.counts.sum(axis=0), bars.counts.sum(axis=0))
            assert np.all(each.counts.sum(axis=1) > 0)


@given(st.lists(_ROW, min_size=2, max_size=300))
def test_rows_of_ports_are_in_order_and_apart(rows: list[tuple[int, int | None, int, Action, int]]) -> None:
    batch = _events(rows)
    spans = spans_of(batch)
    grid = ports(batch, spans, {}) if spans is not None else None
    if grid is None:
        return
    edges = [label.split(" ")[0].split("–") for label in grid.labels if label != "no port"]
    flat = [int(edge) for pair in edges for edge in (pair[0], pair[-1])]
    assert flat == sorted(flat)
    assert all(int(low[-1]) < int(high[0]) for low, high in pairwise(edges))
    assert len(edges) <= ROWS + 13


def test_busy_ports_have_rows_of_their_own_by_name() -> None:
    handover = demo(MIXED)
    assert handover.events is not None
    spans = spans_of(handover.events)
    assert spans is not None
    grid = ports(handover.events, spans, {23: "23 telnet"})
    assert grid is not None
    assert "23 telnet" in grid.labels
    assert spans.width == 120_000_000


def test_a_burst_within_one_stamp_is_drawn_by_the_order_of_its_lines() -> None:
    handover = demo(SYNFIN)
    assert handover.events is not None
    spans = spans_of(handover.events)
    assert spans is not None
    assert spans.by_order
    grid = ports(handover.events, spans, {})
    assert grid is not None
    firsts = np.argmax(grid.counts > 0, axis=1)
    assert np.all(np.diff(firsts) > 0)  # ports in ascending order


def test_whole_second_stamps_are_not_cut_finer() -> None:
    whole = [(second * 1_000_000, 80, 1, Action.DROP, 1) for second in range(20)]
    coarse, fine = spans_of(_events(whole)), spans_of(_events([*whole, (1_500_000, 80, 1, Action.DROP, 1)]))
    assert coarse is not None and coarse.width == 1_000_000
    assert fine is not None and fine.width == 200_000
