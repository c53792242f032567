"""Headers that begin neither with a syslog nor an ISO time: Proxmox, OpenWrt's logread, days with a year, seconds since 1970."""

from __future__ import annotations

import re

from scantui.formats.sheet import Record
from scantui.formats.stamp_patterns import reader_of
from scantui.formats.values import Epoch

# pvefw-logger of Proxmox: guest, level, chain, time; the chain is told as part of the rule.
_PROXMOX = re.compile(rb"[0-9]{1,9} [0-7] (\S+) ([0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}) ")
_LOGREAD = re.compile(rb"[A-Z][a-z]{2} ([A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4})(?= )")
_DATED = re.compile(rb"([A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4} [0-9:]{8}|[0-9]{4} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}) ")
_EPOCH = re.compile(rb"([0-9]{10}(?:\.[0-9]{1,6})?) ")  # DShield, journalctl -o short-unix
_clf, _logread = reader_of("%d/%b/%Y:%H:%M:%S %z"), reader_of("%b %d %H:%M:%S %Y")
_day_first, _year_first = reader_of("%b %d %Y %H:%M:%S"), reader_of("%Y %b %d %H:%M:%S")


def is_proxmox(text: bytes) -> bool:
    return _PROXMOX.match(text) is not None


def other_stamp(text: bytes, at: int) -> tuple[Record, bytes, bool] | None:
    """Stamp columns, what follows, and whether that begins with a host's name; None when there is no such stamp."""
    match = _PROXMOX.match(text, at)
    if match:
        return _whole(_clf(match[2]), match[1] + b" " + text[match.end() :], hosted=False)
    match = _LOGREAD.match(text, at)
    if match:
        return _whole(_logread(match[1]), text[match.end() :], hosted=False)
    match = _DATED.match(text, at)
    if match:
        return _whole((_day_first if match[1][:1] > b"9" else _year_first)(match[1]), text[match.end() :], hosted=True)
    match = _EPOCH.match(text, at)
    if match:
        return _whole(Epoch().plain(match[1]), text[match.end() :], hosted=True)
    return None


def _whole(stamp: Record | None, rest: bytes, *, hosted: bool) -> tuple[Record, bytes, bool] | None:
    return None if stamp is None else ({"fraction": False, "stamped": True} | stamp, rest, hosted)
