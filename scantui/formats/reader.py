"""The reader: blocks in, events out. Recognises each input's format, keeps its clock, counts and samples what nobody reads."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import Counter, deque
from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines
from scantui.columns.search import first_of
from scantui.events import Events, concat, constant, events
from scantui.formats.ahead import Ahead
from scantui.formats.base import Carrier, Format, LineParser, fill
from scantui.formats.capture import Capture
from scantui.formats.clock import Clock
from scantui.formats.export_lines import Export, export_of
from scantui.formats.legs import Legs
from scantui.formats.pasted import bare, found
from scantui.formats.recognition import Recognition, recognise, with_rivals
from scantui.formats.records import LONGEST, Records, brackets, copied, indented, joined, whole
from scantui.formats.registry import Formats
from scantui.formats.repeated_alerts import AlertFolder
from scantui.formats.repeats import Repeats
from scantui.formats.sheet import STAMP_DTYPES, Sheet
from scantui.formats.twins import TwinFolder
from scantui.formats.wrapped import Opened, Opener, braced, objects, relayed, surely
from scantui.ingest.block import Block, Source
from scantui.safe_text import harmless
from scantui.tables import Tables

_SAMPLES = 5
_LOOKED_AT = 20  # unread lines of a block
_DEEPEST = 3  # of lines that hold lines that hold lines
_RETURN = 13  # what ends a line of Windows' before its newline


@dataclass(frozen=True, slots=True)
class ReadStatus:
    """What became of one input's lines."""

    format: str
    lines: int
    events: int
    unread: int
    samples: tuple[str, ...]
    shares: tuple[tuple[Carrier, int], ...] = ()  # formats that read lines, and how many, most first
    recognition: Recognition | None = None  # None before it was tried, and where a format is forced
    forced: bool = False
    newest: int = 0  # microseconds UTC: the latest event's time
    arrival: int = 0  # microseconds UTC: when the last block came
    refused: float = 0.0  # of the unread lines looked at, the share that look like the input's format


class _Input:
    """One input's format, clock and counts."""

    def __init__(self, clock: Clock, repeats: Repeats, forced: Format | None) -> None:
        self.clock = clock
        self.repeats = repeats
        self.legs = Legs()
        self.twins = TwinFolder()
        self.alerts = AlertFolder()
        self.format = forced
        self.forced = forced is not None
        self.recognition: Recognition | None = None
        self.read: Counter[str] = Counter()  # lines by the name of the format that read them
        self.newest = self.arrival = 0  # microseconds
        self.lines = self.events = self.unread = 0
        self.looked = self.refused = 0  # unread lines looked at, and those of them that the format claims
        self.samples: deque[str] = deque(maxlen=_SAMPLES)
        self.indented: Records | None = None  # as the input begins
        self.export: Export | None = None  # lines in a column of CSV
        self.named = False  # a file's name stands before each line
        self.rest: Block | None = None  # the beginning of a record that waits for its other lines


