"""Log searches' exports: CSV in which a column holds the lines themselves (Splunk's `_raw`, Sentinel's `SyslogMessage`).

What is inside is read by the other formats, behind a header made of the columns of time, host and program. Quotes around a field
may hold line ends; such lines belong together.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import numpy as np

from scantui.columns.lines import Lines
from scantui.formats.exported import as_iso
from scantui.formats.headed import loose
from scantui.formats.records import LONGEST
from scantui.formats.wrapped import Opened, Pair, headed_pair, opened_of

_SEPARATORS = (",", "\t", ";")
_QUOTE = 34
_NAME = re.compile(r'"?[A-Za-z@_$][\w@.\-/ \[\](){}:#$]{0,80}"?')
_RAW = (
    b"raw",
    b"syslogmessage",
    b"rawdata",
    b"rawmessage",
    b"rawlog",
    b"rawevent",
    b"eventoriginal",
    b"logoriginal",
    b"fulllog",
)
_WORDS = (b"message", b"msg", b"log", b"textpayload", b"line", b"body", b"sourcefulllog", b"sourcemessage")
_TIMES = (
    b"time",
    b"timegeneratedutc",
    b"timestamp",
    b"timegenerated",
    b"eventtimeutc",
    b"eventtime",
    b"date",
    b"sourcetimestamp",
)
_HOSTS = (b"host", b"hostname", b"computer", b"hostip", b"agentname", b"sourceagentname")
_PROGRAMS = (b"processname", b"syslogidentifier", b"program", b"appname")
_ADDRESSES = frozenset((b"src", b"srcip", b"sourceip", b"sourceaddress", b"srcaddr", b"saddr", b"source"))


@dataclass(frozen=True)
class Export:
    """Where what stands: columns by number, -1 where there is none. `utc`: the times are, and do not say so."""

    by: str
    columns: int
    message: int
    stamp: int
    host: int
    program: int
    utc: bool

    def records(self, lines: Lines, *, last: bool) -> tuple[Lines, int]:
        """The lines with those joined that a field's quotes hold together, and where the first begins whose end may come in the
        next block, or -1."""
        quotes = np.concatenate(([0], np.cumsum(lines.u8[: lines.size] == _QUOTE)))
        odd = np.flatnonzero((quotes[lines.end] - quotes[lines.start]) & 1).tolist() if len(lines) else []
        if not odd:
            return lines, -1
        first = np.ones(len(lines), np.bool_)
        waits, at = -1, 0
        while at < len(odd):
            begin = odd[at]
            end = odd[at + 1] if at + 1 < len(odd) else len(lines) - 1
            near = int(lines.end[end] - lines.start[begin]) <= LONGEST
            if at + 1 == len(odd):
                waits = int(lines.start[begin]) if near and not last else -1
                break
            at += 2 if near else 1  # a quote that nothing closes stands alone
            if near:
                first[begin + 1 : end + 1] = False
        places = np.flatnonzero(first)
        joined = lines.pick(places)
        joined.end = lines.end[np.append(places[1:] - 1, len(lines) - 1)]
        return (joined.pick(np.flatnonzero(joined.start < waits)) if waits >= 0 else joined), waits

    def open(self, lines: Lines) -> Opened | None:
        """What the lines hold; None when none holds any."""
        inner: list[Pair] = []
        owner: list[int] = []
        held = np.zeros(len(lines), np.bool_)
        for row in range(len(lines)):
            pair = self._pair(lines.text(row))
            if pair is not None:
                inner.append(pair)
                owner.append(row)
                held[row] = True
        return opened_of(inner, owner, held) if inner else None

    def _pair(self, text: bytes) -> Pair | None:
        try:
            (fields,) = csv.reader([text.decode("latin-1")], delimiter=self.by)
        except (csv.Error, ValueError):
            return None
        if len(fields) != self.columns or not fields[self.message]:
            return None
        message, stamp, host, program = (
            fields[place].encode("latin-1") if place >= 0 else b""
            for place in (self.message, self.stamp, self.host, self.program)
        )
        iso = as_iso(stamp)
        return headed_pair(message, iso + b"Z" * self.utc if iso else stamp, host, program)


def export_of(first: bytes) -> Export | None:
    """What an input's first line says of its columns; None when it names none that holds lines."""
    text = first.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r").decode("latin-1")
    for by in _SEPARATORS:
        written = text.split(by)
        if len(written) < 2 or not all(map(_NAME.fullmatch, written)):
            continue
        names = [loose(name.encode("latin-1")) for name in written]
        weak = () if _ADDRESSES & set(names) else _WORDS
        message = next((names.index(name) for name in (*_RAW, *weak) if name in names), -1)
        if message < 0:
            continue
        stamp, host, program = (
            next((names.index(name) for name in some if name in names), -1) for some in (_TIMES, _HOSTS, _PROGRAMS)
        )
        utc = stamp >= 0 and names[stamp].endswith(b"utc")
        return Export(by, len(names), message, stamp, host, program, utc)
    return None
