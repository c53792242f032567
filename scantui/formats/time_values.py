"""Times as values: ISO 8601, epochs, and stamps by a pattern, with or without a fraction.

They give `civil` (microseconds since 1970 as the clock shows it), `month` where the stamp has no year, `zoned`, `fraction` and
`stamped`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from scantui.columns.civil import SECOND, iso_stamps
from scantui.columns.lines import Lines, Mask, Positions, find_byte
from scantui.columns.numbers import uint_long, uint_until
from scantui.columns.runs import first_of_runs, run_of
from scantui.columns.stamp_layout import StampLayout
from scantui.formats.sheet import Record
from scantui.formats.stamp import iso_stamp
from scantui.formats.values import Column, Words

_MICROS = 7  # bytes of a point and microseconds
_TENS = 10 ** np.arange(10)


class IsoTime:
    """`2000-01-25T03:14:01.125Z` and its kin; see `columns.civil`."""

    def plain(self, token: bytes) -> Record | None:
        found = iso_stamp(token)
        return None if found is None else dict(found)

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        first = first_of_runs(lines, start, end)
        some: Any = slice(None) if first is None else first
        stamps = iso_stamps(lines, start[some], end[some])
        ok = stamps.ok & (stamps.end == end[some])
        told = [stamps.civil, stamps.zoned, stamps.fraction, ok]
        if first is not None:
            run = run_of(first, len(start))
            told = [values[run] for values in told]
        civil, zoned, fraction, ok = told
        return [
            ("civil", civil, None),
            ("zoned", zoned, None),
            ("fraction", fraction, None),
            ("stamped", True, None),
        ], ok


def _micro(part: Positions, digits: Positions) -> Positions:
    """Microseconds of the digits (at most nine) after a point."""
    micro: Positions = part * _TENS[np.maximum(6 - digits, 0)]
    finer = np.flatnonzero(digits > 6)
    if len(finer):
        micro[finer] //= _TENS[digits[finer] - 6]
    return micro


class Epoch:
    """Seconds since 1970 UTC, whole or with a fraction; `unit` is what one is worth in microseconds (1000:
    milliseconds); a number below `least` is none."""

    def __init__(self, unit: float = SECOND, least: int = 0) -> None:
        self._unit, self._least = unit, least
        self._form = re.compile(rb"([0-9]{1,15})(?:\.([0-9]{1,9}))?")

    def _micro(self, whole: Any) -> Any:
        return whole * int(self._unit) if self._unit >= 1 else whole // round(1 / self._unit)

    def plain(self, token: bytes) -> Record | None:
        match = self._form.fullmatch(token)
        if match is None or (match[2] and self._unit != SECOND):
            return None
        micro = self._micro(int(match[1])) + (int(match[2].ljust(9, b"0")) // 1000 if match[2] else 0)
        if micro >= 1 << 58 or int(match[1]) < self._least:
            return None
        return {"civil": micro, "zoned": True, "fraction": bool(match[2]) or self._unit < SECOND, "stamped": True}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        whole, digits = uint_long(lines, start)
        ok = (digits >= 1) & (digits <= 15) & (whole < (1 << 58) // max(1, int(self._unit))) & (whole >= self._least)
        at = start + digits
        micro = self._micro(np.where(ok, whole, 0))
        fraction: Any = self._unit < SECOND
        dot = ok & (at < end) & (lines.u8[np.minimum(at, lines.size)] == 46)
        if dot.any():
            part, count = uint_long(lines, np.where(dot, at + 1, lines.size))
            good = dot & (count >= 1) & (count <= 9) & (self._unit == SECOND)
            micro = micro + np.where(good, _micro(part, np.minimum(count, 9)), 0)
            at = np.where(good, at + 1 + count, at)
            fraction = dot | fraction
        return [
            ("civil", micro, None),
            ("zoned", True, None),
            ("fraction", fraction, None),
            ("stamped", True, None),
        ], ok & (at == end)


class Seconds:
    """A stamp whose part before `joint` is read by `read` (once a distinct second), with an optional fraction after it."""

    def __init__(
        self, read: Callable[[bytes], Record | None], joint: bytes = b".", layout: StampLayout | None = None
    ) -> None:
        self._read, self._joint, self._layout = read, joint, layout
        self._words = Words(self._whole, ("civil", "month", "zoned"))
        # Stamps of this width have no fraction.
        self._width = layout.width if layout and joint[0] not in [byte for _, byte in layout.literals] else None

    def _whole(self, token: bytes) -> Record | None:
        found = self._read(token)
        if found is None:
            return None
        return {name: int(value) for name, value in found.items() if name in ("civil", "month", "zoned")}

    def plain(self, token: bytes) -> Record | None:
        whole, joint, part = token.partition(self._joint)
        record = self._whole(whole)
        if record is None or (joint and not re.fullmatch(rb"[0-9]{1,9}", part)):
            return None
        micro = int(part.ljust(9, b"0")) // 1000 if joint else 0
        return record | {"civil": record["civil"] + micro, "fraction": bool(joint), "stamped": True}

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        if self._width is not None and (end - start == self._width).all():
            return self._no_fraction(lines, start, end)
        dot = self._dots(lines, start, end)
        dotted = dot >= 0
        if not dotted.any():
            return self._no_fraction(lines, start, end)
        columns, ok = self._wholes(lines, start, np.where(dotted, dot, end))
        part, whole = uint_until(lines, np.where(dotted, dot + 1, start), np.where(dotted, end, start))
        count = end - dot - 1
        ok &= ~dotted | (whole & (count <= 9))
        micro = np.where(dotted, _micro(part, np.clip(count, 0, 9)), 0)
        made: list[Column] = [
            (name, values + micro if name == "civil" else values, where) for name, values, where in columns
        ]
        return [*made, ("fraction", dotted, None), ("stamped", True, None)], ok

    def _no_fraction(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        columns, ok = self._wholes(lines, start, end)
        return [*columns, ("fraction", False, None), ("stamped", True, None)], ok

    def _wholes(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        """The parts before the joint: by their layout if they have it, otherwise once a distinct text."""
        if self._layout is None:
            return self._words.bulk(lines, start, end)
        fits = np.flatnonzero(end - start == self._layout.width)
        if len(fits) == len(start):
            civil, month, ok = self._layout.read_runs(lines, start)
        else:
            civil, month, ok = (
                np.zeros(len(start), np.int64),
                np.zeros(len(start), np.int64),
                np.zeros(len(start), bool),
            )
            civil[fits], month[fits], ok[fits] = self._layout.read_runs(lines, start[fits])
        rest = np.flatnonzero(~ok)
        if len(rest):
            columns, good = self._words.bulk(lines, start[rest], end[rest])
            for name, values, _ in columns:
                if name != "zoned":  # a layout has no zone
                    (civil if name == "civil" else month)[rest] = values
            ok[rest] = good
        return [("civil", civil, None), ("month", month, None), ("zoned", False, None)], ok

    def _dots(self, lines: Lines, start: Positions, end: Positions) -> Positions:
        """Where the joint stands in each field, -1 where it does not. Fields as wide as one that has none are not searched;
        if one of these has it, it is left to `plain`."""
        width = end - start
        dot = np.maximum(end - _MICROS, start)
        dot[lines.u8[dot] != self._joint[0]] = -1
        rest = np.flatnonzero(dot < 0)
        if len(rest):
            sample = rest[0]
            if self._joint not in bytes(lines.data[start[sample] : end[sample]]):
                rest = rest[width[rest] != width[sample]]
            place = find_byte(lines, start[rest], self._joint[0], 40)
            dot[rest] = np.where(place < end[rest], place, -1)
        return dot
