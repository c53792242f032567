"""Files of the state directory: read whole, appended to a line at a time, rewritten in one step. Safe for several processes.

Every writer holds the directory's lock, so that a rewrite never loses a line appended meanwhile; a reader needs none.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scantui.export import atomic

MOST_LINE = 4096  # bytes; PIPE_BUF of Linux: what one write puts down in one piece
MOST_BYTES = 64 << 20  # of one file
_LOCK_SECONDS = 1.0
_LOCK_STEP = 0.02
_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # neither through a link nor waiting at a pipe


class Directory:
    """A directory of small text files, mode 0700, made when the first line is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes:
        """The whole file; empty when there is none. Raises OSError."""
        try:
            handle = os.open(self.path / name, os.O_RDONLY | _FLAGS)
        except FileNotFoundError:
            return b""
        with os.fdopen(handle, "rb") as file:
            self._regular(file.fileno(), name)
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError(f"larger than {MOST_BYTES >> 20} MiB")
        return data

    def append(self, name: str, lines: Iterable[bytes]) -> None:
        """Each line in one write, and all of it on the disk when this returns. A line that a crash cut short is ended first.

        Raises OSError; lines written before the failure stay, a line written in part is taken back.
        """
        with self._locked():
            handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_APPEND | _FLAGS, 0o600)
            try:
                self._regular(handle, name)
                size = os.fstat(handle).st_size
                torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
                for line in lines:
                    size += self._put(handle, (b"\n" if torn else b"") + line + b"\n", size)
                    torn = False
                os.fsync(handle)
            finally:
                os.close(handle)

    @staticmethod
    def _put(handle: int, data: bytes, size: int) -> int:
        if len(data) > MOST_LINE:
            raise ValueError(f"a line of {len(data):,} bytes: at most {MOST_LINE:,} are written in one piece")
        written = os.write(handle, data)
        if written < len(data):  # the disk is full
            os.ftruncate(handle, size)
            raise OSError("no space left for a whole line")
        return written

    def rewrite(self, name: str, change: Callable[[bytes], bytes | None]) -> None:
        """Put what `change` makes of the file in its place, in one step; nothing when it makes None. Raises OSError."""
        with self._locked():
            new = change(self.read(name))
            if new is not None:
                atomic.write_bytes(self.path / name, [new], overwrite=True)

    @staticmethod
    def _regular(handle: int, name: str) -> None:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{name} is not a regular file")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | _FLAGS, 0o600)
        try:
            end = time.monotonic() + _LOCK_SECONDS
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > end:
                        raise OSError("another scantui holds its lock") from None
                    time.sleep(_LOCK_STEP)
            yield
        finally:
            os.close(handle)  # gives the lock back


def reason(error: OSError) -> str:
    """An OSError in words."""
    return error.strerror or str(error)
