"""Lines as they went through a terminal or a search before they became a file: with colours, or behind the name of a file.

`dmesg --color=always`, `journalctl` and `grep --color=always` write colours (ECMA-48 §8.3.117), which rsyslog escapes;
`grep` over several files puts each one's name, and with `-n` a number, before its lines; mail quotes.
"""

from __future__ import annotations

import re

import numpy as np

from scantui.columns.lines import Lines
from scantui.columns.search import first_of
from scantui.formats.wrapped import Opened, Pair, opened_of

_ESCAPE, _ESCAPED = b"\x1b", b"#033["
_LOOK_AT = 1 << 16  # bytes of a block in which escaped colours are looked for
_COLOUR = re.compile(rb"(?:\x1b|#033)(?:\[[0-9;:]*[mK]|\(B)")
_FILE = (
    rb"(?![0-9.]+:)(?:\.{0,2}/)?(?:[\w+~-][\w.+~-]{0,100}/){0,10}(?:[\w+~-]{0,100}[.][\w.+~-]{1,100}|syslog|messages)"
)
_FOUND = re.compile(
    rb"(?:> |" + _FILE + rb":(?:[0-9]{1,9}:)?)"
    rb"(?=<[0-9]{1,3}>|[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]|\[[ 0-9]{1,12}\.|\{\")"
)


def found(first: bytes) -> bool:
    """Whether an input that begins with this line has a name before each of its lines."""
    return _FOUND.match(_COLOUR.sub(b"", first)) is not None


def bare(lines: Lines, *, named: bool) -> Opened | None:
    """The lines that have colours, or all that are `named`, without; None when there are none."""
    signs = [_ESCAPE] if lines.data.find(_ESCAPE, 0, lines.size) >= 0 else []
    signs += [_ESCAPED] if lines.data.find(_ESCAPED, 0, min(lines.size, _LOOK_AT)) >= 0 else []
    if not signs and not named:
        return None
    some = np.ones(len(lines), np.bool_) if named else np.zeros(len(lines), np.bool_)
    for sign in signs:
        some |= first_of(lines, sign) >= 0
    rows = np.flatnonzero(some).tolist()
    inner: list[Pair] = []
    for row in rows:
        text = _COLOUR.sub(b"", lines.text(row))
        text = _FOUND.sub(b"", text, count=1) if named and _FOUND.match(text) else text
        inner.append((text, text))
    return opened_of(inner, rows, some) if inner else None
