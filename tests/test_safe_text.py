"""Nothing an attacker writes reaches a terminal as anything but visible characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scantui.safe_text import harmless

HOSTILE = [
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202ereversed",
    "a\u200bb",
    "\x00",
    "\r\n",
    "\u3164",
    "\ufeff",
    "\U000e0041",
]


@given(st.text() | st.binary())
def test_only_visible_characters_are_left(text: str | bytes) -> None:
    assert harmless(text).isprintable()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_is_left_alone(text: str) -> None:
    assert harmless(text) == text


@given(st.text() | st.binary(), st.integers(1, 50))
def test_a_limit_holds(text: str | bytes, limit: int) -> None:
    assert len(harmless(text, limit)) <= limit


def test_hostile_text_shows_what_it_is() -> None:
    for text in HOSTILE:
        assert "\\" in harmless(text)
    assert harmless(b"\xff\x1b[31m") == "\\xff\\x1b[31m"
    assert harmless("naïve 日本") == "naïve 日本"
