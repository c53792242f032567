"""A format made of its declaration: the extractor it names, behind the envelope it names. See `spec`."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.formats.base import Format, LineParser, Sample
from scantui.formats.body import MOST_ANCHOR, Body, WordBody
from scantui.formats.capture_header import CaptureHeaders
from scantui.formats.device_header import RESTS, AnyHeaders, DeviceHeaders, digits_alike
from scantui.formats.envelope import ProgramHeaders
from scantui.formats.fields import value_of
from scantui.formats.flow_flags import TOLD
from scantui.formats.groups import turn, turn_all
from scantui.formats.headed import Headed, header_lines
from scantui.formats.header_runs import Headers, fill_runs
from scantui.formats.icmp_version import settle, settle_all
from scantui.formats.json_body import json_bodies
from scantui.formats.layouts import constants, numbered
from scantui.formats.packet import COLUMNS as PACKET_COLUMNS
from scantui.formats.pairs import Pairs, PairsForm
from scantui.formats.patterns import Compile, ours
from scantui.formats.phrase import Phrase
from scantui.formats.phrase_book import PhraseBook
from scantui.formats.phrase_text import names_in
from scantui.formats.proto_fields import prune, prune_all
from scantui.formats.records import Records
from scantui.formats.separated import Separated
from scantui.formats.sheet import Record, Sheet
from scantui.formats.spec import FormatError, PhraseSpec, Spec, read_spec
from scantui.formats.value_forms import Said
from scantui.formats.values import Value
from scantui.safe_text import harmless
from scantui.tables import NO_ADDRESS, Tables

_FEW = 3  # headers of a kind that are worth a look together


_BARE = re.compile(rb"(?:<[0-9]{1,3}>)?\s*")


class _Declared:
    """The parser of one run."""

    def __init__(self, spec: Spec, tables: Tables, pattern: Compile) -> None:
        self._spec, self._tables = spec, tables
        anchored = spec.envelope != "none" and (spec.pairs is None or spec.body)
        # Without one the message is the line, or begins with its pairs.
        self._body: Body | WordBody | None = None
        if anchored and spec.from_word:
            self._body = WordBody(spec.holds[0])
        elif anchored:
            self._body = Body(spec.holds[0], spec.body, lambda name: value_of(name, tables, spec.words), pattern)
        self._headers = _headers(spec, tables, pattern)
        words = spec.words
        self._split = None
        if spec.split:
            judge = numbered(spec.layout, tables, words)
            self._split = Separated(spec.split.by.encode(), judge, quoted=spec.split.quoted, trim=spec.split.trim)
        self._headed = Headed(spec.headed, spec.layout, tables, words) if spec.headed else None
        known: dict[str, Value] = {}
        phrases = [
            (text, partial(_phrase, one, number, text, spec, tables, known))
            for one in spec.phrase
            for number, text in _texts(one, spec)
        ]
        silent = pattern(spec.silent) if spec.silent else None
        self._phrases = PhraseBook(phrases, silent) if phrases else None
        self._pairs = _pairs(spec, tables)

    def prove(self) -> None:
        """Make what is else made when it is needed. Raises ValueError."""
        if self._phrases is not None:
            self._phrases.make_all()

    # One line
    def line(self, text: bytes) -> Record | None:
        end, at = 0, 0
        told: Record = {}
        if self._body is not None:
            found = self._body.plain(text)
            said = None if found is None else self._body.said(text[slice(*found)])
            if found is None or said is None:
                return None
            (end, at), told = found, said
        elif self._pairs is not None:
            end = at = max(0, self._pairs.begin(text))
        message = self._message(text, at)
        if not message:
            return message
        message |= told
        bare = _BARE.fullmatch(text, 0, end) is not None
        envelope = {} if bare else self._headers.plain(text[:end])
        if envelope is None or not all(name in message for name in self._spec.need if name != "ts"):
            return None
        record = envelope | message
        if "month" in envelope and message.get("stamped"):
            record["month"] = message.get("month", 0)
        if "ts" in self._spec.need and not record.get("stamped"):
            return None
        if self._spec.groups:
            turn(record, self._tables.addresses)
        settle(record, self._tables.addresses)
        prune(record)
        return record

    def refusal(self, text: bytes) -> str:
        """What of a line that is not read is not as declared."""
        end, at = (0, 0) if self._body is None else self._body.plain(text) or (0, -1)
        if at < 0:
            return "body: nothing in the line is like it"
        message, shown = self._message(text, at), harmless(text[at:], 60)
        if not message:
            return f"'{shown}' is {'not as declared' if message is None else 'silent'}"
        header = self._headers.plain(text[:end]) if end else {}
        if header is None:
            return f"envelope: '{harmless(text[:end], 60)}' is no header of '{self._spec.envelope}'"
        known = {**header, **message, **({"ts": 1} if header.get("stamped") or message.get("stamped") else {})}
        return f"need: the line has no {', '.join(name for name in self._spec.need if name not in known)}"

    def _message(self, text: bytes, at: int) -> Record | None:
        if self._pairs is not None:
            return self._pairs.plain(text, at)
        text = text[at:]
        if self._split is not None:
            return self._split.plain(text)
        if self._headed is not None:
            return self._headed.plain(text)
        return self._phrases.plain(text) if self._phrases is not None else None

    # Many lines
    def fast(self, lines: Lines, sheet: Sheet) -> None:
        if self._body is None:
            rows, end, begin = np.arange(len(lines)), lines.start, lines.start
            told: list[tuple[NDArray[np.int64], Record]] = []
        else:
            rows, end, begin, told = self._body.bulk(lines)
        if not len(rows):
            return
        if self._split is not None:
            self._split.fill(lines, sheet, rows, begin)
        elif self._headed is not None:
            self._headed.fill(lines, sheet)
        elif self._pairs is not None:
            end = self._paired(self._pairs, lines, sheet, rows, end, begin)
        elif self._phrases is not None:
            self._phrases.fill(lines, sheet, rows, begin)
        for some, record in told:
            sheet.put_all(some, [(name, value, None) for name, value in record.items()], sheet.got[some])
        if self._spec.groups:
            turn_all(sheet, self._tables.addresses)
        settle_all(sheet, self._tables.addresses)
        prune_all(sheet)
        self._needed(sheet)
        if self._spec.envelope != "none":
            self._enveloped(lines, sheet, rows, end)
        if "ts" in self._spec.need:
            sheet.got &= sheet.column("stamped")

    def _paired(
        self, pairs: Pairs, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], end: Positions, begin: Positions
    ) -> Positions:
        """Read pairs; where the envelopes of `rows` end."""
        known = np.full(len(lines), -1, np.int64)
        if self._body is None:
            return np.maximum(pairs.fill(lines, sheet, known), lines.start)
        known[rows] = begin
        pairs.fill(lines, sheet, known)
        sheet.got &= known >= 0
        sheet.silent &= known >= 0
        return end

    def _enveloped(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], end: Positions) -> None:
        """Read the headers of lines whose messages were read; what a message says counts more than its header."""
        read = sheet.got[rows]
        rows, end = rows[read], end[read]
        apart = self._spec.envelope == "any" or sheet.columns.keys() & _HEADED
        head = Sheet(lines) if apart else sheet
        done = fill_runs(self._headers, lines, head, rows, end, _FEW)
        if head is not sheet:
            done[done] = sheet.underlay(head, rows[done])
        bare = rows[~done]  # a message that begins the line and has a stamp needs no header
        sheet.got[bare] &= (end[~done] == lines.start[bare]) & sheet.column("stamped")[bare]

    def _needed(self, sheet: Sheet) -> None:
        for name in self._spec.need:
            if name in ("src", "dst"):
                sheet.got &= sheet.column(name) != NO_ADDRESS


_HEADED = {"stamped", "sensor", "count", "rule", "action", "iface"}  # what headers say, too


def _headers(spec: Spec, tables: Tables, pattern: Compile) -> Headers:
    envelope = spec.envelope
    if envelope in RESTS:
        return DeviceHeaders(tables, envelope)
    if envelope == "any":
        before = pattern(f"(?:{spec.before})$") if spec.before else None
        return AnyHeaders(tables, before, digits_alike=digits_alike(spec.before))
    return CaptureHeaders(tables) if envelope == "capture" else ProgramHeaders(tables)


def _texts(one: PhraseSpec, spec: Spec) -> list[tuple[str, str]]:
    """The phrase's whole texts, each with its id."""
    texts = [one.text] if isinstance(one.text, str) else one.text
    whole = [spec.opening + text + ("" if text.endswith("{*}") else spec.closing) for text in texts]
    return [(number, f"{number}{text}") for number in one.ids or [""] for text in whole]


