"""What a JSON format's lines mean: cases, chosen by the texts of deciding paths, and the fields those name.

Every case whose `when` holds adds its fields. In `when`, "*" is any text, "text*" one that begins so, "!text"
any but this, and "" means that the path says nothing. Several paths may give one field: the first that says something counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scantui.formats.flow_flags import Told
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
    flow: Told | None  # its lines are flow records: what their flags tell

    def holds(self, said: Mapping[str, bytes]) -> bool:
        """Whether the case holds for a line that says this."""
        return all(_fits(said.get(path, b""), texts) for path, texts in self.when.items())


def _fits(text: bytes, texts: frozenset[bytes]) -> bool:
    if not text:
        return b"" in texts
    if any(_is(text, wanted[1:]) for wanted in texts if wanted[:1] == b"!"):
        return False
    wished = [wanted for wanted in texts if wanted and wanted[:1] != b"!"]
    return any(_is(text, wanted) for wanted in wished) if wished else b"" not in texts or len(texts) > 1


def _is(text: bytes, wanted: bytes) -> bool:
    return text.startswith(wanted[:-1]) if wanted[-1:] == b"*" else text == wanted


@dataclass(frozen=True)
class Plan:
    """What the lines of some cases together mean: for each field (by number) its paths."""

    fields: tuple[tuple[int, tuple[str, ...]], ...]
    always: Record
    silent: bool
    flow: Told | None


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
        key = (
            *[said.get(path, b"") for path in self.deciding],
            *[ANY if path in said else b"" for path in self.present],
        )
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
        return Plan(
            fields, always, any(case.silent for case in cases), next((case.flow for case in cases if case.flow), None)
        )


def texts(said: str | Iterable[str]) -> frozenset[bytes]:
    """The texts of one `when`."""
    return frozenset(text.encode() for text in ([said] if isinstance(said, str) else said))
