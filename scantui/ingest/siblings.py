"""The names a log gets when it is rotated, and the order in which they were written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from scantui.ingest.packed import SUFFIXES

_NEVER = (".swp", ".swx", ".tmp", ".lock", ".lck", ".pid", ".filepart", ".part")
_ROTATED = re.compile(r"(?:[.\-_:](?:\d[\d.\-_T:+]*|old|bak|prev|orig))+$|~$")
_STAMPED = re.compile(
    r"[.\-_:](?=(?:[.\-_T:+]*\d){6})\d[\d.\-_T:+]*(?=\.[a-z]{2,6}$)", re.IGNORECASE
)  # eve-2024-01-31-10:00.json
_NUMBER = re.compile(r"[.\-_:](\d{1,5})$")  # six digits and more are a date
_DIGITS = re.compile(r"\d+")
_DATE = re.compile(r"(?<!\d)(?:(?:19|20)\d\d[.\-_]?(?:0[1-9]|1[0-2])|1\d{9}(?!\d))")  # a year and a month, or an epoch


def unpacked_name(name: str) -> str:
    """The name without `.gz` or its like."""
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def stem(name: str) -> str:
    """The name the log had before rotation: `kern.log` for `kern.log.2.gz` and `kern.log-20240131`, `conn.log` for
    `conn.10:00:00-11:00:00.log.gz` (Zeek), `eve.json` for `eve-2024-01-31-10:00.json`."""
    return _STAMPED.sub("", _ROTATED.sub("", unpacked_name(name))) or name


def is_sibling(base: str, name: str) -> bool:
    """Whether `name` may be a rotated or copied `base`."""
    return len(name) > len(base) and name.startswith(base) and name[len(base)] in ".-_:~" and not name.endswith(_NEVER)


def rotation_number(base: str, name: str) -> int | None:
    """3 for `log.3` and `log.3.gz`; None for dates and other names."""
    match = _NUMBER.fullmatch(unpacked_name(name)[len(base) :])
    return int(match[1]) if match else None


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key that compares the numbers in a name as numbers."""
    return tuple((int(digits), digits) for digits in _DIGITS.findall(name))


def siblings_among(base: str, names: Sequence[str]) -> list[str]:
    """The siblings of `base` in a sorted list of names."""
    found = []
    for name in names[bisect_left(names, base) :]:
        if not name.startswith(base):
            break
        if is_sibling(base, name):
            found.append(name)
    return found


def oldest_first(base: str, files: Sequence[tuple[str, int]], ours: str | None) -> list[int]:
    """Order of rotated files given as (name, time of last write in ns), as positions in `files`; `base` itself is the newest.

    Dates in all their names tell, else their times, unless the log itself is older than one of its rotated files: then
    they are copies that were dated when they were made, and their numbers tell. Files written within one clock tick are
    told apart by number, too. Whether numbers rise with time (`log.1`, `log.2`, …) or fall (logrotate: `log.1` is the
    newest) shows in the name `ours` of a file known to be older than all of them, else in their times; else it is
    logrotate's way.
    """
    names = [unpacked_name(Path(name).name) for name, _ in files]
    old = [i for i, name in enumerate(names) if name != base]
    newest = max((time for i, (_, time) in enumerate(files) if i not in old), default=None)
    copied = newest is not None and any(files[i][1] > newest for i in old)
    dated = bool(old) and all(_DATE.search(names[i].removeprefix(base)) for i in old)
    numbers = [rotation_number(base, name) for name in names]
    rising = not copied and _rising(
        base, [(n, t) for n, (_, t) in zip(numbers, files, strict=True) if n is not None], ours
    )

    def key(i: int) -> tuple[bool, int, int, tuple[tuple[int, str], ...]]:
        number = numbers[i]
        tie = 0 if number is None else number if rising else -number
        return i not in old, 0 if copied or dated else files[i][1], tie, natural(names[i]) if number is None else ()

    return sorted(range(len(files)), key=key)


def _rising(base: str, numbered: list[tuple[int, int]], ours: str | None) -> bool:
    if not numbered:
        return False
    low, high = min(numbered), max(numbered)
    mine = None if ours is None else rotation_number(base, Path(ours).name)
    if mine is not None and (low[0] > mine or high[0] < mine):
        return low[0] > mine
    return low[1] < high[1]
