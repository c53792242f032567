"""One generation of one input: its stream, how far it was read, and the line that is not finished yet."""

from __future__ import annotations

import os
import time
from os import stat_result

from scantui.ingest.ahead import HEAD, Ahead
from scantui.ingest.block import SLACK, Block, Source
from scantui.ingest.capture import CaptureCutter, is_capture
from scantui.ingest.directory import TICK_NS
from scantui.ingest.identity import SURE, Known, Registry
from scantui.ingest.lines import LineCutter
from scantui.ingest.listed import ListCutter, is_list
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
        self.lines: LineCutter | CaptureCutter | ListCutter = LineCutter(max_line)
        self.limit = known.size  # bytes the file is known to have
        self.over = False  # it will not grow beyond `limit`
        self.finished = False  # all read, the last line given
        self.drained = False
        self.retired = False  # its name belongs to another file now
        self.home = source.path  # the followed name it belongs to
        self.grew_at = 0.0  # on the caller's clock
        self.bytes_read = 0
        self.taken = 0  # the same, with what was read ahead
        self.ahead: Ahead | None = None
        self.share = 0  # bytes of its end that are read before what comes before them; 0: all is read in order
        self.reached = 0  # how far it was read, ahead or in order
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

    @property
    def left(self) -> int:
        """Bytes of the file that are not read in order yet."""
        return 0 if self.finished else self.stream.left(self.limit)

    @property
    def urgent(self) -> bool:
        """Whether its newest lines are still to be read, and can be before others."""
        if not self.share or not self.ready:
            return False
        if self.ahead is None:
            return self.left <= self.share
        return self.position == 0 or self.ahead.ready(self.limit)

    def hurry(self, share: int, max_line: int) -> None:
        """Read the last `share` bytes first, if there is much before them. 0 is: all in order."""
        self.share = share
        if (
            share
            and isinstance(self.stream, Plain)
            and self.left > 2 * share
            and not is_capture(self.stream.read_at(4, 0))
            and not is_list(self.stream.read_at(max_line + 1, 0), max_line)
        ):
            self.ahead = Ahead(self.limit - share, max_line)

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
        read = max(self.stream.raw, self.reached) if isinstance(self.stream, Plain) else self.stream.raw
        return status.st_size < read

    def read(self, buffer: bytearray, registry: Registry, arrival_us: int) -> Block | None:
        """The next whole lines, or None when there are none yet. Raises TruncatedError and OSError, nothing lost."""
        if self.ahead is not None and self.position:  # the beginning comes first: a copy is known by it
            if self.position >= self.ahead.start:
                self.ahead = None
            elif self.ahead.ready(self.limit):
                return self._read_ahead(self.ahead, buffer, arrival_us)
        return self._read_on(buffer, registry, arrival_us)

    def _read_ahead(self, ahead: Ahead, buffer: bytearray, arrival_us: int) -> Block | None:
        try:
            block = ahead.read(self.stream.fd, self.source, buffer, arrival_us)
        except IndexError:
            raise TruncatedError from None
        self.taken += 0 if block is None else block.size
        self.reached = max(self.reached, ahead.position)
        return block

    def _read_on(self, buffer: bytearray, registry: Registry, arrival_us: int) -> Block | None:
        room = len(buffer) - SLACK - 1  # one byte for a newline that is missing
        kept = self.lines.load(buffer)
        want = room - kept
        if self.ahead is not None and not self.position:
            want = min(want, HEAD)
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
        self.taken += got
        self.reached = max(self.reached, self.position)
        start = self.position - got - kept
        self.drained = got < want or (plain and self.position >= self.limit)
        ended = self.over or self.stream.ended
        last = self.drained and (ended or (isinstance(self.stream, Pipe) and self.stream.paused))
        if not start and isinstance(self.lines, LineCutter):
            head, longest = buffer[: kept + got], self.lines.max_line
            if is_capture(head):
                self.lines = CaptureCutter()
            elif is_list(head, longest):
                self.lines = ListCutter(longest)
        dropped, size = self.lines.cut(buffer, kept + got, last)
        if self.drained and not isinstance(self.stream, Pipe):  # the file may have less than it had
            self.limit = min(self.limit, self.stream.raw)
        self.finished = last and ended and not self.lines.pending
        if not size:
            return None
        buffer[size : size + SLACK] = _ZEROS
        return Block(
            self.source, buffer, size, start + dropped, arrival_us, capture=isinstance(self.lines, CaptureCutter)
        )

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
        self.ahead, self.reached = None, self.position

    def abandon(self) -> None:
        """The rest is lost; so is the unfinished line, for half a line would tell wrong numbers."""
        self.lines.carry, self.lines.pending, self.ahead = b"", False, None
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
