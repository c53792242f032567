"""Saved filters: what is written is read back, and what cannot be read is told and kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.find.saved import Saved, parse, render, with_one
from scantui.state.directory import Directory
from scantui.state.filters import FILE, SavedFilters

names = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
filters = st.sampled_from(("", "verdict:scan", 'note:"night \\job" or ports>3', "é", "203.0.113.0/24"))


@given(st.dictionaries(names, filters, max_size=5))
def test_what_is_rendered_is_parsed(kept: dict[str, str]) -> None:
    saved = tuple(Saved(name, text) for name, text in kept.items())
    assert parse(render(saved)) == saved


@pytest.mark.parametrize(("text", "says"), [
    ("filters = 3", "must be a table"), ("[filters]\na = 3", "filters.a: a filter is a text"), ("[filtres]", "'filtres'"),
    ('[filters]\na = "ports>"', r"filters.a: a number must follow > \(column 7\)"), ("[", "not TOML"),
])  # fmt: skip
def test_a_bad_file_says_which_key(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse(text)


def test_a_name_is_kept_once_and_in_its_place() -> None:
    kept = (Saved("a", "1"), Saved("b", "2"))
    assert with_one(kept, Saved("a", "3")) == (Saved("a", "3"), Saved("b", "2"))
    assert with_one(kept, Saved("c", "3")) == (*kept, Saved("c", "3"))


def test_the_file_is_kept_by_several_and_never_lost(tmp_path: Path) -> None:
    one, other = (SavedFilters(Directory(tmp_path / "state")) for _ in range(2))
    assert one.load() == ()
    one.keep(Saved("night", "verdict:scan first>22:00"))
    other.keep(Saved("big", "ports>1000"))
    one.keep(Saved("night", "verdict:scan"))
    assert one.load() == other.load() == (Saved("night", "verdict:scan"), Saved("big", "ports>1000"))
    one.remove("night")
    assert other.load() == (Saved("big", "ports>1000"),)
    path = tmp_path / "state" / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("[filters]\nbig = 3\n")
    for attempt in (other.load, lambda: other.keep(Saved("x", "scan")), lambda: other.remove("x")):
        with pytest.raises(ValueError, match=r"filters.toml: filters.big: a filter is a text"):
            attempt()
    assert path.read_text() == "[filters]\nbig = 3\n"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="not UTF-8"):
        other.load()
