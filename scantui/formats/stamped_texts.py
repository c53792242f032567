"""Texts, such as headers, that differ only in their stamps, uptimes and sequence numbers: read all at once.

What a text means is learned from one of them by the plain reader. Two more, made of it by writing other numbers where the
stamps are, must then mean what is expected of them; only then are the numbers of the others read at the same places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import SLACK, Lines, Mask, Positions, U, Words64
from scantui.columns.numbers import digits_number
from scantui.columns.stamp_layout import StampLayout
from scantui.columns.words import MOST, UNCLAIMED, WordTable, zero_digits
from scantui.formats.sheet import DAYLESS, FILLS, Record
from scantui.formats.values import Column, Words

Plain = Callable[[bytes], "Record | None"]
_CLOCK = rb"(?P<H>[0-9]{2}):(?P<M>[0-9]{2}):(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?(?![0-9])"
_NAME, _DAY, _YEAR = rb"(?P<b>[A-Za-z][a-z]{2})", rb"(?P<d> ?[0-9]{1,2})", rb"(?P<Y>[0-9]{4})"
_BEHIND = rb"(?<![^ >*:\[=])"  # a stamp stands at the beginning, or behind one of these
_BARE_DAY = _DAY.replace(b" ?", b"")
_STAMPS = [
    re.compile(_BEHIND + form)
    for form in (
        _NAME + rb"[ /]" + _DAY + rb" " + _CLOCK + rb" " + _YEAR + rb"(?![0-9])",
        _NAME + rb"[ /]" + _DAY + rb"(?:[ /]" + _YEAR + rb")? " + _CLOCK,
        _BARE_DAY + rb"[ /]" + _NAME + rb"[ /]" + _YEAR + rb"[: ]" + _CLOCK,
        _YEAR + rb"[ /]" + _NAME + rb"[ /]" + _DAY + rb" " + _CLOCK,
        _YEAR + rb"([/:-])(?P<m>[0-9]{2})\2" + _BARE_DAY + rb"[T -]" + _CLOCK,
        rb"(?P<E>[0-9]{8})(?P<e>[0-9]{2})(?:\.(?P<f>[0-9]{1,9}))?(?= )",
        _CLOCK,
    )
]
_OTHER_STAMP = re.compile(
    rb"(?<=\()[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
)  # beside which another counts
_UPTIME = re.compile(rb"\[ *([0-9]{1,8})\.([0-9]{6})\]")
_SEQUENCE = re.compile(rb"(?<![^ >])[0-9]{1,12}(?=: )")
# Numbers written in a stamp's places to see whether these are the places: possible in any month, and no two alike in the second.
_PROBES: tuple[dict[str, bytes], ...] = (
    {
        "Y": b"2011",
        "m": b"11",
        "d": b"11",
        "H": b"11",
        "M": b"11",
        "S": b"11",
        "f": b"111111111",
        "E": b"11111111",
        "e": b"11",
    },
    {
        "Y": b"2004",
        "m": b"02",
        "d": b"23",
        "H": b"14",
        "M": b"35",
        "S": b"56",
        "f": b"475869123",
        "E": b"17654321",
        "e": b"09",
    },
)
_TIMES = ("civil", "month", "uptime")
_MOST_FORMS = 256
_FEW = 4  # headers of a form in a block that are read plainly
_MOST_LEARNED = 256  # headers that are learned and proved in a block; the others are read once a distinct text


@dataclass(frozen=True)
class _Places:
    """Where the numbers of a header stand: of its stamps (offset, layout), of its uptime, and all that may differ."""

    stamps: tuple[tuple[int, StampLayout], ...]
    uptime: tuple[tuple[int, int], tuple[int, int]] | None
    holes: tuple[tuple[int, int], ...]

    def probe(self, text: bytes, which: int) -> bytes:
        """The text with other numbers."""
        made = bytearray(text)
        for begin, end in self.holes:
            for at in range(begin, end):
                if made[at : at + 1].isdigit():
                    made[at] = ord("1") + which
        for offset, layout in self.stamps:
            for letter, (at, width) in layout.at.items():
                if letter != "b":
                    number, begin = _PROBES[which][letter][:width], offset + at
                    if made[begin : begin + 1] == b" ":
                        number = b" " + number[: width - 1]
                    made[begin : begin + width] = number
        return bytes(made)

    def times(self, lines: Lines, start: Positions) -> tuple[dict[str, Any], Mask]:
        """The time columns of headers, without their zone, and which can be."""
        told: dict[str, Any] = {}
        ok = np.ones(len(start), np.bool_)
        for offset, layout in self.stamps:  # the last counts; the others must be stamps, too
            told["civil"], told["month"], good = layout.read(lines, start + offset)
            ok &= good
            if "d" not in layout.at and "E" not in layout.at:
                told["month"] = np.full(len(start), DAYLESS)
        if self.uptime is not None:
            (at, width), (point, micros) = self.uptime
            seconds, good = digits_number(lines.w8[start + at], width)
            rest, good_rest = digits_number(lines.w8[start + point], micros)
            told["uptime"] = seconds * 1_000_000 + rest
            ok &= good & good_rest
        return told, ok


def _places(text: bytes) -> _Places | None:
    """Where the numbers of a header stand; None without a stamp."""
    stamps: list[tuple[int, StampLayout]] = []
    holes: list[tuple[int, int]] = []
    at = 0
    while True:
        found = [match for pattern in _STAMPS if (match := pattern.search(text, at))]
        if not found:
            break
        match = min(found, key=lambda match: (match.start(), -match.end()))
        parts = {
            letter: (match.start(letter) - match.start(), match.end(letter) - match.start(letter))
            for letter, said in match.groupdict().items()
            if said is not None
        }
        stamps.append((match.start(), StampLayout(match.end() - match.start(), parts, any_case=True)))
        holes += [match.span(letter) for letter in parts if letter != "b"]
        at = match.end()
    if not stamps:
        return None
    uptime = _UPTIME.search(text)
    if uptime:
        holes += [uptime.span(1), uptime.span(2)]
    holes += [
        match.span()
        for match in (*_SEQUENCE.finditer(text), *_OTHER_STAMP.finditer(text))
        if not any(begin < match.end() and match.start() < end for begin, end in holes)
    ]
    both = uptime and (
        (uptime.start(1), uptime.end(1) - uptime.start(1)),
        (uptime.start(2), uptime.end(2) - uptime.start(2)),
    )
    return _Places(tuple(stamps), both or None, tuple(holes))


class _Form:
    """Headers of one form: the same but for their digits."""

    def __init__(
        self, text: bytes, places: _Places, plain: Plain, columns: Sequence[str], may_learn: Callable[[], bool]
    ) -> None:
        self._places, self._plain, self._may_learn = places, plain, may_learn
        count = max(1, -(-len(text) // 8))
        hole = bytearray(8 * count)
        for begin, end in places.holes:
            hole[begin:end] = bytes(0xFF if text[at : at + 1].isdigit() else 0 for at in range(begin, end))
        self._hole: Words64 = np.frombuffer(bytes(hole), "<u8").reshape(-1, 1)
        self._words = Words(self._meaning, columns, self._blinded)

    def _blinded(self, windows: Words64) -> None:
        """Make the digits in the holes alike."""
        windows &= ~self._hole
        windows |= self._hole & U(0x3030303030303030)

    def _meaning(self, text: bytes) -> Record | None:
        """The columns of one header, its zone's distance as `civil`; None when it does not prove to be of the form."""
        if not self._may_learn():
            return None
        texts = [text, *(self._places.probe(text, which) for which in range(len(_PROBES)))]
        said = [self._plain(one) for one in texts]
        joined = b"\n".join(texts) + b"\n"
        times, ok = self._places.times(lines := Lines(joined + bytes(SLACK), len(joined)), lines.start)
        if not ok.all() or not all(said):
            return None
        made: Record = {}
        for number, record in enumerate(said):
            assert record is not None
            rest = {name: value for name, value in record.items() if name not in _TIMES}
            rest["civil"] = int(record.get("civil", 0)) - int(times["civil"][number])
            month, uptime = record.get("month", 0), times["uptime"][number] if "uptime" in times else None
            if "civil" not in record or month != times["month"][number] or record.get("uptime") != uptime:
                return None
            if number and rest != made:
                return None
            made = rest
        return made

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        """The columns of headers of this form, and which were read."""
        columns, ok = self._words.bulk(lines, start, end)
        if not ok.any():
            return [], ok
        times, good = self._places.times(lines, start)
        made = [
            (name, times["civil"] + values if name == "civil" else values, where) for name, values, where in columns
        ]
        return [*made, *((name, times[name], None) for name in ("month", "uptime") if name in times)], ok & good


