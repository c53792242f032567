"""Log text made harmless: what an attacker wrote never reaches a terminal as anything but visible characters.

Every string that leaves the engine for a person or a screen passes through `harmless`. Control bytes (C0, DEL, C1), the
bidirectional and invisible format characters that reorder or hide text (Unicode TR 36), and bytes that are not UTF-8
become visible escapes such as ``\\x1b`` or ``\\u202e``.
"""

from __future__ import annotations

import re

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e0fff]"
)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, as surrogateescape carries it
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def harmless(text: str | bytes, limit: int | None = None) -> str:
    """Return `text` with every control, bidirectional or invisible character as a visible escape.

    `limit` is the most characters returned; a cut text ends in an ellipsis.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if limit is not None and len(text) > limit:
        return _UNSAFE.sub(_escape, text[: limit - 1])[: limit - 1] + "…"
    safe = _UNSAFE.sub(_escape, text)
    return safe if limit is None or len(safe) <= limit else safe[: limit - 1] + "…"
