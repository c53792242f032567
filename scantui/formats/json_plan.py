"""What a JSON format's lines mean: cases, chosen by the texts of deciding paths, and the fields those name.

Every case whose `when` holds adds its fields. In `when`, "*" is any text and "" means that the path says nothing. Several
paths may give one field: the first that says something counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scantui.formats.sheet import Record

_MOST_PLANS = 4096
ANY = b"*"
_PRESENCE = {ANY, b""}


@dataclass(frozen=True)
class Case:
    """`fields` are (path, field) in the order in which they count."""

    when: Mapping[str, frozenset[bytes]]
    fields: tuple[tuple[str, str], ...]
    always: Record
    silent: bool  # its lines tell of no packet
    flow: bool  # its lines stand for all packets of one direction of a connection: flags are ORed

    def holds(self, said: Mapping[str, bytes]) -> bool:
        return all((text := said.get(path, b"")) in texts or (text != b"" and ANY in texts) for path, texts in self.when.items())


@dataclass(frozen=True)
class Plan:
    """What the lines of some cases together mean: for each field (by number) its paths."""

    fields: tuple[tuple[int, tuple[str, ...]], ...]
    always: Record
    silent: bool
    flow: bool


class Plans:
    """The plans of a format; `common` fields belong to all cases, after theirs. `names` are the fields by number."""

    def __init__(self, cases: Sequence[Case], common: Iterable[tuple[str, str]] = ()) -> None:
        self._cases, self._common = cases, tuple(common)
        asked = [*(one for case in cases for one in case.fields), *self._common]
        self.names = tuple(dict.fromkeys(field for _, field in asked))
        named = [(path, said) for case in cases for path, said in case.when.items()]
        # Of some deciding paths the text matters, of others only whether there is one.
        self.deciding = tuple(dict.fromkeys(path for path, said in named if said - _PRESENCE))
        self.present = tuple(dict.fromkeys(path for path, _ in named if path not in self.deciding))
        self.paths = tuple(dict.fromkeys([*self.deciding, *self.present, *(path for path, _ in asked)]))
        self._made: dict[tuple[bytes, ...], Plan | None] = {}

    def of(self, said: Mapping[str, bytes]) -> Plan | None:
        """The plan for a line of which `said` has the deciding texts; None when no case holds."""
        key = (*[said.get(path, b"") for path in self.deciding], *[ANY if path in said else b"" for path in self.present])
        if key not in self._made:
            if len(self._made) >= _MOST_PLANS:
                self._made.clear()
            self._made[key] = self._plan([case for case in self._cases if case.holds(said)])
        return self._made[key]

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
        return Plan(fields, always, any(case.silent for case in cases), any(case.flow for case in cases))


def texts(said: str | Iterable[str]) -> frozenset[bytes]:
    """The texts of one `when`."""
    return frozenset(text.encode() for text in ([said] if isinstance(said, str) else said))
