"""Bytes that come once: standard input, FIFOs and character devices. Nothing here blocks."""

from __future__ import annotations

import errno
import os
import select

from scantui.ingest import packed
from scantui.ingest.recent import RecentBytes

_RAW = 128 * 1024  # bytes read at a time
_A_POLL = 4 * 1024 * 1024  # bytes taken between two calls of `arm`, so that a flood ends
RECENT = 16 * 1024 * 1024  # newest bytes kept for evidence


class Pipe:
    """A stream without positions. Packed data is unpacked; the newest bytes are kept for evidence.

    `waits` says that `fd` was opened non-blocking by us; else it may be shared and is asked before each read instead.
    `lasting` is a FIFO that is followed over more than one writer.
    """

    def __init__(self, fd: int, *, waits: bool, lasting: bool = False, heard: bool = True) -> None:
        self.fd = fd
        self.position = 0
        self.ended = False
        self.paused = False  # the last writer has gone, another may come
        self.flooded = False  # there was more than one poll takes
        self.error = ""
        self.recent = RecentBytes(RECENT)
        self._ask = None if waits else select.poll()
        if self._ask is not None:
            self._ask.register(fd, select.POLLIN)
        self._lasting = lasting
        self._heard = heard  # a writer is or was there
        self._allowance = 0
        self._fresh = True
        self._kind = ""
        self._decoder: packed.Decoder | None = None

    def arm(self) -> None:
        """Allow the next reads."""
        self._allowance = 0 if self.ended else _A_POLL
        self.flooded = False

    def readinto(self, view: memoryview) -> int:
        """Fill `view` as far as there is anything now."""
        filled = 0
        while filled < len(view) and self._allowance > 0:
            got = self._take(view[filled:])
            filled += got
            self._allowance -= got
            self.flooded = self._allowance <= 0
            if not got:
                self._allowance = 0
        self.recent.add(self.position, view[:filled])
        self.position += filled
        return filled

    def _take(self, view: memoryview) -> int:
        if self._decoder is None:
            raw = self._receive(min(len(view), _RAW))
            if not self._fresh or not raw:
                view[: len(raw)] = raw
                return len(raw)
            self._fresh = False
            self._kind = packed.packing(raw)
            if not self._kind:
                view[: len(raw)] = raw
                return len(raw)
            self._decoder = packed.decoder(self._kind)
            self._decoder.feed(raw)
        try:
            while not (out := self._decoder.take(len(view))):
                raw = self._receive(_RAW)
                if not raw:
                    return 0
                self._decoder.feed(raw)
        except packed.DamagedError as damage:
            self.ended, self.error = True, str(damage)
            return 0
        view[: len(out)] = out
        return len(out)

    def _receive(self, most: int) -> bytes:
        """Bytes there now; empty when there are none, or no more."""
        if self.ended or (self._ask is not None and not self._ask.poll(0)):
            return b""
        try:
            raw = os.read(self.fd, most)
        except OSError as error:
            if error.errno in (errno.EAGAIN, errno.EPIPE):  # EPIPE: the kernel's log overtook us (printk's /dev/kmsg)
                self._heard, self.paused = True, False
                return b""
            raw = b""  # a terminal that hung up says EIO
        if raw:
            self._heard, self.paused = True, False
        else:
            self._over()
        return raw

    def _over(self) -> None:
        self.paused = True
        if self._lasting or not self._heard:
            return
        self.ended = True
        if self._decoder is not None and not self._decoder.complete:
            self.error = f"{self._kind} data is cut short; read what there is"

    def ready(self, limit: int) -> bool:  # noqa: ARG002 - the interface of streams with a size
        return not self.ended and self._allowance > 0

    def left(self, limit: int) -> int:  # noqa: ARG002
        return 0

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
        self.fd = -1
