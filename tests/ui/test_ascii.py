"""`--ascii`: every cell keeps its place, nothing but ASCII is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ui.ascii_text import to_ascii
from scantui.ui.heat_ink import GLYPHS
from scantui.ui.manners import Manners
from scantui.ui.terminal import driver_for
from scantui.ui.text import EIGHTHS, width_of


@given(st.text())
def test_ascii_of_the_same_width_comes_out(text: str) -> None:
    made = to_ascii(text)
    assert made.isascii()
    shown = "".join(character for character in text if not character.isascii())
    assert len(to_ascii(shown)) == sum(width_of(character) for character in shown)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_stays_as_it_is(text: str) -> None:
    assert to_ascii(text) == text


def test_steps_stay_apart() -> None:
    assert len(set(to_ascii(EIGHTHS))) == len(EIGHTHS)
    assert len(set(to_ascii(GLYPHS))) == len(set(GLYPHS))
    dots = to_ascii("".join(chr(0x2800 + (1 << n) - 1) for n in range(9)))
    assert len(set(dots)) == 9 and dots[0] == " "


def test_lines_and_marks_look_like_themselves() -> None:
    assert to_ascii("╭─╮│├┼┤╵┃━") == "+-+|+++||-"
    assert to_ascii("sources › 203.0.113.7 … 2×") == "sources > 203.0.113.7 . 2x"
    assert to_ascii("é漢") == "e??"


class Sink:
    """Notes what a driver would send."""

    def __init__(self) -> None:
        self.sent = ""

    def write(self, data: str) -> None:
        self.sent += data

    def start_application_mode(self) -> None:
        self.write("<")

    def stop_application_mode(self) -> None:
        self.write(">")


@pytest.mark.parametrize(("manners", "sent"), [
    (Manners(), "<\x1b[1m▲é\x1b[0m>"),
    (Manners(ascii=True), "<\x1b[1m^e\x1b[0m>"),
    (Manners(title=True), "<\x1b[22;2t\x1b[1m▲é\x1b[0m\x1b[23;2t>"),
])  # fmt: skip
def test_all_that_leaves_goes_through_it(manners: Manners, sent: str) -> None:
    driver = driver_for(Sink, manners)()
    driver.start_application_mode()
    driver.write("\x1b[1m▲é\x1b[0m")
    driver.stop_application_mode()
    assert driver.sent == sent
