"""The formats scantui reads, in the order in which they are tried: those with a parser of their own, then the declared ones."""

from __future__ import annotations

from pathlib import Path

from scantui.formats.base import Format
from scantui.formats.declared import declared
from scantui.formats.keyvalue import KEYVALUE
from scantui.formats.netfilter import NETFILTER

_FILES = Path(__file__).parent / "files"
_ANYONES = ("json",)  # whose lines may be another format's as well


def _order(path: Path) -> tuple[bool, str]:
    return path.stem in _ANYONES, path.name


FORMATS: tuple[Format, ...] = (
    NETFILTER,
    *(declared(path) for path in sorted(_FILES.glob("*.toml"), key=_order)),
    KEYVALUE,
)
