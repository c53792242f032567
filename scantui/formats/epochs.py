"""Times since 1970 UTC whose unit only their length tells: seconds, milli-, micro- or nanoseconds; and offsets from UTC."""

from __future__ import annotations

import re

import numpy as np

from scantui.columns.civil import DAY, days_from_civil
from scantui.columns.lines import Lines, Mask, Positions
from scantui.columns.numbers import uint
from scantui.formats.sheet import Record
from scantui.formats.stamp import iso_stamp, syslog_stamp
from scantui.formats.time_values import Epoch
from scantui.formats.values import Column

# Digits of today's times in each unit; those of seconds may have a fraction.
_MILLI, _MICRO, _NANO = 13, 16, 19
_FORM = re.compile(rb"[0-9]{9,10}(?:\.[0-9]{1,9})?|[0-9]{13}|[0-9]{16}|[0-9]{19}")
_ZONE = re.compile(rb"(?:UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-5][0-9]))?|UTC|GMT|Z")
_MINUTE = 60_000_000


class AnyEpoch:
    """An epoch in the unit that its length tells."""

    def __init__(self) -> None:
        self._seconds, self._milli = Epoch(), Epoch(1_000)

    def plain(self, token: bytes) -> Record | None:
        if not _FORM.fullmatch(token):
            return None
        if len(token) in (_MICRO, _NANO) and b"." not in token:
            return {"civil": int(token[:_MICRO]), "zoned": True, "fraction": True, "stamped": True}
        return (self._milli if len(token) == _MILLI and b"." not in token else self._seconds).plain(token)

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        width = end - start
        high, first = uint(lines, start)
        low, second = uint(lines, np.minimum(start + 8, lines.size))
        whole = first == 8
        milli = whole & (second == 5) & (width == _MILLI)
        ok = whole & (second == 8) & ((width == _MICRO) | (width == _NANO))
        nano = np.flatnonzero(ok & (width == _NANO))
        if len(nano):
            ok[nano] = uint(lines, start[nano] + _MICRO)[1] >= _NANO - _MICRO
        civil = np.where(milli, (high * 10**5 + low) * 1_000, high * 10**8 + low)
        ok |= milli
        fraction = np.ones(len(start), np.bool_)
        rows = np.flatnonzero(whole & ~ok & (second >= 1) & (second <= 2))
        if len(rows):
            columns, ok[rows] = self._seconds.bulk(lines, start[rows], end[rows])
            told = {name: values for name, values, _ in columns}
            civil[rows], fraction[rows] = told["civil"], told["fraction"]
        return [
            ("civil", np.where(ok, civil, 0), None),
            ("zoned", True, None),
            ("fraction", fraction, None),
            ("stamped", True, None),
        ], ok


def zone(token: bytes) -> Record | None:
    """An offset from UTC: `+0200`, `UTC+5:30`; a name says nothing, for several places share it."""
    match = _ZONE.fullmatch(token.strip())
    if match is None:
        return {}
    if match[1] is None:
        return {"zone": 0}
    hours, minutes = int(match[2]), int(match[3] or 0)
    return {"zone": (hours * 60 + minutes) * _MINUTE * (-1 if match[1] == b"-" else 1)} if hours <= 15 else None


# ArcSight's Common Event Format, "Date formats"; LEEF's devTime by its usual devTimeFormat.
_WORDY = re.compile(
    rb"([A-Z][a-z]{2}) {1,2}([0-9]{1,2}),? (?:([0-9]{4}),? )?([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.:]([0-9]{1,9}))?(?: ?(\S+))?"
)


def wordy_time(token: bytes) -> Record | None:
    """`Sep 14 2026 13:58:33.125 UTC`: year, fraction and zone may be missing; a zone's name other than UTC says nothing."""
    match = _WORDY.fullmatch(token.strip())
    if match is None:
        return None
    day = syslog_stamp(match[1] + b" " + match[2].rjust(2) + b" " + match[4])
    if day is None:
        return None
    record = dict(day)
    if match[3]:
        month = record.pop("month")
        days = int(days_from_civil(int(match[3]), month, 1))
        record["civil"] += days * DAY
    if match[5]:
        record["civil"] += int(match[5].ljust(9, b"0")) // 1000
        record["fraction"] = True
    offset = zone(match[6] or b"") or {}
    if offset:
        record["civil"] -= offset["zone"]
        record["zoned"] = True
    return record


_NAMED = re.compile(rb"([0-9]{4}-[0-9T:.-]{15,25})[ ]?[A-Za-z\x80-\xff][A-Za-z. ()\x80-\xff]{2,60}")


def named_zone(token: bytes) -> Record | None:
    """An ISO time with the name of a zone, in the words of a Windows in any language: `...08.167548Eastern Daylight Time`. Which
    one that is, is not known; it is the sensor's."""
    match = _NAMED.fullmatch(token)
    found = iso_stamp(match[1]) if match else None
    return None if found is None else dict(found)
