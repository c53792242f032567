"""Headers as devices write them: with a year or a zone's name in the stamp, a colon after the host, no host, sequence numbers, a
relay's stamp before the device's own, or a date in the words of RouterOS.

What `envelope` reads is left to it, unless another stamp follows the host: the stamp next to the message is the device's, and
counts.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.words import UNCLAIMED, WordTable, zero_digits
from scantui.formats.envelope import Envelopes, Rest, header, program_rest
from scantui.formats.header_stamps import stamp_at, stamps_in
from scantui.formats.patterns import Pattern
from scantui.formats.sheet import Record, Sheet
from scantui.formats.stamped_texts import StampedTexts
from scantui.formats.values import Words
from scantui.formats.words import action_of
from scantui.safe_text import harmless
from scantui.tables import Tables

_PRI = re.compile(rb"(?:LOCAL[0-7]\.[A-Z]+:|<[0-9]{1,3}>:{0,2}(?:1 )?) ?")
# Words before the message that are no host: sequence numbers, a program's tag, RFC 5424's nil, RouterOS' topics, the mark of
# a Cisco clock that is not set, the node of an IOS XR router.
_NO_HOST = re.compile(
    rb"(?:<[0-9]+>|[0-9]+:?|:|-|[*.]|kernel:|(?:RP|LC)/[0-9]\S*:|\S+\[[0-9]+\]:?|\S+,\S+|RT_[A-Z_]+:?)\Z"
)
_TOPICS = re.compile(rb"(?:\A| )[a-z-]+(?:,[a-z!-]+)+ ")
_HOSTED = re.compile(rb"[0-9Z] \S+ +\S")  # a host and more, behind a stamp
_SEQUENCE = re.compile(rb"[0-9]+:?\Z")
# The chain may stand right behind the rule's prefix.
_CHAIN = re.compile(rb"(?:(.*[^A-Za-z0-9_-])?(?:input|output|forward|prerouting|postrouting|srcnat|dstnat)|.*)\Z")
_LONGEST = 400  # bytes of a header


def _device_rest(text: bytes) -> Rest | None:
    return None if stamps_in(text) else program_rest(text)


def _router_rest(text: bytes) -> Rest | None:
    """RouterOS: topics, the rule's prefix, the chain. A tag that only repeats the prefix is none of its own."""
    if stamps_in(text):
        return None
    topics = _TOPICS.search(text)
    words = text[topics.end() if topics else 0 :].split()
    glued = _CHAIN.match(words[-1]) if words else None
    words[-1:] = [glued[1]] if glued and glued[1] else []
    if len(words) > 1 and words[0] == words[1] + b":":
        words = words[1:]
    return Rest(b" ".join(words).rstrip(b":"), 1, None)


RESTS = {"device": _device_rest, "router": _router_rest}


class DeviceHeaders:
    """The headers of a run. `kind` says what stands between host and message: see `RESTS`."""

    def __init__(self, tables: Tables, kind: str) -> None:
        self._tables, self._rest, self._router = tables, RESTS[kind], kind == "router"
        self._usual = Envelopes(tables, self._rest, others=False)
        columns = ("civil", "month", "zoned", "fraction", "stamped", "sensor", "count", "rule", "action")
        self._words = StampedTexts(self.plain, columns)

    def plain(self, text: bytes) -> Record | None:
        """The columns of one header; {} when it says nothing, None when it is none."""
        if len(text) > _LONGEST:
            return None
        at = pri.end() if (pri := _PRI.match(text)) else 0
        stamps, first = stamps_in(text, at), stamp_at(text, at)
        if first is None or not stamps or stamps[0].start > at:
            usual = header(text, self._tables, self._rest)
            if usual is not None and first is not None and not first.hosted and not self._router:
                return usual  # a stamp behind which no host stands: OpenWrt's logread
            if usual is not None and "sensor" in usual and (not self._router or _HOSTED.search(text[at:])):
                return usual
        record: Record = {}
        before, after = b"", text[at:]
        if stamps:
            last = stamps[-1]
            if last.record is None:
                return None
            record, before, after = dict(last.record), text[at : stamps[0].start], last.rest
            between = text[stamps[0].end : last.start] if len(stamps) > 1 else b""
            before += between
        host = next((word for word in before.split() if not _NO_HOST.match(word)), None)
        if host is None and (stamps or not self._router):
            words = after.split()[: -1 if self._router else None]  # the chain is no host
            place = next((n for n, word in enumerate(words) if not (word == b":" or _SEQUENCE.match(word))), None)
            if place is not None and not _NO_HOST.match(words[place]):
                host, after = words[place], b" " + b" ".join(after.split()[place + 1 :])
        rest = self._rest(after)
        if rest is None:
            return None
        if host is not None:
            record["sensor"] = self._tables.texts.code(harmless(host.rstrip(b":").strip(b"()"), 80))
        if rest.named:
            prefix = harmless(rest.prefix, 120)
            record |= {"rule": self._tables.texts.code(prefix), "action": int(action_of(prefix))}
        if rest.count != 1:
            record["count"] = rest.count
        return record

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]:
        """Read the headers of `rows`, each ending at `anchor`; which of them were read."""
        done = self._usual.fill(lines, sheet, rows, anchor, least)
        left = np.flatnonzero(~done)
        if len(left):
            columns, done[left] = self._words.bulk(lines, lines.start[rows[left]], anchor[left])
            for name, values, where in columns:
                sheet.put(rows[left], name, values, done[left] if where is None else where & done[left])
        return done


_MOST_BEFORE = 400  # bytes next to the message in which `before` is looked for


class AnyHeaders:
    """Whatever stands before messages that need no header: what can be read of it counts, and nothing of it must.
    `before` is what may stand between it and the message."""

    def __init__(self, tables: Tables, before: Pattern | None = None, *, digits_alike: bool = False) -> None:
        self._headers, self._before = DeviceHeaders(tables, "device"), before
        columns = ("civil", "month", "zoned", "fraction", "stamped", "sensor", "count")
        self._words = Words(self.plain, columns)
        self._length = (
            WordTable(self._length_before, blind=zero_digits) if before is not None and digits_alike else None
        )

    def _length_before(self, text: bytes) -> int:
        """How many bytes of what stands before a message are no header."""
        if self._before is None:
            return 0
        near = text[-_MOST_BEFORE:]
        return len(near) - len(self._before.sub(b"", near, count=1))

    def plain(self, text: bytes) -> Record | None:
        return self._headers.plain(text[: len(text) - self._length_before(text)]) or {}

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]:
        """Read the headers of `rows`, each ending at `anchor`; which of them were read."""
        if self._before is None:
            return self._headers.fill(lines, sheet, rows, anchor, least)
        done = np.zeros(len(rows), np.bool_)
        if self._length is not None:
            length = self._length.look_up(lines, lines.start[rows], anchor)
            found = np.flatnonzero(length != UNCLAIMED)
            self._headers.fill(lines, sheet, rows[found], (anchor - length)[found], least)
            done[found] = True  # what is no header says nothing
        left = np.flatnonzero(~done)
        columns, done[left] = self._words.bulk(lines, lines.start[rows[left]], anchor[left])
        for name, values, where in columns:
            sheet.put(rows[left], name, values, done[left] if where is None else where & done[left])
        return done


def digits_alike(pattern: str) -> bool:
    """Whether a pattern surely takes each digit where it takes another."""
    return not re.search(r"[0-9]", re.sub(r"\{[0-9]+(?:,[0-9]*)?\}|0-9", "", pattern))
