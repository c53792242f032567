"""CSV cells: never a formula, never a control byte, numbers untouched, nothing lost."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.export.cells import cell, rows
from scantui.safe_text import harmless

STARTS = "=+-@＝＋－＠−"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+2",
        "@SUM(A1)",
        " =1",
        '"=1',
        "' =1",
        "\t=1",
        "\tword",
        "\r=1",
        "\n=1",
        "＝1",
        "--5",
    ],
)
def test_what_could_be_a_formula_is_disarmed(text: str) -> None:
    assert cell(text) == "'" + harmless(text)


@pytest.mark.parametrize("text", ["-5", "+1.5", "1e9", "-2.5e-3", "21-25,80", "syn-fin", "203.0.113.7", "fe80::1", ""])
def test_what_is_none_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


def test_values() -> None:
    assert [cell(value) for value in (None, True, False, -3, -2.5, 7)] == ["", "true", "false", "-3", "-2.5", "7"]


@given(st.text(alphabet=st.one_of(st.sampled_from(STARTS + " \t\r\n\"'`;,\u00a0"), st.characters())))
def test_any_text(text: str) -> None:
    made = cell(text)
    assert made in (harmless(text), "'" + harmless(text))
    assert not any(unicodedata.category(character) == "Cc" for character in made)
    bare = made.lstrip(' "`\u00a0')
    if bare[:1] in tuple(STARTS):
        float(made)  # only a plain number may start so


@given(st.lists(st.tuples(st.text(), st.integers(), st.none() | st.booleans()), max_size=5))
def test_any_rows_come_back(values: list[tuple[str, int, bool | None]]) -> None:
    text = "".join(rows(("a", "b", "c"), values))
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [["a", "b", "c"], *([cell(value) for value in line] for line in values)]
