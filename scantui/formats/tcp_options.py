"""TCP options as `--log-tcp-options` prints them: hex, whose layout is a fingerprint and whose time stamps are not.

The layout keeps every byte as on the wire but the values of the time stamp option (kind 8, RFC 7323 §3.2), which change
with every packet and stand as dots.
"""

from __future__ import annotations

import re

_HEX = re.compile(rb"(?:[0-9A-F]{2}){1,40}")
_END, _NOP, _TIMESTAMPS = 0, 1, 8


def time_stamp_span(hexadecimal: bytes) -> tuple[int, int] | None:
    """Where the time stamp values stand in the hex text (start, end); None when there are none."""
    at = 0
    while at + 2 <= len(hexadecimal):
        kind = int(hexadecimal[at : at + 2], 16)
        if kind == _END:
            return None
        if kind == _NOP:
            at += 2
            continue
        size = int(hexadecimal[at + 2 : at + 4] or b"0", 16)
        if size < 2:
            return None
        if kind == _TIMESTAMPS and size == 10 and at + 20 <= len(hexadecimal):
            return at + 4, at + 20
        at += 2 * size
    return None


def layout(hexadecimal: bytes) -> str | None:
    """The layout of the options; None when it is not hex."""
    if not _HEX.fullmatch(hexadecimal):
        return None
    span = time_stamp_span(hexadecimal)
    text = hexadecimal.decode("ascii")
    return text if span is None else text[: span[0]] + "." * 16 + text[span[1] :]
