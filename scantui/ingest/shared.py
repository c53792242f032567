"""What all inputs of one follower share: the buffer, the files known, the descriptors, the clocks."""
# Paths are plain strings: they are looked at twenty times a second.

from __future__ import annotations

import os
import stat
from collections import OrderedDict
from collections.abc import Callable
from os import stat_result

from scantui.ingest.block import SLACK, Source
from scantui.ingest.capture import is_capture
from scantui.ingest.contents import packed_time
from scantui.ingest.generation import Generation
from scantui.ingest.identity import Known, Mark, Registry, seen_file
from scantui.ingest.packed import packing
from scantui.ingest.pipes import Pipe
from scantui.ingest.rotation import Opened, siblings
from scantui.ingest.siblings import siblings_among
from scantui.ingest.streams import Packed, Plain

MOST_OPEN = 256  # descriptors of followed files
_LAST_LINE = 8 * 1024  # bytes at the end of a file in which its last line is looked for


class Shared:
    """State of one `Follower`; not for use from two threads."""

    def __init__(
        self, *, follow: bool, block_size: int, max_line: int, now: Callable[[], int], clock: Callable[[], float]
    ) -> None:
        self.follow = follow
        self.max_line = max_line
        self.now = now  # microseconds since the epoch
        self.clock = clock  # seconds, monotonic
        self.buffer = bytearray(max(block_size, 2 * max_line + 2) + SLACK)
        self.registry = Registry()
        self.sources: dict[int, Source] = {}
        self.generations: dict[int, Generation] = {}
        self.bytes_read = 0
        self.more = False  # there is more than this poll takes
        self.share = 0  # bytes of a file's end that are read first
        self.crowded = False  # many inputs: look less often at those that are not busy
        self._open: OrderedDict[Generation, None] = OrderedDict()
        self._names: dict[str, list[str]] = {}

    def begin(self, file: Opened, home: str, position: int = 0) -> Generation:
        """A new generation of the followed name `home`, from `position` of an open file, or from an open pipe."""
        status = file.status
        if not stat.S_ISREG(status.st_mode):
            return self.begin_pipe(_pipe(file, lasting=self.follow), home, status)
        head = os.pread(file.fd, 16, 0)
        kind = packing(head)
        stream: Plain | Packed = Packed(file.fd, kind, grows=self.follow) if kind else Plain(file.fd, position)
        known = Known(status, Mark(position=position), packed=bool(kind))
        modified = packed_time(head) * 1_000_000 or status.st_mtime_ns // 1000
        last_line = b"" if kind or is_capture(head) else _last_line(file.fd, status.st_size)
        generation = self._enter(stream, known, file.path, modified, last_line)
        generation.home = home
        self.registry.add(known)
        self.opened(generation)
        return generation

    def begin_pipe(self, pipe: Pipe, path: str, status: stat_result) -> Generation:
        return self._enter(pipe, Known(status, Mark()), path, self.now(), b"")

    def _enter(
        self, stream: Plain | Packed | Pipe, known: Known, path: str, modified_us: int, last_line: bytes
    ) -> Generation:
        number = len(self.sources) + 1
        source = Source(number, path, known.device, known.inode, modified_us, last_line)
        generation = Generation(source, stream, known, self.max_line)
        generation.grew_at = self.clock()
        generation.over = not self.follow and not isinstance(stream, Pipe)
        self.sources[number] = source
        self.generations[number] = generation
        return generation

    def opened(self, generation: Generation) -> None:
        """Count an open file; close the one longest not used when there are too many. It keeps its place."""
        self._open[generation] = None
        self._open.move_to_end(generation)
        if len(self._open) > MOST_OPEN:
            self.close_spare()

    def close_spare(self) -> None:
        """Close files until there are few enough, the longest unused first."""
        excess = len(self._open) - MOST_OPEN
        if excess > 0:
            newest = next(reversed(self._open))
            spare = [each for each in self._open if each is not newest and _closable(each)]
            for each in spare[:excess]:
                self.close(each)

    @property
    def crammed(self) -> bool:
        """So many files are open that more must wait until some are read."""
        return len(self._open) > 2 * MOST_OPEN

    def used(self, generation: Generation) -> None:
        if generation in self._open:
            self._open.move_to_end(generation)

    def close(self, generation: Generation) -> None:
        self._open.pop(generation, None)
        generation.close()

    def note_history(self, path: str, before_ns: int | None = None) -> None:
        """Remember the rotated files of `path` that are there (and older than `before_ns`): they are not read."""
        directory, base = os.path.split(path)
        names = self._names.get(directory)
        if names is None:
            try:
                names = sorted(os.listdir(directory or "."))
            except OSError:
                names = []
            self._names[directory] = names
        if not siblings_among(base, names):
            return
        for name, status in siblings(path):
            if self.registry.unchanged(status) or (before_ns is not None and status.st_mtime_ns >= before_ns):
                continue
            try:
                fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
            except OSError:
                continue
            if not self.registry.recognise(fd, os.fstat(fd), copies=False):
                self.registry.add(seen_file(fd, os.fstat(fd)))
            os.close(fd)

    def forget_names(self) -> None:
        """Directory listings are good for the first look only."""
        self._names.clear()

    def close_all(self) -> None:
        for generation in self.generations.values():
            generation.stream.close()
        self._open.clear()


def _closable(generation: Generation) -> bool:
    """A rotated file is kept open until it is read: its name may be gone soon."""
    return not generation.retired or not generation.ready


def _pipe(file: Opened, *, lasting: bool) -> Pipe:
    """A FIFO or device opened by name. The pipe behind `/dev/fd/N` has had its writer and gets no other."""
    named_fifo = stat.S_ISFIFO(file.status.st_mode) and "pipe:[" not in os.path.realpath(file.path)
    return Pipe(file.fd, waits=True, lasting=lasting and named_fifo, heard=not named_fifo)


def _last_line(fd: int, size: int) -> bytes:
    """The last whole line of a plain file, without its newline; empty when there is none in the last few KiB."""
    start = max(0, size - _LAST_LINE)
    data = os.pread(fd, size - start, start)
    end = data.rfind(b"\n")
    if end <= 0:
        return b""
    begin = data.rfind(b"\n", 0, end)
    return data[begin + 1 : end] if begin >= 0 or start == 0 else b""
