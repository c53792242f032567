"""Civil time read from all lines at once: ISO 8601 and RFC 3164 stamps to microseconds, and the calendar behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import LOW, WIDE, Lines, Mask, Positions, U, Words64
from scantui.columns.numbers import digits_number, uint, uint_long

SECOND = 1_000_000
DAY = 86_400 * SECOND
_COMPARED = WIDE + 8  # bytes; the longest stamp in whole seconds has 25, and is then read each time
MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")
_MONTH_WORD = np.array([int.from_bytes(name, "little") for name in MONTHS], U)
_MONTH_ORDER = np.argsort(_MONTH_WORD)
MONTH_DAYS = np.array([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])

# `:ss.` of `YYYY-MM-DDThh:mm:ss.ffffff`, and where a zone follows.
_POINTS, _POINTS_MASK, _ZONE_AT = U(46 << 24 | 58), U(0xFF0000FF), 26

Ints = NDArray[np.int64]


def days_from_civil(year: Any, month: Any, day: Any) -> Any:
    """Days since 1970-01-01 of a proleptic Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms")."""
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def is_leap(year: Any) -> Any:
    return (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))


def months(lines: Lines, p: Positions, *, any_case: bool = False) -> tuple[Ints, Mask]:
    """The months (1..12) of which the English abbreviations stand at `p`, and whether there is one; in `any_case` a small letter
    may begin them."""
    name = lines.w8[p] & U(0xFFFFFF)
    if any_case:
        name &= ~U(0x20)
    at = np.minimum(np.searchsorted(_MONTH_WORD[_MONTH_ORDER], name), 11)
    month = _MONTH_ORDER[at] + 1
    ok: Mask = _MONTH_WORD[month - 1] == name
    return month, ok


def _digits(lines: Lines, p: Positions, offsets: tuple[int, ...]) -> tuple[Ints, Mask]:
    """The number made of the digits at these offsets, and whether all are digits."""
    value = np.zeros(len(p), np.int64)
    ok = np.ones(len(p), np.bool_)
    for offset in offsets:
        digit = lines.u8[p + offset] - np.uint8(48)
        ok &= digit <= 9
        value = value * 10 + digit
    return value, ok


def _clock(lines: Lines, p: Positions) -> tuple[Ints, Mask]:
    """`hh:mm:ss` at `p` as microseconds of the day. A leap second (RFC 3339 §5.6) counts as the second after 59."""
    hour, ok = _digits(lines, p, (0, 1))
    minute, ok_minute = _digits(lines, p, (3, 4))
    second, ok_second = _digits(lines, p, (6, 7))
    ok &= ok_minute & ok_second & (lines.u8[p + 2] == 58) & (lines.u8[p + 5] == 58)
    ok &= (hour <= 23) & (minute <= 59) & (second <= 60)
    return ((hour * 60 + minute) * 60 + second) * SECOND, ok


@dataclass(frozen=True)
class Stamps:
    """Stamps of many lines. `civil` is microseconds since 1970 of the date and time as written, minus the zone offset where
    one was written; without a year it counts from the start of its month: see `month`."""

    civil: Ints
    month: NDArray[np.int64]  # 0: the year was written; 1..12: no year, `civil` counts from the first of this month
    zoned: Mask
    fraction: Mask
    end: Positions
    ok: Mask


def unchanged_aside(read: Callable[[Lines, Positions], Stamps], lines: Lines, p: Positions) -> Stamps:
    """`read`, called only where the text differs from the line before: lines of one second are read once."""
    p = np.minimum(p, lines.size)
    changed = _changed(lines.w16[p].view("<u8").reshape(-1, 2))
    window = lines.w8[p + WIDE]
    changed[1:] |= window[1:] != window[:-1]
    places = np.flatnonzero(changed)
    if 2 * len(places) > len(p):
        return read(lines, p)
    few = read(lines, p[places])
    if (few.end - p[places] > _COMPARED).any():
        return read(lines, p)
    which = np.repeat(np.arange(len(places)), np.diff(places, append=len(p)))
    return Stamps(
        few.civil[which],
        few.month[which],
        few.zoned[which],
        few.fraction[which],
        p + (few.end - p[places])[which],
        few.ok[which],
    )


