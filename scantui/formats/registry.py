"""The formats scantui reads, in the order in which they are tried: those with a parser of their own, then the declared ones."""

from __future__ import annotations

from pathlib import Path

from scantui.formats.base import Format
from scantui.formats.declared import declared
from scantui.formats.keyvalue import KEYVALUE
from scantui.formats.netfilter import NETFILTER

_FILES = Path(__file__).parent / "files"

FORMATS: tuple[Format, ...] = (NETFILTER, *(declared(path) for path in sorted(_FILES.glob("*.toml"))), KEYVALUE)
