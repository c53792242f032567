"""One generation of one input: its stream, how far it was read, and the line that is not finished yet."""

from __future__ import annotations

import os
import time
from os import stat_result

from scantui.ingest.block import SLACK, Block, Source
from scantui.ingest.directory import TICK_NS
from scantui.ingest.identity import SURE, Known, Registry
from scantui.ingest.lines import LineCutter
from scantui.ingest.pipes import Pipe
from scantui.ingest.streams import Packed, Plain

_ZEROS = bytes(SLACK)


class TruncatedError(Exception):
    """The bytes before our position are not those that we read: the file was cut and written again."""


class Generation:
    """What is read of one file between two rotations. Closed and opened again without losing its place."""

    def __init__(self, source: Source, stream: Plain | Packed | Pipe, known: Known, max_line: int) -> None:
        self.source = source
        self.stream = stream
        self.known = known
        self.lines = LineCutter(max_line)
        self.limit = known.size  # bytes the file is known to have
        self.over = False  # it will not grow beyond `limit`
        self.finished = False  # all read, the last line given
        self.drained = False
        self.retired = False  # its name belongs to another file now
        self.home = source.path  # the followed name it belongs to
        self.grew_at = 0.0  # on the caller's clock
        self.bytes_read = 0
        self._doubtful = False  # last looked at within the tick of its last write
        known.generation = self

    @property
    def open(self) -> bool:
        return self.stream.fd >= 0

    @property
    def position(self) -> int:
        """Bytes of the (unpacked) content read."""
        return self.stream.position

    @property
    def ready(self) -> bool:
        """Whether `read` would get on."""
        if self.finished:
            return False
        return self.lines.pending or self.over or self.stream.ready(self.limit)

    def noticed(self, status: stat_result, clock: float) -> bool:
        """Take over size and time from a stat of our file; return whether it changed, or may have unseen."""
        changed = not self.known.unchanged(status)
        if changed and not self.over:
            self.limit = status.st_size
            self.grew_at = clock
        self.known.seen(status)
        doubtful, self._doubtful = self._doubtful, abs(time.time_ns() - status.st_mtime_ns) < TICK_NS
        return changed or doubtful

    def cut_short(self, status: stat_result) -> bool:
        """Whether the file was truncated below our place, and perhaps written again up to it."""
        if isinstance(self.stream, Pipe):
            return False
        if status.st_size == self.position and isinstance(self.stream, Plain) and self.open:
            return not self.known.mark.tail_fits(self.stream.read_at)
        return status.st_size < self.stream.raw

    def read(self, buffer: bytearray, registry: Registry, arrival_us: int) -> Block | None:
        """The next whole lines, or None when there are none yet. Raises TruncatedError and OSError, nothing lost."""
        room = len(buffer) - SLACK - 1  # one byte for a newline that is missing
        kept = self.lines.load(buffer)
        want = room - kept
        plain = isinstance(self.stream, Plain)
        if plain and self.over:
            want = max(0, min(want, self.limit - self.position))
        with memoryview(buffer) as whole, whole[kept : kept + want] as view:
            got = self.stream.readinto(view)
        if isinstance(self.stream, Plain) and not self._still_ours(got):
            raise TruncatedError
        mark = self.known.mark
        sure = len(mark.head) >= SURE
        mark.add(buffer, kept, kept + got)
        if not sure and len(mark.head) >= SURE:
            registry.index(self.known)
        self.bytes_read += got
        start = self.position - got - kept
        self.drained = got < want or (plain and self.position >= self.limit)
        ended = self.over or self.stream.ended
        last = self.drained and (ended or (isinstance(self.stream, Pipe) and self.stream.paused))
        dropped, size = self.lines.cut(buffer, kept + got, last)
        if self.drained and not isinstance(self.stream, Pipe):  # the file may have less than it had
            self.limit = min(self.limit, self.stream.raw)
        self.finished = last and ended and not self.lines.pending
        if not size:
            return None
        buffer[size : size + SLACK] = _ZEROS
        return Block(self.source, buffer, size, start + dropped, arrival_us)

    def _still_ours(self, got: int) -> bool:
        """Check the bytes before those just read; when they changed, take the read back."""
        assert isinstance(self.stream, Plain)
        if self.known.mark.tail_fits(self.stream.read_at):
            return True
        self.stream.position -= got
        return False

    def attach(self, stream: Plain | Packed, status: stat_result) -> None:
        """Go on in this open file, which holds our content."""
        self.stream = stream
        self.known.packed = isinstance(stream, Packed)
        self.limit = status.st_size
        self.finished = False

    def abandon(self) -> None:
        """The rest is lost; so is the unfinished line, for half a line would tell wrong numbers."""
        self.lines.carry, self.lines.pending = b"", False
        self.finished = True

    def leave(self) -> int:
        """Give up the descriptor, whose file holds something else now, and return it."""
        fd = self.stream.fd
        self.stream = Plain(-1, self.position)
        self.known.inode = -1
        return fd

    def close(self) -> None:
        """Let the descriptor go, keeping the place and, unless all is read, what was last noticed of the file."""
        if self.open and self.finished and not isinstance(self.stream, Pipe):
            self.known.seen(os.fstat(self.stream.fd))
        self.stream.close()