def _phrase(one: PhraseSpec, number: str, text: str, spec: Spec, tables: Tables, known: dict[str, Value]) -> Phrase:
    """One phrase; `known` are the values of the format's phrases so far."""

    def read(name: str) -> Value:
        field = name if "=" in name else one.fields.get(name) or spec.names.get(name, name)
        if field not in known:
            column, said, word = field.partition("=")
            if said:
                known[field] = Said(constants({column: word}, tables, spec.words))
            else:
                known[field] = value_of(field, tables, spec.words)
        return known[field]

    always = {name: said.replace("{id}", number) for name, said in one.always.items()}
    return Phrase(text, read, constants(always, tables, spec.words))


def _pairs(spec: Spec, tables: Tables) -> Pairs | None:
    said = spec.pairs
    if said is None:
        return None
    return Pairs(
        PairsForm(
            {key.encode(): value_of(field, tables, spec.words) for key, field in said.fields.items()},
            {int(number): value_of(field, tables, spec.words) for number, field in said.bars.items()},
            constants(said.always, tables, spec.words),
            [frozenset(names.encode().split(b"|")) for names in said.marks],
            [frozenset(names.encode().split(b"|")) for names in said.need],
            said.blanks,
            TOLD[said.flow] if said.flow else None,
            {key.encode(): frozenset(text.encode() for text in texts) for key, texts in said.silent.items()},
            said.rest_silent,
            said.colons,
        )
    )


