"""What stands above the packets of a capture: interfaces with their link type and clock. One section is what belongs together."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scantui.ingest.capture import Run
from scantui.safe_text import harmless

INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 1, 2, 3, 6  # types of pcapng blocks
_NAME, _RESOLUTION, _OFFSET = 2, 9, 14  # options of an interface
_MICRO, _NANO = 6, 9  # digits
_MOST_DIGITS, _MOST_BITS = 18, 40
_MOST_INTERFACES = 65_536
LATEST = 253_402_300_800_000_000  # microseconds: the end of year 9999


@dataclass(frozen=True, slots=True)
class Interface:
    """Where packets were taken: link type, the most bytes kept of one (0: all), how its stamps count."""

    link: int
    most: int = 0
    name: str = ""
    digits: int = _MICRO  # stamps are in this power of ten of a second
    bits: int = 0  # or, if not 0, of two
    offset: int = 0  # seconds to be added

    def micros(self, stamps: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Stamps as microseconds since the epoch; 0 for what is no time a calendar has."""
        if self.bits:
            whole = stamps >> np.uint64(self.bits)
            part = stamps & np.uint64((1 << self.bits) - 1)
            cut = max(0, self.bits - _MOST_BITS)
            fraction = (part >> np.uint64(cut)) * np.uint64(10**_MICRO) >> np.uint64(self.bits - cut)
        else:
            unit = np.uint64(10**self.digits)
            whole, part = stamps // unit, stamps % unit
            finer = max(0, self.digits - _MICRO)
            fraction = part // np.uint64(10**finer) * np.uint64(10 ** (_MICRO - self.digits + finer))
        sane = whole < np.uint64(LATEST // 10**_MICRO)
        made: NDArray[np.int64] = (np.where(sane, whole, 0).astype(np.int64) + self.offset) * 10**_MICRO
        made += fraction.astype(np.int64)
        return np.where(sane & (stamps > 0) & (made > 0) & (made < LATEST), made, 0)

    @property
    def exact(self) -> bool:
        """Whether stamps are finer than a second."""
        return bool(self.bits or self.digits)


@dataclass
class Section:
    """Of a pcap the whole file, of a pcapng what follows a section header. `begin` is its offset in the input."""

    begin: int
    order: str
    blocks: bool
    interfaces: list[Interface] = field(default_factory=list)


def section_of(run: Run, data: bytearray, begin: int) -> Section:
    """The section that a run begins with its first record, which is a header."""
    section = Section(begin, run.order, run.blocks)
    if not run.blocks:
        most, link = struct.unpack_from(run.order + "II", data, run.starts[0] + 16)
        section.interfaces.append(Interface(link & 0xFFFF, most, digits=_NANO if run.nano else _MICRO))
    return section


def describe(section: Section, block: bytes) -> None:
    """Take in an interface description block."""
    if len(section.interfaces) >= _MOST_INTERFACES or len(block) < 20:
        return
    link, _, most = struct.unpack_from(section.order + "HHI", block, 8)
    told = _options(block[16:-4], section.order)
    resolution = told.get(_RESOLUTION, b"\x06")[:1] or b"\x06"
    offset = told.get(_OFFSET, b"")
    binary, amount = resolution[0] >> 7, resolution[0] & 127
    section.interfaces.append(
        Interface(
            link,
            most,
            harmless(told.get(_NAME, b"").rstrip(b"\0"), 64),
            digits=0 if binary else min(amount, _MOST_DIGITS),
            bits=min(amount, 63) if binary else 0,
            offset=_seconds(offset, section.order),
        )
    )


def _seconds(told: bytes, order: str) -> int:
    seconds: int = struct.unpack(order + "q", told)[0] if len(told) == 8 else 0
    return seconds if abs(seconds) < LATEST // 10**_MICRO else 0


def _options(data: bytes, order: str) -> dict[int, bytes]:
    """The first of each kind."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from(order + "HH", data, at)
        if kind == 0:
            break
        found.setdefault(kind, data[at + 4 : at + 4 + size])
        at += 4 + (size + 3 & ~3)
    return found
