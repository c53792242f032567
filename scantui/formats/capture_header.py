"""What a capture tool prints before a packet: a time in one of its ways, perhaps an interface, direction, link addresses."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions, find_byte
from scantui.formats.clock_fields import clock_of
from scantui.formats.sheet import Record, Sheet
from scantui.formats.time_values import Epoch
from scantui.formats.value_forms import OneOf
from scantui.formats.values import Words
from scantui.safe_text import harmless
from scantui.tables import Tables

_SINCE = re.compile(rb" +-?[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]+ *")  # -ttt, -ttttt: a time since another line, no time
# Linux' `any` and, of old, each interface (`eth0 <`) have a direction; `fw1 pf:` is a syslog's, to which somebody piped it.
_LINK = re.compile(
    rb"(?:\Z| (?:(?P<iface>[^\s>]+) {1,2}(?:In|Out|B|M|P|<) |(?P<host>[^\s:>]+) [A-Za-z][\w.-]*(?:\[[0-9]+\])?:(?=\Z| ))?[^(]*\Z)"
)
_FURTHEST = 48
_LETTER = 65
_FIRST_EPOCH = 100_000_000  # 1973: a smaller number is no time of a packet


class CaptureHeaders:
    """The headers of a run."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        # tcpdump without -t, with -tttt, with -tt; OpenBSD's prints month and day
        self._clock = OneOf([clock_of("clock"), clock_of("iso"), Epoch(least=_FIRST_EPOCH), clock_of("syslog")])
        self._links = Words(self._link, ("iface", "sensor"))

    def _link(self, text: bytes) -> Record | None:
        match = _LINK.match(text)
        if match is None:
            return None
        said = (("iface", match["iface"]), ("sensor", match["host"]))
        return {name: self._tables.texts.code(harmless(text, 80)) for name, text in said if text}

    def plain(self, text: bytes) -> Record | None:
        """The columns of one header; {} when there is none, None when it is another's."""
        if not text or _SINCE.fullmatch(text):
            return {}
        blank = text.find(b" ", 7 if text[0] >= _LETTER else 11 if text[4:5] == b"-" else 0)
        end = blank if blank >= 0 else len(text)
        time, link = self._clock.plain(text[:end]), self._link(text[end:])
        return None if time is None or link is None else time | link

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]:
        """Read the headers of `rows`, each ending at `anchor`; which of them were read."""
        if len(rows) < least:
            return np.zeros(len(rows), np.bool_)
        start = lines.start[rows]
        first = np.minimum(start, lines.size)
        letter, dashed = lines.u8[first] >= _LETTER, lines.u8[np.minimum(start + 4, lines.size)] == 45
        end = find_byte(
            lines, np.minimum(start + np.where(letter, 7, np.where(dashed, 11, 0)), lines.size), 32, _FURTHEST
        )
        done = (end >= 0) & (end <= anchor) & (end > start)
        end = np.where(done, end, start)
        columns, good = self._clock.bulk(lines, start, end)
        links, fine = self._links.bulk(lines, end, np.maximum(anchor, end))
        done &= good & fine
        for name, values, where in (*columns, *links):
            sheet.put(rows, name, values, done if where is None else where & done)
        return done
