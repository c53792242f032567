"""Stamps by a pattern of strptime's letters, read to the second: `%m/%d/%Y-%H:%M:%S`, `%d %b %Y %H:%M:%S %z`."""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.columns.civil import DAY, MONTHS, SECOND, days_from_civil, is_leap
from scantui.formats.sheet import Record
from scantui.formats.stamp import DAYS_OF_MONTH

_PARTS = {
    "Y": rb"(?P<Y>[0-9]{4})",
    "y": rb"(?P<y>[0-9]{2})",
    "m": rb"(?P<m>[0-9]{1,2})",
    "d": rb"(?P<d>[ 0-9]?[0-9])",
    "b": rb"(?P<b>[A-Z][a-z]{2})",
    "H": rb"(?P<H>[0-9]{1,2})",
    "M": rb"(?P<M>[0-9]{2})",
    "S": rb"(?P<S>[0-9]{2})",
    "z": rb"(?P<z>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})",
    "a": rb"[A-Z][a-z]{2}",
    "p": rb"(?P<p>[AP]M)",
}


def _regex(pattern: str) -> re.Pattern[bytes]:
    made = b""
    for literal, letter in re.findall(r"([^%]*)(?:%(.)|\Z)", pattern):
        made += re.escape(literal.encode())
        if letter:
            if letter not in _PARTS:
                raise ValueError(f"time pattern '{pattern}': %{letter} is not known; there are %{' %'.join(_PARTS)}")
            made += _PARTS[letter]
    return re.compile(made)


def reader_of(pattern: str) -> Callable[[bytes], Record | None]:
    """A reader of whole stamps to the second. Raises ValueError for a pattern that cannot be."""
    regex = _regex(pattern)
    names = regex.groupindex.keys()
    if not {"d", "H", "M"} <= names or not {"m", "b"} & names:
        raise ValueError(f"time pattern '{pattern}': needs a month, a day, hours and minutes")

    def read(token: bytes) -> Record | None:
        match = regex.fullmatch(token)
        return None if match is None else _record(match.groupdict())

    return read


def _record(part: dict[str, bytes]) -> Record | None:
    month = MONTHS.index(part["b"]) + 1 if part.get("b") in MONTHS else int(part.get("m", 0))
    day, hour, minute, second = int(part["d"]), int(part["H"]), int(part["M"]), int(part.get("S", 0))
    if "p" in part:
        hour = hour % 12 + (12 if part["p"] == b"PM" else 0)
    year = int(part["Y"]) if "Y" in part else 2000 + int(part["y"]) if "y" in part else 0
    if not (1 <= month <= 12 and 1 <= day <= DAYS_OF_MONTH[month - 1] and hour < 24 and minute < 60 and second <= 60):
        return None
    if year and month == 2 and day == 29 and not is_leap(year):
        return None
    clock = ((hour * 60 + minute) * 60 + second) * SECOND
    zone = part.get("z")
    if zone and zone[:1] in b"+-":
        clock -= (int(zone[1:3]) * 60 + int(zone[-2:])) * 60 * SECOND * (-1 if zone[:1] == b"-" else 1)
    if not year:
        return {"civil": (day - 1) * DAY + clock, "month": month, "zoned": bool(zone)}
    return {"civil": int(days_from_civil(year, month, day)) * DAY + clock, "zoned": bool(zone)}
