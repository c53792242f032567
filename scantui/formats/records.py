"""Records of several lines, joined so that the parsers see each as one line with newlines inside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from scantui.columns.lines import Lines, Mask
from scantui.columns.search import holds
from scantui.formats.json_tree import DAMAGED
from scantui.ingest.block import SLACK, Block

LONGEST = 1 << 16  # bytes of a record's beginning that wait for the rest of it
_BETWEEN = 8  # bytes between objects, at most: a comma, line ends, the list's end
_IS_BETWEEN = np.zeros(256, np.bool_)
_IS_BETWEEN[list(b",] \r\n")] = True


@dataclass(frozen=True)
class Records:
    """Where records begin: at lines that begin with `begins`, or at those that begin with none of the bytes `continues`. With
    `objects` they are those of an indented list, which end with themselves and not with what stands between them."""

    begins: bytes = b""
    continues: bytes = b""
    objects: bool = False

    def join(self, lines: Lines) -> Lines:
        """The records of a block's lines. Lines before the first beginning stand alone."""
        if not len(lines):
            return lines
        first = self._first_lines(lines)
        if first.all():
            return lines
        places = np.flatnonzero(first)
        joined = lines.pick(places)
        joined.end = lines.end[np.append(places[1:] - 1, len(lines) - 1)]
        for _ in range(_BETWEEN if self.objects else 0):
            joined.end = joined.end - ((joined.end > joined.start) & _IS_BETWEEN[lines.u8[joined.end - 1]])
        return joined

    def _first_lines(self, lines: Lines) -> Mask:
        if not self.begins:
            continued = np.isin(lines.u8[lines.start], np.frombuffer(self.continues, np.uint8))
            continued &= lines.end > lines.start
            continued[0] = False
            return ~continued
        begins = holds(lines, lines.start, self.begins)
        alone = np.flatnonzero(begins)
        begins[: alone[0] if len(alone) else len(begins)] = True
        return begins

    def unfinished(self, text: bytes, *, read: bool) -> bool:
        """Whether more lines may belong to the last record of a block, which could be `read` as it is or not."""
        if len(text) > LONGEST or (self.begins and not text.startswith(self.begins)):
            return False
        return not text.endswith(b"\n") if self.begins and not self.objects else not read


def indented(lines: Lines) -> Records | None:
    """The records of an input that begins as indented objects do (`jq .`), in a list or one after the other; None of others."""
    first = [lines.text(row).removesuffix(b"\r") for row in range(min(len(lines), 2))]
    if first[:1] == [b"{"] or first == [b"["]:  # more of a list will tell
        return Records(b"{", objects=True)
    if len(first) == 2 and first[0] == b"[" and first[1].lstrip(b" \t") == b"{":
        return Records(first[1], objects=True)
    return None


def whole(text: bytes) -> bool:
    """Whether a record is an object that has its end."""
    try:
        msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except DAMAGED:
        return False
    return True


def brackets(lines: Lines) -> Mask:
    """Lines of nothing but a bracket of a list."""
    first = lines.u8[lines.start]
    alone: Mask = (lines.end - lines.start == 1) & ((first == ord("[")) | (first == ord("]")))
    return alone


def joined(one: Block, other: Block) -> Block:
    """Two blocks of an input, the one before the other, as one."""
    data = bytearray(one.data[: one.size] + other.data[: other.size] + bytes(SLACK))
    return replace(other, data=data, size=one.size + other.size, offset=one.offset)


def copied(block: Block, begin: int) -> Block:
    """What is in a block from there on."""
    data = bytearray(block.data[begin : block.size] + bytes(SLACK))
    return replace(block, data=data, size=block.size - begin, offset=block.offset + begin)
