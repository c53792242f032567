"""The journal of marks: one JSON object a line, only ever appended to; the last line about an address holds.

`{"address":"203.0.113.7","verdict":"scan","note":"night job","at":"2026-11-22T03:14:01.000000Z"}`, and `"removed":true` where a
mark was taken away. A line that cannot be read is told of and left in the file.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from scantui.export.times import iso
from scantui.safe_text import harmless
from scantui.snapshot import JUDGEMENTS
from scantui.state.directory import Directory

FILE = "marks.jsonl"
MOST_NOTE = 200  # characters
_COMPACT_FROM, _COMPACT_RATIO = 1000, 4  # lines, and lines a mark, from which the file is written anew


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file. Keys that are not known here are a later version's, and left alone."""

    address: str
    verdict: str = ""
    note: str = ""
    at: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True)
class KeptMark:
    """A mark on an address (canonical text). `at` is microseconds UTC. `removed`: that the mark was taken away."""

    address: str
    verdict: str = ""
    note: str = ""
    at: int = 0
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a journal says: marks by address, oldest first, and a sentence for each line that says nothing."""

    marks: dict[str, KeptMark]
    wrong: tuple[str, ...]


def line_of(mark: KeptMark) -> bytes:
    """One line for the journal, without its end. Raises ValueError for what is no mark."""
    if mark.verdict not in JUDGEMENTS:
        raise ValueError(f"{mark.verdict!r} is no verdict")
    note = "" if mark.removed else harmless(mark.note, MOST_NOTE)
    said = _Line(_canonical(mark.address), "" if mark.removed else mark.verdict, note, iso(mark.at), mark.removed)
    return msgspec.json.encode(said)


def mark_of(line: bytes) -> KeptMark:
    """What one line says. Raises ValueError that says what is wrong with it."""
    try:
        said = _decode(line)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(harmless(str(error), 100)) from None
    if said.verdict not in JUDGEMENTS:
        raise ValueError(f"{harmless(said.verdict, 40)!r} is no verdict")
    return KeptMark(
        _canonical(said.address), said.verdict, harmless(said.note, MOST_NOTE), _micros(said.at), said.removed
    )


_decode = msgspec.json.Decoder(_Line).decode


def _canonical(text: str) -> str:
    """An address in its one form; an IPv4-mapped one is the IPv4 address. Raises ValueError."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        raise ValueError(f"{harmless(text, 60)!r} is no address") from None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise ValueError(f"{harmless(text, 60)!r} is an address of one link only")
        address = address.ipv4_mapped or address
    return str(address)


def _micros(text: str) -> int:
    if not text:
        return 0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{harmless(text, 40)!r} is no time") from None
    passed = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def parse(data: bytes) -> Loaded:
    """The marks that hold at the end of a journal."""
    marks: dict[str, KeptMark] = {}
    wrong = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            mark = mark_of(line)
        except ValueError as error:
            wrong.append(f"{FILE}:{number}: {error}; the line is skipped")
            continue
        marks.pop(mark.address, None)
        if not mark.removed:
            marks[mark.address] = mark
    return Loaded(marks, tuple(wrong))


def compacted(data: bytes) -> bytes | None:
    """The journal without the lines that no longer count, as they were written; None when it is not worth it."""
    lines = [line for line in data.split(b"\n") if line.strip()]
    if len(lines) < _COMPACT_FROM:
        return None
    last: dict[str, tuple[int, bool]] = {}
    keep = set()
    for i, line in enumerate(lines):
        try:
            mark = mark_of(line)
        except ValueError:
            keep.add(i)
            continue
        last[mark.address] = (i, mark.removed)
    keep |= {i for i, removed in last.values() if not removed}
    if len(lines) < _COMPACT_RATIO * max(1, len(keep)):
        return None
    return b"".join(line + b"\n" for i, line in enumerate(lines) if i in keep)


class Journal:
    """The marks of a state directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def load(self) -> Loaded:
        """What is marked. Raises OSError."""
        return parse(self._directory.read(FILE))

    def compact(self) -> None:
        """Write the journal anew if most of it no longer counts. Raises OSError."""
        if self._directory.read(FILE).count(b"\n") >= _COMPACT_FROM:
            self._directory.rewrite(FILE, compacted)

    def append(self, marks: Iterable[KeptMark]) -> None:
        """Keep what was marked and unmarked. Raises OSError."""
        self._directory.append(FILE, [line_of(mark) for mark in marks])
