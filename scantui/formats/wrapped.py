"""Lines that hold other lines: journald's JSON export, container logs, log shippers' objects. What is inside is read by the other
formats, behind a header made of what the wrapping says.

https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html; Docker's json-file driver; Kubernetes' CRI
log format (time, stream, tag, message); Elastic's `message`, `event.original` and exported `_source`; Wazuh's `full_log`; GELF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Lines, Mask, word
from scantui.formats.azure import tuples_of
from scantui.formats.json_tree import DAMAGED, Tree

_OPEN = ord("{")
_DOCKER, _DOCKER_AT_2 = word(b'{"log":"'), ord("l")
_STREAMS = (word(b" stdout "), word(b" stderr "))
_STREAM_AT_1 = ord("s")
_STREAM_AT = (30, 35)  # CRI: behind nine digits of a second and `Z` or an offset
_CRI = re.compile(rb"([0-9T:.-]{29}(?:Z|[+-][0-9]{2}:[0-9]{2})) std(?:out|err) F ")
_STAMPED = re.compile(rb"<[0-9]{1,3}>|[A-Z][a-z]{2} [ 0-9][0-9] |[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]|[0-9]{9,10}[. \t]")
_MESSAGES = ("full_log", "event.original", "MESSAGE", "message", "msg", "log", "short_message")
_TIMES = ("_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP", "time", "@timestamp", "timestamp")
_HOSTS = ("_HOSTNAME", "host.name", "hostname", "host")
_NAMES = ("SYSLOG_IDENTIFIER", "_COMM", "ident", "program")
_SAFE = re.compile(rb"[\x00-\x20]+")


class _Event(msgspec.Struct):
    message: str = ""


class _Objects(msgspec.Struct):
    """What holds more than a text."""

    source: msgspec.Raw = msgspec.field(name="_source", default=msgspec.Raw())
    octets: msgspec.Raw = msgspec.field(name="MESSAGE", default=msgspec.Raw())
    events: list[_Event] = msgspec.field(name="logEvents", default=[])
    records: msgspec.Raw = msgspec.Raw()


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


def surely(lines: Lines) -> Mask:
    """Lines that hold others, by their beginning."""
    start = np.minimum(lines.start, len(lines.w8) - 40)
    sure = braced(lines)
    if sure.any():
        first = lines.u8[start + 2]  # journald's keys are upper case, perhaps behind underscores
        logs = np.flatnonzero(sure & (first == _DOCKER_AT_2))
        sure &= (first == 95) | (first - np.uint8(65) <= 25)
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
        self._objects = msgspec.json.Decoder(_Objects)

    def open(self, lines: Lines, which: Mask) -> Opened | None:
        """What the lines of `which` hold; None when none holds any."""
        if not which.any():
            return None
        inner: list[tuple[bytes, bytes]] = []
        owner: list[int] = []
        held = np.zeros(len(lines), np.bool_)
        for row in np.flatnonzero(which).tolist():
            found = self.inside(lines.text(row))
            inner += found
            owner += [row] * len(found)
            held[row] = bool(found)
        if not inner:
            return None
        headed, bare = (b"\n".join(one) + b"\n" for one in zip(*inner, strict=True))
        return Opened(_lines(headed), _lines(bare), np.array(owner), held)

    def inside(self, text: bytes) -> list[tuple[bytes, bytes]]:
        """The lines in one line, each with a header made for it where it has none, and without."""
        match = _CRI.match(text)
        if match:
            return [_headed(text[match.end() :], match[1], b"", b"")]
        said = self._tree.read(text)
        if said is None:
            return []
        message = next((said[path] for path in _MESSAGES if path in said), b"")
        if not message or b"MESSAGE" in text:
            several = self._several(text)
            if several:
                return several
        stamp, host, name = (
            next((said[path] for path in paths if path in said), b"") for paths in (_TIMES, _HOSTS, _NAMES)
        )
        if name and name != b"kernel" and "_PID" in said:
            name += b"[" + said["_PID"] + b"]"
        return [_headed(message, stamp, host, name)] if message else []

    def _several(self, text: bytes) -> list[tuple[bytes, bytes]]:
        """The lines of what holds an object, bytes that are no text, or a list."""
        try:
            found = self._objects.decode(text)
        except DAMAGED:
            return []
        if bytes(found.source)[:1] == b"{":
            return [(bytes(found.source),) * 2]
        if bytes(found.octets)[:1] == b"[":
            return self._bytes(text, bytes(found.octets))
        if bytes(found.records):
            return [(line, line) for line in tuples_of(bytes(found.records))]
        if b'"flowTuples"' in text:  # a record of Azure's by itself
            return [(line, line) for line in tuples_of(b"[" + text + b"]")]
        return [(line, line) for line in (_flat(event.message.encode()) for event in found.events)]

    def _bytes(self, text: bytes, octets: bytes) -> list[tuple[bytes, bytes]]:
        """journald's messages that are not UTF-8: a list of numbers."""
        try:
            message = bytes(msgspec.json.decode(octets, type=list[int]))
        except (*DAMAGED, ValueError):
            return []
        said = self._tree.read(text) or {}
        stamp, host, name = (
            next((said[path] for path in paths if path in said), b"") for paths in (_TIMES, _HOSTS, _NAMES)
        )
        return [_headed(message, stamp, host, name)]


def _lines(text: bytes) -> Lines:
    return Lines(text + bytes(SLACK), len(text))


def _headed(message: bytes, stamp: bytes, host: bytes, name: bytes) -> tuple[bytes, bytes]:
    """A message as a line, with a header where it has none of its own, and without."""
    message = _flat(message)
    stamp = _iso(stamp)
    if not stamp or _STAMPED.match(message):
        return message, message
    host = _SAFE.sub(b"_", host)[:80]
    name = _SAFE.sub(b"_", name)[:80].replace(b":", b"_")
    return b"%b %b%b: %b" % (stamp, host + b" " if host else b"", name or b"kernel", message), message


def _flat(message: bytes) -> bytes:
    """One line: an end of line at its end goes, others become blanks."""
    return message.rstrip(b"\r\n").replace(b"\n", b" ")


def _iso(stamp: bytes) -> bytes:
    """A stamp as ISO 8601: microseconds (journald) or seconds (GELF) since 1970, or as it is; empty when it is none."""
    if not re.fullmatch(rb"[0-9]{9,16}(\.[0-9]+)?", stamp):
        return stamp if re.match(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", stamp) and b" " not in stamp[11:] else b""
    whole, _, fraction = stamp.partition(b".")
    scale = 10 ** max(0, 16 - len(whole)) if len(whole) >= 13 else 1_000_000
    micros = int(whole) * scale + int(fraction[:6].ljust(6, b"0") if len(whole) < 13 else 0)
    return b"%b.%06dZ" % (_second(micros // 1_000_000), micros % 1_000_000)


@lru_cache(1024)
def _second(second: int) -> bytes:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()
