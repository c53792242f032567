"""The formats scantui reads, in the order in which they are tried."""

from __future__ import annotations

from scantui.formats.base import Format
from scantui.formats.keyvalue import KEYVALUE
from scantui.formats.netfilter import NETFILTER

FORMATS: tuple[Format, ...] = (NETFILTER, KEYVALUE)
