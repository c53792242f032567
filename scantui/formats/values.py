"""Values: how the text of one field becomes event columns, plainly for one line and in bulk for all.

Every value has both forms, and the bulk form must agree with the plain one on every field it does not leave to it. A field
that says nothing (`-`, empty) is null; one that cannot be what it should be makes the line unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, Words64
from scantui.columns.numbers import ipv4, uint_long
from scantui.columns.words import UNCLAIMED, WordTable
from scantui.formats.sheet import FILLS, Record
from scantui.tables import HANDLES_FROM, Tables

Column = tuple[str, Any, "Mask | None"]  # name, values, which rows have one (None: all)
NOTHING = (b"", b"-")  # texts that stand for "not said"
_DIGITS = re.compile(rb"[0-9]{1,15}")
_NAME = re.compile(rb"(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_.-]{1,255}")
_MOST_RECORDS = 1 << 16


class Value(Protocol):
    """One field's reader."""

    def plain(self, token: bytes) -> Record | None:
        """The columns of a field; {} when it says nothing, None when it is damaged."""

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        """The columns of the fields `start[i]:end[i]`, and which were read; the others are left to `plain`."""


class Sweeping(Value, Protocol):
    """A reader of fields that mostly show by themselves where they end: by the first byte that is not in `alphabet`."""

    alphabet: bytes

    def sweep(self, lines: Lines, start: Positions) -> tuple[list[Column], Positions, Mask]:
        """As `bulk`, with the position after each field that was read."""


def sweeping(value: Value | None) -> Sweeping | None:
    """The value, if it is a sweeping one."""
    return cast("Sweeping", value) if hasattr(value, "sweep") else None


def _null(lines: Lines, start: Positions, end: Positions, nothing: Collection[bytes]) -> Mask:
    width = end - start
    null = (width == 0) if b"" in nothing else np.zeros(len(start), np.bool_)
    if b"-" in nothing:
        null = null | ((width == 1) & (lines.u8[start] == 45))
    return null


class Number:
    """A decimal number of up to 15 digits, at most `largest`; with `joint` only what stands before that byte counts."""

    alphabet = b"0123456789"

    def __init__(
        self,
        column: str,
        largest: int,
        nothing: Collection[bytes] = NOTHING,
        joint: bytes | None = None,
        unit: int = 1,
    ) -> None:
        self._column, self._largest, self._nothing, self._joint = column, largest, nothing, joint
        self._unit = unit

    @property
    def bare(self) -> bool:
        """Whether nothing may stand behind the number."""
        return not self._joint

    @property
    def whole(self) -> tuple[str, int] | None:
        """The column and its largest value, where a number is its own value."""
        return (self._column, self._largest) if self._unit == 1 else None

    def plain(self, token: bytes) -> Record | None:
        if self._joint:
            token = token.partition(self._joint)[0]
        if token in self._nothing:
            return {}
        if not _DIGITS.fullmatch(token) or int(token) > self._largest:
            return None
        return {self._column: int(token) * self._unit}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        value, digits = uint_long(lines, start)
        whole = digits == end - start
        if self._joint:
            whole |= (digits < end - start) & (lines.u8[start + digits] == self._joint[0])
        good = whole & (digits >= 1) & (digits <= 15) & (value <= self._largest)
        if good.all() and b"0" not in self._nothing:
            return [(self._column, value * self._unit if self._unit > 1 else value, None)], good
        null = _null(lines, start, end, self._nothing)
        if b"0" in self._nothing:
            null |= (end - start == 1) & (lines.u8[start] == 48)
            return [(self._column, value * self._unit, good & ~null)], good | null
        return [(self._column, value * self._unit, good)], good | null

    def sweep(self, lines: Lines, start: Positions) -> tuple[list[Column], Positions, Mask]:
        value, digits = uint_long(lines, np.minimum(start, lines.size))
        good = (digits >= 1) & (digits <= 15) & (value <= self._largest)
        has = (digits != 1) | (value != 0) if b"0" in self._nothing else None
        return [(self._column, value * self._unit if self._unit > 1 else value, has)], start + digits, good


