"""The sliding-window sweep against a per-event reference."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.columns.group import first_seen, previous_time, running
from scantui.columns.sweep import NEVER, fan_out

event = st.tuples(st.integers(0, 60), st.integers(0, 2), st.integers(0, 6))


@settings(max_examples=300)
@given(st.lists(event, max_size=60), st.integers(1, 20), st.integers(1, 5))
def test_fan_out_is_exact(events: list[tuple[int, int, int]], window: int, threshold: int) -> None:
    events.sort(key=lambda e: e[0])
    ts, group, item = (np.array([e[i] for e in events], np.int64) for i in range(3))
    got = fan_out(ts, group, item, window, threshold)
    for number, peak, crossed in zip(got.group.tolist(), got.count.tolist(), got.crossed.tolist(), strict=True):
        mine = [(t, i) for t, g, i in events if g == number]
        counts = [(len({i for t, i in mine if now - window < t <= now}), now) for now, _ in mine]
        assert peak == max(count for count, _ in counts)
        assert crossed == min((now for count, now in counts if count >= threshold), default=NEVER)
    assert got.group.tolist() == sorted({g for _, g, _ in events})


pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), max_size=40)


@given(pairs)
def test_first_seen_marks_first_rows(rows: list[tuple[int, int]]) -> None:
    group, key = (np.array([row[i] for row in rows], np.int64) for i in range(2))
    assert first_seen(group, key).tolist() == [row not in rows[:i] for i, row in enumerate(rows)]


@given(pairs)
def test_previous_time_is_the_row_before(rows: list[tuple[int, int]]) -> None:
    group, key = (np.array([row[i] for row in rows], np.int64) for i in range(2))
    ts = np.arange(len(rows), dtype=np.int64) * 10
    want = [max((10 * j for j in range(i) if rows[j] == rows[i]), default=10 * i) for i in range(len(rows))]
    assert previous_time(group, key, ts).tolist() == want


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), max_size=6))
def test_running_begins_anew(groups: list[list[int]]) -> None:
    values = np.array([value for group in groups for value in group], np.int64)
    starts = np.cumsum([0] + [len(group) for group in groups])[:-1].astype(np.int64)
    want = [sum(group[: i + 1]) for group in groups for i in range(len(group))]
    assert running(values, starts).tolist() == want
