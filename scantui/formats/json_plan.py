"""What a JSON format's lines mean: cases, chosen by the texts of deciding paths, and the fields those name.

Every case whose `when` holds adds its fields. In `when`, "*" is any text, "text*" one that begins so, "!text"
any but this, and "" means that the path says nothing. Several paths may give one field: the first that says something counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scantui.formats.flow_flags import Told
from scantui.formats.sheet import Record

Fields = tuple[tuple[int, tuple[str, ...]], ...]  # fields by number, and the paths of each
_ANY = b"*"
_MOST_KEPT = 4096  # of what lines say where it decides


class Wish:
    """The texts of one `when`."""

    def __init__(self, texts: Iterable[bytes]) -> None:
        texts = list(texts)
        self.silence = b"" in texts
        refused = [text[1:] for text in texts if text[:1] == b"!"]
        wished = [text for text in texts if text and text[:1] != b"!"]
        self._any = not wished and bool(refused)
        self._exact = frozenset(text for text in wished if text[-1:] != _ANY)
        self._begins = tuple(text[:-1] for text in wished if text[-1:] == _ANY)
        self._not = frozenset(text for text in refused if text[-1:] != _ANY)
        self._not_begins = tuple(text[:-1] for text in refused if text[-1:] == _ANY)
        self.of_presence = set(texts) <= {_ANY, b""}  # it matters only whether there is a text

    def fits(self, text: bytes) -> bool:
        """Whether a path may say this; "" is nothing."""
        if not text:
            return self.silence
        if text in self._not or (self._not_begins and text.startswith(self._not_begins)):
            return False
        return self._any or text in self._exact or (self._begins != () and text.startswith(self._begins))


@dataclass(frozen=True)
class Case:
    """`fields` are (path, field) in the order in which they count."""

    when: Mapping[str, Wish]
    fields: tuple[tuple[str, str], ...]
    always: Record
    silent: bool  # its lines tell of no packet
    flow: Told | None  # its lines are flow records: what their flags tell

    def holds(self, said: Mapping[str, bytes]) -> bool:
        """Whether the case holds for a line that says this."""
        return all(wish.fits(said.get(path, b"")) for path, wish in self.when.items())

    def asked(self, said: Mapping[str, bytes]) -> Iterator[str]:
        """The paths that decide of such a line: up to the first that does not fit."""
        for path, wish in self.when.items():
            yield path
            if not wish.fits(said.get(path, b"")):
                return


@dataclass(frozen=True)
class Plan:
    """What the lines of some cases together mean: for each field (by number) its paths."""

    fields: Fields
    always: Record
    silent: bool
    flow: Told | None


class Plans:
    """The plans of a format; `common` fields belong to all cases, after theirs. `names` are the fields by number."""

    def __init__(self, cases: Sequence[Case], common: Iterable[tuple[str, str]] = ()) -> None:
        self._cases, self._common = cases, tuple(common)
        asked = [*(one for case in cases for one in case.fields), *self._common]
        self.names = tuple(dict.fromkeys(field for _, field in asked))
        named = [(path, wish) for case in cases for path, wish in case.when.items()]
        self._texts = frozenset(path for path, wish in named if not wish.of_presence)
        self.paths = tuple(dict.fromkeys([*(path for path, _ in named), *(path for path, _ in asked)]))
        self._made: dict[tuple[int, ...], Plan | None] = {}
        self._deciding = tuple(self._texts), tuple({path for path, _ in named} - self._texts)
        self._of: dict[tuple[bytes | bool | None, ...], Plan | None] = {}

    def of(self, said: Mapping[str, bytes]) -> Plan | None:
        """The plan for a line that says this; None when no case holds."""
        texts, presence = self._deciding
        key = *map(said.get, texts), *map(bool, map(said.get, presence))
        if key not in self._of:
            if len(self._of) >= _MOST_KEPT:
                self._of.clear()
            self._of[key] = self._chosen(said)
        return self._of[key]

    def _chosen(self, said: Mapping[str, bytes]) -> Plan | None:
        held = tuple([number for number, case in enumerate(self._cases) if case.holds(said)])
        if held not in self._made:
            self._made[held] = self._plan([self._cases[number] for number in held])
        return self._made[held]

    def deciding(self, said: Mapping[str, bytes]) -> tuple[set[str], set[str]]:
        """The paths whose texts decided of such a line, and those of which it mattered only whether they say something."""
        asked = {path for case in self._cases for path in case.asked(said)}
        return asked & self._texts, asked - self._texts

    def _plan(self, cases: Sequence[Case]) -> Plan | None:
        if not cases:
            return None
        paths: dict[str, dict[str, None]] = {}
        always: Record = {}
        for case in cases:
            always = case.always | always
        for path, field in (*(one for case in cases for one in case.fields), *self._common):
            paths.setdefault(field, {})[path] = None
        fields = tuple((number, tuple(paths[name])) for number, name in enumerate(self.names) if name in paths)
        told = next((case.flow for case in cases if case.flow), None)
        return Plan(fields, always, any(case.silent for case in cases), told)


def wish(said: str | Iterable[str]) -> Wish:
    """The texts of one `when` as declared."""
    return Wish(text.encode() for text in ([said] if isinstance(said, str) else said))
