"""The catalogue of named patterns: shipped and the user's own. An unknown is named once and recognised from then on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scantui.explain.observation import ODD, TITLE

SHIPPED = Path(__file__).with_name("catalogue.toml")
VERSION = 1
TRAITS = frozenset((*TITLE, "kind", "proto", "technique"))
_NEAREST = 2
_DIFFER = 1  # traits of a near entry that may differ
_OTHER_KIND = ("proto", "technique")  # where these differ, nothing is near
# These tell little by themselves; a low source port, given as a number, and odd flags do.
_COMMON = ("kind", "proto", "technique", "df", "sport", "order")
_ODD = {("technique", name) for name in ODD}
_MOST_NAME = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """A named pattern. `own`: from the user's file."""

    name: str
    traits: Mapping[str, str]
    note: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that does not fit: what differs, as `trait: here / there`, and which of its traits the log does not give."""

    entry: Entry
    differs: tuple[str, ...]
    unlogged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recognition:
    """The entry that fits best, if one does; else the nearest ones."""

    entry: Entry | None
    nearest: tuple[Near, ...]


def parse(text: str, where: str, *, own: bool = False) -> tuple[Entry, ...]:
    """Entries of a catalogue file. Raises ValueError that says where and what to mend."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{where}: {error}") from error
    if data.get("version") != VERSION:
        raise ValueError(f"{where}: write version = {VERSION} at its head")
    found = data.get("pattern", [])
    if not isinstance(found, list):
        raise ValueError(f"{where}: patterns are tables [[pattern]]")
    entries = []
    for number, table in enumerate(found, 1):
        name, traits = table.get("name"), table.get("traits")
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{where}: pattern {number} has no name")
        if not isinstance(traits, dict) or not traits:
            raise ValueError(f"{where}: pattern {number} ({name[:40]}) has no traits")
        if unknown := sorted(set(traits) - TRAITS):
            raise ValueError(f"{where}: pattern {number}: no trait is called {unknown[0]!r}")
        note = table.get("note", "")
        entries.append(Entry(name, {key: str(value) for key, value in traits.items()}, str(note), own))
    return tuple(entries)


@cache
def shipped() -> tuple[Entry, ...]:
    """The entries that come with scantui."""
    return parse(SHIPPED.read_text("utf-8"), SHIPPED.name)


def recognise(traits: Mapping[str, str], own: Iterable[Entry] = ()) -> Recognition:
    """The most specific entry that fits, the user's own before shipped ones of equal weight; else the nearest."""
    fits: list[Entry] = []
    near: list[tuple[int, int, Near]] = []
    for entry in (*own, *shipped()):
        unlogged = tuple(name for name in entry.traits if name not in traits)
        differs = tuple(
            f"{name.replace('_', ' ')}: here {traits[name]}, there {value}"
            for name, value in entry.traits.items()
            if name in traits and traits[name] != value
        )
        if not differs and not unlogged:
            fits.append(entry)
        elif (
            not any(traits.get(name, value) != value for name, value in entry.traits.items() if name in _OTHER_KIND)
            and len(differs) <= _DIFFER
            and _telling(entry, traits)
            and 2 * (len(differs) + len(unlogged)) <= len(entry.traits)
        ):
            near.append((len(differs), len(unlogged), Near(entry, differs, unlogged)))
    if fits:
        return Recognition(max(fits, key=lambda entry: (len(entry.traits), entry.own)), ())
    near.sort(key=lambda one: (one[0], one[1], one[2].entry.name))
    return Recognition(None, tuple(one for _, _, one in near[:_NEAREST]))


def _telling(entry: Entry, traits: Mapping[str, str]) -> bool:
    """Whether more fits than what half of all scans have in common."""
    fits = ((name, value) for name, value in entry.traits.items() if traits.get(name) == value)
    return any(name not in _COMMON or value.isdigit() or (name, value) in _ODD for name, value in fits)


def entry_text(name: str, traits: Mapping[str, str], note: str = "") -> str:
    """One entry as it is written to the user's file. Raises ValueError for a name that cannot be one."""
    if not name.strip() or len(name) > _MOST_NAME or not name.isprintable():
        raise ValueError(f"a pattern's name is printable text of 1 to {_MOST_NAME} characters")
    listed = ", ".join(f"{key} = {_quoted(traits[key])}" for key in sorted(traits))
    return f"\n[[pattern]]\nname = {_quoted(name)}\nnote = {_quoted(note)}\ntraits = {{ {listed} }}\n"


def with_entry(before: str, name: str, traits: Mapping[str, str], note: str = "") -> str:
    """The text of a catalogue file `before` (empty for a new one) with one more entry."""
    if before.strip():
        if any(entry.name == name for entry in parse(before, "catalogue")):
            raise ValueError(f"the catalogue has a pattern called {name!r} already")
        return before.rstrip("\n") + "\n" + entry_text(name, traits, note)
    return f"version = {VERSION}\n" + entry_text(name, traits, note)


def _quoted(text: str) -> str:
    """A TOML basic string: the escapes of a JSON string are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
