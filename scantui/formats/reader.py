"""The reader: blocks in, events out. Recognises each input's format, keeps its clock, counts and samples what nobody reads."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines
from scantui.columns.search import first_of
from scantui.events import Events, concat, constant, events
from scantui.formats.ahead import Ahead
from scantui.formats.base import Format, LineParser, fill
from scantui.formats.clock import Clock
from scantui.formats.records import Records, joined
from scantui.formats.registry import FORMATS
from scantui.formats.sheet import STAMP_DTYPES, Sheet
from scantui.formats.twins import TwinFolder
from scantui.formats.wrapped import Opened, Opener, braced, surely
from scantui.ingest.block import SLACK, Block, Source
from scantui.safe_text import harmless
from scantui.tables import Tables

_LOOK_AT = 200  # lines that recognition looks at in a block
_SAMPLES = 5
_RETURN = 13  # what ends a line of Windows' before its newline


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
        self._aheads: dict[int, tuple[_Input, Ahead]] = {}
        self._opener = Opener()

    def _parser(self, form: Format, owner: int) -> LineParser:
        key = form.name, owner if form.headers is not None else 0
        parser = self._parsers.get(key)
        if parser is None:
            parser = self._parsers[key] = form.bind(self._tables)
        return parser

    def read(self, block: Block) -> Events:
        """The events of a block, in the order of their lines."""
        if block.ahead:
            return self._read_ahead(block)
        state = self._inputs.get(block.source.id)
        if state is None:
            state = self._inputs[block.source.id] = self._open(block.source)
        batch = self._read(block, state, last=False)
        _, ahead = self._aheads.get(block.source.id, (None, None))
        if ahead is not None and ahead.read_again(block, batch):
            del self._aheads[block.source.id]
            self._parsers = {key: parser for key, parser in self._parsers.items() if key[1] != -block.source.id}
        return batch

    def _read_ahead(self, block: Block) -> Events:
        """The events of a block that comes again. Clock and twins begin anew where it does not follow on the one before."""
        state, ahead = self._aheads.get(block.source.id) or (self._open(block.source), Ahead(block.offset))
        if block.offset != ahead.end:
            known, state = state.format, self._open(block.source)
            state.format = known
            ahead.leap(block.offset)
        self._aheads[block.source.id] = state, ahead
        return ahead.told(block, self._read(block, state, last=False))

    def _read(self, block: Block, state: _Input, *, last: bool) -> Events:
        if state.rest is not None:
            block, state.rest = joined(state.rest, block), None
        lines = Lines(block.data, block.size)
        state.lines += len(lines)
        opened = self._opener.open(lines, surely(lines))
        if opened is not None:
            told, lines = [self._inner(opened, lines, state, block)], lines.pick(~opened.held)
        else:
            told = []
        if state.format is None:
            state.format = recognise(lines)
        if state.format is not None and state.format.records is not None:
            lines = self._records(lines, block, state, state.format.records, last=last)
        sheet = Sheet(lines)
        self._fill(sheet, state.format, block)
        told.append(self._assemble(sheet, state, block, lines))
        left = sheet.left
        more = np.zeros(len(lines), np.bool_)
        more[left] = braced(lines)[left]
        opened = self._opener.open(lines, more)
        if opened is not None:
            sheet.silent |= opened.held
            told.append(self._inner(opened, lines, state, block))
        batch = _in_order(told, self._tables)
        batch = state.twins.fold(batch) if len(batch) else batch
        state.events += len(batch)
        self._count(state, sheet)
        return batch

    def _fill(self, sheet: Sheet, form: Format | None, block: Block) -> None:
        if form is not None and len(sheet.lines):
            self._offer(sheet, np.arange(len(sheet.lines)), form, _owner(block))
            self._others(sheet, form, _owner(block))

    def _inner(self, opened: Opened, outer: Lines, state: _Input, block: Block) -> Events:
        """The events of lines that stood in other lines, `outer`; these are where they come from."""
        form = recognise(opened.lines)
        if state.format is None or not state.events:
            state.format = form or state.format
        sheet = Sheet(opened.lines)
        self._fill(sheet, form or state.format, block)
        # A line of which one inner line was understood was.
        sheet.silent |= np.isin(opened.owner, opened.owner[sheet.got | sheet.silent]) & ~sheet.got
        self._count(state, sheet)
        return self._assemble(sheet, state, block, outer.pick(opened.owner))

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
        if not records.unfinished(text, read=self._parser(state.format, _owner(block)).line(text) is not None):
            return made
        begin = int(made.start[-1])
        state.lines -= int(np.count_nonzero(lines.start >= begin))
        state.rest = replace(
            block,
            data=bytearray(block.data[begin : block.size] + bytes(SLACK)),
            size=block.size - begin,
            offset=block.offset + begin,
        )
        return made.pick(np.arange(len(made) - 1))

    def status(self, source: int) -> ReadStatus:
        """Counts of one input; zeros before its first block."""
        state, (_, ahead) = self._inputs.get(source), self._aheads.get(source, (None, None))
        if state is None:
            return ReadStatus("", 0, 0, 0, ())
        name = state.format.name if state.format else ""
        lines, events = (ahead.lines, ahead.events) if ahead is not None else (0, 0)
        return ReadStatus(name, state.lines + lines, state.events + events, state.unread, tuple(state.samples))

    def _open(self, source: Source) -> _Input:
        last = None
        for form in FORMATS:
            if source.last_line and form.claims(source.last_line):
                last = self._parser(form, source.id).line(source.last_line)
                break
        return _Input(Clock(source.modified_us, last, self._zone, self._year))

    def _others(self, sheet: Sheet, first: Format, owner: int) -> None:
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
            self._offer(sheet, left[its], form, owner)
            left = sheet.left

    def _offer(self, sheet: Sheet, rows: NDArray[np.int64], form: Format, owner: int) -> None:
        """Offer lines to a format. Objects are not for those that know none: what they find in one may be another's text."""
        if not form.objects:
            objects = braced(sheet.lines.pick(rows)) if len(rows) < len(sheet.lines) else braced(sheet.lines)
            rows = rows[~objects] if objects.any() else rows
        if len(rows) == len(sheet.lines):
            fill(self._parser(form, owner), form, sheet)
        elif len(rows):
            part = Sheet(sheet.lines.pick(rows))
            fill(self._parser(form, owner), form, part)
            sheet.adopt(part, rows)

    def _assemble(self, sheet: Sheet, state: _Input, block: Block, origin: Lines) -> Events:
        """The events of a sheet; line i of `origin` is where its line i comes from."""
        whole = bool(sheet.got.all())
        rows: slice | NDArray[np.int64] = slice(None) if whole else np.flatnonzero(sheet.got)
        count = len(sheet.lines) if whole else int(np.count_nonzero(sheet.got))
        columns = {name: values[rows] for name, values in sheet.columns.items()}
        if not count:
            return events(self._tables, 0, {})
        stamp = {name: columns.pop(name) for name in STAMP_DTYPES if name in columns}
        columns["ts"], columns["ts_quality"] = state.clock.resolve(stamp, count, block.arrival_us)
        columns["source"] = constant("source", block.source.id, count)
        columns["offset"] = (origin.start[rows] + block.offset).astype(np.uint64)
        columns["line_length"] = (origin.end - origin.start)[rows].astype(np.uint32)
        columns["known"] = sheet.known[rows]
        return events(self._tables, count, columns)

    @staticmethod
    def _count(state: _Input, sheet: Sheet) -> None:
        lines = sheet.lines
        left = sheet.left
        blank = lines.start[left] + (lines.u8[lines.start[left]] == _RETURN)
        left = left[lines.end[left] > blank]
        noise = state.format.noise if state.format else None
        if noise is not None:
            left = left[np.array([not noise(lines.text(row)) for row in left.tolist()], np.bool_)]
        state.unread += len(left)
        for row in left[-_SAMPLES:].tolist():
            sample = harmless(lines.text(row)[:2000], 200)
            if sample not in state.samples:
                state.samples.append(sample)


def _in_order(told: list[Events], tables: Tables) -> Events:
    """The events of some lines and of others, in the order of the lines."""
    told = [batch for batch in told if len(batch)]
    if len(told) < 2:
        return told[0] if told else events(tables, 0, {})
    both = concat(told, tables)
    return both.take(np.argsort(both.offset, kind="stable"))


def _owner(block: Block) -> int:
    """Whose headers a parser goes by: what is read ahead has its own."""
    return -block.source.id if block.ahead else block.source.id


def recognise(lines: Lines) -> Format | None:
    """The format that claims the most of the first lines; None when none claims any."""
    texts = [lines.text(row) for row in range(min(len(lines), _LOOK_AT))]
    votes = [(sum(map(form.claims, texts)), -i) for i, form in enumerate(FORMATS)]
    best, place = max(votes)
    return FORMATS[-place] if best else None
