"""The formats scantui reads, in the order in which they are tried: the user's, those with a parser of their own, the declared
ones, and those that read anyone's lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from scantui.formats.base import Format
from scantui.formats.declared import declared
from scantui.formats.keyvalue import KEYVALUE
from scantui.formats.netfilter import NETFILTER

_FILES = Path(__file__).parent / "files"
ANYONES = ("keyvalue", "json", "csv", "logfmt")  # whose lines may be another's as well: tried last, in this order

_NAMED = sorted(path for path in _FILES.glob("*.toml") if path.stem not in ANYONES)
FORMATS: tuple[Format, ...] = (
    NETFILTER,
    *(declared(path) for path in _NAMED),
    KEYVALUE,
    *(declared(_FILES / f"{name}.toml") for name in ANYONES if name != KEYVALUE.name),
)


@dataclass(frozen=True, slots=True)
class Formats:
    """What a run reads its inputs by. `forced` are globs of inputs' paths, each with the one format they are then read by."""

    known: tuple[Format, ...] = FORMATS
    forced: tuple[tuple[str, Format], ...] = ()

    def only(self, path: str) -> Format | None:
        """The format an input is forced to; the last that was said counts."""
        name = Path(path).name
        said = [form for glob, form in self.forced if fnmatchcase(path, glob) or fnmatchcase(name, glob)]
        return said[-1] if said else None


def extended(own: Sequence[Format], known: Sequence[Format] = FORMATS) -> tuple[Format, ...]:
    """The formats with a user's, which replace those of the same name."""
    names = {form.name for form in own}
    left = [form for form in known if form.name not in names]
    return (*(form for form in own if not form.general), *left, *(form for form in own if form.general))
