"""A block: whole lines and where they came from. Ingest's only product, and the formats' only food."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

SLACK = 64  # readable bytes after the last line, so that 8-byte windows never run off the buffer


class InputState(Enum):
    """What an input is doing."""

    FOLLOWING = "following"
    WAITING = "waiting"  # named, but not there yet
    DONE = "done"  # read to the end; will not grow (archives, ended stdin, a rotated generation)
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Source:
    """One generation of one input: a file between two rotations, or stdin.

    `id` is the events' `source` column, from 1. `path` is the name it was opened by (`-` for stdin). `modified_us`, in
    microseconds since the epoch, is the anchor for stamps that lack a year or a zone: the file's time when it was
    opened, of a gzip archive the time of its content, of stdin the time it was opened. `last_line` is the last whole line the
    file had then (empty when not known or empty).
    """

    id: int
    path: str
    device: int
    inode: int
    modified_us: int
    last_line: bytes = b""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines in `data[:size]`, each ended by a newline; `SLACK` readable zero bytes follow.

    `data` may be used again for the next block: take what you keep. `offset` is the position of the first byte in the
    source (in the unpacked stream for archives). `arrival_us` is when the block was read. Of one that was read `ahead` all comes
    again in its turn: until then its lines are known without those before them. Of a `capture` it holds whole records instead
    of lines (`capture.Walk` finds them).
    """

    source: Source
    data: bytearray
    size: int
    offset: int
    arrival_us: int
    ahead: bool = False
    capture: bool = False
