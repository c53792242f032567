"""The time line's arithmetic: columns, peaks, bursts, labels, steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.looks import Moment, Timeline
from scantui.ui import time_view as view
from scantui.ui.status_line import Past, fit_facts, past_facts, paused_facts
from scantui.ui.text import DAY, HOUR, MINUTE, SECOND, moment
from tests.ui.build import NOW, timeline

counts = st.lists(st.integers(0, 10**6), min_size=1, max_size=400)
buckets = st.sampled_from([1, 1000, SECOND, 7 * SECOND, 15_625 * 3, HOUR])


def run_of(values: list[int], bucket: int, bursts: tuple[Moment, ...] = ()) -> Timeline:
    pairs = np.array(values, np.int64)
    return Timeline(NOW // bucket * bucket, bucket, pairs, pairs, bursts)


@given(counts, buckets, st.integers(1, 250))
def test_the_whole_run_fits_and_its_peak_stays(values: list[int], bucket: int, width: int) -> None:
    line = run_of(values, bucket)
    scale = view.scale_of(line, width)
    columns = view.resampled(line.pairs, bucket, scale)
    assert 1 <= scale.columns == len(columns) <= width
    assert columns.max() == max(values)
    assert scale.start + scale.columns * scale.column >= line.end
    assert scale.columns > width // 2 or len(values) * 2 <= width or bucket % 2
    for i, value in enumerate(values):
        assert columns[scale.column_of(line.start + (i + 1) * bucket)] >= value


@given(counts, buckets, st.integers(1, 250), st.data())
def test_a_column_and_its_moment_are_one(values: list[int], bucket: int, width: int, data) -> None:
    scale = view.scale_of(run_of(values, bucket), width)
    column = data.draw(st.integers(0, scale.columns - 1))
    assert scale.column_of(scale.end_of(column)) == column
    at = data.draw(st.integers(scale.start + 1, scale.end_of(scale.columns - 1)))
    assert scale.end_of(scale.column_of(at)) - scale.column < at <= scale.end_of(scale.column_of(at))


@given(st.integers(1, 300), st.integers(1, 200))
def test_a_run_that_grows_keeps_its_columns_until_it_is_full(spans: int, width: int) -> None:
    before, after = (view.scale_of(run_of([1] * n, SECOND), width) for n in (spans, spans + 1))
    assert after.start == before.start
    assert after.column >= before.column
    if before.columns + max(1, SECOND // before.column) <= width and spans + 1 <= width:
        assert after.column == before.column


def test_nothing_to_draw() -> None:
    empty = run_of([], SECOND)
    for width in (0, 80):
        scale = view.scale_of(empty, width)
        assert (
            scale.columns == 0
            and view.line_parts(empty, scale, None) == []
            and view.line_parts(empty, scale, NOW) == []
        )
    assert view.blocks(np.zeros(5, np.int64)) == "     "


@pytest.mark.parametrize("width", [5, 20, 78, 200, 1000])
@pytest.mark.parametrize("at", [None, NOW - HOUR, NOW - 5 * SECOND])
def test_every_burst_has_its_sign_and_the_moment_its_cursor(width: int, at: int | None) -> None:
    line = timeline()
    scale = view.scale_of(line, width)
    parts = view.line_parts(line, scale, at)
    text = "".join(part for part, _ in parts)
    assert len(text) == scale.columns
    assert {x for x, sign in enumerate(text) if sign == view.BURST_SIGN} == {
        scale.column_of(b.until) for b in line.bursts
    }
    cursors = [part for part, look in parts if look == "cursor"]
    assert cursors == [] if at is None else [len(part) for part in cursors] == [1]
    if at is not None:
        before = "".join(part for part, _ in parts[: [look for _, look in parts].index("cursor")])
        assert len(before) == scale.column_of(at)


def test_a_long_burst_is_marked_at_its_peak_and_coloured_whole() -> None:
    line = run_of([1, 1, 5, 9, 5, 1, 1], SECOND, (Moment(NOW + 2 * SECOND, NOW + 5 * SECOND, 19),))
    parts = view.line_parts(line, view.scale_of(line, 7), None)
    assert "".join(text for text, _ in parts) == "▃▃▆▲▆▃▃"
    assert [text for text, look in parts if look == "suspect"] == ["▆▲▆"]


def test_what_comes_after_the_moment_is_dimmed() -> None:
    line = run_of([3] * 9, SECOND)
    parts = view.line_parts(line, view.scale_of(line, 9), NOW + 4 * SECOND)
    assert [(len(text), look) for text, look in parts] == [(3, "accent"), (1, "cursor"), (5, "muted")]


@given(st.integers(0, 200), st.one_of(st.none(), st.integers(NOW - 7 * HOUR, NOW)))
def test_labels_fit_and_the_moment_wins(width: int, at: int | None) -> None:
    line = timeline()
    scale = view.scale_of(line, width)
    text = "".join(part for part, _ in view.label_parts(line, scale, at, NOW, width))
    assert len(text) == width
    if at is not None and width >= 40:
        assert f"{moment(at):%H:%M:%S}" in text
        assert text.index("▴") == scale.column_of(at)
    if at is None and width >= 90:
        assert "2 ▲ bursts" in text and text[: scale.columns].endswith("live") and text.startswith("2025-11-21 20:3")


def test_bursts_are_walked_both_ways() -> None:
    first, second = timeline().bursts
    bursts = (first, second)
    assert view.burst_before(bursts, None) == second
    assert view.burst_before(bursts, second.until) == first
    assert view.burst_before(bursts, first.until) is None
    assert view.burst_after(bursts, first.until) == second
    assert view.burst_after(bursts, first.since - 1) == first
    assert view.burst_after(bursts, second.until) is None
    assert view.burst_after(bursts, None) is None


def test_the_burst_near_a_moment() -> None:
    bursts = (Moment(100, 200, 5), Moment(150, 160, 9))
    assert view.burst_near(bursts, 155, 0) == bursts[1]
    assert view.burst_near(bursts, 190, 0) == bursts[0]
    assert view.burst_near(bursts, 210, 5) is None
    assert view.burst_near(bursts, 210, 10) == bursts[0]
    assert view.burst_near(bursts, 99, 1000) is None


@given(st.integers(0, 10**16), st.integers(1, 10**10), st.integers(-20, 20).filter(bool))
def test_steps_end_on_an_edge_and_go_the_right_way(at: int, bucket: int, steps: int) -> None:
    there = view.stepped(at, bucket, steps)
    assert there % bucket == 0
    assert (there > at) == (steps > 0)
    assert abs(there - at) <= abs(steps) * bucket


@pytest.mark.parametrize("width", range(30, 200, 3))
def test_the_loud_bar_keeps_the_moment_and_the_way_back(width: int) -> None:
    facts = past_facts(Past(NOW - 2 * HOUR - 12 * MINUTE, NOW, 12_031))
    shown = [text for text, _ in fit_facts(facts, width - 2, 3)]
    assert shown[0] == "◀◀ 01:02:10 UTC" and "L: live" in shown
    assert len("   ".join(shown)) <= width - 2
    if width >= 120:
        assert "2h12m ago" in shown and "12,031 events later" in shown and "[ ] step" in shown


def test_the_loud_bar_tells_the_day_and_the_speed() -> None:
    assert past_facts(Past(NOW - DAY, NOW, 1, 30))[0].texts == (
        "▶ 30× 2025-11-21 03:14:10 UTC",
        "▶ 30× 11-21 03:14:10 UTC",
    )
    assert past_facts(Past(NOW - 1, NOW, 1, shown=False))[0].texts == ("◀… 03:14:09 UTC",)
    assert past_facts(Past(NOW - 1, NOW, 1))[2].texts[0] == "1 event later"
    assert paused_facts(1)[0].texts[0].endswith("1 event waiting")
