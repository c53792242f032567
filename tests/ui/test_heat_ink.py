"""Levels and what draws them: many colours, 256, sixteen, none."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color, ColorSystem

from scantui.ui import heat_ink as ink
from scantui.ui.heat_ink import BRIGHT, Ink
from scantui.ui.lines import HEAT_LEVELS
from scantui.ui.themes import load_themes
from tests.ui.test_themes import contrast

THEMES = load_themes()[0]
COLOURED = [name for name, loaded in THEMES.items() if not loaded.theme.ansi and not loaded.glyphs]


def ramp_of(name: str) -> list[str]:
    return [THEMES[name].theme.variables[f"heat-{level}"] for level in range(HEAT_LEVELS)]


def test_levels_are_powers_of_two_and_zero_is_apart() -> None:
    counts = np.array([[0, 1, 2, 3, 4, 7, 8, 128, 255, 256, 10**6]])
    assert ink.levels(counts).tolist() == [[0, 1, 2, 2, 3, 3, 4, 8, 8, 9, 9]]
    assert ink.levels(counts, BRIGHT).tolist() == [[0, 4, 5, 5, 6, 6, 7, 9, 9, 9, 9]]


@given(st.lists(st.integers(0, 9), min_size=0, max_size=90), st.sampled_from(Ink), st.integers(1, 3))
def test_runs_cover_the_row(row: list[int], kind: Ink, width: int) -> None:
    parts = ink.cell_parts(np.array(row, np.uint8), kind, width)
    assert sum(len(text) for text, _ in parts) == len(row) * width
    if kind is Ink.COLOUR:
        looks = [look for text, look in parts for _ in text]
        assert looks == [f"heat-{level}" if level else "plain" for level in row for _ in range(width)]


@given(st.lists(st.tuples(st.text("ab ", min_size=1, max_size=5), st.sampled_from("xy")), max_size=8),
       st.integers(0, 20), st.integers(1, 3))  # fmt: skip
def test_the_cursor_lies_over_its_cells_and_nothing_moves(parts, x: int, wide: int) -> None:
    whole = "".join(text for text, _ in parts)
    laid = ink.with_cursor(parts, x, "┼" * wide)
    seen = [(char, look) for text, look in laid for char in text]
    before = [(char, look) for text, look in parts for char in text]
    if x + wide <= len(whole):
        assert seen == before[:x] + [("┼", "cursor")] * wide + before[x + wide :]
    elif x >= len(whole):
        assert seen == before


def test_glyphs_tell_levels_apart_without_colour() -> None:
    parts = ink.cell_parts(np.array([0, 1, 3, 5, 9], np.uint8), Ink.MONO)
    assert "".join(text for text, _ in parts) == " ░▒▓█"


def test_sixteen_colours_and_glyphs_make_every_level_look_different() -> None:
    ansi = ramp_of("ansi")
    seen = {(text, ansi[int(look.partition("-")[2])] if level else "") for level in range(HEAT_LEVELS)
            for text, look in [ink.drawn(level, 1, Ink.SIXTEEN)]}  # fmt: skip
    assert len(seen) == HEAT_LEVELS


@pytest.mark.parametrize("name", COLOURED)
def test_a_ramp_is_drawn_in_colour_only_where_its_neighbours_stay_apart(name: str) -> None:
    ramp = ramp_of(name)
    for system, kind in (("truecolor", ColorSystem.TRUECOLOR), ("256", ColorSystem.EIGHT_BIT),
                         ("standard", ColorSystem.STANDARD)):  # fmt: skip
        shown = [Color.parse(c).downgrade(kind).get_truecolor() for c in ramp]
        chosen = ink.ink_for(ramp, system, ansi=False, glyphs=False, no_color=False)
        assert chosen is (Ink.COLOUR if all(a != b for a, b in pairwise(shown)) else Ink.MONO)
    assert chosen is Ink.MONO


@pytest.mark.parametrize("name", COLOURED)
def test_with_256_colours_the_ramp_still_grows_away_from_the_background(name: str) -> None:
    shown = [Color.parse(c).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex for c in ramp_of(name)]
    away = [contrast(c, shown[0]) for c in shown]
    assert all(b > a for a, b in pairwise(away))


@pytest.mark.parametrize(("system", "how", "kind"), [
    ("truecolor", {}, Ink.COLOUR), ("256", {}, Ink.COLOUR), ("standard", {}, Ink.MONO), (None, {}, Ink.MONO),
    ("truecolor", {"no_color": True}, Ink.MONO), ("truecolor", {"glyphs": True}, Ink.MONO),
    ("truecolor", {"ansi": True, "glyphs": True}, Ink.SIXTEEN), ("standard", {"ansi": True}, Ink.SIXTEEN),
    ("standard", {"ansi": True, "no_color": True}, Ink.MONO), (None, {"ansi": True}, Ink.MONO),
])  # fmt: skip
def test_what_the_terminal_can_show_chooses_the_ink(system: str | None, how: dict[str, bool], kind: Ink) -> None:
    given_ = {"ansi": False, "glyphs": False, "no_color": False} | how
    assert ink.ink_for(ramp_of("dark"), system, **given_) is kind


@pytest.mark.parametrize("width", [0, 10, 30, 44, 60, 100])
@pytest.mark.parametrize("kind", Ink)
@pytest.mark.parametrize("first", [ink.FAINT, BRIGHT])
def test_the_legend_fits_or_is_left_out(width: int, kind: Ink, first: int) -> None:
    parts = ink.legend(width, kind, first)
    assert sum(len(text) for text, _ in parts) <= width
    if width == 100:
        words = "".join(text for text, look in parts if look == "title").split()
        assert words[0] == "1" and words[-1].endswith("+")
