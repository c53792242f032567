"""Stamps in headers that are neither RFC 3164's nor ISO's alone: with a year, a zone or a fraction, a day without its blank,
months in other languages, an epoch, the dates of dmesg -T, RouterOS, Sophos UTM, OpenWrt's logread and Proxmox.

`stamp_at` reads the one that a header begins with; `stamps_in` all in a device's header, ISO times and times of day too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scantui.columns.civil import DAY, MONTHS, SECOND, days_from_civil, is_leap
from scantui.formats.month_names import MONTH_NAME, MONTH_NAMES
from scantui.formats.sheet import DAYLESS, Record
from scantui.formats.stamp import DAYS_OF_MONTH, iso_stamp
from scantui.formats.time_values import Epoch

_CLOCK = rb"(?P<H>[01][0-9]|2[0-3]):(?P<M>[0-5][0-9]):(?P<S>[0-5][0-9]|60)(?:\.(?P<f>[0-9]{1,9}))?"
_NAMED = rb"(?P<b>[A-Z][a-z]{2}) {1,2}(?P<d>[0-9]{1,2}) (?:(?P<Y>[0-9]{4}) )?"
_YEAR_FIRST = rb"(?P<Y1>[0-9]{4}) (?P<b1>[A-Z][a-z]{2}) {1,2}(?P<d1>[0-9]{1,2}) "
_SOPHOS = rb"(?P<Y3>[0-9]{4}):(?P<m3>[0-9]{2}):(?P<d3>[0-9]{2})-"
_EPOCH = rb"(?P<epoch>[0-9]{10}(?:\.[0-9]{1,9})?)(?= )"  # DShield, Meraki, journalctl -o short-unix
_ISO = rb"(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:]{8}(?:[.,][0-9]{1,7})?(?:Z|[+-][0-9]{2}:?[0-9]{2}|[+-]-?[0-9]:[0-9]{2})?)"
_ROUTER = rb"(?P<b2>[a-z]{3})/(?P<d2>[0-9]{2})(?:/(?P<Y2>[0-9]{4}))? "
# Abbreviations as devices print them; only UTC's are told from others of the same letters.
_ZONES = (
    rb"UTC|GMT|[AECMPN][SD]T|AK[SD]T|HST|BST|IST|MSK|SAST|[CEW]ES?T|[JKG]ST|[BA]RT|SGT|HKT|TRT|A[CE][SD]T|AWST|NZ[SD]T"
)
_ZONE = rb"(?: (?P<z>" + _ZONES + rb"|[+-][0-9]{2}:?[0-9]{2})(?=[ :]|\Z))?"
_DATED = rb"(?P<b>[A-Z][a-z]{2}) {1,2}(?P<d>[0-9]{1,2}) (?P<Y>[0-9]{4}) "
_SHORT = rb"(?P<b4>[A-Z][a-z]{2}) (?P<d4>[1-9]) "  # a day without its blank
_FIRST = re.compile(
    rb"(?:(?:" + rb"|".join((_YEAR_FIRST, _SOPHOS, _DATED, _SHORT)) + rb")" + _CLOCK + rb"|" + _EPOCH + rb") ?"
)
_ANY = re.compile(
    rb"(?<![^ >*:])(?:"
    + _ISO
    + rb"|"
    + _EPOCH.replace(rb"(?:\.[0-9]{1,9})?", rb"\.[0-9]{1,9}")
    + rb"|(?:"
    + rb"|".join((_YEAR_FIRST, _SOPHOS, _NAMED, _ROUTER))
    + rb")?"
    + _CLOCK
    + rb")"
    + _ZONE
)
# pvefw-logger of Proxmox: guest, level, chain, time; the chain is told as part of the rule.
_PROXMOX = re.compile(
    rb"[0-9]{1,9} [0-7] (?P<chain>\S+) (?P<d>[0-9]{2})/(?P<b>[A-Z][a-z]{2})/(?P<Y>[0-9]{4}):"
    + _CLOCK
    + rb" (?P<z>[+-][0-9]{4}) "
)
_LOGREAD = re.compile(rb"[A-Z][a-z]{2} (?P<b>[A-Z][a-z]{2}) (?P<d>[ 0-9][0-9]) " + _CLOCK + rb" (?P<Y>[0-9]{4})(?= )")
# journald's where the system speaks another language; what is English too is RFC 3164's
_LOCAL = re.compile(
    rb"(?!(?:" + b"|".join(MONTHS) + rb") )(?P<b>" + MONTH_NAME + rb") {1,2}(?P<d>[0-9]{1,2}) " + _CLOCK + rb" "
)
_DMESG_T = re.compile(
    rb"\[[^\x00-\x20\[\]]{1,12} (?P<b>[A-Z][a-z]{2}|"
    + MONTH_NAME
    + rb") {1,2}(?P<d>[0-9]{1,2}) "
    + _CLOCK
    + rb" (?P<Y>[0-9]{4})\] ?"
)
_UTC = (b"UTC", b"GMT")
_epoch = Epoch()


def is_proxmox(text: bytes) -> bool:
    return _PROXMOX.match(text) is not None


@dataclass(frozen=True, slots=True)
class Stamped:
    """A stamp's columns (None: it cannot be), where it stands, what follows it, and whether that begins with a host's name."""

    record: Record | None
    start: int
    end: int
    rest: bytes
    hosted: bool


def stamp_at(text: bytes, at: int) -> Stamped | None:
    """The stamp that stands at `at`; None when there is none, or one that is RFC 3164's or ISO's."""
    for pattern in (_PROXMOX, _LOGREAD, _DMESG_T):
        match = pattern.match(text, at)
        if match:
            chain = match["chain"] + b" " if pattern is _PROXMOX else b""
            return Stamped(_record(match), at, match.end(), chain + text[match.end() :], hosted=False)
    match = _FIRST.match(text, at) or _LOCAL.match(text, at)
    if match is None or text[match.end() - 1 : match.end()] != b" ":
        return None
    return Stamped(_record(match), at, match.end(), text[match.end() :], hosted=True)


def stamps_in(text: bytes, at: int = 0) -> list[Stamped]:
    """All stamps from `at` on."""
    return [
        Stamped(_record(match), match.start(), match.end(), text[match.end() :], hosted=True)
        for match in _ANY.finditer(text, at)
    ]


def _record(match: re.Match[bytes]) -> Record | None:
    part = match.groupdict()
    zone = part.get("z")
    if part.get("epoch"):
        found = _epoch.plain(part["epoch"])
        return None if found is None else found | {"month": 0}
    if part.get("iso"):
        found = iso_stamp(part["iso"] + (b"Z" if zone in _UTC else b""))
        return None if found is None else found | {"month": 0}
    fraction = part["f"]
    civil = ((int(part["H"]) * 60 + int(part["M"])) * 60 + int(part["S"])) * SECOND + int(
        (fraction or b"").ljust(9, b"0")
    ) // 1000
    zoned = zone in _UTC
    if zone and zone[:1] in b"+-":
        zoned = True
        civil -= (int(zone[1:3]) * 60 + int(zone[-2:])) * 60 * SECOND * (-1 if zone[:1] == b"-" else 1)
    record: Record = {
        "civil": civil,
        "month": DAYLESS,
        "zoned": zoned,
        "fraction": fraction is not None,
        "stamped": True,
    }
    day, year = (int(_first(part, name) or 0) for name in ("d", "Y"))
    if not day:
        return record
    name = _first(part, "b").title()
    month = (
        MONTHS.index(name) + 1
        if name in MONTHS
        else int(part.get("m3") or MONTH_NAMES.get(_first(part, "b").rstrip(b"."), 0))
    )
    if not 1 <= month <= 12 or day > (28 if year and month == 2 and not is_leap(year) else DAYS_OF_MONTH[month - 1]):
        return None
    if year:
        return record | {"civil": civil + int(days_from_civil(year, month, day)) * DAY, "month": 0}
    return record | {"civil": civil + (day - 1) * DAY, "month": month}


def _first(part: dict[str, bytes], name: str) -> bytes:
    """The group of a part of a date, whichever form it has."""
    return next((text for number in ("", "1", "2", "3", "4") if (text := part.get(name + number))), b"")
