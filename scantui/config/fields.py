"""The settings one by one, from their declaration."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec

from scantui.config.settings import Settings, Texts


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `key` is `section.name`; `option` the command line's parameter, "" without one; `path`: names files."""

    section: str
    name: str
    kind: Any  # its type, without what was annotated
    checked: Any  # its type, with bounds
    default: Any
    text: str
    option: str
    path: bool

    @property
    def key(self) -> str:
        return f"{self.section}.{self.name}"

    @property
    def expected(self) -> str:
        """What a value must be, for people."""
        if typing.get_origin(self.kind) is Literal:
            names = [f"'{name}'" for name in typing.get_args(self.kind)]
            return f"{', '.join(names[:-1])} or {names[-1]}"
        if self.kind in (int, float):
            meta = typing.get_args(self.checked)[1]
            return f"a {'whole ' if self.kind is int else ''}number from {meta.ge} to {meta.le}"
        return {bool: "true or false", str: "a text", Texts: "a list of texts"}.get(self.kind, "a table of texts")


@cache
def sections() -> Mapping[str, type[msgspec.Struct]]:
    """The tables of the file but `keys`, in order."""
    hints = typing.get_type_hints(Settings)
    return types.MappingProxyType({name: kind for name, kind in hints.items() if name != "keys"})


@cache
def settings_of(section: str) -> Mapping[str, Setting]:
    """The settings of a table by name, in order."""
    made = {}
    table = sections()[section]
    hints = typing.get_type_hints(table, include_extras=True)
    for one in msgspec.structs.fields(table):
        kind, meta = typing.get_args(hints[one.name])
        default = one.default if one.default is not msgspec.NODEFAULT else one.default_factory()
        made[one.name] = Setting(
            section,
            one.name,
            kind,
            hints[one.name],
            default,
            meta.description,
            meta.extra["option"],
            meta.extra["path"],
        )
    return types.MappingProxyType(made)


def all_settings() -> Iterator[Setting]:
    for section in sections():
        yield from settings_of(section).values()
