"""Where the packets of a capture stand in a buffer of whole records."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Mask, Positions
from scantui.formats.capture_section import INTERFACE, OLD_PACKET, PACKET, SIMPLE_PACKET, Section, describe
from scantui.ingest.capture import RECORD

_SIMPLE_HEAD, _HEAD = 12, 28  # bytes of a block before its packet; 4 more come after it


class Found(NamedTuple):
    """Packets: where the record of each begins in the buffer, and its bytes; where the packet in it begins, and its bytes; its
    stamp in its interface's unit; its interface; whether the record can hold what it says."""

    record: Positions
    size: Positions
    begin: Positions
    length: Positions
    stamp: NDArray[np.uint64]
    interface: Positions
    sound: Mask


def of_pcap(starts: Positions, data: bytearray, section: Section) -> Found:
    """The packets of a pcap, whose records begin at `starts`."""
    word = _words(data, section.order)
    length = word[starts + 8].astype(np.int64)
    unit = np.uint64(10 ** section.interfaces[0].digits)
    stamp = word[starts].astype(np.uint64) * unit + word[starts + 4].astype(np.uint64)
    none = np.zeros(len(starts), np.int64)
    return Found(starts, length + RECORD, starts + RECORD, length, stamp, none, none == 0)


def of_blocks(starts: Positions, data: bytearray, section: Section) -> Found:
    """The packets among the blocks that begin at `starts`; `section` takes in the interfaces that are described between them."""
    word = _words(data, section.order)
    kind, size = word[starts], word[starts + 4].astype(np.int64)
    for row in np.flatnonzero(kind == INTERFACE).tolist():
        describe(section, bytes(data[starts[row] : starts[row] + size[row]]))
    rows = np.flatnonzero(np.isin(kind, (PACKET, OLD_PACKET, SIMPLE_PACKET)))
    starts, kind, size = starts[rows], kind[rows], size[rows]
    simple = kind == SIMPLE_PACKET
    first = word[starts + 8].astype(np.int64)
    half = np.ndarray((len(data) - 1,), section.order + "u2", data, strides=(1,))[starts + 8].astype(np.int64)
    most = (section.interfaces[0].most if section.interfaces else 0) or 1 << 32
    head = np.where(simple, _SIMPLE_HEAD, _HEAD)
    length = np.where(simple, np.minimum(first, most), word[starts + 20].astype(np.int64))
    stamp = word[starts + 12].astype(np.uint64) << np.uint64(32) | word[starts + 16].astype(np.uint64)
    return Found(
        starts,
        size,
        starts + head,
        length,
        np.where(simple, np.uint64(0), stamp),
        np.where(simple, 0, np.where(kind == OLD_PACKET, half, first)),
        head + length + 4 <= size,
    )


def _words(data: bytearray, order: str) -> NDArray[np.uint32]:
    """The 32-bit number at each byte."""
    return np.ndarray((len(data) - 3,), order + "u4", data, strides=(1,))
