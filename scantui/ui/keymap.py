"""The keys in force: the registry's own, or the user's where their configuration names an action.

Textual drops a clash between keys without a word; so keys are checked here, before anything is bound.
"""

from __future__ import annotations

import difflib
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from textual.app import App
from textual.keys import Keys, _character_to_key

from scantui.ui.actions import ACTIONS, AROUND, Action, Place, key_names

_ALIASES = {"esc": "escape", "pgdn": "pagedown", "pgup": "pageup", "page-down": "pagedown", "page-up": "pageup",
            "del": "delete", "ins": "insert", "return": "enter", "ctrl+i": "tab", "ctrl+m": "enter",
            "ctrl+[": "escape"}  # fmt: skip
_PUNCTUATION = {character: _character_to_key(character) for character in string.punctuation + " "}
_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")
_NAMED = frozenset({key.value for key in Keys if key.value.isascii() and key.value[0].isalpha()}
                   | set(_PUNCTUATION.values()))  # fmt: skip
_NO_KEY = "no-key"  # what Textual is told of an action without keys; no terminal sends it


class KeymapError(ValueError):
    """Keys that cannot be; `wrong` holds (key of the configuration, what is wrong with it)."""

    def __init__(self, wrong: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{key}: {what}" for key, what in wrong))
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class Keymap:
    """`actions` with the keys in force; `changed` is what differs from the registry, as Textual takes it."""

    actions: tuple[Action, ...] = ACTIONS
    changed: Mapping[str, str] = field(default_factory=dict)

    def of_place(self, place: Place) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.place is place)

    def key(self, action_id: str) -> str:
        """The first key of an action as a person reads it; `:` finds what has none."""
        action = next(action for action in self.actions if action.id == action_id)
        return key_names(action).split(" ")[0] if action.keys else ":"


STANDARD = Keymap()


def keymap_of(app: App[Any]) -> Keymap:
    """The keys in force in an application."""
    keymap: Keymap = getattr(app, "keymap", STANDARD)
    return keymap


def key_name(text: str) -> str:
    """A key as Textual names it, from its character (`/`) or its name (`slash`, `ctrl+p`, `F2`). Raises ValueError."""
    key = text.strip()
    if len(key) == 1 and key.isprintable():
        return _PUNCTUATION.get(key, key)
    key = _ALIASES.get(key.lower(), key)
    *modifiers, last = key.split("+") if key not in _NAMED else [key]
    modifiers = [modifier.lower() for modifier in modifiers]
    last = _ALIASES.get(last.lower(), last)
    last = last if len(last) == 1 else last.lower()
    if any(modifier not in _MODIFIERS for modifier in modifiers) or not (
        (len(last) == 1 and last.isalnum()) or last in _NAMED
    ):
        close = difflib.get_close_matches(key.lower(), sorted(_NAMED), 1)
        hint = f"did you mean '{close[0]}'?" if close else "write it as p, P, /, f2, space, ctrl+p or shift+tab"
        raise ValueError(f"'{key}' is no key; {hint}")
    if modifiers == ["shift"] and len(last) == 1:
        return last.upper()
    if len(last) == 1 and modifiers:
        last = last.lower()
    return "+".join([*sorted(set(modifiers), key=_MODIFIERS.index), last])


def _keys(text: str) -> str:
    """A list of keys, comma between, as the registry writes it. A comma that is meant as a key is called `comma`."""
    names = [key_name(part) for part in text.split(",") if part.strip()]
    return ",".join(dict.fromkeys(names))


def clashes(actions: tuple[Action, ...]) -> set[tuple[str, str, str]]:
    """(inner action, outer action, key) where a key means two things in one place; the two are in order of the registry
    when they are of the same place."""
    found = set()
    by_place: dict[Place, list[tuple[str, str]]] = {place: [] for place in Place}
    for action in actions:
        by_place[action.place] += [(key, action.id) for key in action.keys.split(",") if key]
    for place, own in by_place.items():
        seen: dict[str, str] = {}
        for key, name in own:
            if key in seen:
                found.add((seen[key], name, key))
            seen.setdefault(key, name)
        for outer in AROUND[place]:
            found |= {(seen[key], name, key) for key, name in by_place[outer] if key in seen}
    return found


_MEANT = clashes(ACTIONS)  # an inner place takes a key over on purpose: q closes a page


def resolve(wishes: Mapping[str, str]) -> Keymap:
    """The keymap in which actions have the keys that `wishes` names: action id to keys, comma between, empty for none.

    Raises KeymapError that tells all that is wrong.
    """
    wrong: list[tuple[str, str]] = []
    known = {action.id: action for action in ACTIONS}
    new: dict[str, Action] = {}
    for name, text in wishes.items():
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f" (did you mean '{close[0]}'?)" if close else "; scantui config --keys lists them"
            wrong.append((name, f"unknown action{hint}"))
            continue
        try:
            new[name] = replace(known[name], keys=_keys(text))
        except ValueError as error:
            wrong.append((name, str(error)))
    actions = tuple(new.get(action.id, action) for action in ACTIONS)
    for one, other, key in sorted(clashes(actions) - _MEANT):
        at, against = (one, other) if one in new else (other, one)
        shown = key_names(replace(known[at], keys=key))
        place, there = known[at].place.value, known[against].place.value
        where = f"in the {place}" if place == there else f"{place}, {there}"
        wrong.append((at, f"key '{shown}' is that of '{against}' too ({where}); give one of them another key"))
    if wrong:
        raise KeymapError(wrong)
    changed = {name: action.keys or _NO_KEY for name, action in new.items() if action.keys != known[name].keys}
    return Keymap(actions, changed)
