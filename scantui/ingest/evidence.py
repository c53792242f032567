"""Raw lines again, for evidence: also after rotation and compression, and never other bytes than those read."""

from __future__ import annotations

import os
from collections import OrderedDict

from scantui.ingest.generation import Generation
from scantui.ingest.packed import DamagedError, Decoder, decoder, packing_of
from scantui.ingest.pipes import Pipe
from scantui.ingest.streams import Plain
from scantui.ingest.whereabouts import find, find_packed

_KEPT_OPEN = 8  # files and archives held between fetches
_PIECE = 128 * 1024  # bytes unpacked at a time
_WINDOW = 2 * 1024 * 1024  # unpacked bytes kept around the last fetch
_STONE = 8 * 1024 * 1024  # unpacked bytes between remembered decoder positions
_MOST_STONES = 64


class UnpackedFile:
    """Random access to an archive: goes on from where it is, or from the nearest remembered position."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._kind = packing_of(fd)
        self._stones: list[tuple[int, int, Decoder]] = []  # unpacked position, raw position, decoder
        self._restart()

    def _restart(self) -> None:
        self._decoder, self._raw, self._at = decoder(self._kind), 0, 0
        self._window = b""  # unpacked bytes before `_at`

    def read_at(self, length: int, offset: int) -> bytes:
        """These bytes of the content; fewer when it ends or is damaged."""
        if offset < self._at - len(self._window):
            self._return_to(offset)
        while self._at < offset + length:
            piece = self._next()
            if not piece:
                break
            self._window = (self._window + piece)[-max(_WINDOW, length + _PIECE) :]
            self._at += len(piece)
            self._remember()
        start = offset - (self._at - len(self._window))
        return self._window[start : start + length] if start >= 0 else b""

    def _next(self) -> bytes:
        try:
            while not (piece := self._decoder.take(_PIECE)):
                raw = os.pread(self.fd, _PIECE, self._raw)
                if not raw:
                    return b""
                self._raw += len(raw)
                self._decoder.feed(raw)
        except DamagedError:
            return b""
        return piece

    def _remember(self) -> None:
        last = self._stones[-1][0] if self._stones else 0
        if self._at - last < _STONE or len(self._stones) >= _MOST_STONES:
            return
        copy = self._decoder.copy()
        if copy is not None:
            self._stones.append((self._at, self._raw, copy))

    def _return_to(self, offset: int) -> None:
        self._restart()
        for at, raw, stone in reversed(self._stones):
            copy = stone.copy() if at <= offset else None
            if copy is not None:
                self._decoder, self._raw, self._at = copy, raw, at
                return


class Evidence:
    """Finds the file that holds a generation's content, and keeps the last few at hand."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, UnpackedFile | int] = OrderedDict()

    def fetch(self, generation: Generation, offset: int, length: int) -> bytes | None:
        """`length` bytes at `offset` of what was read of this generation; None when they are no longer to be had."""
        if offset < 0 or length < 0 or offset + length > generation.reached:
            return None
        if isinstance(generation.stream, Pipe):
            return generation.stream.recent.get(offset, length)
        if isinstance(generation.stream, Plain) and generation.open:
            data = _verified(generation.stream.fd, generation, offset, length)
            if data is not None:
                return data
        number = generation.source.id
        for _ in range(2):
            kept = self._kept.get(number)
            if kept is None:
                kept = self._find(generation)
                if kept is None:
                    return None
                self._keep(number, kept)
            data = (
                _verified(kept, generation, offset, length)
                if isinstance(kept, int)
                else _exactly(kept.read_at(length, offset), length)
            )
            if data is not None:
                self._kept.move_to_end(number)
                return data
            self._drop(number)  # it was cut meanwhile: look for a copy once
        return None

    def _find(self, generation: Generation) -> UnpackedFile | int | None:
        for path in dict.fromkeys((generation.home, generation.source.path)):
            if not generation.known.packed:
                file = find(path, generation.known)
                if file is not None:
                    return file.fd
            file = find_packed(path, generation.known)
            if file is not None:
                return UnpackedFile(file.fd)
        return None

    def _keep(self, number: int, kept: UnpackedFile | int) -> None:
        self._kept[number] = kept
        while len(self._kept) > _KEPT_OPEN:
            self._drop(next(iter(self._kept)))

    def _drop(self, number: int) -> None:
        kept = self._kept.pop(number)
        os.close(kept if isinstance(kept, int) else kept.fd)

    def close(self) -> None:
        for number in list(self._kept):
            self._drop(number)


def _verified(fd: int, generation: Generation, offset: int, length: int) -> bytes | None:
    """Read, then make sure that the file still holds what was read of it."""

    def read_at(size: int, at: int) -> bytes:
        return os.pread(fd, size, at)

    data = read_at(length, offset)
    return _exactly(data, length) if generation.known.mark.fits(read_at) else None


def _exactly(data: bytes, length: int) -> bytes | None:
    return data if len(data) == length else None
