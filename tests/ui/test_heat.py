"""Ports by time: the pure half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.looks import Cell, CellWish
from scantui.ui import heat_view as view
from scantui.ui.heat_moves import right_edge, row_below, until_keeping
from scantui.ui.text import DAY, HOUR, MINUTE
from tests.ui.build import BINS, NOW, SECOND, heat

WIDTHS = st.integers(0, 130)


@given(WIDTHS, st.booleans(), st.one_of(st.none(), st.integers(-30, 130)), st.integers(0, 40))
def test_each_bucket_stands_in_one_column_and_shows_its_own_values(width, sweep, edge, shift) -> None:
    shown = heat(96, shift=shift)
    until = None if edge is None else shown.start + edge * shown.bucket
    columns = view.columns_of(shown, width, until, sweep=sweep)
    assert len(columns) == width
    taken = columns.take(shown, shown.pairs)
    seen = [columns.number_at(x) for x in range(width)]
    numbers = [number for number in seen if number is not None]
    assert len(set(numbers)) == len(numbers)
    for x, number in enumerate(seen):
        if number is None:
            assert sweep and not taken[:, x].any()
            continue
        assert columns.x_of(number) == x and columns.number(columns.since(number)) == number
        index = (columns.since(number) - shown.start) // shown.bucket
        want = shown.pairs[:, index] if 0 <= index < 96 else np.zeros(len(BINS))
        assert np.array_equal(taken[:, x], want)
    if width > view.GAP:
        assert columns.right in numbers and columns.oldest == min(numbers)


@given(st.integers(view.GAP + 1, 96), st.integers(0, 200))
def test_a_sweep_moves_nothing_but_the_newest_column_and_the_gap(width: int, shift: int) -> None:
    """One bucket later at most the new column and the gap before it differ."""
    before, after = (view.columns_of(heat(96, shift=s), width, sweep=True) for s in (shift, shift + 1))
    moved = [x for x in range(width) if before.number_at(x) != after.number_at(x)]
    assert len(moved) <= 2 and after.x_of(after.right) in moved
    assert after.gap == (after.x_of(after.right) + 1) % width


def test_panning_back_does_not_sweep() -> None:
    shown = heat()
    assert view.columns_of(shown, 60, shown.start + 50 * shown.bucket, sweep=True).gap is None


def test_fewer_buckets_than_columns_stand_at_the_right() -> None:
    shown = heat(10)
    taken = view.columns_of(shown, 40).take(shown, shown.pairs)
    assert not taken[:, :30].any() and np.array_equal(taken[:, 30:], shown.pairs)


def test_a_burst_is_never_hidden_by_busy_ports() -> None:
    pairs = heat().pairs.copy()
    pairs[:20] = 5  # every watched port is busy all the time
    pairs[24, -3] = 60
    rows = view.chosen_rows(pairs, 8, None)
    assert 24 in rows and rows == sorted(rows) and len(rows) == 8


@given(st.integers(-1, 60), st.one_of(st.none(), st.integers(0, 99)), st.one_of(st.none(), st.integers(0, 27)))
def test_chosen_rows_fit_and_keep_the_cursor(lines: int, offset: int | None, keep: int | None) -> None:
    rows = view.chosen_rows(heat().pairs, lines, offset, keep)
    assert len(rows) == max(0, min(lines, len(BINS))) and rows == sorted(set(rows))
    assert offset is not None or keep is None or lines < 1 or keep in rows


def test_the_hottest_cell_is_the_latest_of_equals() -> None:
    pairs = np.zeros((4, 6), np.int64)
    assert view.hottest(pairs, [0, 1, 2]) is None and view.hottest(pairs, []) is None
    pairs[2, 1] = pairs[2, 4] = 9
    pairs[3, 5] = 99  # not shown
    assert view.hottest(pairs, [0, 2]) == (2, 4)


def test_the_axis_puts_a_time_under_its_column() -> None:
    columns = view.columns_of(heat(96, 5 * SECOND), 68)
    line = view.axis(columns)
    assert len(line) == 68
    x = line.index("╵")
    at = columns.since(columns.number_at(x))
    assert line[x + 1 : x + 9] == view.moment(at).strftime("%H:%M:%S")
    assert at < NOW


@pytest.mark.parametrize(("bucket", "says"), [(MINUTE, "╵02:56 "), (HOUR, "11-21 "), (DAY, "25-11-")])
def test_the_axis_names_days_where_columns_are_wide(bucket: int, says: str) -> None:
    assert says in view.axis(view.columns_of(heat(96, bucket), 68))


def test_an_empty_heat_draws() -> None:
    none = replace(heat(), pairs=np.zeros((28, 0), np.int64))
    columns = view.columns_of(none, 20)
    taken = columns.take(none, none.pairs)
    assert view.axis(columns).strip(" ╵:0123456789") == ""
    assert view.marginal(taken.sum(axis=0)) == " " * 20
    assert len(view.chosen_rows(taken, 4, None)) == 4


@pytest.mark.parametrize(("bucket", "name"), [(SECOND, "1 s"), (90 * SECOND, "1.5 min"), (HOUR, "1 h"), (DAY, "1 d")])
def test_bucket_names(bucket: int, name: str) -> None:
    assert view.bucket_name(bucket) == name


def test_span_text_says_the_day_where_it_is_not_todays() -> None:
    start = NOW // DAY * DAY + 3 * HOUR
    assert view.span_text(start, start + 5 * SECOND, NOW) == "03:00:00-03:00:05"
    assert view.span_text(start - DAY, start - DAY + MINUTE, NOW) == "11-21 03:00:00-03:01:00"
    assert view.span_text(start - DAY, start, NOW) == "11-21 03:00:00-11-22 03:00:00"
    assert view.span_text(start - 3 * HOUR, start + 21 * HOUR, NOW) == "2025-11-22"


def test_who_is_in_a_cell() -> None:
    cell = Cell(CellWish(22, 22, 0, 1), 201, 243, 14, ((7, 200), (4, 1)), ())
    assert view.sources_text(cell, ["203.0.113.7", "\x1b[31m"]) == "203.0.113.7 (200), \\x1b[31m (1), 12 more"
    assert view.tally(0, 0) == "nothing" and view.tally(1, 1243) == "1 pair, 1,243 packets"


@given(st.sets(st.integers(0, 27), min_size=1), st.integers(0, 27), st.integers(-40, 40))
def test_a_move_ends_on_a_row_that_is_or_will_be_shown(shown: set[int], row: int, down: int) -> None:
    rows = sorted(shown)
    target, offset = row_below(rows, row, down, 28)
    assert 0 <= target < 28
    if offset is not None:
        assert target not in rows and 0 <= offset <= target < offset + len(rows) <= 28
    elif down and row in rows:
        assert target in rows
        assert (target - row) * down >= 0


def test_a_move_past_the_chosen_rows_goes_on_in_port_order() -> None:
    assert row_below([1, 4, 9], 4, 1, 28) == (9, None)
    assert row_below([1, 4, 9], 9, 1, 28) == (10, 8)
    assert row_below([1, 4, 9], 1, -1, 28) == (0, 0)
    assert row_below([25, 26, 27], 27, 5, 28) == (27, None)
    assert row_below([0, 1], 0, 0, 28) == (0, None)


@given(st.integers(1, 96), st.integers(-300, 300), st.integers(0, 200))
def test_the_new_right_edge_shows_what_the_cursor_moved_to(width: int, step: int, later: int) -> None:
    columns = view.columns_of(heat(), width)
    newest, first = columns.right + later, columns.oldest - 200
    number = max(first, min(newest, columns.right + step))
    if columns.x_of(number) is not None:
        return
    right = right_edge(columns, number, first, newest)
    assert right - width < number <= right <= newest


@given(st.integers(0, 10**6), st.integers(0, 67), st.sampled_from([SECOND, MINUTE, HOUR, DAY]))
def test_zoom_keeps_the_moment_in_view(back: int, from_right: int, bucket: int) -> None:
    at = NOW - back * SECOND
    until = until_keeping(at, from_right, bucket, NOW, 68)
    end = (NOW // bucket + 1) * bucket if until is None else until
    assert end - 68 * bucket <= at < end <= (NOW // bucket + 1) * bucket
    assert (until is None) or until % bucket == 0
