"""The tools as data: one TOML file a tool and mode in `tools/`, each field with the chance of every class of behaviour."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any

from scantui.events import ACK, FLAG_BITS, SYN, flag_text
from scantui.explain.observation import TITLE, Observation

FOLDER = Path(__file__).with_name("tools")
_FLOOR = 0.0001  # nothing is impossible: fields can be set by hand
_KEYS = {"name", "mode", "prior", "proto", "flags", "ip", "requires", "generic", "sources", "fields"}
CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a tool does with one field: `says` in words, `chance` of each class."""

    says: str
    chance: Mapping[str, float]

    def of(self, seen: Observation) -> float:
        """Chance of what was seen: its own class, else the wider one, else any other."""
        name = self.level(seen)
        return max(_FLOOR, self.chance.get(name, 0.0))

    def level(self, seen: Observation) -> str:
        """The narrowest class given for what was seen."""
        return next((name for name in (seen.value, seen.general) if name in self.chance), "other")

    def odds(self, seen: Observation, base: Expectation) -> float:
        """Log-odds of this description against `base`, of classes equally wide: a wide class holds many values, so its chance
        is not held against that of one value."""
        level = self.level(seen)
        against = base.of(seen) if level == seen.value else max(base.of(seen), base.chance.get(seen.general, 0.0))
        return log(self.of(seen) / against)


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool in one mode. A `generic` one is a way of working, not a name."""

    name: str
    mode: str
    prior: float
    proto: tuple[str, ...]
    flags: tuple[str, ...]
    ip: tuple[int, ...]
    requires: tuple[str, ...]
    generic: bool
    sources: tuple[str, ...]
    fields: Mapping[str, Expectation]

    def can_send(self, proto: str, flags: int | None, *, ipv6: bool) -> bool:
        """Whether this mode makes such packets at all; flags None when the log does not say."""
        if proto not in self.proto or (6 if ipv6 else 4) not in self.ip:
            return False
        return proto != "tcp" or flags is None or any(_fits(pattern, flags) for pattern in self.flags)


def _fits(pattern: str, flags: int) -> bool:
    if pattern == "*":
        return True
    if pattern == "SYN+":
        return bool(flags & SYN) and not flags & ACK
    if pattern == "SYN-":
        return not flags & SYN
    return flag_text(flags) == pattern


def parse(text: str, where: str = "tool") -> Tool:
    """One tool file. Raises ValueError that names the key at fault."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{where}: {error}") from error
    if unknown := set(data) - _KEYS:
        raise ValueError(f"{where}: unknown key {min(unknown)!r}")
    for key in ("name", "mode", "prior", "proto", "sources", "fields"):
        if not data.get(key):
            raise ValueError(f"{where}: {key!r} is missing")
    fields = {}
    for name, table in data["fields"].items():
        if name not in TITLE:
            raise ValueError(f"{where}: no field is called {name!r}")
        chance = {key: value for key, value in table.items() if key != "says"}
        if not chance or not all(isinstance(value, float) and 0 < value <= 1 for value in chance.values()):
            raise ValueError(f"{where}: {name}: every class needs a chance above 0 and at most 1")
        fields[name] = Expectation(str(table.get("says", "")), chance)
    flags = tuple(data.get("flags", ("*",)))
    for pattern in flags:
        if pattern not in ("*", "SYN+", "SYN-", "NULL") and not set(pattern.split("-")) <= set(FLAG_BITS):
            raise ValueError(f"{where}: {pattern!r} names no flags")
    return Tool(
        name=data["name"],
        mode=data["mode"],
        prior=float(data["prior"]),
        proto=tuple(data["proto"]),
        flags=flags,
        ip=tuple(data.get("ip", (4, 6))),
        requires=tuple(data.get("requires", ())),
        generic=bool(data.get("generic", False)),
        sources=tuple(data["sources"]),
        fields=fields,
    )


@cache
def tools() -> tuple[Tool, ...]:
    """All tools that come with scantui, by file name."""
    return tuple(parse(path.read_text("utf-8"), path.name) for path in sorted(FOLDER.glob("*.toml")))


@cache
def yardstick() -> Tool:
    """The program of unknown make."""
    return next(tool for tool in tools() if tool.name == CUSTOM)
