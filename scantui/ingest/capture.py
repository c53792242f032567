"""Packet captures as files: pcap and pcapng, of either byte order, cut into whole records.

pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng. A record is a file header, a packet with its header, or a block of
pcapng.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from scantui.ingest.lines import SAMPLE

LONGEST = 262_144  # bytes of a packet: libpcap's MAXIMUM_SNAPLEN
_LONGEST_BLOCK = 16 << 20  # bytes of a pcapng block
HEADER, RECORD = 24, 16  # bytes of a pcap file's header and of a packet's
SECTION = 0x0A0D0D0A  # type of the block that begins a pcapng section; the same in both byte orders
_BLOCK = 12  # bytes of the smallest pcapng block
_COMMON = 0xFFFF  # types of pcapng blocks up to this begin no capture
_VERSION = (2, 4)
_MICRO, _NANO = 0xA1B2C3D4, 0xA1B23C4D
_PACKET = {order: struct.Struct(order + "IxxxxI") for order in "<>"}
_PAIR = {order: struct.Struct(order + "II") for order in "<>"}
_MAGIC = {struct.pack(order + "I", magic): (order, magic == _NANO) for order in "<>" for magic in (_MICRO, _NANO)}
_NUMBERS = {struct.unpack("<I", magic)[0] for magic in _MAGIC}
_ORDER_MAGIC = {struct.pack(order + "I", 0x1A2B3C4D): order for order in "<>"}
MAGICS = (*_MAGIC, SECTION.to_bytes(4, "big"))


def is_capture(head: bytes | bytearray) -> bool:
    """Whether a content that begins so is a capture."""
    return bytes(head[:4]) in MAGICS


def _file_header(data: bytes | bytearray, at: int) -> tuple[str, bool] | None:
    """Byte order, and whether stamps are in nanoseconds, where a pcap of version 2.4 begins; None where none does."""
    told = _MAGIC.get(bytes(data[at : at + 4]))
    return told if told and struct.unpack_from(told[0] + "HH", data, at + 4) == _VERSION else None


class Run(NamedTuple):
    """Records of one capture: where each begins, in which byte order ("<" or ">"), whether pcap's stamps are in nanoseconds,
    whether they are blocks of pcapng, and whether the first is the header of all that follow."""

    starts: list[int]
    order: str
    nano: bool
    blocks: bool
    headed: bool


class Walk:
    """Finds records one after the other. Each says how long it is, so this is a loop, of about 0.1 us a packet.

    What it learns of a stream holds for its next buffer, which must begin with a record. Captures may follow on each other.
    """

    def __init__(self) -> None:
        self._order = ""  # empty before the first header
        self._nano = self._blocks = False
        self.broken = ""  # why nothing more can be found

    def records(self, data: bytes | bytearray, size: int) -> tuple[list[Run], int, int]:
        """The whole records in `data[:size]`, a run from header to header; where the first that is not whole begins; its length,
        if it says that (else 0)."""
        runs: list[Run] = []
        at = need = 0
        while size - at >= _BLOCK:
            headed = is_capture(data[at : at + 4]) and self._open(data, at)
            if not self._order:
                self.broken = self.broken or "damaged: no capture begins where one should"
            if self.broken:
                break
            run = Run([], self._order, self._nano, self._blocks, headed)
            at, need = (self._of_blocks if self._blocks else self._of_packets)(data, at, size, run.starts)
            if not run.starts:
                break
            runs.append(run)
            if need:
                break
        return runs, at, need

    def _open(self, data: bytes | bytearray, at: int) -> bool:
        """Learn from a header; False when it is none."""
        section = _ORDER_MAGIC.get(bytes(data[at + 8 : at + 12])) if data[at : at + 4] == MAGICS[-1] else None
        if section:
            self._order, self._blocks, self.broken = section, True, ""
        elif header := _file_header(data, at):
            (self._order, self._nano), self._blocks, self.broken = header, False, ""
        else:
            if not self._order:
                self.broken = "a capture of a version that is not read"
            return False
        return True

    def _of_packets(self, data: bytes | bytearray, at: int, size: int, starts: list[int]) -> tuple[int, int]:
        unpack, began, last, append = _PACKET[self._order].unpack_from, at, size - RECORD, starts.append
        while at <= last:
            first, length = unpack(data, at)
            if length > LONGEST or first in _NUMBERS:
                if first in _NUMBERS and _file_header(data, at):
                    if at > began:
                        break
                    length = HEADER - RECORD
                elif length > LONGEST:
                    self.broken = f"damaged: a packet of {length:,} bytes"
                    break
            append(at)
            at += RECORD + length
        return _whole(at, size, starts)

    def _of_blocks(self, data: bytes | bytearray, at: int, size: int, starts: list[int]) -> tuple[int, int]:
        unpack, began, last, append = _PAIR[self._order].unpack_from, at, size - _BLOCK, starts.append
        while at <= last:
            kind, length = unpack(data, at)
            if kind > _COMMON and at > began and (kind == SECTION or kind in _NUMBERS):
                break
            if not _BLOCK <= length <= _LONGEST_BLOCK or length & 3:
                self.broken = f"damaged: a block of {length:,} bytes"
                break
            append(at)
            at += length
        return _whole(at, size, starts)


def _whole(at: int, size: int, starts: list[int]) -> tuple[int, int]:
    """Where records end that were found up to `at`, and the length of the last one if it does not: it is taken off."""
    if at <= size:
        return at, 0
    begin = starts.pop()
    return begin, at - begin


class CaptureCutter:
    """As `lines.LineCutter`, for whole records."""

    pending = False  # all whole records of a buffer are given at once

    def __init__(self) -> None:
        self.carry = b""
        self.oversized = 0
        self.sample = b""
        self.trouble = ""
        self._walk = Walk()
        self._skip = 0  # bytes left of a record that is too long

    def load(self, buffer: bytearray) -> int:
        buffer[: len(self.carry)] = self.carry
        return len(self.carry)

    def cut(self, buffer: bytearray, end: int, last: bool) -> tuple[int, int]:
        dropped = 0
        while self._skip and end:
            passed = min(self._skip, end)
            end -= passed
            buffer[:end] = buffer[passed : passed + end]
            dropped += passed
            self._skip -= passed
        if self._walk.broken:
            return dropped + end, 0
        _, size, need = self._walk.records(buffer, end)
        if need > len(buffer) // 2:
            self.oversized += 1
            self.sample = bytes(buffer[size : size + SAMPLE])
            self._skip = need - (end - size)
            end = size
        self.trouble = self._walk.broken or (
            "the capture is cut short; read what there is" if last and size < end else ""
        )
        self.carry = b"" if self._walk.broken or last else bytes(buffer[size:end])
        if last:
            self._walk, self._skip = Walk(), 0
        return dropped, size
