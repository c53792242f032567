"""Filters kept under a name, as a TOML file holds them: `[filters]`, a name and a filter a line, in the order of use."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass

from scantui.find.errors import FindError
from scantui.find.parser import parse as parse_filter

_HEAD = "# Filters saved in scantui's monitor: a name and a filter a line.\n\n[filters]\n"


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter and the name it is kept under."""

    name: str
    text: str


def parse(text: str) -> tuple[Saved, ...]:
    """The filters of a file. Raises ValueError that names the key and what is wrong with it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not TOML: {error}") from error
    unknown = sorted(set(table) - {"filters"})
    if unknown:
        raise ValueError(f"unknown key '{unknown[0]}': only [filters] is known")
    filters = table.get("filters", {})
    if not isinstance(filters, dict):
        raise ValueError("'filters' must be a table: [filters]")
    return tuple(_checked(name, value) for name, value in filters.items())


def _checked(name: str, value: object) -> Saved:
    if not isinstance(value, str):
        raise ValueError(f"filters.{name}: a filter is a text in quotes")
    try:
        parse_filter(value)
    except FindError as error:
        raise ValueError(f"filters.{name}: {error} (column {error.at + 1})") from error
    return Saved(name, value)


def render(saved: Iterable[Saved]) -> str:
    """The file that `parse` reads back."""
    return _HEAD + "".join(f"{_string(one.name)} = {_string(one.text)}\n" for one in saved)


def _string(text: str) -> str:
    """A TOML basic string (toml.io v1.0.0, "String"): quotes, backslashes and control characters escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04x}" for char in escaped) + '"'


def with_one(saved: Iterable[Saved], new: Saved) -> tuple[Saved, ...]:
    """`new` at the end, or in the place of the one of its name."""
    kept = list(saved)
    for at, one in enumerate(kept):
        if one.name == new.name:
            kept[at] = new
            return tuple(kept)
    return (*kept, new)


class Shelf:
    """Filters kept for this run only."""

    def __init__(self) -> None:
        self._saved: tuple[Saved, ...] = ()

    def load(self) -> tuple[Saved, ...]:
        return self._saved

    def keep(self, new: Saved) -> None:
        self._saved = with_one(self._saved, new)

    def remove(self, name: str) -> None:
        self._saved = tuple(one for one in self._saved if one.name != name)
