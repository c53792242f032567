"""Numeric options: `n`, `!n`, `<n`, `>=n`, `a<>b`, `a<=>b`, `a-b`, each as its dialect reads it.

Sources: Snort 3 framework/range.cc (`<>` leaves both ends out), Suricata rust/src/detect/uint.rs (ranges leave both ends out),
Snort 2.9 manual (`ttl:3-5` and `dsize:300<>400` include them).
"""

from __future__ import annotations

import re

from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.ranges import Ranges

_NUMBER = r"(?:0[xX][0-9A-Fa-f]{1,8}|[0-9]{1,10})"
_ONE = re.compile(rf"(=|!=|!|<=|>=|<|>)?\s*({_NUMBER})")
_TWO = re.compile(rf"({_NUMBER})\s*(<>|<=>|-)\s*({_NUMBER})")
_OPEN = re.compile(rf"({_NUMBER})-|-({_NUMBER})")
PROTOCOLS = {
    "ip": 0,
    "icmp": 1,
    "igmp": 2,
    "ipip": 4,
    "tcp": 6,
    "egp": 8,
    "igrp": 9,
    "udp": 17,
    "rsvp": 46,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmp6": 58,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "eigrp": 88,
    "ospf": 89,
    "pim": 103,
    "vrrp": 112,
    "sctp": 132,
    "udplite": 136,
}


def number_range(option: str, text: str, top: int, dialect: Dialect) -> Ranges:
    """The numbers from 0 to `top` that pass `option:text`. Raises RuleError."""
    text = text.strip().strip('"')
    one = _ONE.fullmatch(text)
    if one:
        return _compared(one[1] or "=", _int(one[2], dialect), option, text, top)
    two = _TWO.fullmatch(text)
    if two:
        low, sign, high = _int(two[1], dialect), two[2], _int(two[3], dialect)
        if (sign == "-" and dialect is Dialect.SNORT3) or (sign == "<=>" and dialect is not Dialect.SNORT3):
            raise RuleError(f"{option} {quoted(text)}: {dialect.title} knows no range written with {sign}")
        if low > high:
            raise RuleError(f"{option} {quoted(text)}: the range runs backwards")
        ends = sign == "<=>" or (dialect is Dialect.SNORT2 and (sign == "-" or option == "dsize"))
        return Ranges.of([(low, high) if ends else (low + 1, high - 1)], top)
    half = _OPEN.fullmatch(text)
    if half and dialect is Dialect.SNORT2 and option == "ttl":
        return Ranges.of([(_int(half[1], dialect), top) if half[1] else (0, _int(half[2], dialect))], top)
    raise RuleError(f"{option} {quoted(text)} is no number or range")


def _int(text: str, dialect: Dialect) -> int:
    if text[:2].lower() == "0x":
        return int(text, 16)
    if dialect is Dialect.SNORT3 and len(text) > 1 and text[0] == "0":  # strtol with base 0
        try:
            return int(text, 8)
        except ValueError:
            raise RuleError(f"{quoted(text)} is no octal number") from None
    return int(text)


def _compared(sign: str, value: int, option: str, text: str, top: int) -> Ranges:
    if value > top:
        raise RuleError(f"{option} {quoted(text)}: the field ends at {top}")
    if sign in ("!", "!="):
        return ~Ranges.of([(value, value)], top)
    spans = {"=": (value, value), "<": (0, value - 1), "<=": (0, value), ">": (value + 1, top), ">=": (value, top)}
    return Ranges.of([spans[sign]], top)


def protocol_range(text: str, dialect: Dialect) -> Ranges:
    """The IP protocol numbers that `ip_proto:text` passes. Raises RuleError."""
    match = re.fullmatch(r"\s*([!<>]?)\s*([A-Za-z][A-Za-z0-9-]*)\s*", text)
    if match:
        number = PROTOCOLS.get(match[2].lower())
        if number is None:
            raise RuleError(f"ip_proto {quoted(text)}: a protocol name scantui does not know; give its number")
        text = f"{match[1]}{number}"
    return number_range("ip_proto", text, 255, dialect)
