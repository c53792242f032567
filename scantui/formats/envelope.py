"""The envelope around a message: PRI, stamp, host, tag, `message repeated`, uptime, prefix.

Reads syslog (RFC 3164, with or without fractions), ISO time (RFC 5424's or rsyslog's), journald's short forms, and dmesg,
where the kernel's uptime is the only clock. `header` reads one, plainly; `Envelopes.fill` reads all lines of a block. What
stands between host and message is read by `kernel_rest`, where the kernel's own words begin, or by `program_rest`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import Stamps, iso_stamps, syslog_stamps, unchanged_aside
from scantui.columns.lines import Lines, Positions, find_byte, token_end
from scantui.columns.templates import TemplateBook, padded_number
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.header_stamps import stamp_at
from scantui.formats.sheet import Record, Sheet
from scantui.formats.stamp import ISO, SYSLOG, iso_stamp, syslog_stamp
from scantui.formats.stamped_texts import StampedTexts
from scantui.formats.words import action_of
from scantui.safe_text import harmless
from scantui.tables import Tables

_PRI = re.compile(rb"<[0-9]{1,3}>(?:1 )?")
_ISO, _SYSLOG = re.compile(ISO), re.compile(SYSLOG)
# journald's short-full: a weekday first
_FULL = re.compile(rb"[^\x00-\x20]{1,12} ([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}) (UTC|[A-Z]{2,5}) ")
_TAG = re.compile(
    rb"(?:kernel|klogd|[A-Za-z][A-Za-z0-9_.-]*\[[0-9]+\])(?:: ?| - - -? ?)|kernel [0-9]+ - (?:- )?"  # or RFC 5424's fields
)
_PROCESS = re.compile(rb"[^\[]\[[0-9]+\]\Z")  # of a header without a host: a program and its process
_REPEATED = re.compile(rb"message repeated ([0-9]{1,7}) times: \[ ?")
_UPTIME = re.compile(rb"\[( {0,4}[0-9]{1,10})\.([0-9]{6})\] ?")
_LEVEL = re.compile(rb"[a-z0-9]+ *:[a-z]+ *: ")  # dmesg -x
_FACILITY = re.compile(rb" ?[a-z0-9]+\.[a-z]+ ")
# UniFi: the host's name again (and its model) before the rule's tag.
_AGAIN = re.compile(rb" [A-Za-z0-9_.,-]+:? (?=\[[A-Za-z0-9_.:-]*-[ADR](?:-[0-9]+)?\]|kernel: )")
# A relay's header stands before the host's own: the one next to the message counts.
_INNER = re.compile(rb" ?(?:<[0-9]{1,3}>)?(?=(?:" + SYSLOG + rb"|" + ISO + rb") )")
# A rule's prefix before which nothing stands (`journalctl -o cat`), told from what is left of a header.
_ALONE = re.compile(rb"(?!.*kernel)(?:\[[^\]]{1,60}\]|[A-Za-z][A-Za-z0-9_. -]{0,60}[:>]?)? ?")
# OSSEC's agents: `(fw) 192.0.2.7->/var/log/ufw.log`
_AGENT = re.compile(rb"\(([^\x00-\x20()]+)\)(?: [^\x00-\x20]+->[^\x00-\x20]+)?(?= |\Z)")
_MONOTONIC = re.compile(_UPTIME.pattern + rb"([^\x00-\x20]+) kernel: ")  # journald's short-monotonic
_LONGEST = 400  # bytes of a header; a longer one is no kernel message


@dataclass(frozen=True)
class Rest:
    """What follows the host in a header. `uptime` is where its digits stand: (start, point) offsets, or None."""

    prefix: bytes
    count: int
    uptime: tuple[int, int] | None
    named: bool = True  # the prefix is the rule's name, and may say what was done


def program_rest(text: bytes) -> Rest | None:
    """What follows the host where a program wrote the message: its tag, which is no rule. None when another header follows."""
    if _INNER.match(text):
        return None
    repeated = _REPEATED.search(text)
    return Rest(b"", max(1, int(repeated[1])) if repeated else 1, None, named=False)


def kernel_rest(text: bytes) -> Rest | None:
    """What follows the host where the kernel wrote the message: tag, uptime and the rule's prefix. None when another header
    follows."""
    if _INNER.match(text):
        return None
    level = _FACILITY.match(text) or _AGAIN.match(text)
    at = level.end() if level else int(text[:1] == b" ")
    tag = _TAG.match(text, at)
    if tag:
        at = tag.end()
    count = 1
    repeated = _REPEATED.match(text, at)
    if repeated:
        at, count = repeated.end(), max(1, int(repeated[1]))
    uptime = None
    clock = _UPTIME.match(text, at)
    if clock:
        uptime, at = (clock.start(1), clock.end(1)), clock.end()
    prefix = text[at:].strip()
    if prefix[:1] == b'"' == prefix[-1:]:  # firewalld over nftables
        prefix = prefix[1:-1].strip()
    return Rest(prefix, count, uptime)


def _split(text: bytes) -> tuple[Record, bytes, bytes] | None:
    """Stamp columns, host and the rest of a header; None when it begins with no envelope that is known."""
    at = 0
    pri = _PRI.match(text) or _LEVEL.match(text)
    if pri:
        at = pri.end()
    for pattern, read in ((_SYSLOG, syslog_stamp), (_ISO, iso_stamp)):
        match = pattern.match(text, at)
        if match:
            stamp = read(match[0])
            if stamp is None or text[match.end() : match.end() + 1] != b" ":
                return None
            return stamp, *_hosted(text[match.end() + 1 :])
    other = stamp_at(text, at)
    if other is not None:
        if other.record is None:
            return None
        return (other.record, *_hosted(other.rest)) if other.hosted else (other.record, b"", other.rest)
    match = _FULL.match(text, at)
    if match:
        stamp = iso_stamp(match[1] + (b"Z" if match[2] in (b"UTC", b"GMT") else b""))
        if stamp is None:
            return None
        host, _, rest = text[match.end() :].partition(b" ")
        return stamp, host, b" " + rest
    clock = _UPTIME.match(text, at)
    if clock:
        after = _MONOTONIC.match(text, at)
        if after:
            return {}, after[3], b" " + text[at : clock.end()].rstrip() + b" " + text[after.end() :]
        return {}, b"", text[at:]
    return None


def _hosted(text: bytes) -> tuple[bytes, bytes]:
    """The host that `text` begins with, if it does, and the rest."""
    agent = _AGENT.match(text)
    if agent:
        return agent[1], text[agent.end() :]
    end = 0
    while end < len(text) and text[end] > 32:
        end += 1
    host = text[:end]
    return (host, text[end:]) if _is_host(host) else (b"", text)


def _is_host(word: bytes) -> bool:
    return bool(word) and not word.endswith(b":") and not word.startswith((b"[", b"<")) and not _PROCESS.search(word)


ReadRest = Callable[[bytes], "Rest | None"]  # None: a header of another kind


def header(text: bytes, tables: Tables, read: ReadRest = kernel_rest) -> Record | None:
    """The columns a header gives, plainly; None when it is no envelope that is known."""
    if len(text) > _LONGEST:
        return None
    parts = _split(text)
    if parts is None:
        alone = kernel_rest(text) if read is kernel_rest and _ALONE.fullmatch(text) else None
        return None if alone is None else _meaning(alone, tables)
    inner = _INNER.match(parts[2])
    parts = (inner and _split(parts[2][inner.end() :])) or parts
    stamp, host, tail = parts
    rest = read(tail)
    if rest is None:
        return None
    record = stamp | _meaning(rest, tables)
    if host:
        record["sensor"] = tables.texts.code(harmless(host, 80))
    if rest.uptime:
        start, point = rest.uptime
        record["uptime"] = int(tail[start:point]) * 1_000_000 + int(tail[point + 1 : point + 7])
    if not record.get("stamped") and "uptime" not in record:
        return None
    return record


def _meaning(rest: Rest, tables: Tables) -> Record:
    prefix = harmless(rest.prefix, 120)
    record: Record = {"rule": tables.texts.code(prefix), "action": action_of(prefix)} if rest.named else {}
    if rest.count != 1:
        record["count"] = rest.count
    return record


@dataclass(frozen=True)
class _Meaning:
    record: Record
    uptime: tuple[int, int] | None


class Envelopes:
    """The headers a run has met, in bulk."""

    def __init__(self, tables: Tables, read: ReadRest = kernel_rest, *, others: bool = True) -> None:
        self._tables = tables
        self._read = read
        self._hosts = WordTable(self._host)
        self._book: TemplateBook[_Meaning] = TemplateBook(self._judge)
        columns = ("civil", "month", "zoned", "fraction", "stamped", "uptime", "sensor", "rule", "action", "count")
        self._reads_others = others
        self._others = StampedTexts(lambda text: header(text, tables, read), columns, self._other)

    def _host(self, token: bytes) -> int:
        if not _is_host(token) or token.startswith(b"("):
            return UNCLAIMED
        return self._tables.texts.code(harmless(token, 80))

    def _other(self, text: bytes) -> Record | None:
        pri = _PRI.match(text)
        if stamp_at(text, pri.end() if pri else 0) is None:
            return None
        return header(text, self._tables, self._read)

    def _judge(self, text: bytes) -> tuple[_Meaning | None, list[tuple[int, int]]]:
        if _MONOTONIC.match(text):
            return None, []
        rest = self._read(text)
        if rest is None:
            return None, []
        holes = [(rest.uptime[0], rest.uptime[1]), (rest.uptime[1] + 1, rest.uptime[1] + 7)] if rest.uptime else []
        return _Meaning(_meaning(rest, self._tables), rest.uptime), holes

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]:
        """Read the headers of `rows` (positions into `lines`), each ending at `anchor`; which of them were read."""
        done = np.zeros(len(rows), np.bool_)
        start = lines.start[rows]
        pri = np.flatnonzero(lines.u8[start] == 60)
        if len(pri):
            close = find_byte(lines, start[pri], 62, 8)
            plain = (close - start[pri] >= 2) & (close - start[pri] <= 4)
            versioned = (lines.u8[close + 1] == 49) & (lines.u8[close + 2] == 32)  # RFC 5424 §6.2.2
            for back in (1, 2, 3):
                inside = close - back > start[pri]
                plain &= ~inside | ((lines.u8[np.maximum(close - back, 0)] - np.uint8(48)) <= 9)
            start[pri] = np.where(plain, close + 1 + 2 * versioned, lines.size)
        first = lines.u8[start]
        for want, read in (((first >= 65) & (first <= 90), syslog_stamps), ((first >= 48) & (first <= 57), iso_stamps)):
            some = np.flatnonzero(want)
            if len(some) >= least:
                self._stamped(lines, sheet, rows, anchor, some, unchanged_aside(read, lines, start[some]), done, least)
        second = lines.u8[np.minimum(start + 1, lines.size)]
        bare = np.flatnonzero((first == 91) & ((second == 32) | (second - np.uint8(48) <= 9)))
        if len(bare) >= least:
            self._rests(lines, sheet, rows, anchor, bare, start[bare], done, least, need_uptime=True)
        left = np.flatnonzero(~done)
        if self._reads_others and len(left) >= least:
            columns, done[left] = self._others.bulk(lines, lines.start[rows[left]], np.maximum(anchor[left], 0))
            for name, values, where in columns:
                sheet.put(rows[left], name, values, done[left] if where is None else where & done[left])
        return done

    def _stamped(
        self,
        lines: Lines,
        sheet: Sheet,
        rows: NDArray[np.int64],
        anchor: Positions,
        some: NDArray[np.int64],
        stamps: Stamps,
        done: NDArray[np.bool_],
        least: int,
    ) -> None:
        host = stamps.end + 1
        host_end = np.minimum(token_end(lines, np.minimum(host, lines.size), 72), anchor[some])
        name = self._hosts.look_up(lines, host, host_end)
        ok = stamps.ok & (lines.u8[stamps.end] == 32) & (name != UNCLAIMED) & (host_end < anchor[some])
        ok &= anchor[some] - lines.start[rows[some]] <= _LONGEST
        good = some[ok]
        if len(good) < least:
            return
        self._rests(lines, sheet, rows, anchor, good, host_end[ok], done, least, need_uptime=False)
        ok &= done[some]  # what is left to another reader must not find this one's columns
        sheet.put_stamps(rows[some], stamps, ok)
        sheet.put(rows[some[ok]], "sensor", name[ok])

    def _rests(
        self,
        lines: Lines,
        sheet: Sheet,
        rows: NDArray[np.int64],
        anchor: Positions,
        some: NDArray[np.int64],
        start: Positions,
        done: NDArray[np.bool_],
        least: int,
        *,
        need_uptime: bool,
    ) -> None:
        for group, meaning in self._book.split(lines, start, anchor[some], least):
            members, at = some[group], start[group]
            if meaning.uptime:
                begin, point = meaning.uptime
                seconds, ok = padded_number(lines, at + begin, point - begin)
                micros, ok_micros = padded_number(lines, at + point + 1, 6)
                ok &= ok_micros & (lines.u8[at + point + 1] != 32)
                members = members[ok]
                sheet.put(rows[members], "uptime", (seconds * 1_000_000 + micros)[ok])
            elif need_uptime:
                continue
            for name, value in meaning.record.items():
                sheet.put(rows[members], name, value)
            done[members] = True


class ProgramHeaders:
    """The headers before a program's messages."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._book = Envelopes(tables, program_rest)
        self.fill = self._book.fill

    def plain(self, text: bytes) -> Record | None:
        return header(text, self._tables, program_rest)