def declared(path: Path) -> Format:
    """The format that a file of scantui's declares; its fields are tried when it is first used. Raises FormatError."""
    return made(read_spec(path), str(path))


def made(spec: Spec, path: str, pattern: Compile = ours, *, own: bool = False) -> Format:
    """The format that a declaration makes; of a user's `own` all is tried at once. Raises FormatError."""
    holds_all = tuple(text.encode() for text in spec.holds)

    def bind(tables: Tables) -> LineParser:
        try:
            if spec.json:
                return json_bodies(spec.json, spec, tables)
            parser = _Declared(spec, tables, pattern)
            if own:
                parser.prove()
            return parser
        except ValueError as error:
            raise FormatError(f"{path}: {error}") from error

    if spec.headed and not spec.claims:
        raise FormatError(f"{path}: claims: a format with [headed] needs it, for header lines too")
    if own:
        bind(Tables())
    claims, noise = (pattern(text) if text else None for text in (spec.claims, spec.noise))
    samples = tuple(
        Sample(
            one.line.encode(),
            {name: None if value == "null" else value for name, value in one.event.items()},
            one.header.encode(),
        )
        for one in spec.sample
    )
    return Format(
        spec.name,
        spec.title,
        _columns(spec),
        samples,
        lambda line: (
            (spec.headed is not None or all(text in line for text in holds_all))
            and (claims is None or claims.search(line) is not None)
        ),
        bind,
        holds_all[0][:MOST_ANCHOR],
        (lambda line: noise.search(line) is not None) if noise else None,
        Records(spec.record.begins.encode(), spec.record.continues.encode(), spec.json is not None)
        if spec.record
        else None,
        header_lines(spec.headed) if spec.headed else None,
        general=spec.general,
        objects=spec.json is not None,
        own=own,
    )


_HEADERS = {
    "none": (),
    "program": ("sensor", "count"),
    "any": ("sensor", "count"),
    "device": ("sensor", "count"),
    "router": ("sensor", "rule", "action"),
    "capture": ("iface", "sensor"),
}
_GIVES = {
    "source": ("src", "sport"),
    "source:colons": ("src", "sport", "iface"),
    "target": ("dst", "dport"),
    "source_type": ("src", "icmp_type"),
    "target_code": ("dst", "icmp_code"),
    "icmp": ("icmp_type", "icmp_code"),
    "icmp6": ("icmp_type", "icmp_code"),
    "proto": ("proto", "proto_num"),
    "time": ("ts",),
    "history": ("flags", "answered"),
    "state": ("flags", "answered"),
    "options": ("tcp_options",),
    "packets": ("count",),
    "generator": ("count",),
    "rule:ids": ("rule", "count"),
    "scan_notice": ("rule", "iface", "src", "dst"),
    "scan_packet": ("src", "dst"),
    "event": ("count",),
    "packet": PACKET_COLUMNS,
    "flag": ("flags",),
}


def _columns(spec: Spec) -> tuple[str, ...]:
    """The event columns that the declaration can give."""
    named = [name for one in spec.layout for name in (*one.fields.values(), *one.always)]
    for one in spec.phrase:
        names = names_in("".join(text for _, text in _texts(one, spec)))
        named += [one.fields.get(name) or spec.names.get(name, name) for name in names]
        named += one.always
    if spec.pairs:
        named += [*spec.pairs.fields.values(), *spec.pairs.bars.values(), *spec.pairs.always]
    if spec.json:
        named += [name for one in spec.json.case for name in (*one.fields.values(), *one.always)]
        named += spec.json.fields.values()
    named += re.findall(r"\(\?P<(\w+)>", spec.body)
    columns: dict[str, None] = {"ts": None}
    for name in named:
        if name.startswith("time:"):
            continue
        said, _, rest = name.partition(" ")
        column = re.split("[:=]", rest or name)[0]
        gives = _GIVES.get(name) or _GIVES.get(column, (column,))
        columns |= dict.fromkeys(() if said == "check" else gives[:1] if said == "host" else gives)
    for name in ("lasted", "zone", "micros", "back"):
        columns.pop(name, None)
    columns |= dict.fromkeys(_HEADERS[spec.envelope])
    return tuple(columns)