def _changed(windows: Words64) -> Mask:
    """Which rows of two windows differ from the one before; the first does."""
    changed = np.ones(len(windows), np.bool_)
    differs = windows[1:] != windows[:-1]
    np.logical_or(differs[:, 0], differs[:, 1], out=changed[1:])
    return changed


def _iso_minutes(lines: Lines, p: Positions) -> tuple[Ints, Mask]:
    """`YYYY-MM-DD[T ]hh:mm` at `p` as microseconds since 1970."""
    u8 = lines.u8
    year, ok = _digits(lines, p, (0, 1, 2, 3))
    month, ok_month = _digits(lines, p, (5, 6))
    day, ok_day = _digits(lines, p, (8, 9))
    hour, ok_hour = _digits(lines, p, (11, 12))
    minute, ok_minute = _digits(lines, p, (14, 15))
    ok &= ok_month & ok_day & ok_hour & ok_minute & (u8[p + 4] == 45) & (u8[p + 7] == 45) & (u8[p + 13] == 58)
    ok &= ((u8[p + 10] == 84) | (u8[p + 10] == 32)) & (hour <= 23) & (minute <= 59)
    ok &= (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1)
    safe = np.where(ok, month, 1)
    ok &= day <= np.where((safe == 2) & ~is_leap(year), 28, MONTH_DAYS[safe - 1])
    return days_from_civil(year, safe, day) * DAY + (hour * 60 + minute) * 60 * SECOND, ok


def _unchanged_minutes(lines: Lines, p: Positions) -> tuple[Ints, Mask]:
    """The same, read only where the text differs from the line before: a log has few minutes."""
    changed = _changed(lines.w16[p].view("<u8").reshape(-1, 2))
    places = np.flatnonzero(changed)
    if 2 * len(places) > len(p):
        return _iso_minutes(lines, p)
    minute, ok = _iso_minutes(lines, p[places])
    lengths = np.diff(places, append=len(p))
    return np.repeat(minute, lengths), np.repeat(ok, lengths)


