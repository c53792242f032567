"""The end of a large file, read before all that comes before it, so that the newest lines show at once.

Everything is read again in order later: what is read ahead is good until then. A look ahead is the beginning of the file,
which says what the file is, and then its end.
"""

from __future__ import annotations

import os

from scantui.ingest.block import SLACK, Block, Source
from scantui.ingest.identity import Mark
from scantui.ingest.lines import LineCutter

HEAD = 64 * 1024  # bytes of the beginning
TOTAL = 3 << 20  # bytes of all files' ends: what is read and shown at once
LEAST = 256 << 10  # of one file's
_ZEROS = bytes(SLACK)


class Ahead:
    """A second place in a file that is being read: at first in its beginning, then from `start` on."""

    def __init__(self, start: int, max_line: int) -> None:
        self.start = start
        self.position = 0
        self._max_line = max_line
        self._lines = LineCutter(max_line)
        self._mark = Mark()

    def ready(self, limit: int) -> bool:
        return self.position < limit

    def read(self, fd: int, source: Source, buffer: bytearray, arrival_us: int) -> Block | None:
        """The next whole lines, None when there are none. Raises OSError; IndexError when the bytes before the place have
        changed."""
        kept = self._lines.load(buffer)
        room = len(buffer) - SLACK - 1 - kept
        if self.position < self.start:
            room = min(room, HEAD - self.position)
        with memoryview(buffer) as whole, whole[kept : kept + room] as view:
            got = os.preadv(fd, [view], self.position)
        if not self._mark.tail_fits(lambda length, offset: os.pread(fd, length, offset)):
            raise IndexError
        self._mark.add(buffer, kept, kept + got)
        begin = self.position - kept
        self.position += got
        dropped, size = self._lines.cut(buffer, kept + got, last=False)
        if self.position == HEAD or not got:
            self._leap()
        if not size:
            return None
        buffer[size : size + SLACK] = _ZEROS
        return Block(source, buffer, size, begin + dropped, arrival_us, ahead=True)

    def _leap(self) -> None:
        """From the beginning to the end, which begins inside a line."""
        if self.position < self.start:
            self.position = self.start
            self._mark = Mark(position=self.start)
            self._lines = LineCutter(self._max_line)
            self._lines.skipping = True
