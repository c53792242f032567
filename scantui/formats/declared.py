"""A format made of its declaration: the extractor it names, behind the envelope it names. See `spec`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.search import first_of, holds
from scantui.formats.base import SMALL, Format, LineParser, Sample
from scantui.formats.capture_header import CaptureHeaders
from scantui.formats.device_header import RESTS, DeviceHeaders
from scantui.formats.envelope import ProgramHeaders
from scantui.formats.fields import value_of
from scantui.formats.headed import Headed, header_lines
from scantui.formats.icmp_version import settle, settle_all
from scantui.formats.json_body import JsonBodies
from scantui.formats.json_lines import JsonLines
from scantui.formats.json_plan import Case, Plans, texts
from scantui.formats.layouts import constants, numbered
from scantui.formats.pairs import Pairs
from scantui.formats.phrase import Phrase
from scantui.formats.phrase_book import PhraseBook
from scantui.formats.phrase_text import form
from scantui.formats.records import Records
from scantui.formats.separated import Separated
from scantui.formats.sheet import Record, Sheet
from scantui.formats.spec import FormatError, JsonSpec, PhraseSpec, Spec, read_spec
from scantui.formats.value_forms import Said
from scantui.formats.values import Value
from scantui.tables import NO_ADDRESS, Tables

_FEW = 3  # headers of a kind that are worth a look together
_MOST_JOINTS = 16  # texts between anchor and message that are learned in a block
_ANCHOR = 16  # bytes of the longest text that is searched for


class Headers(Protocol):
    """What stands before a message."""

    def plain(self, text: bytes) -> Record | None: ...

    def fill(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], anchor: Positions, least: int
    ) -> NDArray[np.bool_]: ...


_BARE = re.compile(rb"(?:<[0-9]{1,3}>)?\s*")


class _Body:
    """Finds where messages begin: an anchor text that all have, then what the pattern allows between it and the message."""

    def __init__(self, anchor: str, pattern: str) -> None:
        self._anchor = anchor.encode()[:_ANCHOR]
        self._pattern = re.compile(pattern.encode() if pattern else re.escape(anchor.encode()))
        self._joints: list[bytes] = []

    def plain(self, text: bytes) -> tuple[int, int] | None:
        """(where the envelope ends, where the message begins)."""
        match = self._pattern.search(text)
        return None if match is None else match.span()

    def bulk(self, lines: Lines) -> tuple[NDArray[np.int64], Positions, Positions]:
        """(rows, where their envelope ends, where their message begins)."""
        anchor = first_of(lines, self._anchor)
        rows = np.flatnonzero(anchor >= 0)
        envelope, begin = np.full(len(lines), -1, np.int64), np.full(len(lines), -1, np.int64)
        joints = list(self._joints)
        learned = 0
        while len(rows) >= SMALL:
            if not joints:
                row, learned = int(rows[0]), learned + 1
                text = lines.text(row)
                at = int(anchor[row] - lines.start[row])
                match = self._pattern.match(text, at)
                if match is None or learned > _MOST_JOINTS:
                    rows = rows[1:] if learned <= _MOST_JOINTS else rows[:0]
                    continue
                joints.append(match[0])
                self._joints = [*self._joints, match[0]][-_MOST_JOINTS:]
            joint = joints.pop(0)
            same = holds(lines, anchor[rows], joint)
            envelope[rows[same]] = anchor[rows[same]]
            begin[rows[same]] = anchor[rows[same]] + len(joint)
            rows = rows[~same]
        found = np.flatnonzero(begin >= 0)
        found = found[begin[found] <= lines.end[found]]
        return found, envelope[found], begin[found]


class _Declared:
    """The parser of one run."""

    def __init__(self, spec: Spec, tables: Tables) -> None:
        self._spec, self._tables = spec, tables
        self._body = None if spec.envelope == "none" else _Body(spec.holds[0], spec.body)
        self._headers = _headers(spec.envelope, tables)
        words = spec.words
        self._split = None
        if spec.split:
            judge = numbered(spec.layout, tables, words)
            self._split = Separated(spec.split.by.encode(), judge, quoted=spec.split.quoted)
        self._headed = Headed(spec.headed, spec.layout, tables, words) if spec.headed else None
        phrases = [_phrase(one, number, text, spec, tables) for one in spec.phrase for number, text in _texts(one, spec)]
        self._phrases = PhraseBook(phrases, spec.silent) if phrases else None
        self._pairs = _pairs(spec, tables)

    # One line
    def line(self, text: bytes) -> Record | None:
        end, at = 0, 0
        if self._body is not None:
            found = self._body.plain(text)
            if found is None:
                return None
            end, at = found
        message = self._message(text[at:])
        if not message:
            return message
        bare = _BARE.fullmatch(text, 0, end) is not None
        envelope = {} if bare else self._headers.plain(text[:end])
        if envelope is None or not all(name in message for name in self._spec.need):
            return None
        record = envelope | message
        settle(record, self._tables.addresses)
        return record

    def _message(self, text: bytes) -> Record | None:
        if self._split is not None:
            return self._split.plain(text)
        if self._headed is not None:
            return self._headed.plain(text)
        if self._pairs is not None:
            return self._pairs.plain(text)
        return self._phrases.plain(text) if self._phrases is not None else None

    # Many lines
    def fast(self, lines: Lines, sheet: Sheet) -> None:
        if self._body is None:
            rows, begin = np.arange(len(lines)), lines.start
        else:
            rows, end, begin = self._body.bulk(lines)
        if not len(rows):
            return
        if self._split is not None:
            self._split.fill(lines, sheet, rows, begin)
        elif self._headed is not None:
            self._headed.fill(lines, sheet)
        elif self._pairs is not None:
            self._pairs.fill(lines, sheet)
        elif self._phrases is not None:
            self._phrases.fill(lines, sheet, rows, begin)
        self._needed(sheet)
        settle_all(sheet, self._tables.addresses)
        if self._body is not None:
            read = sheet.got[rows]
            done = np.zeros(len(rows), np.bool_)
            done[read] = self._headers.fill(lines, sheet, rows[read], end[read], _FEW)
            stamped = np.array("stamped" in sheet.columns)  # a stamp in the message needs none in the envelope
            sheet.got[rows[~done]] = (
                False if not stamped else sheet.got[rows[~done]] & (end == lines.start[rows])[~done]
            )

    def _needed(self, sheet: Sheet) -> None:
        for name in self._spec.need:
            if name in ("src", "dst"):
                sheet.got &= sheet.column(name) != NO_ADDRESS


def _headers(envelope: str, tables: Tables) -> Headers:
    if envelope in RESTS:
        return DeviceHeaders(tables, envelope)
    return CaptureHeaders(tables) if envelope == "capture" else ProgramHeaders(tables)


def _texts(one: PhraseSpec, spec: Spec) -> list[tuple[str, str]]:
    """The phrase's whole texts, each with its id."""
    texts = [one.text] if isinstance(one.text, str) else one.text
    return [(number, f"{number}{spec.opening}{text}") for number in one.ids or [""] for text in texts]


