"""Lines that hold other lines: journald's JSON export, container logs, log shippers' objects. What is inside is read by the other
formats, behind a header made of what the wrapping says.

https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html; Docker's json-file driver; Kubernetes' CRI
log format (time, stream, tag, message); Elastic's `message`, `event.original` and exported `_source`; Wazuh's `full_log`; GELF;
Splunk's `_raw` and `event`; CloudWatch's `logEvents`; Google Cloud's `textPayload`; Sentinel's `SyslogMessage`; syslog-ng's;
Loki's `values`; OpenTelemetry's `body`. Objects that hold a sensor's object as it is are read in place (`json_within.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Lines, Mask, word
from scantui.columns.search import first_of
from scantui.formats.azure import tuples_of
from scantui.formats.json_tree import DAMAGED, Tree, text_of
from scantui.formats.json_within import Held
from scantui.formats.outer_time import dated

_OPEN, _CLOSE, _LISTED = ord("{"), ord("}"), ord("]")
_RETURN, _BLANK = 13, 32
_INDENT = 4  # blanks before the objects of an indented list, at most
_DOCKER, _DOCKER_AT_2 = word(b'{"log":"'), ord("l")
_STREAMS = (word(b" stdout "), word(b" stderr "))
_STREAM_AT_1 = ord("s")
_STREAM_AT = (30, 35)  # CRI: behind nine digits of a second and `Z` or an offset
_CRI = re.compile(rb"([0-9T:.-]{29}(?:Z|[+-][0-9]{2}:[0-9]{2})) std(?:out|err) F ")
_STAMPED = re.compile(rb"<[0-9]{1,3}>|[A-Z][a-z]{2} [ 0-9][0-9] |[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]|[0-9]{9,10}[. \t]")
# Windows' firewall log behind what syslog agents and collectors put before a line: its format knows no headers.
_RELAYED = re.compile(
    rb"[^{]{1,300}?[ \t:]([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} (?:DROP|ALLOW) [A-Z0-9]{1,10} [0-9A-Fa-f.:%]{2,50} .*"
    rb"|#(?:Version|Software|Time Format|Fields): .*)",
    re.DOTALL,
)
_RELAYS = (b" DROP ", b" ALLOW ", b": #", b" #Fields: ")
_MESSAGES = (
    *("full_log", "event.original", "log.original", "MESSAGE", "message", "msg", "log", "short_message"),
    *("_raw", "result._raw", "textPayload", "jsonPayload.message", "SyslogMessage", "body.stringValue", "body"),
    *("raw_data", "RawData", "@message", "line", "event"),
)
_TIMES = (
    *("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "time", "@timestamp", "timestamp", "_time", "result._time"),
    *("timeUnixNano", "observedTimeUnixNano", "TimeGenerated", "ISODATE", "DATE", "date"),
)
_HOSTS = (
    *("_HOSTNAME", "host.name", "host.hostname", "hostname", "host", "result.host", "HOST", "logsource", "HostName"),
    *("predecoder.hostname", "agent.name", "firewall_name"),
)
_NAMES = ("SYSLOG_IDENTIFIER", "_COMM", "ident", "program", "PROGRAM", "programname", "ProcessName")
_LISTS = ("logEvents", "events", "hits", "resourceLogs", "scopeLogs", "logRecords", "streams", "values", "records")
_SAFE = re.compile(rb"[\x00-\x20]+")
_EPOCH = re.compile(rb"[0-9]{9,19}(\.[0-9]+)?")
_ISO = re.compile(rb"([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][^ ]+)( UTC)?")
_SYSLOG = re.compile(rb"[A-Z][a-z]{2} [ 0-9][0-9] [0-9]{2}:[0-9]{2}:[0-9]{2}")
_DEEP = 8  # of lists in lists
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
Pair: TypeAlias = "tuple[bytes, bytes]"


@dataclass(frozen=True)
class Opened:
    """Inner lines, the same without the headers made for them, the line each came from, and which lines held some."""

    lines: Lines
    bare: Lines
    owner: NDArray[np.int64]
    held: Mask


def braced(lines: Lines) -> Mask:
    """Lines that begin as an object does."""
    open_: Mask = lines.u8[lines.start] == _OPEN
    return open_


def objects(lines: Lines) -> Mask:
    """Lines that are an object, perhaps behind a header, or a list of some."""
    begin = lines.start
    for _ in range(_INDENT if len(lines) and (lines.u8[begin] == _BLANK).any() else 0):
        begin = begin + (lines.u8[begin] == _BLANK)
    some: Mask = lines.u8[begin] == _OPEN
    last = np.maximum(lines.end - 1, 0)
    last = last - (lines.u8[last] == _RETURN)
    closed = np.flatnonzero(((lines.u8[last] == _CLOSE) | (lines.u8[last] == _LISTED)) & ~some)
    if len(closed):
        some[closed] = first_of(lines.pick(closed), b'{"') >= 0
    return some


def relayed(lines: Lines) -> Mask:
    """Lines that may be another's behind a header that only this knows."""
    some: Mask = np.logical_or.reduce([first_of(lines, text) >= 0 for text in _RELAYS])
    return some