class Words:
    """A text of which a log has few different ones; `meaning` gives its columns, {} for nothing, None when it is damaged."""

    def __init__(
        self,
        meaning: Callable[[bytes], Record | None],
        columns: Sequence[str],
        blind: Callable[[Words64], None] | None = None,
    ) -> None:
        self._meaning, self._columns, self._blind = meaning, tuple(columns), blind
        self._reset()

    def _reset(self) -> None:
        self._records: list[Record] = []
        self._table = WordTable(self._number, blind=self._blind)
        self._arrays: dict[str, tuple[NDArray[Any], Mask]] = {}

    def _number(self, token: bytes) -> int:
        record = self._meaning(token)
        if record is None:
            return UNCLAIMED
        self._records.append(record)
        return len(self._records) - 1

    def plain(self, token: bytes) -> Record | None:
        return self._meaning(token)

    def _column(self, name: str) -> tuple[NDArray[Any], Mask]:
        made = self._arrays.get(name)
        if made is None or len(made[0]) != len(self._records):
            fill = FILLS.get(name, 0)
            values = np.array([record.get(name, fill) for record in self._records], np.int64)
            has = np.array([name in record for record in self._records], np.bool_)
            made = self._arrays[name] = values, has
        return made

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        if len(self._records) > _MOST_RECORDS:
            self._reset()
        number = self._table.look_up(lines, start, end)
        ok = number != UNCLAIMED
        if not self._records:
            return [], ok
        at = np.maximum(number, 0)
        made: list[Column] = []
        for name in self._columns:
            values, has = self._column(name)
            if has.any():
                made.append((name, values[at], None if has.all() else has[at]))
        return made, ok


class Address:
    """An IPv4 or IPv6 address; brackets may stand around the latter. With `names` a host's name says nothing."""

    alphabet = b"0123456789."

    def __init__(self, column: str, tables: Tables, nothing: Collection[bytes] = (), *, names: bool = False) -> None:
        self._column, self._tables, self._nothing, self._names = column, tables, nothing, names
        self._others = Words(self.plain, (column,))

    def plain(self, token: bytes) -> Record | None:
        if token in self._nothing:
            return {}
        try:
            return {self._column: self._tables.addresses.code(token.strip(b"[]"))}
        except ValueError:
            return {} if self._names and _NAME.fullmatch(token) else None

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        address, at, ok = ipv4(lines, start)
        ok &= (at == end) & (address < HANDLES_FROM)
        if ok.all():
            return [(self._column, address, None)], ok
        rest = np.flatnonzero(~ok)
        columns, good = self._others.bulk(lines, start[rest], end[rest])
        has = ok.copy()
        for _, values, where in columns:
            address[rest] = values.astype(np.uint32)
            has[rest] = good if where is None else good & where
        ok[rest] = good
        return [(self._column, address, has)], ok

    def sweep(self, lines: Lines, start: Positions) -> tuple[list[Column], Positions, Mask]:
        address, at, ok = ipv4(lines, np.minimum(start, lines.size))
        return [(self._column, address, None)], at, ok & (address < HANDLES_FROM)


class Endpoint:
    """Address and port joined by one byte: `192.0.2.1:53`, `192.0.2.1/53`, `[2001:db8::1]:53`; the last such byte counts. With
    `loose` an address may stand without a port."""

    def __init__(
        self,
        address: str,
        port: str,
        tables: Tables,
        joint: bytes = b":",
        *,
        loose: bool = False,
        largest: int = 65_535,
    ) -> None:
        self._names, self._joint, self._loose = (address, port), joint, loose
        self.alphabet = b"0123456789." + joint
        self._address = Address(address, tables)
        self._port = Number(port, largest, ())
        self._others = Words(self.plain, self._names)

    def plain(self, token: bytes) -> Record | None:
        host, joint, port = token.rpartition(self._joint)
        address = self._address.plain(host) if joint else None
        if address is None:
            return self._address.plain(token) if self._loose else None
        number = self._port.plain(port)
        return None if number is None else address | number

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, at, ok = self.sweep(lines, start)
        ok &= at == end
        rest = np.flatnonzero(~ok)
        if not len(rest):
            return columns, ok
        (_, address, _), (_, port, has_port) = columns
        has_address, has_port = np.ones(len(ok), np.bool_), ok.copy() if has_port is None else has_port & ok
        part, ok[rest] = self._others.bulk(lines, start[rest], end[rest])
        for name, values, where in part:
            (address if name == self._names[0] else port)[rest] = values
            (has_address if name == self._names[0] else has_port)[rest] = True if where is None else where
        return [(self._names[0], address, has_address), (self._names[1], port, has_port)], ok

    def sweep(self, lines: Lines, start: Positions) -> tuple[list[Column], Positions, Mask]:
        address, at, ok = ipv4(lines, np.minimum(start, lines.size))
        ok &= address < HANDLES_FROM
        joined = lines.u8[at] == self._joint[0]
        (column,), end, good = self._port.sweep(lines, at + 1)
        if not self._loose:
            return [(self._names[0], address, None), column], end, ok & joined & good
        ported = joined & good
        return (
            [(self._names[0], address, None), (*column[:2], ported)],
            np.where(ported, end, at),
            ok & (ported | ~joined),
        )
