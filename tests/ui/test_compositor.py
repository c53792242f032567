"""Tight sequences mean the same to a terminal as Rich's own."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from scantui.ui.compositor import sequence, transition

COLOURS = st.sampled_from([None, "#ff7b72", "#14171c", "red", "bright_black", "default", "color(123)"])
STYLES = st.none() | st.builds(
    Style, color=COLOURS, bgcolor=COLOURS, bold=st.booleans(), reverse=st.booleans(), underline=st.booleans()
)
SEGMENTS = st.lists(st.builds(Segment, st.sampled_from(["a", "bc ", "203.0.113.7", "漢"]), STYLES), max_size=6)


def cells(text: str) -> list[pyte.screens.Char]:
    screen = pyte.Screen(80, 1)
    pyte.Stream(screen).feed(text)
    return [screen.buffer[0][x] for x in range(80)]


@pytest.mark.parametrize("system", [ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])
@given(segments=SEGMENTS)
def test_the_terminal_ends_up_the_same(system: ColorSystem, segments: list[Segment]) -> None:
    plain = "".join(s.style.render(s.text, color_system=system) if s.style else s.text for s in segments)
    assert cells(sequence(Strip(segments), system)) == cells(plain)


def test_a_colour_that_stays_is_not_sent_again() -> None:
    first = Style(color="#ffffff", bgcolor="#000000")
    second = Style(color="#8b94a3", bgcolor="#000000")
    assert transition(first, second, ColorSystem.TRUECOLOR) == "\x1b[38;2;139;148;163m"
    assert transition(first, first, ColorSystem.TRUECOLOR) == ""
    assert transition(first, None, ColorSystem.TRUECOLOR) == "\x1b[0m"
    assert transition(None, first, None) == ""
