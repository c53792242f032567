"""JSON objects in their envelopes: bare, or behind a syslog header and its tag (`suricata[12]: {`, `@cee: {`)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Positions
from scantui.columns.search import first_of
from scantui.formats.base import SMALL
from scantui.formats.envelope import Envelopes, header, program_rest
from scantui.formats.fields import value_of
from scantui.formats.flow_flags import told_by
from scantui.formats.groups import turn, turn_all
from scantui.formats.icmp_version import settle, settle_all
from scantui.formats.json_lines import JsonLines
from scantui.formats.json_plan import Case, Plans, wish
from scantui.formats.layouts import constants
from scantui.formats.proto_fields import prune, prune_all
from scantui.formats.sheet import STAMP_DTYPES, Record, Sheet
from scantui.formats.spec import JsonSpec, Spec
from scantui.tables import Tables

_OPEN = ord("{")
_IS_BLANK = np.zeros(256, np.bool_)
_IS_BLANK[list(b" \t")] = True
_INDENT = 4  # blanks before the objects of an indented list, at most


def json_bodies(said: JsonSpec, spec: Spec, tables: Tables) -> JsonBodies:
    """The parser that a declaration's [json] makes. Raises ValueError."""
    cases = [
        Case(
            {path: wish(wanted) for path, wanted in case.when.items()},
            tuple(case.fields.items()),
            constants(case.always, tables, spec.words),
            case.silent,
            told_by(case.flow),
        )
        for case in said.case
    ]
    plans = Plans(cases, said.fields.items())
    holds = [text.encode() for text in spec.holds]
    objects = JsonLines(plans, lambda name: value_of(name, tables, spec.words), spec.need, holds, inside=said.inside)
    return JsonBodies(objects, tables, groups=spec.groups)


class JsonBodies:
    """The parser of one run: lines that end in an object. `groups`: those that name a group as their source are turned around."""

    def __init__(self, objects: JsonLines, tables: Tables, *, groups: bool = False) -> None:
        self._objects, self._tables, self._groups = objects, tables, groups
        self._envelopes = Envelopes(tables, program_rest)

    def line(self, text: bytes) -> Record | None:
        at = text.find(b"{")
        if at < 0:
            return None
        envelope = header(text[:at], self._tables, program_rest) if text[:at].strip(b" \t") else {}
        message = None if envelope is None else self._objects.plain(text[at:])
        if envelope is None or not message:
            return message
        if message.get("stamped"):
            envelope = {name: value for name, value in envelope.items() if name not in STAMP_DTYPES}
        record = envelope | message
        if self._groups:
            turn(record, self._tables.addresses)
        settle(record, self._tables.addresses)
        prune(record)
        return record

    def fast(self, lines: Lines, sheet: Sheet) -> None:
        begin = lines.start
        for _ in range(_INDENT):
            begin = begin + _IS_BLANK[lines.u8[begin]]
        bare = lines.u8[begin] == _OPEN
        rows = np.flatnonzero(bare)
        if len(rows) >= SMALL:
            self._objects.fill(lines, sheet, rows, begin[rows])
        rest = np.flatnonzero(~bare)
        if len(rest) >= SMALL:
            self._rest(lines, sheet, rest)
        if self._groups:
            turn_all(sheet, self._tables.addresses)
        settle_all(sheet, self._tables.addresses)
        prune_all(sheet)

    def _rest(self, lines: Lines, sheet: Sheet, rest: NDArray[np.int64]) -> None:
        some = lines.pick(rest)
        at = first_of(some, b"{")
        inside = np.flatnonzero(at >= 0)
        if len(inside) >= SMALL:
            part = self._enveloped(some.pick(inside), at[inside])
            sheet.adopt(part, rest[inside])

    def _enveloped(self, lines: Lines, at: Positions) -> Sheet:
        """Lines whose object begins at `at`, behind a header."""
        head, body = Sheet(lines), Sheet(lines)
        rows = np.flatnonzero(self._envelopes.fill(lines, head, np.arange(len(lines)), at, SMALL))
        self._objects.fill(lines, body, rows, at[rows])
        host, named = head.column("sensor"), body.column("sensor")
        named[named == 0] = host[named == 0]
        bare = ~body.column("stamped")
        for name in STAMP_DTYPES.keys() & head.columns.keys():
            body.column(name)[bare] = head.columns[name][bare]
        return body
