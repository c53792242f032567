"""gzip (RFC 1952) and Zstandard (RFC 8878), recognised by their first bytes, unpacked in bounded steps."""

from __future__ import annotations

import os
import zlib
from typing import Protocol

import zstandard

GZIP, ZSTD = "gzip", "zstd"
_MAGIC = {b"\x1f\x8b\x08": GZIP, b"\x28\xb5\x2f\xfd": ZSTD}
_FOREIGN = {b"\xfd7zXZ\0": "xz", b"BZh": "bzip2", b"\x04\x22\x4d\x18": "lz4", b"PK\x03\x04": "zip"}
_ZSTD_STEP = 2048  # packed bytes at a time: 4 of them can stand for a block of 128 KiB (RFC 8878 §3.1.1.2)


class DamagedError(Exception):
    """The archive cannot be unpacked further; the text says why."""


class Decoder(Protocol):
    """Packed bytes in, unpacked bytes out."""

    def feed(self, raw: bytes) -> None: ...
    def take(self, most: int) -> bytes:
        """Up to `most` unpacked bytes; empty when more must be fed. Raises DamagedError."""
        ...

    @property
    def complete(self) -> bool:
        """Everything fed was unpacked, and the archive may end here."""
        ...

    def copy(self) -> Decoder | None:
        """A second decoder at the same position, when the library can do that."""
        ...


class GzipDecoder:
    """All members of a gzip file; zero padding between and after them is passed over."""

    def __init__(self) -> None:
        self._z = zlib.decompressobj(31)
        self._input = b""
        self._more = False  # the last step filled its room, so there may be more without input

    def feed(self, raw: bytes) -> None:
        self._input += raw

    def take(self, most: int) -> bytes:
        while True:
            if self._z.eof and not self._next_member():
                return b""
            if not self._input and not self._more:
                return b""
            try:
                out = self._z.decompress(self._input, most)
            except zlib.error as error:
                raise DamagedError(f"damaged gzip data ({error})") from error
            self._input = self._z.unused_data if self._z.eof else self._z.unconsumed_tail
            self._more = len(out) == most
            if out:
                return out

    def _next_member(self) -> bool:
        self._more = False
        self._input = self._input.lstrip(b"\0")
        if len(self._input) < 2:
            return False
        if self._input[:2] != b"\x1f\x8b":
            raise DamagedError("bytes after the end of the gzip data were ignored")
        self._z = zlib.decompressobj(31)
        return True

    @property
    def complete(self) -> bool:
        return self._z.eof and not self._input

    def copy(self) -> GzipDecoder:
        other = GzipDecoder()
        other._z, other._input, other._more = self._z.copy(), self._input, self._more
        return other


class ZstdDecoder:
    """All frames of a Zstandard file."""

    def __init__(self) -> None:
        self._z = zstandard.ZstdDecompressor().decompressobj()
        self._input, self._at = b"", 0
        self._out, self._given = b"", 0

    def feed(self, raw: bytes) -> None:
        self._input, self._at = self._input[self._at :] + raw, 0

    def take(self, most: int) -> bytes:
        while self._given == len(self._out):
            if self._at == len(self._input):
                return b""
            if self._z.eof:
                self._z = zstandard.ZstdDecompressor().decompressobj()
            piece = self._input[self._at : self._at + _ZSTD_STEP]
            try:
                self._out, self._given = self._z.decompress(piece), 0
            except zstandard.ZstdError as error:
                raise DamagedError(f"damaged zstd data ({error})") from error
            self._at += len(piece) - len(self._z.unused_data)
        out = self._out[self._given : self._given + most]
        self._given += len(out)
        return out

    @property
    def complete(self) -> bool:
        return self._z.eof and self._at == len(self._input) and self._given == len(self._out)

    def copy(self) -> None:
        return None


def packing(head: bytes) -> str:
    """`GZIP`, `ZSTD`, or empty for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")


def foreign(head: bytes) -> str:
    """Name of a compression that is not read here, or empty."""
    return next((kind for magic, kind in _FOREIGN.items() if head.startswith(magic)), "")


def decoder(kind: str) -> Decoder:
    return GzipDecoder() if kind == GZIP else ZstdDecoder()


def packed_time(head: bytes) -> int:
    """Seconds since the epoch at which a gzip's content was last changed; 0 when not said (RFC 1952 §2.3.1)."""
    return int.from_bytes(head[4:8], "little") if packing(head) == GZIP and len(head) >= 8 else 0


def unpacked_size(fd: int, size: int) -> int | None:
    """Bytes an archive of one member or frame says it unpacks to (gzip: modulo 2**32); None when it does not say."""
    head = os.pread(fd, 18, 0)
    if packing(head) == GZIP and size >= 18:
        return int.from_bytes(os.pread(fd, 4, size - 4), "little")
    if packing(head) == ZSTD:
        try:
            told = zstandard.get_frame_parameters(head).content_size
        except zstandard.ZstdError:
            return None
        return told if told < zstandard.CONTENTSIZE_ERROR else None
    return None


def content_head(fd: int, most: int) -> bytes:
    """The first `most` bytes of a file's content, unpacked."""
    return content_start(fd, most)[0]


def content_start(fd: int, most: int) -> tuple[bytes, bool]:
    """The same, and whether it could be told: False for an archive too short, so far, to say what it begins with."""
    raw = os.pread(fd, max(most, 16 * 1024), 0)
    kind = packing(raw)
    if not kind:
        return raw[:most], True
    unpack, out = decoder(kind), b""
    unpack.feed(raw)
    try:
        while len(out) < most and (more := unpack.take(most - len(out))):
            out += more
    except DamagedError:
        return out, True
    return out, len(out) == most or unpack.complete