class StampedTexts:
    """Texts by their plain reader, which gives such `columns`. What has no form is read once a distinct text, by `others` where
    that is given, which may leave more to others."""

    def __init__(self, plain: Plain, columns: Sequence[str], others: Plain | None = None) -> None:
        self.plain, self._columns = plain, tuple(columns)
        self._words = Words(others or plain, columns)
        self._forms: list[_Form | None] = []
        self._alike = WordTable(self._number, blind=zero_digits)
        self._learned = 0  # in this block

    def _may_learn(self) -> bool:
        self._learned += 1
        return self._learned <= _MOST_LEARNED

    def _number(self, text: bytes) -> int:
        if len(self._forms) >= _MOST_FORMS:
            return UNCLAIMED
        places = _places(text)
        of_form = tuple(name for name in self._columns if name not in ("month", "uptime"))
        self._forms.append(None if places is None else _Form(text, places, self.plain, of_form, self._may_learn))
        return len(self._forms) - 1

    def bulk(self, lines: Lines, start: Positions, end: Positions) -> tuple[list[Column], Mask]:
        """The columns of the headers `start[i]:end[i]`, and which were read."""
        self._learned = 0
        ok = np.zeros(len(start), np.bool_)
        told: dict[str, tuple[NDArray[np.int64], Mask]] = {}

        def put(rows: NDArray[np.int64], columns: Sequence[Column], good: Mask) -> None:
            ok[rows] = good
            for name, values, where in columns:
                if name not in told:
                    told[name] = np.full(len(start), FILLS.get(name, 0), np.int64), np.zeros(len(start), np.bool_)
                has = good if where is None else good & where
                told[name][0][rows[has]] = values[has] if isinstance(values, np.ndarray) else values
                told[name][1][rows[has]] = True

        fits = np.flatnonzero((end - start <= MOST) & (end >= start))
        number = self._alike.look_up(lines, start[fits], end[fits])
        for which in np.flatnonzero(np.bincount(number[number >= 0])).tolist():
            form = self._forms[which]
            rows = fits[number == which]
            if form is not None and len(rows) > _FEW:
                put(rows, *form.bulk(lines, start[rows], end[rows]))
        rest = np.flatnonzero(~ok)
        if len(rest):
            put(rest, *self._words.bulk(lines, start[rest], end[rest]))
        return [(name, values, None if has.all() else has) for name, (values, has) in told.items()], ok
