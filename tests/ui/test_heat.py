"""The heatmap's pure half."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ui import heat_view as view
from tests.ui.build import BINS, NOW, SECOND, heat


def test_levels_are_powers_of_two_and_zero_is_apart() -> None:
    counts = np.array([[0, 1, 2, 3, 4, 7, 8, 128, 255, 256, 10**6]])
    assert view.levels(counts).tolist() == [[0, 1, 2, 2, 3, 3, 4, 8, 8, 9, 9]]


@given(st.lists(st.integers(0, 9), min_size=1, max_size=90), st.booleans())
def test_runs_cover_the_row(row: list[int], glyphs: bool) -> None:
    parts = view.cell_parts(np.array(row, np.uint8), glyphs)
    assert sum(len(text) for text, _ in parts) == len(row)
    if not glyphs:
        looks = [look for text, look in parts for _ in text]
        assert looks == [f"heat-{level}" if level else "plain" for level in row]


def test_glyphs_tell_levels_apart_without_colour() -> None:
    parts = view.cell_parts(np.array([0, 1, 3, 5, 9], np.uint8), True)
    assert "".join(text for text, _ in parts) == " ░▒▓█"


def test_a_burst_is_never_hidden_by_busy_ports() -> None:
    shown = heat()
    pairs = shown.pairs.copy()
    pairs[:20] = 5  # every watched port is busy all the time
    pairs[24, -3] = 60
    rows = view.chosen_rows(replace(shown, pairs=pairs), 60, 8, None)
    assert 24 in rows and rows == sorted(rows) and len(rows) == 8


@pytest.mark.parametrize("lines", [0, 1, 8, 28, 60])
@pytest.mark.parametrize("offset", [None, 0, 5, 99])
def test_chosen_rows_always_fit(lines: int, offset: int | None) -> None:
    rows = view.chosen_rows(heat(), 60, lines, offset)
    assert len(rows) == min(lines, len(BINS))


def test_fewer_columns_than_the_screen_stand_at_the_right() -> None:
    assert view.window(np.array([[1, 2]]), 4).tolist() == [[0, 0, 1, 2]]
    assert view.window(np.array([[1, 2, 3]]), 2).tolist() == [[2, 3]]


def test_the_axis_puts_a_time_under_its_column() -> None:
    shown = heat(96, 5 * SECOND)
    line = view.axis(shown, 68)
    assert len(line) == 68
    x = line.index("╵")
    at = shown.start + (96 - 68 + x) * shown.bucket
    assert line[x + 1 : x + 9] == view.moment(at).strftime("%H:%M:%S")
    assert at < NOW


@pytest.mark.parametrize("width", [0, 10, 30, 44, 60, 100])
@pytest.mark.parametrize("glyphs", [False, True])
def test_the_legend_fits_or_is_left_out(width: int, glyphs: bool) -> None:
    assert sum(len(text) for text, _ in view.legend(width, glyphs)) <= width


def test_an_empty_heat_draws() -> None:
    none = replace(heat(), pairs=np.zeros((28, 0), np.int64))
    assert view.axis(none, 20).strip(" ╵:0123456789") == ""
    assert view.marginal(none.pairs, 20) == " " * 20
    assert view.peak_text(none, 20) == "0"
    assert len(view.chosen_rows(none, 20, 4, None)) == 4
