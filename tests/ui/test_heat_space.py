"""The Hilbert curve, the map of the port space, and the matrix of sources by ports: the pure halves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.looks import MAP_CELLS, PortMap
from scantui.ui import port_map
from scantui.ui.heat_ink import Ink
from scantui.ui.heat_matrix import bin_width, heads
from scantui.ui.hilbert import d2xy, xy2d


@pytest.mark.parametrize("order", range(1, 9))
def test_the_curve_meets_every_cell_once_and_steps_to_a_neighbour(order: int) -> None:
    places = np.arange(4**order)
    x, y = d2xy(order, places)
    assert (x.min(), x.max(), y.min(), y.max()) == (0, 2**order - 1, 0, 2**order - 1)
    assert len(set(zip(x.tolist(), y.tolist(), strict=True))) == 4**order
    assert (np.abs(np.diff(x)) + np.abs(np.diff(y)) == 1).all()
    assert np.array_equal(xy2d(order, x, y), places)


@given(st.integers(1, 16), st.data())
def test_places_and_cells_are_inverse(order: int, data: st.DataObject) -> None:
    d = np.array([data.draw(st.integers(0, 4**order - 1))])
    x, y = d2xy(order, d)
    assert xy2d(order, x, y) == d
    side = st.integers(0, 2**order - 1)
    cell = np.array([data.draw(side)]), np.array([data.draw(side)])
    assert d2xy(order, xy2d(order, *cell)) == cell


def test_the_quarters_lie_where_the_words_say() -> None:
    assert [(int(x), int(y)) for x, y in zip(*d2xy(1, np.arange(4)), strict=True)] == [(0, 0), (0, 1), (1, 1), (1, 0)]


@given(st.lists(st.integers(0, 64), min_size=MAP_CELLS, max_size=MAP_CELLS), st.integers(1, 5))
def test_a_coarser_map_is_the_same_map(cells: list[int], order: int) -> None:
    """A square holds the counts of the squares of the next finer curve that lie inside it."""
    counts = np.array(cells)
    coarse = port_map.coarser(counts, order)
    assert coarse.sum() == counts.sum() and len(coarse) == 4**order
    fine_x, fine_y = d2xy(5, np.arange(MAP_CELLS))
    grid = np.zeros((2**order, 2**order), np.int64)
    np.add.at(grid, (fine_y >> (5 - order), fine_x >> (5 - order)), counts)
    x, y = d2xy(order, np.arange(4**order))
    assert np.array_equal(grid[y, x], coarse)


@given(st.integers(0, 200), st.integers(0, 60))
def test_the_map_fits_the_room(width: int, lines: int) -> None:
    order, scale = port_map.room_for(width, lines)
    if width >= 32 and lines >= 1:
        assert (scale << order) <= width and (1 << order) * scale // 2 <= max(1, lines)
    assert port_map.room_for(100, 40) == (5, 2) and port_map.room_for(100, 31) == (5, 1)
    assert port_map.room_for(78, 9) == (4, 1) and port_map.room_for(61, 16) == (4, 1)


@pytest.mark.parametrize("ink", Ink)
@pytest.mark.parametrize("order", [1, 3, 5])
def test_every_port_met_leaves_a_trace(ink: Ink, order: int) -> None:
    cells = np.zeros(MAP_CELLS, np.int64)
    cells[700] = 1
    grid = port_map.squares(cells, order)
    x, y = (int(v[0]) for v in d2xy(order, np.array([700 >> (10 - 2 * order)])))
    above, below = grid[y // 2 * 2], grid[y // 2 * 2 + 1]
    halves, wholes = port_map.half_parts(above, below, ink), port_map.whole_parts(grid[y], ink)
    assert len(halves) == len(wholes) == 2**order and all(len(text) == 2 for text, _ in wholes)
    assert halves[x][0] in "▀▄" and port_map.half_parts(grid[y], grid[y], Ink.MONO)[x][0] == "▒"
    quiet = port_map.half_parts(above * 0, below * 0, ink)
    assert [i for i in range(2**order) if halves[i] != quiet[i]] == [x]
    assert [i for i in range(2**order) if wholes[i] != ("  ", "plain")] == [x]


def ports_met(*ports: int) -> np.ndarray:
    return np.bincount(np.unique(ports) // 64, minlength=MAP_CELLS)


def test_the_map_in_words() -> None:
    assert port_map.sentence(np.zeros(MAP_CELLS, np.int64)) == "no ports"
    assert port_map.sentence(ports_met(80)) == "1 port within 64-127, in 1 of 32 ranges of 2048"
    spray = range(21, 64_854, 327)
    assert port_map.sentence(ports_met(*spray)) == "199 ports within 0-64767, in 32 of 32 ranges of 2048"


def test_the_busiest_cells_come_first_and_quiet_ones_not_at_all() -> None:
    ports = ports_met(1, 2, 3, 65_535)
    lines = port_map.busiest(PortMap(None, ports, ports * 5), 9)
    assert [line.split() for line in lines] == [["0-63", "3", "of", "64", "15"], ["65472-65535", "1", "of", "64", "5"]]
    assert len(lines[0]) == len(lines[1])


@given(st.integers(0, 80), st.integers(1, 200))
def test_bins_fit_the_columns_or_take_one_each(bins: int, columns: int) -> None:
    width = bin_width(bins, columns)
    assert 1 <= width <= 6 and (width == 1 or bins * width <= columns)


@given(st.lists(st.sampled_from(["22 ssh", "0-1023", "49152-65535", "no port", "8080 http", "\x1b[31m"]), max_size=40),
       st.integers(1, 6), st.integers(1, 100))  # fmt: skip
def test_port_names_never_overlap_and_start_over_their_column(names: list[str], width: int, columns: int) -> None:
    lines = heads(names, width, columns)
    assert all(len(line) == columns and "\x1b" not in line for line in lines)
    starts = [x for line in lines for x, char in enumerate(line) if char == "╷"]
    assert len(set(starts)) == len(starts) and all(x % width == 0 and x // width < len(names) for x in starts)
    for line in lines:
        for piece in line.split("╷")[1:]:
            assert piece.strip() in {"22", "0-1023", "49152-65535", "none", "8080", ""}
