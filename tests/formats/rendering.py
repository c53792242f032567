"""Samples as templates: where in a sample's line a column's value stands, found by putting another value there and reading it."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from scantui.events import FLAG_BITS, flag_bits, flag_text
from scantui.formats import FORMATS
from scantui.formats.base import Format, Sample
from scantui.formats.proof import events_of, told

BY_NAME = {form.name: form for form in FORMATS}
_U16, _U32 = st.integers(1, 65_535), st.integers(1, 0xFFFF_FFFF)
_FOUR = st.integers(0x0100_0000, 0xDFFF_FFFF).map(lambda value: str(ipaddress.IPv4Address(value)))
_SIX = st.integers(0x2000 << 112, (0x4000 << 112) - 1).map(lambda value: str(ipaddress.IPv6Address(value)))
NUMBERS = {
    "sport": _U16,
    "dport": _U16,
    "ttl": st.integers(1, 255),
    "ip_id": _U16,
    "window": _U16,
    "length": st.integers(40, 65_535),
    "seq": _U32,
    "ack": _U32,
}
_PROBES = {"src": ("198.51.100.77", "2001:db8:77::9"), "dst": ("198.51.100.78", "2001:db8:78::9")}
_WRITTEN = ("{}", "0x{:X}", "0x{:04x}", "0x{:08x}")


@dataclass(frozen=True)
class Template:
    """A sample's line with slots; `event` is what it tells as it stands."""

    form: Format
    sample: Sample
    event: dict[str, Any]
    slots: tuple[tuple[int, int, str, str], ...]  # from, to, column, how its value is written

    def line(self, values: dict[str, Any]) -> bytes:
        made, at = b"", 0
        for begin, end, column, written in self.slots:
            made += self.sample.line[at:begin] + written.format(values[column]).encode()
            at = end
        return made + self.sample.line[at:]

    def columns(self) -> st.SearchStrategy[dict[str, Any]]:
        """Values for the slots."""
        return st.fixed_dictionaries({column: self._values(column) for _, _, column, _ in self.slots})

    def _values(self, column: str) -> st.SearchStrategy[Any]:
        if column in NUMBERS:
            return NUMBERS[column]
        return _SIX if ":" in self.event[column] else _FOUR


def event_of(form: Format, sample: Sample, line: bytes) -> dict[str, Any] | None:
    found = events_of(form, Sample(line, sample.expect, sample.header))
    return told(found, 0) if len(found) == 1 else None


@cache
def templates(name: str) -> tuple[Template, ...]:
    """One for each sample that tells of one packet and has a slot."""
    form, made = BY_NAME[name], []
    for sample in form.samples:
        event = event_of(form, sample, sample.line)
        slots = sorted(_slots(form, sample, event)) if event is not None else []
        if event is not None and slots:
            made.append(Template(form, sample, event, tuple(slots)))
    return tuple(made)


def _slots(form: Format, sample: Sample, event: dict[str, Any]) -> list[tuple[int, int, str, str]]:
    found: list[tuple[int, int, str, str]] = []
    for column in ("src", "dst", *NUMBERS):
        if column not in event:
            continue
        found += itertools.islice(_places_of(form, sample, event, column), 1)
    return found


def _places_of(form: Format, sample: Sample, event: dict[str, Any], column: str) -> Iterator[tuple[int, int, str, str]]:
    probe: Any = 213 if column in NUMBERS else _PROBES[column][":" in event[column]]
    for written in _WRITTEN if column in NUMBERS else _WRITTEN[:1]:
        text = re.escape(written.format(event[column]).encode())
        for match in re.finditer(rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])" % text, sample.line):
            tried = sample.line[: match.start()] + written.format(probe).encode() + sample.line[match.end() :]
            if event_of(form, sample, tried) == event | {column: probe}:
                yield (*match.span(), column, written)


