"""What can follow a field: numbers and ranges, texts with wildcards, moments. Each prints as it is parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

SECOND = 1_000_000
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[kmKM]|[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})(?:(?:\.\.|-)({_NUMBER}))?")
_SCALE = {"k": 1e3, "m": 1e6}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:us|ms|d|h|m|s))+")
_DURATION_PART = re.compile(r"(\d+(?:\.\d+)?)(us|ms|d|h|m|s)")
_UNITS = {"d": DAY, "h": HOUR, "m": MINUTE, "s": SECOND, "ms": 1000, "us": 1}
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?z?")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d))?z?)?")


@dataclass(frozen=True, slots=True)
class Numbers:
    """`low` to `high`, both included; one number when they are equal. `text` is how it was written."""

    low: float
    high: float
    text: str

    def __str__(self) -> str:
        return self.text


def numbers(text: str) -> Numbers | None:
    """`22`, `1.5k`, `20-30` or `20..30`; None for anything else."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    low = _number(match[1])
    high = _number(match[2]) if match[2] else low
    return Numbers(min(low, high), max(low, high), text.lower())


def _number(text: str) -> float:
    scale = _SCALE.get(text[-1].lower())
    return float(text) if scale is None else float(text[:-1]) * scale


@dataclass(frozen=True)
class Pattern:
    """A text, without regard to case. `*` and `?` stand for any text and any character, unless it is `literal`."""

    text: str
    literal: bool = False

    def __str__(self) -> str:
        return f'"{self.text}"' if self.literal else self.text

    @property
    def is_wild(self) -> bool:
        return not self.literal and ("*" in self.text or "?" in self.text)

    @cached_property
    def _wild(self) -> re.Pattern[str] | None:
        if not self.is_wild:
            return None
        runs = re.split(r"([*?])", re.sub(r"\*+", "*", self.text))
        return re.compile("".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in runs), re.DOTALL)

    def equals(self, text: str) -> bool:
        """Whether it is all of `text` (lower case)."""
        return text == self.text if self._wild is None else self._wild.fullmatch(text) is not None

    def within(self, text: str) -> bool:
        """Whether it is somewhere in `text` (lower case)."""
        return self.text in text if self._wild is None else self._wild.search(text) is not None


@dataclass(frozen=True, slots=True)
class Moment:
    """A span of time: an age (`amount` microseconds before the newest event), a time of day or a date, `unit` long.

    A time of day is the latest one up to the newest event. All times are UTC."""

    form: str  # age, clock or date
    amount: int
    unit: int
    text: str

    def __str__(self) -> str:
        return self.text

    def start(self, now: int) -> int:
        """Its first microsecond."""
        if self.form == "date":
            return self.amount
        if self.form == "age":
            return now - self.amount
        today = now // DAY * DAY + self.amount
        return today if today <= now else today - DAY


def moment(text: str) -> Moment | None:
    """`5m`, `2h30m`, `03:00`, `03:00:10`, `2025-11-22`, `2025-11-22T03:00`; None for anything else."""
    lower = text.lower()
    if _DURATION.fullmatch(lower):
        amount = sum(float(number) * _UNITS[unit] for number, unit in _DURATION_PART.findall(lower))
        return Moment("age", round(min(amount, 1e18)), 0, lower)
    if match := _CLOCK.fullmatch(lower):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return Moment(
            "clock", hours * HOUR + minutes * MINUTE + seconds * SECOND, SECOND if match[3] else MINUTE, lower
        )
    if match := _DATE.fullmatch(lower):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return None
        unit = SECOND if match[6] else MINUTE if match[4] else DAY
        return Moment("date", int(at.timestamp()) * SECOND, unit, lower)
    return None


@dataclass(frozen=True, slots=True)
class Moments:
    """From `low` to `high`, or one moment when they are the same."""

    low: Moment
    high: Moment

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}..{self.high}"


def moments(text: str) -> Moments | None:
    """A moment, or two as `03:00..04:00`; None for anything else."""
    first, dots, second = text.partition("..")
    low = moment(first)
    high = moment(second) if dots else low
    return Moments(low, high) if low is not None and high is not None else None
