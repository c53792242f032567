"""Times as text: ISO 8601, UTC with `Z` unless a zone was asked for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OFFSET = re.compile(r"([+-])([01]\d|2[0-3]):?([0-5]\d)")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


def zone(text: str) -> tzinfo:
    """The zone `text` names: `UTC`, an IANA name or an offset `+02:00`. Raises ValueError with what is accepted."""
    offset = _OFFSET.fullmatch(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))
    if text.upper() in {"UTC", "Z"}:
        return UTC
    from dateutil import tz  # brings its own zone data for machines without tzdata

    found = tz.gettz(text) if _NAME.fullmatch(text) else None
    if not isinstance(found, tz.tzfile):  # not the POSIX strings either: their sign reads backwards
        raise ValueError(
            f"unknown time zone {text!r}; give an IANA name such as Europe/Berlin, or an offset such as +02:00"
        )
    return found


def iso(micros: int, where: tzinfo = UTC) -> str:
    """`micros` (microseconds since the epoch, UTC) in zone `where`; held within the years 1 to 9999."""
    try:
        moment = _EPOCH + timedelta(microseconds=micros)
        if where is not UTC:
            return moment.astimezone(where).isoformat(timespec="microseconds")
    except OverflowError:
        moment = datetime.min if micros < 0 else datetime.max
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def span(micros: int) -> str:
    """A duration for people: `0.9s`, `47s`, `12m05s`, `3h20m`, `2d04h`."""
    seconds = max(0, micros) / 1_000_000
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    if whole < 86_400:
        return f"{whole // 3600}h{whole % 3600 // 60:02d}m"
    return f"{whole // 86_400}d{whole % 86_400 // 3600:02d}h"