def surely(lines: Lines) -> Mask:
    """Lines that hold others, by their beginning."""
    start = np.minimum(lines.start, len(lines.w8) - 40)
    sure = braced(lines)
    if sure.any():
        first, second = lines.u8[start + 2], lines.u8[start + 3]
        logs = np.flatnonzero(sure & (first == _DOCKER_AT_2))
        # journald's keys are upper case, perhaps behind underscores; Elastic's exports begin with `_index` or `_id`.
        sure &= (first - np.uint8(65) <= 25) | (
            (first == 95) & ((second - np.uint8(65) <= 25) | (second == 95) | (second == ord("i")))
        )
        sure[logs] = lines.w8[start[logs]] == _DOCKER
    for at in _STREAM_AT:
        rows = np.flatnonzero(lines.u8[start + (at + 1)] == _STREAM_AT_1)
        if len(rows):
            sure[rows] |= np.isin(lines.w8[start[rows] + at], _STREAMS)
    return sure


class Opener:
    """Opens wrapped lines."""

    def __init__(self) -> None:
        self._tree = Tree([*_MESSAGES, *_TIMES, *_HOSTS, *_NAMES, "_PID"])
        self._objects = msgspec.json.Decoder(dict[str, msgspec.Raw])
        self._held = Held()

    def open(self, lines: Lines, which: Mask) -> Opened | None:
        """What the lines of `which` hold; None when none holds any."""
        if not which.any():
            return None
        inner: list[Pair] = []
        owner: list[int] = []
        held = np.zeros(len(lines), np.bool_)
        for row in np.flatnonzero(which).tolist():
            found = self.inside(lines.text(row))
            inner += [(_flat(headed), _flat(bare)) for headed, bare in found]  # records may be of several lines
            owner += [row] * len(found)
            held[row] = bool(found)
        return opened_of(inner, owner, held) if inner else None

    def inside(self, text: bytes) -> list[Pair]:
        """The lines in one line, each with a header made for it where it has none, and without."""
        match = _CRI.match(text)
        if match:
            return [headed_pair(text[match.end() :], match[1], b"", b"")]
        at = text.find(b"{")
        if at < 0:
            relay = _RELAYED.fullmatch(text)
            return [(relay[1], relay[1])] if relay else []
        inner, before = text[at:].rstrip(b", \t\r"), text[:at].lstrip()
        if before == b"[":  # a list in one line
            try:
                return self._listed(text.rstrip(b" \t\r"), 0)
            except DAMAGED:
                return []
        # Behind what no format knows for a header an object stands for itself.
        return self._within(inner, before) or ([(inner, inner)] if before.strip() else [])

    def _within(self, text: bytes, before: bytes = b"", depth: int = 0) -> list[Pair]:
        """The lines in an object, behind what stands `before` it."""
        said = self._tree.read(text)
        if said is None or depth > _DEEP:
            return []
        message = next((said[path] for path in _MESSAGES if path in said), b"")
        if not message or b"MESSAGE" in text:
            several = self._several(text, said, depth)
            if several or not message:
                return several
        stamp, host, name = _header_of(said)
        if before and not stamp:
            if b"\t" not in before:  # a syslog header; Fluentd writes time, tag and object
                return [(before + _flat(message), _flat(message))]
            stamp = before.partition(b"\t")[0]
        return [headed_pair(message, stamp, host, name)]

    def _several(self, text: bytes, said: dict[str, bytes], depth: int) -> list[Pair]:
        """The lines of what holds an object, bytes that are no text, or lists."""
        try:
            objects = {key: bytes(value) for key, value in self._objects.decode(text).items()}
            if objects.get("_source", b"")[:1] == b"{":
                return [(objects["_source"],) * 2]
            if objects.get("MESSAGE", b"")[:1] == b"[":  # journald's, not UTF-8: a list of numbers
                message = bytes(msgspec.json.decode(objects["MESSAGE"], type=list[int]))
                return [headed_pair(message, *_header_of(said))]
            azure = objects.get("records", b"") or (b"[" + text + b"]" if b'"flowTuples"' in text else b"")
            found = [(line, line) for line in tuples_of(azure)] if azure else []
            for key in _LISTS if not found else ():
                found += self._listed(objects.get(key, b""), depth + 1)
        except (*DAMAGED, ValueError):
            return []
        stamp, host, name = _header_of(said)
        return found or [headed_pair(value, stamp, host, name) for _, value in self._held.of(text)]

    def _listed(self, value: bytes, depth: int) -> list[Pair]:
        """The lines of a list of objects, or of pairs of a time and a line (Loki)."""
        if value[:1] == b"{":
            return self._within(value, b"", depth)
        found: list[Pair] = []
        for raw in _LIST.decode(value) if value[:1] == b"[" else ():
            one = bytes(raw)
            if one[:1] == b"{":
                found += self._within(one, b"", depth) or [(one, one)]
            elif one[:1] == b"[":
                pair = [text_of(bytes(part)) for part in _LIST.decode(one)[:2]]
                found += [headed_pair(pair[1], pair[0], b"", b"")] if len(pair) == 2 else []
        return found