def _phrase(one: PhraseSpec, number: str, text: str, spec: Spec, tables: Tables) -> Phrase:
    values: dict[str, Value] = {}
    for name in form(text).names():
        column, said, word = name.partition("=")
        if said:
            values[name] = Said(constants({column: word}, tables, spec.words))
        else:
            values[name] = value_of(one.fields.get(name) or spec.names.get(name, name), tables, spec.words)
    always = {name: said.replace("{id}", number) for name, said in one.always.items()}
    return Phrase(text, values, constants(always, tables, spec.words))


def _pairs(spec: Spec, tables: Tables) -> Pairs | None:
    if spec.pairs is None:
        return None
    values = {key: value_of(field, tables, spec.words) for key, field in spec.pairs.fields.items()}
    need = {key.encode() for key in spec.pairs.need}
    return Pairs(values, constants(spec.pairs.always, tables, spec.words), lambda keys: need <= keys)


def _objects(said: JsonSpec, spec: Spec, tables: Tables) -> JsonBodies:
    cases = [
        Case(
            {path: texts(wanted) for path, wanted in case.when.items()},
            tuple(case.fields.items()),
            constants(case.always, tables, spec.words),
            case.silent,
            case.flow,
        )
        for case in said.case
    ]
    objects = JsonLines(
        Plans(cases, said.fields.items()), lambda name: value_of(name, tables, spec.words), spec.need, [text.encode() for text in spec.holds]
    )
    return JsonBodies(objects, tables)


def declared(path: Path, *, check: bool = False) -> Format:
    """The format that a file declares; with `check` its fields are tried at once, else when it is first used. Raises
    FormatError."""
    spec = read_spec(path)
    holds_all = tuple(text.encode() for text in spec.holds)

    def bind(tables: Tables) -> LineParser:
        try:
            return _objects(spec.json, spec, tables) if spec.json else _Declared(spec, tables)
        except (ValueError, re.error) as error:
            raise FormatError(f"{path}: {error}") from error

    if check:
        bind(Tables())
    claims, noise = (re.compile(text.encode()) if text else None for text in (spec.claims, spec.noise))
    samples = tuple(
        Sample(one.line.encode(), {name: None if value == "null" else value for name, value in one.event.items()})
        for one in spec.sample
    )
    return Format(
        spec.name,
        spec.title,
        _columns(spec),
        samples,
        lambda line: all(text in line for text in holds_all) and (claims is None or claims.search(line) is not None),
        bind,
        holds_all[0][:_ANCHOR],
        (lambda line: noise.search(line) is not None) if noise else None,
        Records(spec.record.begins.encode(), spec.record.continues.encode()) if spec.record else None,
        header_lines(spec.headed) if spec.headed else None,
    )


_HEADERS = {
    "none": (),
    "program": ("sensor", "count"),
    "device": ("sensor", "count"),
    "router": ("sensor", "rule", "action"),
    "capture": ("iface",),
}
_GIVES = {
    "source": ("src", "sport"),
    "target": ("dst", "dport"),
    "source_type": ("src", "icmp_type"),
    "target_code": ("dst", "icmp_code"),
    "icmp": ("icmp_type", "icmp_code"),
    "icmp6": ("icmp_type", "icmp_code"),
    "proto": ("proto", "proto_num"),
    "time": ("ts",),
    "history": ("flags", "answered"),
    "options": ("tcp_options",),
}


def _columns(spec: Spec) -> tuple[str, ...]:
    """The event columns that the declaration can give."""
    named = [name for one in spec.layout for name in (*one.fields.values(), *one.always)]
    for one in spec.phrase:
        names = [name for _, text in _texts(one, spec) for name in form(text).names()]
        named += [one.fields.get(name) or spec.names.get(name, name) for name in names]
        named += one.always
    if spec.pairs:
        named += [*spec.pairs.fields.values(), *spec.pairs.always]
    if spec.json:
        named += [name for one in spec.json.case for name in (*one.fields.values(), *one.always)]
        named += spec.json.fields.values()
    columns: dict[str, None] = {"ts": None}
    for name in named:
        said, _, rest = name.partition(" ")
        column = re.split("[:=]", rest or name)[0]
        gives = _GIVES.get(column, (column,))
        columns |= dict.fromkeys(() if said == "check" else gives[:1] if said == "host" else gives)
    columns.pop("lasted", None)
    columns |= dict.fromkeys(_HEADERS[spec.envelope])
    return tuple(columns)
