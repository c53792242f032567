"""Stamps to the second whose parts stand at fixed places, by a pattern of strptime's letters, of all lines at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from scantui.columns.civil import DAY, MONTH_DAYS, SECOND, Ints, days_from_civil, is_leap, months
from scantui.columns.lines import WIDE, Lines, Mask, Positions, U
from scantui.columns.numbers import digits_number

_WIDTHS = {"Y": 4, "y": 2, "m": 2, "d": 2, "b": 3, "H": 2, "M": 2, "S": 2}
_CENTURY = 2000
_MICROS = 6  # digits of a fraction that count


@dataclass(frozen=True)
class StampLayout:
    """Where the parts of a pattern stand, and how wide they are; other widths are not read here. Besides strptime's letters "f"
    is a fraction, "E" the first eight digits of an epoch in seconds and "e" the two others. `any_case`: months may begin with a
    small letter."""

    width: int
    at: dict[str, tuple[int, int]]
    literals: tuple[tuple[int, int], ...] = ()  # offset, byte
    any_case: bool = False

    def read_runs(self, lines: Lines, p: Positions) -> tuple[Ints, Ints, Mask]:
        """As `read`, once a run of the same text: lines of one second stand together."""
        size = 8 if self.width < WIDE else WIDE
        changed = np.zeros(len(p), np.bool_)
        changed[:1] = True
        for at in (p, p + (self.width - size)):  # together all of it
            for window in lines.seen(at, size // 8).T:
                changed[1:] |= window[1:] != window[:-1]
        first = np.flatnonzero(changed)
        if 2 * len(first) > len(p):
            return self.read(lines, p)
        lengths = np.diff(first, append=len(p))
        civil, month, ok = self.read(lines, p[first])
        return np.repeat(civil, lengths), np.repeat(month, lengths), np.repeat(ok, lengths)

    def read(self, lines: Lines, p: Positions) -> tuple[Ints, Ints, Mask]:
        """Microseconds since 1970 (without a year: since the start of the month) of the stamps at `p`, which have `width`
        bytes, or of the day; the month of those without a year, 0 of the others; which can be."""
        u8, ok = lines.u8, np.ones(len(p), np.bool_)
        for offset, byte in self.literals:
            ok &= u8[p + offset] == byte
        part: dict[str, Ints] = {}
        for letter, (offset, width) in self.at.items():
            if letter == "b":
                part[letter], good = months(lines, p + offset, any_case=self.any_case)
            else:
                window = lines.w8[p + offset]
                if letter == "d" and width > 1:  # a blank or a zero before a day of one digit
                    window |= U(0x10) * ((window & U(255)) == U(32))
                part[letter], good = digits_number(window, min(width, _MICROS) if letter == "f" else width)
            ok &= good
        none = np.zeros(len(p), np.int64)
        fraction = part["f"] * 10 ** max(0, _MICROS - self.at["f"][1]) if "f" in part else none
        if "E" in part:
            return (part["E"] * 100 + part["e"]) * SECOND + fraction, none, ok
        hour, minute, second = part["H"], part["M"], part.get("S", none)
        ok &= (hour < 24) & (minute < 60) & (second <= 60)
        clock = ((hour * 60 + minute) * 60 + second) * SECOND + fraction
        if "d" not in part:
            return np.where(ok, clock, 0), none, ok
        month = part["b"] if "b" in part else part["m"]
        ok &= (month >= 1) & (month <= 12)
        month = np.where(ok, month, 1)
        day = part["d"]
        ok &= (day >= 1) & (day <= MONTH_DAYS[month - 1])
        if "Y" not in part and "y" not in part:
            return np.where(ok, (day - 1) * DAY + clock, 0), month, ok
        year = part["Y"] if "Y" in part else part["y"] + _CENTURY
        ok &= (year >= 1) & ((month != 2) | (day < 29) | is_leap(year))
        return np.where(ok, days_from_civil(year, month, day) * DAY + clock, 0), none, ok


def layout_of(pattern: str) -> StampLayout | None:
    """The layout of a pattern; None when it has parts of no fixed width, or no clock."""
    width, at, literals = 0, dict[str, tuple[int, int]](), []
    for literal, letter in re.findall(r"([^%]*)(?:%(.)|\Z)", pattern):
        for byte in literal.encode():
            literals.append((width, byte))
            width += 1
        if letter and letter not in _WIDTHS:
            return None
        if letter:
            at[letter] = width, _WIDTHS[letter]
            width += _WIDTHS[letter]
    whole = {"d", "H", "M"} <= at.keys() and ("m" in at) != ("b" in at)
    return StampLayout(width, at, tuple(literals)) if whole and 8 <= width <= 2 * WIDE else None
