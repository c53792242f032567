"""Layouts as declared, made into the judge of `separated`: which fields decide, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scantui.events import Action
from scantui.formats.fields import value_of
from scantui.formats.flow_flags import told_by
from scantui.formats.separated import Layout
from scantui.formats.sheet import Record
from scantui.formats.spec import LayoutSpec
from scantui.tables import Tables

Words = Mapping[str, Mapping[str, str]]
_ACTIONS = {"action": {action.name: action.name for action in Action}}


def constants(said: Mapping[str, str], tables: Tables, words: Words) -> Record:
    """What `always` says, as columns. Raises ValueError."""
    record: Record = {}
    for name, text in said.items():
        part = value_of(name, tables, _ACTIONS if name == "action" else words).plain(text.encode())
        if part is None or not part:
            raise ValueError(f"always.{name}: '{text}' says nothing")
        record |= part
    return record


@dataclass(frozen=True)
class Case:
    """A layout, for lines of `least` to `most` fields in which those of `when` have one of these texts."""

    when: dict[int, frozenset[bytes]]
    least: int
    most: int
    layout: Layout


class Judge:
    """Chooses the first case that holds, asking for one field after the other."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._cases = cases

    def __call__(self, count: int, known: Mapping[int, bytes]) -> int | Layout | None:
        for case in self._cases:
            if not case.least <= count <= case.most:
                continue
            if any(number in known and known[number] not in texts for number, texts in case.when.items()):
                continue
            return next((number for number in case.when if number not in known), case.layout)
        return None


def case_of(spec: LayoutSpec, place: Callable[[str], int | None], tables: Tables, words: Words) -> Case | None:
    """The case that a layout declares, where `place` numbers its fields; fields it does not know are left out. None when the
    layout needs one of these. Raises ValueError."""
    when: dict[int, frozenset[bytes]] = {}
    for name, texts in spec.when.items():
        number = place(name)
        if number is None:
            return None
        when[number] = frozenset(text.encode() for text in ([texts] if isinstance(texts, str) else texts))
    if any(place(name) is None for name in spec.has):
        return None
    values = []
    for names, said in spec.fields.items():
        places = [place(name) for name in names.split(" ")]
        first, last = places[0], places[-1]
        if first is None or last is None or places != list(range(first, last + 1)):
            continue
        values.append((first, last, value_of(said, tables, words)))
    layout = Layout(tuple(values), constants(spec.always, tables, words), told_by(spec.flow), spec.silent)
    least = max([spec.least, *(last + 1 for _, last, _ in values), *(number + 1 for number in when)])
    return Case(when, least, spec.most, layout)


def numbered(specs: Sequence[LayoutSpec], tables: Tables, words: Words) -> Judge:
    """The judge of layouts whose fields are numbers, from 0."""
    return Judge([case for spec in specs if (case := case_of(spec, int, tables, words))])
