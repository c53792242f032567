"""The year of a line's own stamp that has none, by the time of what it stood in, and the zone, if both show one clock.

A line may have been put there much later: then the times have nothing to do with each other, and the stamp stays as it is.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scantui.columns.civil import DAY, MONTHS, SECOND, days_from_civil, is_leap
from scantui.formats.stamp import iso_stamp, syslog_stamp

_OWN = re.compile(rb"(<[0-9]{1,3}>)?(([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9:]{8}))(\.[0-9]{1,9})?(?= )")
_OUTER = re.compile(rb"(([0-9]{4})-[0-9-]{5}[T ][0-9:]{8})(?:[.,][0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_DELAY = 300 * SECOND  # from a line's time to that of what it stands in, at most, if both show one clock
_ZONES = 27 * 3_600 * SECOND  # between two clocks of the same moment, at most, and the delay


def dated(message: bytes, stamp: bytes) -> bytes:
    """The line with the year and zone of its own time, as far as `stamp` tells them."""
    own, outer = _OWN.match(message), _OUTER.fullmatch(stamp)
    clock = iso_stamp(outer[1]) if outer else None
    if own is None or outer is None or clock is None or own[3] not in MONTHS:
        return message
    part = syslog_stamp(own[2])
    if part is None:
        return message
    month = part["month"]
    near = [
        (abs(_begin(year, month) + part["civil"] - clock["civil"]), year)
        for year in (int(outer[2]) + step for step in (-1, 0, 1))
        if is_leap(year) or (own[3], own[4]) != (b"Feb", b"29")
    ]
    apart, year = min(near, default=(_ZONES + 1, 0))
    if apart > _ZONES:
        return message
    zone = (outer[3] or b"") if apart <= _DELAY else b""
    day = own[4].strip().zfill(2)
    iso = b"%04d-%02d-%bT%b%b%b" % (year, month, day, own[5], own[6] or b"", zone)
    return (own[1] or b"") + iso + message[own.end() :]


@lru_cache(64)
def _begin(year: int, month: int) -> int:
    return int(days_from_civil(year, month, 1)) * DAY
