"""A moment as a person types it: `03:14`, `2000-01-25 03:14:01`, `-5m`, `yesterday 03:00`, `start`. UTC unless it says more."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser, tz

from scantui.ui.text import DAY, HOUR, MINUTE, SECOND, moment, stamp

_UNITS = {"us": 1, "ms": 1000, "s": SECOND, "m": MINUTE, "min": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_STEP = re.compile(r"([+-])\s*(\d+(?:\.\d+)?\s*[a-z]+(?:\s*\d+(?:\.\d+)?\s*[a-z]+)*)", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)", re.IGNORECASE)
_LIKELY = re.compile(r"\d[:/-]\d|\d{8}|[a-z]{3}|\d[ap]m")
_WHOLE_DATE = 8  # digits: 20000125
_DAYS = {"today": 0, "yesterday": -1}
_EXAMPLES = "03:14, 2000-01-25 03:14:01, -5m, yesterday 03:00"


class NotATime(ValueError):
    """`column` is where in the text it went wrong."""

    def __init__(self, why: str, column: int = 0) -> None:
        super().__init__(why)
        self.column = column


def moment_of(text: str, *, here: int, first: int, last: int) -> int:
    """Microseconds UTC. A step is from `here`; a time without a date is on the day of `here`, or the next day to it in the
    run (`first` to `last`). Raises NotATime for what is no time, and for what lies outside the run."""
    begin = len(text) - len(text.lstrip())
    words = text.strip().lower()
    if not words:
        raise NotATime(f"write a time: {_EXAMPLES}")
    if words in ("start", "first"):
        return first
    if words in ("now", "live", "end", "last"):
        return last
    if words[0] in "+-":
        return _inside(here + _step(words, begin), begin, first, last)
    day, rest, column = here, words, begin
    name = words.split()[0]
    if name in _DAYS:
        rest = words[len(name) :].lstrip()
        column = begin + len(words) - len(rest)
        day = last + _DAYS[name] * DAY
        if not rest:
            return _inside(day // DAY * DAY, begin, first, last)
    found, dated = _parsed(rest, column, day)
    if not dated and name not in _DAYS:
        for days in (0, -DAY, DAY):
            if first <= found + days <= last:
                return found + days
    return _inside(found, begin, first, last)


def _inside(at: int, column: int, first: int, last: int) -> int:
    if first // SECOND * SECOND <= at <= last + SECOND:
        return max(first, min(last, at))
    where = "before the first" if at < first else "after the last"
    edge = first if at < first else last
    raise NotATime(f"{stamp(at // SECOND * SECOND)} is {where} event, {stamp(edge)}", column)


def _step(words: str, begin: int) -> int:
    """A signed duration in microseconds: `-1h30m`."""
    if not _STEP.fullmatch(words):
        raise NotATime("a step is a number and s, m, h or d: -5m, +1h30m", begin + 1)
    total = 0.0
    for amount in _AMOUNT.finditer(words):
        if amount[2].lower() not in _UNITS:
            raise NotATime(f"no unit is called {amount[2]}: s, m, h, d", begin + amount.start(2))
        total += float(amount[1]) * _UNITS[amount[2].lower()]
    return round(min(total, 1e18)) * (-1 if words[0] == "-" else 1)


class _OddZone(Exception):  # not a ValueError: dateutil would swallow it
    """A zone's name that means different zones to different people."""


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """dateutil asks this for every time it reads."""
    if offset is not None:
        return tz.tzoffset(None, offset)
    if name is None or name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    raise _OddZone(name)


def _parsed(text: str, column: int, day: int) -> tuple[int, bool]:
    """(microseconds, whether the text named a date). What the text leaves out is midnight of `day`."""
    if text.isdigit() and len(text) < _WHOLE_DATE:
        raise NotATime(f"{text}: an hour or a day? write {int(text) % 24:02}:00 or a whole date", column)
    base = moment(day // DAY * DAY)
    elsewhere = timedelta(days=40)
    try:
        if not _LIKELY.search(text):
            raise ValueError(text)
        found = _read(text, base)
        dated = found - _read(text, base - elsewhere) != elsewhere
    except _OddZone as zone:
        raise NotATime(f"{zone}: write a zone as +01:00", column + _odd_word(text, base)) from None
    except (ValueError, OverflowError, TypeError):
        raise NotATime(f"not a time: try {_EXAMPLES}", column + _odd_word(text, base)) from None
    return round((found - moment(0)) / timedelta(microseconds=1)), dated


def _read(text: str, base: datetime) -> datetime:
    """Raises what dateutil raises, and _OddZone. dateutil knows zones in capitals only."""
    return parser.parse(text.upper(), default=base, tzinfos=_zone).astimezone(UTC)


def _odd_word(text: str, base: datetime) -> int:
    """Where the first word stands that is no part of a time on its own."""
    for word in re.finditer(r"\S+", text):
        try:
            _read(word[0], base)
        except (ValueError, OverflowError, TypeError, _OddZone):
            return word.start()
    return 0
