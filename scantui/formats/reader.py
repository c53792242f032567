"""The reader: blocks in, events out. Recognises each input's format, keeps its clock, counts and samples what nobody reads."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines
from scantui.columns.search import first_of
from scantui.events import PROTO_NUMBER, Events, Proto, constant, events
from scantui.formats.base import Format, LineParser, fill
from scantui.formats.clock import Clock
from scantui.formats.records import Records, joined
from scantui.formats.registry import FORMATS
from scantui.formats.sheet import STAMP_DTYPES, Sheet
from scantui.formats.twins import TwinFolder
from scantui.ingest.block import SLACK, Block, Source
from scantui.safe_text import harmless
from scantui.tables import HANDLES_FROM, Tables

_LOOK_AT = 200  # lines that recognition looks at in a block
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """What became of one input's lines."""

    format: str
    lines: int
    events: int
    unread: int
    samples: tuple[str, ...]


class _Input:
    """One input's format, clock and counts."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.twins = TwinFolder()
        self.format: Format | None = None
        self.lines = self.events = self.unread = 0
        self.samples: deque[str] = deque(maxlen=_SAMPLES)
        self.rest: Block | None = None  # the beginning of a record that waits for its other lines


class Reader:
    """Reads the blocks of all inputs of one run into events over shared tables."""

    def __init__(self, tables: Tables, zone: tzinfo | None = None, year: int | None = None) -> None:
        self._tables = tables
        self._zone = zone
        self._year = year
        self._parsers: dict[tuple[str, int], LineParser] = {}
        self._inputs: dict[int, _Input] = {}

    def _parser(self, form: Format, source: Source) -> LineParser:
        key = form.name, source.id if form.headers is not None else 0
        parser = self._parsers.get(key)
        if parser is None:
            parser = self._parsers[key] = form.bind(self._tables)
        return parser

    def read(self, block: Block) -> Events:
        """The events of a block, in the order of their lines."""
        state = self._inputs.get(block.source.id)
        if state is None:
            state = self._inputs[block.source.id] = self._open(block.source)
        return self._read(block, state, last=False)

    def _read(self, block: Block, state: _Input, *, last: bool) -> Events:
        if state.rest is not None:
            block, state.rest = joined(state.rest, block), None
        lines = Lines(block.data, block.size)
        if state.format is None:
            state.format = recognise(lines)
        state.lines += len(lines)
        if state.format is not None and state.format.records is not None:
            lines = self._records(lines, block, state, state.format.records, last=last)
        sheet = Sheet(lines)
        if state.format is not None:
            fill(self._parser(state.format, block.source), state.format, sheet)
            self._others(sheet, state.format, block.source)
        batch = self._assemble(sheet, state, block)
        batch = state.twins.fold(batch) if len(batch) else batch
        self._count(state, sheet, len(batch))
        return batch

    def flush(self) -> list[Events]:
        """Events held back to meet a twin, or the rest of their lines, that did not come."""
        held = []
        for state in self._inputs.values():
            if state.rest is not None:
                rest, state.rest = state.rest, None
                held.append(self._read(rest, state, last=True))
            batch = state.twins.flush()
            if batch is not None:
                state.events += len(batch)
                held.append(batch)
        return held

    def _records(self, lines: Lines, block: Block, state: _Input, records: Records, *, last: bool) -> Lines:
        """The records of `lines`; the last one waits when it may go on in the next block."""
        assert state.format is not None
        made = records.join(lines)
        if last or not len(made):
            return made
        text = made.text(-1)
        if not records.unfinished(text, read=self._parser(state.format, block.source).line(text) is not None):
            return made
        begin = int(made.start[-1])
        state.lines -= int(np.count_nonzero(lines.start >= begin))
        state.rest = replace(
            block,
            data=bytearray(block.data[begin : block.size] + bytes(SLACK)),
            size=block.size - begin,
            offset=block.offset + begin,
        )
        return made.pick(slice(0, len(made) - 1))

    def status(self, source: int) -> ReadStatus:
        """Counts of one input; zeros before its first block."""
        state = self._inputs.get(source)
        if state is None:
            return ReadStatus("", 0, 0, 0, ())
        name = state.format.name if state.format else ""
        return ReadStatus(name, state.lines, state.events, state.unread, tuple(state.samples))

    def _open(self, source: Source) -> _Input:
        last = None
        for form in FORMATS:
            if source.last_line and form.claims(source.last_line):
                last = self._parser(form, source).line(source.last_line)
                break
        return _Input(Clock(source.modified_us, last, self._zone, self._year))

    def _others(self, sheet: Sheet, first: Format, source: Source) -> None:
        """Offer the lines the input's own format left to the other formats: a syslog has everything in it."""
        left = sheet.left
        if not len(left):
            return
        for form in FORMATS:
            if form is first or not len(left):
                continue
            rest = sheet.lines.pick(left)
            its = first_of(rest, form.holds) >= 0
            if form.headers is not None:
                its |= form.headers(rest)
            some = left[its]
            if not len(some):
                continue
            part = Sheet(sheet.lines.pick(some))
            fill(self._parser(form, source), form, part)
            sheet.adopt(part, some)
            left = sheet.left

    def _assemble(self, sheet: Sheet, state: _Input, block: Block) -> Events:
        whole = bool(sheet.got.all())
        rows: slice | NDArray[np.int64] = slice(None) if whole else np.flatnonzero(sheet.got)
        count = len(sheet.lines) if whole else int(np.count_nonzero(sheet.got))
        columns = {name: values[rows] for name, values in sheet.columns.items()}
        if not count:
            return events(self._tables, 0, {})
        if "proto" in columns and "src" in columns:
            _icmp_of_ipv6(columns, self._tables)
        stamp = {name: columns.pop(name) for name in STAMP_DTYPES if name in columns}
        columns["ts"], columns["ts_quality"] = state.clock.resolve(stamp, count, block.arrival_us)
        lines = sheet.lines
        columns["source"] = constant("source", block.source.id, count)
        columns["offset"] = (lines.start[rows] + block.offset).astype(np.uint64)
        columns["line_length"] = (lines.end - lines.start)[rows].astype(np.uint32)
        columns["known"] = sheet.known[rows]
        return events(self._tables, count, columns)

    @staticmethod
    def _count(state: _Input, sheet: Sheet, count: int) -> None:
        lines = sheet.lines
        state.events += count
        left = sheet.left
        left = left[lines.end[left] > lines.start[left]]
        noise = state.format.noise if state.format else None
        if noise is not None:
            left = left[np.array([not noise(lines.text(row)) for row in left.tolist()], np.bool_)]
        state.unread += len(left)
        for row in left[-_SAMPLES:].tolist():
            sample = harmless(lines.text(row)[:2000], 200)
            if sample not in state.samples:
                state.samples.append(sample)


def _icmp_of_ipv6(columns: dict[str, NDArray[Any]], tables: Tables) -> None:
    """Between IPv6 addresses, what a log calls ICMP is ICMPv6."""
    rows = np.flatnonzero((columns["proto"] == Proto.ICMP) & (columns["src"] >= HANDLES_FROM))
    if len(rows):
        codes, which = np.unique(columns["src"][rows], return_inverse=True)
        six = np.array([":" in tables.addresses.text(code) for code in codes.tolist()])[which]
        for name, value in (("proto", Proto.ICMP6), ("proto_num", PROTO_NUMBER[Proto.ICMP6])):
            if name in columns:
                columns[name] = columns[name].copy()
                columns[name][rows[six]] = value


def recognise(lines: Lines) -> Format | None:
    """The format that claims the most of the first lines; None when none claims any."""
    texts = [lines.text(row) for row in range(min(len(lines), _LOOK_AT))]
    votes = [(sum(map(form.claims, texts)), -i) for i, form in enumerate(FORMATS)]
    best, place = max(votes)
    return FORMATS[-place] if best else None
