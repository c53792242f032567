"""Screen text in ASCII, cell for cell: what `--ascii` sends."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

_NAMED = {
    "…": ".", "×": "x", "›": ">", "·": ".", "•": "*", "●": "*", "○": "o", "❚": "|", "µ": "u", "§": "S", "–": "-", "—": "-",
    "↑": "^", "↓": "v", "←": "<", "→": ">", "↵": "<", "▲": "^", "▴": "^", "▼": "v", "▾": "v", "▶": ">", "▸": ">", "◀": "<",
    "◂": "<", "✓": "v", "✗": "x", "’": "'", "‘": "'", "“": '"', "”": '"', "≤": "<", "≥": ">", "≈": "~",
    "░": ".", "▒": ":", "▓": "*", "█": "#", "▀": "'", "▄": "=",
    "▁": "_", "▂": ".", "▃": "-", "▅": "+", "▆": "*", "▇": "%",
    "▏": "|", "▎": "|", "▍": "|", "▌": "|", "▋": "|", "▊": "#", "▉": "#", "▐": "|", "▕": "|",
}  # fmt: skip
_BRAILLE = " .,:;+*%#"  # by dots


@lru_cache(4096)
def _plain(character: str) -> str:
    """Stands in for one character: as many ASCII characters as it takes cells."""
    cells = cell_len(character)
    code = ord(character)
    if character in _NAMED:
        stand_in = _NAMED[character]
    elif 0x2800 <= code <= 0x28FF:
        stand_in = _BRAILLE[(code - 0x2800).bit_count()]
    elif 0x2500 <= code <= 0x257F:
        stand_in = _box(unicodedata.name(character))
    else:
        stand_in = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return stand_in if len(stand_in) == cells and stand_in.isprintable() else "?" * cells


def _box(name: str) -> str:
    """A line of a box drawing by its name: `BOX DRAWINGS LIGHT DOWN AND RIGHT`."""
    level = any(word in name for word in ("HORIZONTAL", "LEFT", "RIGHT"))
    upright = any(word in name for word in ("VERTICAL", "UP", "DOWN"))
    return "+" if level and upright else "|" if upright else "-"


def to_ascii(text: str) -> str:
    """`text` without a character beyond ASCII; what is ASCII, control sequences among it, stays as it is."""
    return text if text.isascii() else "".join(c if c.isascii() else _plain(c) for c in text)
