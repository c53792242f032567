"""Stamps of one line, read plainly: what `columns.civil` must agree with."""

from __future__ import annotations

import re
from functools import lru_cache

from scantui.columns.civil import DAY, MONTHS, SECOND, days_from_civil, is_leap
from scantui.formats.sheet import DAYLESS, Record

_CLOCK = rb"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9]|60)"
# Check Point's exporter writes a zone as +0:00 or --5:00.
_ZONE = rb"(Z|[+-][0-9]{2}:?[0-9]{2}|[+-]-?[0-9]:[0-9]{2})?"
ISO = rb"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]" + _CLOCK + rb"(?:[.,]([0-9]{1,9}))?" + _ZONE
SYSLOG = rb"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([ 0-3][0-9]) " + _CLOCK + rb"(?:\.([0-9]{1,7}))?"
_ISO, _SYSLOG, _TIME = re.compile(ISO), re.compile(SYSLOG), re.compile(_CLOCK)
DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _clock(hour: bytes, minute: bytes, second: bytes, fraction: bytes | None) -> int:
    micro = int((fraction or b"").ljust(9, b"0")) // 1000
    return ((int(hour) * 60 + int(minute)) * 60 + int(second)) * SECOND + micro


@lru_cache(4096)
def iso_stamp(text: bytes) -> Record | None:
    """The stamp columns of an ISO 8601 time that is all of `text`. The record is shared: copy it before adding to it."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    if not (
        year >= 1
        and 1 <= month <= 12
        and 1 <= day <= (28 if month == 2 and not is_leap(year) else DAYS_OF_MONTH[month - 1])
    ):
        return None
    offset, zone = 0, match[8]
    if zone and zone != b"Z":
        hours, minutes = int(zone.lstrip(b"+-")[:-2].rstrip(b":")), int(zone[-2:])
        if hours > 15 or minutes > 59:
            return None
        offset = (hours * 60 + minutes) * 60 * SECOND * (-1 if b"-" in zone else 1)
    civil = int(days_from_civil(year, month, day)) * DAY + _clock(match[4], match[5], match[6], match[7]) - offset
    return {"civil": civil, "zoned": bool(zone), "fraction": match[7] is not None, "stamped": True}


@lru_cache(4096)
def syslog_stamp(text: bytes) -> Record | None:
    """The stamp columns of an RFC 3164 time that is all of `text`. The record is shared: copy it before adding to it."""
    match = _SYSLOG.fullmatch(text)
    if match is None:
        return None
    month, day = MONTHS.index(match[1]) + 1, int(match[2])
    if not 1 <= day <= DAYS_OF_MONTH[month - 1]:
        return None
    civil = (day - 1) * DAY + _clock(match[3], match[4], match[5], match[6])
    return {"civil": civil, "month": month, "zoned": False, "fraction": match[6] is not None, "stamped": True}


def time_of_day(text: bytes) -> Record | None:
    """The stamp columns of `hh:mm:ss`, which has no date."""
    match = _TIME.fullmatch(text)
    return (
        None
        if match is None
        else {"civil": _clock(match[1], match[2], match[3], None), "month": DAYLESS, "zoned": False}
    )
