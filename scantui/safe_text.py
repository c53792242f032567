"""Log text made harmless: what an attacker wrote never reaches a terminal as anything but visible characters.

Every string that leaves the engine for a person or a screen passes through `harmless`. Whatever Unicode does not call
printable (control bytes, bidirectional and other format characters, unassigned and private code points, odd blanks), the
few letters and marks that show nothing (Unicode TR 36), and bytes that are not UTF-8 become visible escapes such as
``\\x1b`` or ``\\u202e``.
"""

from __future__ import annotations

import re

# Printable by category, invisible on a screen: grapheme joiner, Hangul and Khmer fillers, variation selectors.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # an undecodable byte, as surrogateescape carries it
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _visible(text: str) -> str:
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _escape(character) for character in text)
    return text if text.isascii() else _INVISIBLE.sub(lambda match: _escape(match[0]), text)


def harmless(text: str | bytes, limit: int | None = None) -> str:
    """Return `text` with every character that is not plainly visible as a visible escape.

    `limit` is the most characters returned; a cut text ends in an ellipsis.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    if limit is None:
        return _visible(text)
    safe = _visible(text[: limit + 1])
    return safe if len(safe) <= limit and len(text) <= limit else safe[: limit - 1] + "…"
