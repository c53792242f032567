"""Times as people type them: `03:14`, `2000-01-25 03:14:01`, `yesterday 03:00`, `2h ago`, `-5m`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from dateutil import parser, tz

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND
_SIZES = {"us": 1, "ms": 1000, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_WORDS = {"sec": "s", "second": "s", "min": "m", "minute": "m", "hour": "h", "hr": "h", "day": "d", "week": "w"}
_UNITS = _SIZES | {word + end: _SIZES[short] for word, short in _WORDS.items() for end in ("", "s")}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_AMOUNTS = re.compile(r"\s*\d+(?:\.\d+)?\s*[a-z]+(?:\s*\d+(?:\.\d+)?\s*[a-z]+)*")
_AGO = re.compile(r"(.*\S)\s+ago")
_LIKELY = re.compile(r"\d[:/-]\d|\d{8}|[a-z]{3}|\d[ap]m")
_WHOLE_DATE = 8  # digits: 20000125
DAYS = {"today": 0, "yesterday": -1}


class NotATime(ValueError):
    """`column` is where in the text it went wrong."""

    def __init__(self, why: str, column: int = 0) -> None:
        super().__init__(why)
        self.column = column


def moment_from(text: str, now: int, zone: tzinfo, examples: str) -> int:
    """Microseconds UTC of what was typed at `now`, read in `zone`. A time of day is the last that has been; a day is its
    beginning. Raises NotATime."""
    words = text.strip().lower()
    if not words:
        raise NotATime(f"no time is given; try {examples}")
    if words == "now":
        return now
    ago = _AGO.fullmatch(words)
    if ago or words[0] == "-":
        return now - duration(ago[1] if ago else words[1:], 0)
    name = words.split()[0]
    rest = words[len(name) :].strip() if name in DAYS else words
    midnight = _midnight(now, zone, DAYS.get(name, 0))
    if not rest:
        return _micros(midnight)
    found, dated = instant(rest, 0, midnight, examples)
    if dated or name in DAYS or found <= now:
        return found
    return instant(rest, 0, _midnight(now, zone, -1), examples)[0]


def duration(words: str, begin: int) -> int:
    """Microseconds of `1h30m`, which stands at `begin` in what was typed. Raises NotATime."""
    if not _AMOUNTS.fullmatch(words):
        raise NotATime("a step is a number and s, m, h or d: 5m, 1h30m", begin)
    total = 0.0
    for amount in _AMOUNT.finditer(words):
        if amount[2] not in _UNITS:
            raise NotATime(f"no unit is called {amount[2]}: s, m, h, d", begin + amount.start(2))
        total += float(amount[1]) * _UNITS[amount[2]]
    return round(min(total, 1e18))


def instant(text: str, column: int, midnight: datetime, examples: str) -> tuple[int, bool]:
    """(microseconds UTC, whether the text named a date). What the text leaves out is `midnight`'s, its zone too. Raises
    NotATime."""
    if text.isdecimal() and len(text) < _WHOLE_DATE:
        raise NotATime(f"{text}: an hour or a day? write {int(text) % 24:02}:00 or a whole date", column)
    elsewhere = midnight - timedelta(days=40)
    try:
        if not _LIKELY.search(text):
            raise ValueError(text)
        found = _read(text, midnight)
        dated = _read(text, elsewhere).replace(tzinfo=None) != found.replace(tzinfo=None) - timedelta(days=40)
        return _micros(found), dated
    except _OddZone as zone:
        raise NotATime(f"{zone}: write a zone as +01:00", column + _odd_word(text, midnight)) from None
    except (ValueError, OverflowError, TypeError):
        raise NotATime(f"not a time: try {examples}", column + _odd_word(text, midnight)) from None


class _OddZone(Exception):  # not a ValueError: dateutil would swallow it
    """A zone's name that means different zones to different people."""


def _read(text: str, base: datetime) -> datetime:
    """Raises what dateutil raises, and _OddZone. dateutil knows zones in capitals only."""

    def zone(name: str | None, offset: int | None) -> tzinfo | None:  # dateutil asks this for every time it reads
        if offset is not None:
            return tz.tzoffset(None, offset)
        if name is None:
            return base.tzinfo
        if name.upper() in ("UTC", "GMT", "Z"):
            return UTC
        raise _OddZone(name)

    return parser.parse(text.upper(), default=base, tzinfos=zone)


def _odd_word(text: str, base: datetime) -> int:
    """Where the first word stands that is no part of a time on its own."""
    for word in re.finditer(r"\S+", text):
        try:
            _read(word[0], base)
        except (ValueError, OverflowError, TypeError, _OddZone):
            return word.start()
    return 0


def _midnight(now: int, zone: tzinfo, days: int) -> datetime:
    today = (_EPOCH + timedelta(microseconds=now)).astimezone(zone)
    return today.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)


def _micros(at: datetime) -> int:
    return round((at - _EPOCH) / timedelta(microseconds=1))