class Reader:
    """Reads the blocks of all inputs of one run into events over shared tables."""

    def __init__(
        self, tables: Tables, zone: tzinfo | None = None, year: int | None = None, formats: Formats | None = None
    ) -> None:
        self._tables = tables
        self._formats = formats or Formats()
        self._zone = zone
        self._year = year
        self._parsers: dict[tuple[str, int], LineParser] = {}
        self._inputs: dict[int, _Input] = {}
        self._aheads: dict[int, tuple[_Input, Ahead]] = {}
        self._captures: dict[int, Capture] = {}
        self._opener = Opener()

    def _parser(self, form: Format, owner: int) -> LineParser:
        key = form.name, owner if form.headers is not None else 0
        parser = self._parsers.get(key)
        if parser is None:
            parser = self._parsers[key] = form.bind(self._tables)
        return parser

    def read(self, block: Block) -> Events:
        """The events of a block, in the order of their lines."""
        if block.capture:
            return self._captures.setdefault(block.source.id, Capture(self._tables)).read(block)
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
            before, state = state, self._open(block.source)
            state.format, state.export, state.named = before.format, before.export, before.named
            ahead.leap(block.offset)
        self._aheads[block.source.id] = state, ahead
        return ahead.told(block, self._read(block, state, last=False))

    def _read(self, block: Block, state: _Input, *, last: bool) -> Events:
        if state.rest is not None:
            block, state.rest = joined(state.rest, block), None
        lines = Lines(block.data, block.size)
        state.lines += len(lines)
        if not block.offset and len(lines):
            if lines.data.startswith(BOM_UTF8):  # as editors of Windows write it
                lines.start[0] = len(BOM_UTF8)
            state.export, state.named = export_of(lines.text(0)), found(lines.text(0))
        if state.export is not None:
            lines = self._exported(lines, block, state, state.export, last=last)
            opened = state.export.open(lines)
        else:
            opened = bare(lines, named=state.named) or self._opener.open(lines, surely(lines))
        told, read_to = [], 0  # what begins before that has been read, and must not come again
        if opened is not None:
            told = [self._inner(opened, lines, state, block)]
            read_to = int(lines.end[opened.held].max(initial=0))
            lines = lines.pick(~opened.held)
        if state.format is None:
            self._look_at(lines, block, state)
            if not (state.format or read_to or last) and state.indented is not None and block.size <= LONGEST:
                state.rest = copied(block, 0)  # its first object may not be whole
                state.lines -= len(lines)
                return _in_order(told, self._tables)
        records = state.indented or (None if state.format is None else state.format.records)
        if records is not None:
            lines = self._records(lines, block, state, records, -1 if last else read_to)
        sheet = Sheet(lines)
        if records is not None and records.objects:
            sheet.silent |= brackets(lines)
        self._fill(sheet, state.format, block, state)
        state.repeats.fill(sheet)
        told.append(self._assemble(sheet, state, block, lines))
        left = sheet.left
        more = np.zeros(len(lines), np.bool_)
        some = lines.pick(left)
        more[left] = objects(some) | relayed(some)
        opened = self._opener.open(lines, more)
        if opened is not None:
            sheet.silent |= opened.held
            told.append(self._inner(opened, lines, state, block))
        batch = _in_order(told, self._tables)
        batch = state.alerts.fold(state.twins.fold(batch)) if len(batch) else batch
        state.events += len(batch)
        state.arrival = block.arrival_us
        state.newest = max(state.newest, int(batch.ts.max(initial=0)))
        self._count(state, sheet)
        return batch

    def _look_at(self, lines: Lines, block: Block, state: _Input) -> None:
        """Recognise an input by these lines, objects of several lines joined."""
        if not block.offset:
            state.indented = indented(lines)
        whole_objects = lines if state.indented is None else state.indented.join(lines)
        state.recognition = self._recognised(whole_objects, _owner(block))
        state.format = state.recognition.format
        if state.format is not None and not state.format.objects:
            state.indented = None

    def _recognised(self, lines: Lines, owner: int) -> Recognition:
        known = self._formats.known
        return with_rivals(
            recognise(lines, known), lines, known, lambda form, text: bool(self._parser(form, owner).line(text))
        )

    def _fill(self, sheet: Sheet, form: Format | None, block: Block, state: _Input) -> None:
        if form is not None and len(sheet.lines):
            self._offer(sheet, np.arange(len(sheet.lines)), form, _owner(block), state.read)
            if not state.forced:
                self._others(sheet, form, _owner(block), state.read)

    def _inner(self, opened: Opened, outer: Lines, state: _Input, block: Block, depth: int = 0) -> Events:
        """The events of lines that stood in other lines, `outer`; these are where they come from."""
        form = state.format if state.forced else None
        if form is None:
            found = recognise(opened.lines, self._formats.known)
            form = found.format
            if form is not None and (state.format is None or not state.events):
                state.format, state.recognition = form, found
        sheet = Sheet(opened.lines)
        self._fill(sheet, form or state.format, block, state)
        self._unheaded(opened, sheet, block, state)
        # A line of which one inner line was understood was.
        sheet.silent |= np.isin(opened.owner, opened.owner[sheet.got | sheet.silent]) & ~sheet.got
        origin = outer.pick(opened.owner)
        told = [self._assemble(sheet, state, block, origin)]
        more = np.zeros(len(opened.bare), np.bool_)
        more[sheet.left] = braced(opened.bare.pick(sheet.left))
        deeper = self._opener.open(opened.bare, more) if depth < _DEEPEST else None
        if deeper is not None:
            sheet.silent |= deeper.held
            told.append(self._inner(deeper, origin, state, block, depth + 1))
        self._count(state, sheet)
        return _in_order(told, self._tables)

    def _unheaded(self, opened: Opened, sheet: Sheet, block: Block, state: _Input) -> None:
        """Offer what nobody read behind a header to the format whose lines have none."""
        left = sheet.left
        if not len(left):
            return
        bare = opened.bare.pick(left)
        form = state.format if state.forced else recognise(bare, self._formats.known).format
        if form is None:
            return
        part = Sheet(bare)
        self._offer(part, np.arange(len(bare)), form, _owner(block), state.read)
        sheet.adopt(part, left)
        if (state.format is None or not state.events) and not state.forced and part.got.any():
            state.format = form

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

    def _records(self, lines: Lines, block: Block, state: _Input, records: Records, read_to: int) -> Lines:
        """The records of `lines`; the last one waits when it may go on in the next block, which it may from `read_to` on (-1:
        none will come)."""
        made = records.join(lines)
        if not len(made) or not 0 <= read_to <= made.start[-1]:
            return made
        text = made.text(-1)
        form = state.format if state.format is not None and state.format.objects == records.objects else None
        read = whole(text) if form is None else self._parser(form, _owner(block)).line(text) is not None
        if not records.unfinished(text, read=read):
            return made
        begin = int(made.start[-1])
        state.lines -= int(np.count_nonzero(lines.start >= begin))
        state.rest = copied(block, begin)
        return made.pick(np.arange(len(made) - 1))

    @staticmethod
    def _exported(lines: Lines, block: Block, state: _Input, export: Export, *, last: bool) -> Lines:
        """The records of an export's lines; the last one waits when it may go on in the next block."""
        if not block.offset:  # the names of the columns
            lines = lines.pick(np.arange(1, len(lines)))
        made, waits = export.records(lines, last=last)
        if waits >= 0:
            state.lines -= int(np.count_nonzero(lines.start >= waits))
            state.rest = copied(block, waits)
        return made

    def legible(self, source: int, offset: int, raw: bytes) -> bytes:
        """A line of an input as people read it: of a capture its packet, in words."""
        capture = self._captures.get(source)
        return raw if capture is None else capture.text(offset, raw).encode()

    def status(self, source: int) -> ReadStatus:
        """Counts of one input; zeros before its first block."""
        if capture := self._captures.get(source):
            return ReadStatus(
                capture.kind.name,
                capture.packets,
                capture.events,
                capture.unread,
                tuple(capture.samples),
                ((capture.kind, capture.events),) if capture.events else (),
                newest=capture.newest,
                arrival=capture.arrival,
            )
        state, (told, ahead) = self._inputs.get(source), self._aheads.get(source, (None, None))
        if state is None:
            return ReadStatus("", 0, 0, 0, ())
        name = state.format.name if state.format else ""
        lines, events = (ahead.lines, ahead.events) if ahead is not None else (0, 0)
        by_name = {form.name: form for form in self._formats.known}
        return ReadStatus(
            name,
            state.lines + lines,
            state.events + events,
            state.unread,
            tuple(state.samples),
            tuple(
                (by_name[name], count) for name, count in (state.read + told.read if told else state.read).most_common()
            ),
            state.recognition,
            state.forced,
            max(state.newest, told.newest) if told else state.newest,
            max(state.arrival, told.arrival) if told else state.arrival,
            state.refused / max(1, state.looked),
        )

    def _open(self, source: Source) -> _Input:
        only, last = self._formats.only(source.path), None
        for form in (only,) if only is not None else self._formats.known:
            if source.last_line and form.claims(source.last_line):
                last = self._parser(form, source.id).line(source.last_line)
                break
        return _Input(Clock(source.modified_us, last, self._zone, self._year), Repeats(self._tables), only)

    def _others(self, sheet: Sheet, first: Format, owner: int, read: Counter[str]) -> None:
        """Offer the lines the input's own format left to the other formats: a syslog has everything in it."""
        left = sheet.left
        if not len(left):
            return
        together = _together(sheet, left)
        for form in self._formats.known:
            if form is first or not len(left) or (form.holds not in together and form.headers is None):
                continue
            if form.general and form.headers is not None:  # whose lines mean nothing without the first of the input
                continue
            rest = sheet.lines.pick(left)
            its = first_of(rest, form.holds) >= 0
            if form.headers is not None:
                its |= form.headers(rest)
            rows = left[its]
            if form.general and len(rows):  # a line that the input's own format knows and refuses is damaged
                rows = rows[np.array([not first.claims(sheet.lines.text(row)) for row in rows.tolist()], np.bool_)]
            self._offer(sheet, rows, form, owner, read)
            before, left = len(left), sheet.left
            together = together if len(left) == before else _together(sheet, left)

    def _offer(self, sheet: Sheet, rows: NDArray[np.int64], form: Format, owner: int, read: Counter[str]) -> None:
        """Offer lines to a format, and count those it reads. Objects are not for those that know none: what they find in one may
        be another's text."""
        if not form.objects:
            some = objects(sheet.lines.pick(rows) if len(rows) < len(sheet.lines) else sheet.lines)
            rows = rows[~some] if some.any() else rows
        part = sheet if len(rows) == len(sheet.lines) else Sheet(sheet.lines.pick(rows))
        if not len(rows):
            return
        fill(self._parser(form, owner), form, part)
        if part is not sheet:
            sheet.adopt(part, rows)
        taken = len(rows) - len(part.left)
        if taken:
            read[form.name] += taken

    def _assemble(self, sheet: Sheet, state: _Input, block: Block, origin: Lines) -> Events:
        """The events of a sheet; line i of `origin` is where its line i comes from."""
        state.legs.fill(sheet)
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
        if state.format is not None:
            some = left[:_LOOKED_AT].tolist()
            state.looked += len(some)
            state.refused += sum(state.format.claims(lines.text(row)) for row in some)
        for row in left[-_SAMPLES:].tolist():
            sample = harmless(lines.text(row)[:2000], 200)
            if sample not in state.samples:
                state.samples.append(sample)


def _together(sheet: Sheet, rows: NDArray[np.int64]) -> bytes:
    return b"\n".join([sheet.lines.text(row) for row in rows.tolist()])


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