# How flags are written: the names or letters in order, what joins them, and how none are.
_LETTERS = {
    "tcpdump": (("F", "FIN"), ("S", "SYN"), ("R", "RST"), ("P", "PSH"), (".", "ACK"), ("U", "URG"), ("E", "ECE"), ("W", "CWR"), ("e", "AE")),
    "pf": (("F", "FIN"), ("S", "SYN"), ("R", "RST"), ("P", "PSH"), ("A", "ACK"), ("U", "URG"), ("E", "ECE"), ("W", "CWR"), ("e", "AE")),
    "filterlog": (("S", "SYN"), ("A", "ACK"), ("F", "FIN"), ("R", "RST"), ("P", "PSH"), ("U", "URG"), ("E", "ECE"), ("C", "CWR"), ("e", "AE")),
    "zeek": (("S", "SYN"), ("A", "ACK"), ("F", "FIN"), ("R", "RST"), ("P", "PSH"), ("U", "URG")),
}  # fmt: skip
_WORDS = ("SYN", "FIN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE")
_SNORT = ("CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
Spelling = Callable[[int], "str | None"]  # flags to text, None where they cannot be written so


def _lettered(name: str, none: str) -> Spelling:
    letters = _LETTERS[name]
    known = sum(FLAG_BITS[flag] for _, flag in letters)

    def write(flags: int) -> str | None:
        text = "".join(letter for letter, flag in letters if flags & FLAG_BITS[flag])
        return None if flags & ~known else text or none

    return write


def _worded(joint: str, none: str, words: tuple[str, ...] = _WORDS) -> Spelling:
    known = sum(FLAG_BITS[word] for word in words)
    return lambda flags: (
        None if flags & ~known else joint.join(word for word in words if flags & FLAG_BITS[word]) or none
    )


def _starred(flags: int) -> str | None:
    letters = "12UAPRSF"
    return (
        None
        if flags > 255
        else "".join(letter if flags & FLAG_BITS[name] else "*" for letter, name in zip(letters, _SNORT, strict=True))
    )


_SIX_FLAGS = ("URG", "ACK", "PSH", "RST", "SYN", "FIN")


def _dotted(flags: int) -> str | None:
    """nfdump's `...A.S.`"""
    return None if flags > 63 else "".join(name[0] if flags & FLAG_BITS[name] else "." for name in _SIX_FLAGS)


def _dotted_eight(flags: int) -> str | None:
    """nfdump's of 1.7: `C...A.S.`"""
    return None if flags > 255 else "".join(name[0] if flags & FLAG_BITS[name] else "." for name in _SNORT)


def _cased(flags: int) -> str | None:
    """scanlogd's `FSrpauxy`."""
    places = (
        ("f", "FIN"),
        ("s", "SYN"),
        ("r", "RST"),
        ("p", "PSH"),
        ("a", "ACK"),
        ("u", "URG"),
        ("x", "ECE"),
        ("y", "CWR"),
    )
    return (
        None
        if flags > 255
        else "".join(letter.upper() if flags & FLAG_BITS[name] else letter for letter, name in places)
    )


SPELLINGS: tuple[Spelling, ...] = (
    *(_lettered(name, none) for name in _LETTERS for none in ("none", "")),
    *(_worded(joint, none) for joint in ("-", " ", ",", "|", "+") for none in ("NONE", "NULL", "")),
    _starred,
    _dotted,
    _dotted_eight,
    _cased,
    lambda flags: f"0x{flags:04x}",
    lambda flags: f"0x{flags:02x}" if flags < 256 else None,
    lambda flags: f"0x{flags:x}",
    lambda flags: f"{flags:02x}" if flags < 256 else None,
    lambda flags: str(flags) if flags < 512 else None,
)
_PROBE = FLAG_BITS["FIN"] | FLAG_BITS["SYN"] | FLAG_BITS["RST"]


@dataclass(frozen=True)
class FlagSlot:
    """Where a sample's flags stand, how they are written there, and the sets that can be."""

    sample: Sample
    begin: int
    end: int
    write: Spelling
    sets: tuple[int, ...]

    def line(self, flags: int) -> bytes:
        return self.sample.line[: self.begin] + (self.write(flags) or "").encode() + self.sample.line[self.end :]


@cache
def flag_slots(name: str) -> tuple[FlagSlot, ...]:
    """One for each sample that tells flags in one place; of several ways to write them that which can also say that there are
    none."""
    form, made = BY_NAME[name], []
    for sample in form.samples:
        event = event_of(form, sample, sample.line)
        if event is not None and "flags" in event:
            found = list(_flag_places(form, sample, event))
            made += sorted(found, key=lambda slot: -len(slot.sets))[:1]
    return tuple(made)


def _flag_places(form: Format, sample: Sample, event: dict[str, Any]) -> Iterator[FlagSlot]:
    for write in SPELLINGS:
        text, probe = write(flag_bits(event["flags"])), write(_PROBE)
        if not text or probe is None:
            continue
        sets = tuple(flags for flags in range(512) if write(flags) is not None)
        for match in re.finditer(rb"(?<![0-9A-Za-z.*])%b(?![0-9A-Za-z*])" % re.escape(text.encode()), sample.line):
            slot = FlagSlot(sample, *match.span(), write, sets)

            def reads(flags: int, slot: FlagSlot = slot) -> bool:
                return event_of(form, sample, slot.line(flags)) == event | {"flags": flag_text(flags)}

            if reads(_PROBE):
                odd = sum(bit for bit in FLAG_BITS.values() if write(bit) is not None and not reads(bit))
                yield replace(slot, sets=tuple(flags for flags in sets[not reads(0) :] if not flags & odd))
