"""Operators that scan the Internet openly, by the names they give their scanners (`surveys.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from scantui.explain.place import Place

_FILE = Path(__file__).with_name("surveys.toml")


@dataclass(frozen=True, slots=True)
class Survey:
    """One operator; `names` are patterns with `*`."""

    operator: str
    names: tuple[str, ...]
    sources: tuple[str, ...]


@cache
def surveys() -> tuple[Survey, ...]:
    """All that scantui knows of."""
    found = tomllib.loads(_FILE.read_text("utf-8"))["survey"]
    return tuple(Survey(one["operator"], tuple(one["names"]), tuple(one["sources"])) for one in found)


def survey_of(name: str) -> Survey | None:
    """Whose scanner a host name is by its form. Anyone can write such a name: see `Name.confirmed`."""
    text = name.lower().rstrip(".")
    return next((one for one in surveys() if any(fnmatchcase(text, pattern) for pattern in one.names)), None)


def named_by_dns(place: Place) -> tuple[str, str]:
    """(operator, name) of the first name that resolves back and is a known scanner's; ("", "") when there is none."""
    for name in place.names.names if place.names is not None else ():
        survey = survey_of(name.text) if name.confirmed else None
        if survey is not None:
            return survey.operator, name.text
    return "", ""
