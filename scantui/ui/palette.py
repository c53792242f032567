"""The command palette: everything that can be done on the screen below it, found by words of what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.fuzzy import FuzzySearch
from textual.widgets import Input, Static

from scantui.ui.actions import Action, key_names
from scantui.ui.dialogs import Dialog
from scantui.ui.field import Field
from scantui.ui.lines import Part, Parts
from scantui.ui.pick_list import PickList
from scantui.ui.text import fit, width_of

_WIDTH = 72  # cells of a line
_KEYS = 9  # cells of the keys, at least


@dataclass(frozen=True, slots=True)
class Found:
    """An action and the characters of its text that the words met."""

    action: Action
    met: frozenset[int] = frozenset()


def find(actions: Sequence[Action], words: str) -> list[Found]:
    """The actions whose text, id or place has all the words, the best first; all of them, in order, without words. Where none
    has, those that have the letters of the words in their order."""
    typed = words.lower().split()
    if not typed:
        return [Found(action) for action in actions]
    whole = [action for action in actions if all(word in _said(action).lower() for word in typed)]
    search = FuzzySearch()
    scored = []
    for at, action in enumerate(whole or actions):
        matches = [search.match(word, _said(action)) for word in typed]
        if all(score for score, _ in matches):
            begins = sum(f" {word}" in f" {action.text}".lower() for word in typed)
            met = frozenset(place for _, places in matches for place in places)
            scored.append((-begins, -sum(score for score, _ in matches), at, Found(action, met)))
    return [found for *_, found in sorted(scored, key=lambda one: one[:3])]


def _said(action: Action) -> str:
    return f"{action.text} {action.id} {action.place.value}"


def line_of(found: Found, width: int) -> Parts:
    """What it does, with the characters met in the accent, and its keys at the right."""
    keys = key_names(found.action)
    room = width - max(_KEYS, width_of(keys)) - 2
    text = fit(found.action.text, room)
    parts: list[Part] = [(" ", "plain")]
    for at, character in enumerate(text):
        look = "accent" if at in found.met else "plain"
        if parts[-1][1] == look:
            parts[-1] = (parts[-1][0] + character, look)
        else:
            parts.append((character, look))
    return (*parts, (fit(keys, width - room - 1, right=True), "muted"))


class Palette(Dialog):
    """Dismisses with the action chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "move(1)", "Next", show=False, priority=True),
        Binding("up", "move(-1)", "Previous", show=False, priority=True),
        Binding("pagedown", "move(10)", "Ten further", show=False, priority=True),
        Binding("pageup", "move(-10)", "Ten back", show=False, priority=True),
        Binding("ctrl+p", "cancel", "Cancel", show=False, priority=True),
    ]

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = actions
        self._found: list[Found] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("What can be done here", classes="title", markup=False)
            yield Field(name="words", max_length=60)
            yield PickList(name="actions")
            yield Static("", id="count", markup=False)
            yield Static("words of what it does   ↑↓ enter: do it   esc: cancel", classes="hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._look()

    def _look(self) -> None:
        self._found = find(self._actions, self.query_one(Input).value)
        picks = self.query_one(PickList)
        width = (picks.size.width or _WIDTH) - 1
        picks.fill([line_of(found, width) for found in self._found], 0)
        total, left = len(self._actions), len(self._found)
        self.tell("count", f"{left} of {total}" if left else "nothing here does that; ? lists all keys")

    def on_input_changed(self) -> None:
        self._look()

    def on_resize(self) -> None:
        self.call_after_refresh(self._look)

    def action_move(self, step: int) -> None:
        self.query_one(PickList).action_move(step)

    def on_input_submitted(self) -> None:
        if self._found:
            self.dismiss(self._found[self.query_one(PickList).at].action)

    def on_pick_list_picked(self) -> None:
        self.on_input_submitted()
