"""Values made of values, and numbers in hexadecimal."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import numpy as np

from scantui.columns.lines import LOW, Lines, Mask, Positions, find_byte, word
from scantui.columns.numbers import hex_until
from scantui.formats.column_parts import merged
from scantui.formats.sheet import Record
from scantui.formats.values import Column, Number, Sweeping, Value, Words, sweeping

_FAR = 64  # bytes


class Only:
    """A value that must be right, of which only the columns `keep` are told."""

    def __init__(self, value: Value, keep: Collection[str]) -> None:
        self._value, self._keep = value, keep

    def plain(self, token: bytes) -> Record | None:
        record = self._value.plain(token)
        return None if record is None else {name: said for name, said in record.items() if name in self._keep}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        return [column for column in columns if column[0] in self._keep], ok


class SweptOnly(Only):
    """`Only` of a value that shows its own end."""

    def __init__(self, value: Sweeping, keep: Collection[str]) -> None:
        super().__init__(value, keep)
        self._sweeping, self.alphabet = value, value.alphabet

    def sweep(self, lines: Lines, start: Positions) -> tuple[list[Column], Positions, Mask]:
        columns, end, ok = self._sweeping.sweep(lines, start)
        return [column for column in columns if column[0] in self._keep], end, ok


def only(value: Value, keep: Collection[str]) -> Value:
    """A value that must be right, of which only the columns `keep` are told."""
    swept = sweeping(value)
    return Only(value, keep) if swept is None else SweptOnly(swept, keep)


class OneOf:
    """The first of several values that can be read."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values = values

    def plain(self, token: bytes) -> Record | None:
        return next((found for value in self._values if (found := value.plain(token)) is not None), None)

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._values[0].bulk(lines, start, end)
        for value in self._values[1:]:
            rest = np.flatnonzero(~ok)
            if len(rest):
                part, good = value.bulk(lines, start[rest], end[rest])
                columns, ok[rest] = merged(columns, rest, part, len(ok)), good
        return columns, ok


class OrNothing:
    """A value of these columns that says nothing where it cannot be read."""

    def __init__(self, value: Value, columns: Sequence[str]) -> None:
        self._value = value
        self._others = Words(self.plain, columns)

    def plain(self, token: bytes) -> Record | None:
        return self._value.plain(token) or {}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        rest = np.flatnonzero(~ok)
        if len(rest):
            part, good = self._others.bulk(lines, start[rest], end[rest])
            columns, ok[rest] = merged(columns, rest, part, len(ok)), good
        return columns, ok


class Beginning:
    """A value that says nothing unless it begins with one of these texts, all of one length up to eight bytes."""

    def __init__(self, value: Value, texts: Sequence[bytes]) -> None:
        self._value, self._texts, self._size = value, frozenset(texts), len(texts[0])
        self._words = [word(text) for text in texts]

    def plain(self, token: bytes) -> Record | None:
        return self._value.plain(token) if token[: self._size] in self._texts else {}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        window = lines.w8[start] & LOW[self._size]
        begins: Mask = np.zeros(len(start), np.bool_)
        for text in self._words:
            begins |= window == text
        begins &= end - start >= self._size
        rows = np.flatnonzero(begins)
        if not len(rows):
            return [], ~begins
        columns, ok = self._value.bulk(lines, start[rows], end[rows])
        whole = np.ones(len(start), np.bool_)
        whole[rows] = ok
        return merged([], rows, columns, len(start)), whole


class Anything:
    """A text that says nothing."""

    def plain(self, token: bytes) -> Record | None:  # noqa: ARG002
        return {}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:  # noqa: ARG002
        return [], np.ones(len(start), np.bool_)


class Said:
    """What an optional part says by being there."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def plain(self, token: bytes) -> Record | None:  # noqa: ARG002
        return dict(self._record)

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:  # noqa: ARG002
        return [(name, value, None) for name, value in self._record.items()], np.ones(len(start), np.bool_)


class HexNumber:
    """A number of one to eight hexadecimal digits after `0x`, at most `largest`; with `empty` there may be none."""

    _FORM = re.compile(rb"0[xX][0-9A-Fa-f]{1,8}")

    def __init__(self, column: str, largest: int, *, empty: bool = False) -> None:
        self._column, self._largest, self._empty = column, largest, empty

    def plain(self, token: bytes) -> Record | None:
        if not token and self._empty:
            return {}
        if not self._FORM.fullmatch(token) or int(token, 16) > self._largest:
            return None
        return {self._column: int(token, 16)}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        size = end - start
        value, ok = hex_until(lines, start + 2, end)
        ok &= (lines.u8[start] == 48) & ((lines.u8[start + 1] | np.uint8(32)) == 120)
        ok &= value <= self._largest
        return [(self._column, value, ok)], ok | (self._empty & (size == 0))


class Plus:
    """A number and what the log leaves out of it."""

    def __init__(self, value: Value, more: int) -> None:
        self._value, self._more = value, more

    def plain(self, token: bytes) -> Record | None:
        found = self._value.plain(token)
        return found and {name: value + self._more for name, value in found.items()}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        return [(name, values + self._more, where) for name, values, where in columns], ok


class AtLeastOne:
    """A number that counts as one where it is 0."""

    def __init__(self, value: Number) -> None:
        self._value = value

    def plain(self, token: bytes) -> Record | None:
        found = self._value.plain(token)
        return found and {name: max(1, value) for name, value in found.items()}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        return [(name, np.maximum(values, 1), where) for name, values, where in columns], ok


class Until:
    """What stands before the first of a byte, or all where there is none."""

    def __init__(self, value: Value, byte: bytes) -> None:
        self._value, self._byte = value, byte

    def plain(self, token: bytes) -> Record | None:
        return self._value.plain(token.partition(self._byte)[0])

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        cut = find_byte(lines, start, self._byte[0], _FAR)
        found = (cut >= 0) & (cut < end)
        columns, ok = self._value.bulk(lines, start, np.where(found, cut, end))
        return columns, ok & (found | (end - start <= _FAR))


class Ended:
    """A value, perhaps with a byte after it."""

    def __init__(self, value: Value, byte: bytes) -> None:
        self._value, self._byte = value, byte

    def plain(self, token: bytes) -> Record | None:
        return self._value.plain(token.removesuffix(self._byte))

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        return self._value.bulk(lines, start, end - ((end > start) & (lines.u8[end - 1] == self._byte[0])))


class With:
    """A value, and what else it tells by saying something."""

    def __init__(self, value: Value, more: Record) -> None:
        self._value, self._more = value, more

    def plain(self, token: bytes) -> Record | None:
        found = self._value.plain(token)
        return found and found | self._more

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        more: list[Column] = [(name, told, where) for _, _, where in columns[:1] for name, told in self._more.items()]
        return [*columns, *more], ok


class InUtc:
    """A time that is UTC where it names no zone."""

    def __init__(self, value: Value) -> None:
        self._value = value

    def plain(self, token: bytes) -> Record | None:
        found = self._value.plain(token)
        return found and {**found, "zoned": True}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._value.bulk(lines, start, end)
        return [(name, True if name == "zoned" else values, where) for name, values, where in columns], ok
