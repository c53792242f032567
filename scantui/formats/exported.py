"""Times as log searches export them: Microsoft Sentinel's, Kibana's."""

from __future__ import annotations

import re

from scantui.columns.civil import MONTHS
from scantui.formats.sheet import Record
from scantui.formats.stamp import iso_stamp

_CLOCK = rb"([0-9]{1,2})(:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?)"
_SENTINEL = re.compile(rb"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4}), " + _CLOCK + rb" ([AP])M")
_KIBANA = re.compile(rb"([A-Z][a-z]{2}) ([0-9]{1,2}), ([0-9]{4}) @ " + _CLOCK)


def as_iso(token: bytes) -> bytes:
    """`3/31/2026, 10:52:35.857 PM` or `Mar 31, 2026 @ 22:52:35.857` as ISO 8601 without a zone; empty for anything else."""
    if match := _SENTINEL.fullmatch(token):
        month, day, year, hour, rest, half = match.groups()
        if not 1 <= int(hour) <= 12:
            return b""
        hour = b"%d" % (int(hour) % 12 + 12 * (half == b"P"))
    elif (match := _KIBANA.fullmatch(token)) and match[1] in MONTHS:
        name, day, year, hour, rest = match.groups()
        month = b"%d" % (MONTHS.index(name) + 1)
    else:
        return b""
    return b"%b-%b-%bT%b%b" % (year, month.zfill(2), day.zfill(2), hour.zfill(2), rest)


def exported_time(token: bytes) -> Record | None:
    """The stamp columns of such a time."""
    found = iso_stamp(as_iso(token))
    return None if found is None else dict(found)
