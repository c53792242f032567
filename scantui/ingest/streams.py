"""Where bytes come from when they have a name: a plain file or an archive."""

from __future__ import annotations

import os

from scantui.ingest import packed

_RAW = 128 * 1024  # packed bytes read at a time


class Plain:
    """A regular file read at its own position.

    As for all streams: `position` counts the bytes handed out, `ended` says that none will ever come again, `error` is
    what a reader should be told, and `readinto` fills as far as there is anything now.
    """

    def __init__(self, fd: int, position: int = 0) -> None:
        self.fd = fd
        self.position = position
        self.ended = False
        self.error = ""

    @property
    def raw(self) -> int:
        """Bytes of the file read."""
        return self.position

    def readinto(self, view: memoryview) -> int:
        got = os.preadv(self.fd, [view], self.position) if len(view) else 0
        self.position += got
        return got

    def read_at(self, length: int, offset: int) -> bytes:
        return os.pread(self.fd, length, offset)

    def ready(self, limit: int) -> bool:
        return self.position < limit

    def left(self, limit: int) -> int:
        return max(0, limit - self.position)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1


class Packed:
    """An archive. While it `grows`, an unfinished archive is waited for instead of given up."""

    def __init__(self, fd: int, kind: str, *, grows: bool) -> None:
        self.fd = fd
        self.kind = kind
        self.grows = grows
        self.position = 0  # in the unpacked content
        self.raw = 0  # in the file
        self.ended = False
        self.error = ""
        self._idle = False
        self._decoder = packed.decoder(kind)

    def readinto(self, view: memoryview) -> int:
        filled = 0
        try:
            while filled < len(view) and not self.ended:
                out = self._decoder.take(len(view) - filled)
                view[filled : filled + len(out)] = out
                filled += len(out)
                if not out and not self._feed():
                    break
        except packed.DamagedError as damage:
            self.ended, self.error = True, str(damage)
        self.position += filled
        return filled

    def _feed(self) -> bool:
        raw = os.pread(self.fd, _RAW, self.raw)
        self.raw += len(raw)
        self._decoder.feed(raw)
        self._idle = not raw
        if not raw:
            complete = self._decoder.complete
            self.error = "" if complete else f"{self.kind} data is cut short; read what there is"
            self.ended = not self.grows or (complete and self.kind not in packed.ENDLESS)
        return bool(raw)

    def skip_to(self, position: int) -> bytes:
        """Unpack up to `position` and return the last 256 bytes before it (fewer when the archive ends earlier)."""
        scratch, tail = memoryview(bytearray(256 * 1024)), b""
        while self.position < position:
            got = self.readinto(scratch[: min(len(scratch), position - self.position)])
            if not got:
                break
            tail = (tail + bytes(scratch[max(0, got - 256) : got]))[-256:]
        return tail

    def ready(self, limit: int) -> bool:
        return not self.ended and (not self._idle or limit > self.raw)

    def left(self, limit: int) -> int:
        return 0 if self.ended else max(0, limit - self.raw)

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1