def iso_stamps(lines: Lines, p: Positions, limit: Positions | None = None) -> Stamps:
    """`YYYY-MM-DD[T ]hh:mm:ss[.,]ffffff` with `Z`, `+hh:mm`, `+hhmm` or nothing, at `p`. Up to nine fraction digits; none, and no
    zone, where the seconds end at `limit`."""
    p = np.minimum(p, lines.size)
    u8 = lines.u8
    minute, ok = _unchanged_minutes(lines, p)
    usual = _micro_stamps(lines, p, limit, minute, ok)
    if usual is not None:
        return usual
    second, ok_second = _digits(lines, p, (17, 18))
    ok &= ok_second & (u8[p + 16] == 58) & (second <= 60)
    end = p + 19
    more = np.ones(len(p), np.bool_) if limit is None else end < limit
    dot = more & ((u8[end] == 46) | (u8[end] == 44))
    fraction, count = uint_long(lines, np.where(dot, end + 1, lines.size))
    fraction = np.where(dot, fraction * 10 ** np.clip(9 - count, 0, 9) // 1000, 0)
    ok &= ~dot | ((count >= 1) & (count <= 9))
    end = np.where(dot, end + 1 + count, end)
    sign = np.where(more, u8[end], np.uint8(0))
    zulu = sign == 90
    offset_sign = (sign == 43) | (sign == 45)
    at = np.where(offset_sign, end + 1, lines.size)
    hours, ok_hours = _digits(lines, at, (0, 1))
    colon = u8[at + 2] == 58
    minutes, ok_minutes = _digits(lines, at + 2 + colon, (0, 1))
    ok &= ~offset_sign | (ok_hours & ok_minutes & (hours <= 15) & (minutes <= 59))
    offset = np.where(offset_sign, (hours * 60 + minutes) * 60 * SECOND, 0) * np.where(sign == 45, -1, 1)
    end = np.where(zulu, end + 1, np.where(offset_sign, end + 5 + colon, end))
    civil = minute + second * SECOND + fraction - offset
    return Stamps(np.where(ok, civil, 0), np.zeros(len(p), np.int64), zulu | offset_sign, dot, end, ok)


def _micro_stamps(lines: Lines, p: Positions, limit: Positions | None, minute: Ints, ok: Mask) -> Stamps | None:
    """The stamps, if all have six digits after a point and the same zone, or none; `minute` and `ok` are what begins them."""
    if not len(p):
        return None
    rest = lines.w16[p + WIDE].view("<u8").reshape(-1, 2)  # `:ss.ffffff` and a zone of up to six bytes
    first, second = rest[:, 0], rest[:, 1]
    zone = second >> U(16)
    sample = int(zone[0]).to_bytes(8, "little")
    size = 0 if limit is not None and int(limit[0] - p[0]) <= _ZONE_AT else _zone_size(sample)
    if size < 0 or ((zone ^ zone[0]) & LOW[max(size, 1)]).any():
        return None
    end = p + (_ZONE_AT + size)
    fraction, good = digits_number(first >> U(32) | second << U(32), 6)
    if limit is not None:
        good &= (end == limit) if size == 0 else (end <= limit)
    good &= (first & _POINTS_MASK) == _POINTS
    if not good.all():
        return None
    seconds, ok_seconds = digits_number(first >> U(8), 2)
    ok = ok & ok_seconds & (seconds <= 60)
    offset = 0
    if size > 1:
        hours, minutes = int(sample[1:3]), int(sample[size - 2 : size])
        ok &= hours <= 15 and minutes <= 59
        offset = (hours * 60 + minutes) * 60 * SECOND * (-1 if sample[:1] == b"-" else 1)
    civil = minute + seconds * SECOND + fraction - offset
    count = len(p)
    return Stamps(
        np.where(ok, civil, 0), np.zeros(count, np.int64), np.full(count, size > 0), np.ones(count, np.bool_), end, ok
    )


def _zone_size(text: bytes) -> int:
    """Bytes of the zone that `text` begins with: 0 for none, -1 when the usual forms do not tell."""
    if text[:1] == b"Z":
        return 1
    if text[:1] not in (b"+", b"-"):
        return -1 if text[:1].isdigit() else 0
    digits = text[1:3] + (text[4:6] if text[3:4] == b":" else text[3:5])
    return (6 if text[3:4] == b":" else 5) if len(digits) == 4 and digits.isdigit() else -1


def syslog_stamps(lines: Lines, p: Positions) -> Stamps:
    """`Mmm dd hh:mm:ss` (RFC 3164 §4.1.2; a blank or a zero before a one-digit day), perhaps with a fraction, at `p`."""
    p = np.minimum(p, lines.size)
    u8 = lines.u8
    month, ok = months(lines, p)
    tens = u8[p + 4]
    day, ok_day = _digits(lines, p, (5,))
    day = day + np.where(tens == 32, 0, (tens - np.uint8(48)).astype(np.int64)) * 10
    ok &= ok_day & ((tens == 32) | (tens - np.uint8(48) <= 3)) & (day >= 1) & (day <= MONTH_DAYS[month - 1])
    clock, ok_clock = _clock(lines, p + 7)
    ok &= ok_clock & (u8[p + 3] == 32) & (u8[p + 6] == 32)
    end = p + 15
    dot = u8[end] == 46
    fraction, count = uint(lines, np.where(dot, end + 1, lines.size))
    ok &= ~dot | ((count >= 1) & (count <= 7))
    fraction = np.where(dot, fraction * 10 ** np.clip(7 - count, 0, 7) // 10, 0)
    end = np.where(dot, end + 1 + count, end)
    civil = (day - 1) * DAY + clock + fraction
    return Stamps(np.where(ok, civil, 0), np.where(ok, month, 0), np.zeros(len(p), np.bool_), dot, end, ok)
