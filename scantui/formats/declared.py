"""A format made of its declaration: the extractor it names, behind the envelope it names. See `spec`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.search import first_of
from scantui.formats.base import SMALL, Format, LineParser, Sample
from scantui.formats.envelope import Envelopes, header, program_rest
from scantui.formats.fields import value_of
from scantui.formats.pairs import Pairs
from scantui.formats.phrase import Phrase, holds
from scantui.formats.separated import Layout, Separated
from scantui.formats.sheet import Record, Sheet
from scantui.formats.spec import FormatError, LayoutSpec, PhraseSpec, Spec, read_spec
from scantui.formats.values import Value
from scantui.tables import NO_ADDRESS, Tables

_FEW = 3  # headers of a kind that are worth a look together
_MOST_JOINTS = 16  # texts between anchor and message that are learned in a block
_ANCHOR = 16  # bytes of the longest text that is searched for
_BARE = re.compile(rb"(?:<[0-9]{1,3}>)?\s*")


def _always(said: Mapping[str, str], tables: Tables, words: Mapping[str, Mapping[str, str]]) -> Record:
    """What `always` says, as columns."""
    record: Record = {}
    for name, text in said.items():
        part = value_of(name, tables, {} if name == "action" else words).plain(text.encode())
        if part is None or not part:
            raise ValueError(f"always.{name}: '{text}' says nothing")
        record |= part
    return record


class _Judge:
    """Chooses a layout by the fields its `when` names, asking for one field after the other."""

    def __init__(self, specs: list[LayoutSpec], tables: Tables, words: Mapping[str, Mapping[str, str]]) -> None:
        self._cases: list[tuple[dict[int, frozenset[bytes]], int, int, Layout]] = []
        for spec in specs:
            when = {
                int(number): frozenset(t.encode() for t in ([texts] if isinstance(texts, str) else texts))
                for number, texts in spec.when.items()
            }
            values = tuple((int(number), value_of(field, tables, words)) for number, field in spec.fields.items())
            least = max([spec.least, *(number + 1 for number, _ in values), *(number + 1 for number in when)])
            self._cases.append((when, least, spec.most, Layout(values, _always(spec.always, tables, words))))

    def __call__(self, count: int, known: Mapping[int, bytes]) -> int | Layout | None:
        for when, least, most, layout in self._cases:
            if not least <= count <= most:
                continue
            if any(number in known and known[number] not in texts for number, texts in when.items()):
                continue
            return next((number for number in when if number not in known), layout)
        return None


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
        self._body = _Body(spec.holds[0], spec.body) if spec.envelope == "program" else None
        self._envelopes = Envelopes(tables, program_rest)
        words = spec.words
        self._split = Separated(spec.split.by.encode(), _Judge(spec.layout, tables, words)) if spec.split else None
        self._phrases = [_phrase(one, spec, tables) for one in spec.phrase]
        self._pairs = _pairs(spec, tables)

    # One line
    def line(self, text: bytes) -> Record | None:
        envelope: Record | None = {}
        at = 0
        if self._body is not None:
            found = self._body.plain(text)
            if found is None:
                return None
            end, at = found
            bare = _BARE.fullmatch(text, 0, end) is not None
            envelope = {} if bare else header(text[:end], self._tables, program_rest)
        message = None if envelope is None else self._message(text[at:])
        if envelope is None or message is None or not all(name in message for name in self._spec.need):
            return None
        return envelope | message

    def _message(self, text: bytes) -> Record | None:
        if self._split is not None:
            return self._split.plain(text)
        if self._pairs is not None:
            return self._pairs.plain(text)
        return next((found for one in self._phrases if (found := one.plain(text)) is not None), None)

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
        elif self._pairs is not None:
            self._pairs.fill(lines, sheet)
        for phrase in self._phrases:
            left = ~sheet.got[rows]
            if np.count_nonzero(left) >= _FEW:
                phrase.fill(lines, sheet, rows[left], begin[left])
        self._needed(sheet)
        if self._body is not None:
            read = sheet.got[rows]
            done = np.zeros(len(rows), np.bool_)
            done[read] = self._envelopes.fill(lines, sheet, rows[read], end[read], _FEW)
            stamped = np.array("stamped" in sheet.columns)  # a stamp in the message needs none in the envelope
            sheet.got[rows[~done]] = (
                False if not stamped else sheet.got[rows[~done]] & (end == lines.start[rows])[~done]
            )

    def _needed(self, sheet: Sheet) -> None:
        for name in self._spec.need:
            if name in ("src", "dst"):
                sheet.got &= sheet.column(name) != NO_ADDRESS


def _phrase(one: PhraseSpec, spec: Spec, tables: Tables) -> Phrase:
    names = set(re.findall(r"\{([a-z_0-9]+)\}", one.text))
    values: dict[str, Value] = {name: value_of(spec.names.get(name, name), tables, spec.words) for name in names}
    return Phrase(one.text, values, _always(one.always, tables, spec.words))


def _pairs(spec: Spec, tables: Tables) -> Pairs | None:
    if spec.pairs is None:
        return None
    values = {key: value_of(field, tables, spec.words) for key, field in spec.pairs.fields.items()}
    need = {key.encode() for key in spec.pairs.need}
    return Pairs(values, _always(spec.pairs.always, tables, spec.words), lambda keys: need <= keys)


def declared(path: Path, *, check: bool = False) -> Format:
    """The format that a file declares; with `check` its fields are tried at once, else when it is first used. Raises
    FormatError."""
    spec = read_spec(path)
    holds_all = tuple(text.encode() for text in spec.holds)

    def bind(tables: Tables) -> LineParser:
        try:
            return _Declared(spec, tables)
        except (ValueError, re.error) as error:
            raise FormatError(f"{path}: {error}") from error

    if check:
        bind(Tables())
    samples = tuple(
        Sample(one.line.encode(), {name: None if value == "null" else value for name, value in one.event.items()})
        for one in spec.sample
    )
    return Format(
        spec.name,
        spec.title,
        _columns(spec),
        samples,
        lambda line: all(text in line for text in holds_all),
        bind,
        holds_all[0][:_ANCHOR],
    )


_GIVES = {
    "source": ("src", "sport"),
    "target": ("dst", "dport"),
    "proto": ("proto", "proto_num"),
    "time": ("ts",),
    "options": ("tcp_options",),
}


def _columns(spec: Spec) -> tuple[str, ...]:
    """The event columns that the declaration can give."""
    named = [name for one in spec.layout for name in (*one.fields.values(), *one.always)]
    named += [spec.names.get(n, n) for one in spec.phrase for n in re.findall(r"\{([a-z_0-9]+)\}", one.text)]
    named += [name for one in spec.phrase for name in one.always]
    if spec.pairs:
        named += [*spec.pairs.fields.values(), *spec.pairs.always]
    columns: dict[str, None] = {"ts": None}
    for name in named:
        column = name.partition(":")[0]
        columns |= dict.fromkeys(_GIVES.get(column, (column,)))
    if spec.envelope == "program":
        columns |= {"sensor": None, "count": None}
    return tuple(columns)
