"""Short texts: exact widths, null is never 0, log text is harmless."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from scantui.ui import text
from scantui.ui.lines import cells, changed_spans, clean

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)
PARTS = st.lists(st.tuples(WORDS, st.sampled_from(["plain", "muted"])), max_size=6).map(tuple)
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@given(WORDS, st.integers(0, 40), st.booleans())
def test_fit_takes_exactly_its_width(word: str, width: int, right: bool) -> None:
    assert cell_len(text.fit(text.plain(word), width, right)) == width


@given(PARTS, st.integers(0, 50))
def test_a_painted_line_is_exact_and_harmless(parts: tuple[tuple[str, str], ...], width: int) -> None:
    line = clean(parts, width)
    assert sum(cell_len(part) for part, _ in line) == width
    assert not CONTROL.search("".join(part for part, _ in line))


@given(PARTS, PARTS)
def test_changed_spans_turn_the_old_line_into_the_new(
    old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]
) -> None:
    before, after = clean(old, 40), clean(new, 40)
    line = cells(before)
    for start, end in changed_spans(before, after):
        line[start:end] = cells(after)[start:end]
    assert line == cells(after)


def test_equal_lines_need_nothing() -> None:
    line = clean((("203.0.113.7", "plain"), (" 200", "muted")), 30)
    assert changed_spans(line, line) == []


@given(st.lists(WORDS, max_size=8), st.integers(4, 40))
def test_wrapped_lines_fit_and_keep_every_word(words: list[str], width: int) -> None:
    whole = text.plain(" ".join(words))
    lines = text.wrap(whole, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(whole.split())


@given(st.integers(0, 2**63))
def test_counts_take_five_cells(number: int) -> None:
    assert len(text.count(number)) <= 5


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0"), (99_999, "99999"), (100_000, "100k"), (999_999, "999k"), (1_234_567, "1.2M"), (31_000_000, "31M")],
)
def test_counts(number: int, shown: str) -> None:
    assert text.count(number) == shown


def test_null_is_not_zero() -> None:
    assert text.port(text.NOT_SAID) == "?"
    assert text.port(0) == "0"
    assert text.flags(text.NOT_SAID) == "-"
    assert text.flags(0) == "NULL"
    assert text.flags(text.VARIES) == text.port(text.VARIES) == "varies"


@pytest.mark.parametrize(
    ("us", "shown"),
    [(180_000, "180ms"), (9_000_000, "9s"), (9_500_000, "9.5s"), (192_000_000, "3m12s"), (3_600_000_000, "1h"),
     (187_200_000_000, "2d4h")],
)  # fmt: skip
def test_spans(us: int, shown: str) -> None:
    assert text.span(us) == shown


def test_clock_names_the_day_when_it_is_another() -> None:
    now = 1_763_781_250_000_000
    assert text.clock(now, now) == "03:14:10"
    assert text.clock(now - text.DAY, now) == "11-21T03"
    assert text.clock(now - 700 * text.DAY, now) == "23-12-23"


def test_times_beyond_the_calendar_do_not_break_the_screen() -> None:
    assert text.stamp(2**62).startswith("9999-12-31")
    assert text.stamp(-(2**62)).endswith("-01-01 00:00:00Z")


def test_ipv6_keeps_both_ends() -> None:
    assert text.middle("2001:db8:85a3:1111:2222:8a2e:370:7334", 15) == "2001:db…70:7334"
    assert text.middle("203.0.113.7", 15) == "203.0.113.7"
