"""Which file is which: a file is its device, inode and content, for inodes are reused and names move."""

from __future__ import annotations

import os
from collections.abc import Callable
from os import stat_result
from typing import TYPE_CHECKING

from scantui.ingest.contents import content_head
from scantui.ingest.packed import packing_of

if TYPE_CHECKING:
    from scantui.ingest.generation import Generation

HEAD = 1024  # bytes remembered of a file's beginning
TAIL = 256  # bytes remembered before the position read to
SURE = 64  # bytes two files must share before they count as copies of each other

ReadAt = Callable[[int, int], bytes]  # (length, offset)


class Mark:
    """What a file's content looked like: its first bytes, and the last ones before `position` (-1: not known)."""

    __slots__ = ("head", "position", "tail")

    def __init__(self, head: bytes = b"", tail: bytes = b"", position: int = 0) -> None:
        self.head, self.tail, self.position = head, tail, position

    def add(self, buffer: bytearray, start: int, end: int) -> None:
        """`buffer[start:end]` was read at `position`."""
        if self.position == len(self.head) < HEAD:
            self.head += bytes(buffer[start : min(end, start + HEAD - len(self.head))])
        self.tail = (self.tail + bytes(buffer[max(start, end - TAIL) : end]))[-TAIL:]
        self.position += end - start

    def tail_fits(self, read_at: ReadAt) -> bool:
        return not self.tail or read_at(len(self.tail), self.position - len(self.tail)) == self.tail

    def fits(self, read_at: ReadAt) -> bool:
        """Whether a plain file still holds what was read."""
        return read_at(len(self.head), 0) == self.head and self.tail_fits(read_at)


class Known:
    """One file that was read, is being read, or was there before."""

    __slots__ = ("device", "generation", "inode", "mark", "modified_ns", "packed", "size")

    def __init__(self, status: stat_result, mark: Mark, *, packed: bool = False, generation: Generation | None = None):
        self.device, self.inode = status.st_dev, status.st_ino
        self.size, self.modified_ns = status.st_size, status.st_mtime_ns
        self.mark, self.packed, self.generation = mark, packed, generation

    def at(self, status: stat_result) -> bool:
        return self.inode == status.st_ino and self.device == status.st_dev

    def unchanged(self, status: stat_result) -> bool:
        return self.size == status.st_size and self.modified_ns == status.st_mtime_ns

    def seen(self, status: stat_result) -> None:
        """Remember where it is and how it looks now."""
        self.device, self.inode = status.st_dev, status.st_ino
        self.size, self.modified_ns = status.st_size, status.st_mtime_ns

    def held(self) -> bool:
        """Open, so that its inode cannot be another file's."""
        return self.generation is not None and self.generation.known is self and self.generation.open

    def same(self, fd: int, status: stat_result) -> bool:
        """Whether the open file with our inode is still this one (it may have grown)."""
        if self.held() or self.unchanged(status):
            return True
        if not self.mark.head and not self.mark.tail:  # nothing to compare: the inode may be another file's by now
            return False
        if self.packed:
            return content_head(fd, len(self.mark.head)) == self.mark.head
        return status.st_size >= self.mark.position and self.mark.fits(lambda length, at: os.pread(fd, length, at))

    def head_now(self) -> bytes:
        """Its first bytes, those not read yet too while it is open."""
        if self.generation is not None and self.held() and not self.packed and len(self.mark.head) < HEAD:
            return os.pread(self.generation.stream.fd, HEAD, 0)
        return self.mark.head

    def copied_in(self, fd: int, status: stat_result, head: bytes, *, is_packed: bool) -> bool:
        """Whether another file holds our content: a copy, our archive, or a copy still being made or cut short."""
        ours = self.head_now()
        if len(ours) < SURE:
            return is_packed and bool(ours) and head == ours
        if not head.startswith(ours):
            return False
        if is_packed or self.mark.position < 0:
            return True
        if status.st_size < self.mark.position:
            return len(ours) == HEAD
        return self.mark.tail_fits(lambda length, at: os.pread(fd, length, at))


class Registry:
    """Every file known, by inode and by content."""

    def __init__(self) -> None:
        self._by_inode: dict[tuple[int, int], list[Known]] = {}
        self._by_head: dict[bytes, dict[Known, None]] = {}
        self._short: dict[Known, None] = {}  # too little read of them to be in `_by_head`

    def add(self, known: Known) -> None:
        self._by_inode.setdefault((known.device, known.inode), []).append(known)
        self.index(known)

    def index(self, known: Known) -> None:
        """Find it by content as well, once there is enough of it."""
        if len(known.mark.head) < SURE:
            self._short[known] = None
        else:
            self._short.pop(known, None)
            self._by_head.setdefault(known.mark.head[:SURE], {})[known] = None

    def moved(self, known: Known, status: stat_result) -> None:
        """The content lives in another file now."""
        self.drop(known)
        known.seen(status)
        self.add(known)

    def drop(self, known: Known) -> None:
        """Its inode holds something else."""
        here = self._by_inode.get((known.device, known.inode), [])
        if known in here:
            here.remove(known)

    def unchanged(self, status: stat_result) -> Known | None:
        """The known file with this inode, size and time (or held open), without opening it."""
        for known in self._by_inode.get((status.st_dev, status.st_ino), ()):
            if known.held() or known.unchanged(status):
                return known
        return None

    def recognise(self, fd: int, status: stat_result, *, copies: bool) -> Known | None:
        """The known file that `fd` is; with `copies` also the one that it is a copy or an archive of."""
        for known in self._by_inode.get((status.st_dev, status.st_ino), ()):
            if known.same(fd, status):
                return known
        return self.original(fd, status) if copies else None

    def original(self, fd: int, status: stat_result) -> Known | None:
        """The known file whose content this one holds too; remembered under its inode."""
        head = content_head(fd, HEAD)
        is_packed = bool(packing_of(fd))
        for known in (*self._by_head.get(head[:SURE], ()), *self._short):
            if known.copied_in(fd, status, head, is_packed=is_packed):
                return self.alias(fd, status, known)
        return None

    def alias(self, fd: int, status: stat_result, known: Known) -> Known:
        """Remember that this file holds the content of `known`, or the beginning of it."""
        other = seen_file(fd, status)
        other.generation = known.generation
        self._by_inode.setdefault((status.st_dev, status.st_ino), []).append(other)
        return other


def seen_file(fd: int, status: stat_result) -> Known:
    """A file as it is now, not read."""
    head = content_head(fd, HEAD)
    if packing_of(fd):
        return Known(status, Mark(head, b"", -1), packed=True)
    tail = os.pread(fd, TAIL, max(0, status.st_size - TAIL))
    return Known(status, Mark(head, tail, max(0, status.st_size - TAIL) + len(tail)))