def opened_of(inner: list[Pair], owner: list[int], held: Mask) -> Opened:
    """Lines as they were opened."""
    headed, bare = (b"\n".join(one) + b"\n" for one in zip(*inner, strict=True))
    return Opened(_lines(headed), _lines(bare), np.array(owner), held)


def _header_of(said: dict[str, bytes]) -> tuple[bytes, bytes, bytes]:
    """Time, host and program that an object tells."""
    stamp, host, name = (
        next((said[path] for path in paths if path in said), b"") for paths in (_TIMES, _HOSTS, _NAMES)
    )
    if name and name != b"kernel" and "_PID" in said:
        name += b"[" + said["_PID"] + b"]"
    return stamp, host, name


def _lines(text: bytes) -> Lines:
    return Lines(text + bytes(SLACK), len(text))


def headed_pair(message: bytes, stamp: bytes, host: bytes, name: bytes) -> Pair:
    """A message as a line, with a header where it has none of its own, and without."""
    message = _flat(message)
    stamp = _iso(stamp)
    if not stamp or _STAMPED.match(message):
        return dated(message, stamp) if stamp else message, message
    host = _SAFE.sub(b"_", host)[:80]
    name = _SAFE.sub(b"_", name)[:80].rstrip(b":").replace(b":", b"_")
    return b"%b %b%b: %b" % (stamp, host + b" " if host else b"", name or b"kernel", message), message


def _flat(message: bytes) -> bytes:
    """One line: an end of line at its end goes, others become blanks."""
    return message.rstrip(b"\r\n").replace(b"\n", b" ")


def _iso(stamp: bytes) -> bytes:
    """A stamp as ISO 8601: nanoseconds (Loki), microseconds (journald), milliseconds or seconds (GELF) since 1970, or as it is
    where a syslog header begins so; empty when it is none."""
    if not _EPOCH.fullmatch(stamp):
        iso = _ISO.fullmatch(stamp)
        return (iso[1] + (b"Z" if iso[2] else b"")) if iso else stamp if _SYSLOG.fullmatch(stamp) else b""
    whole, _, fraction = stamp.partition(b".")
    micros = int(whole[:16].ljust(16, b"0")) if len(whole) >= 13 else int(whole) * 1_000_000
    micros += int(fraction[:6].ljust(6, b"0") if len(whole) < 13 else 0)
    return b"%b.%06dZ" % (_second(micros // 1_000_000), micros % 1_000_000)


@lru_cache(1024)
def _second(second: int) -> bytes:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
