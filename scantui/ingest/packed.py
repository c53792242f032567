"""gzip (RFC 1952), Zstandard (RFC 8878), xz and bzip2, recognised by their first bytes, unpacked in bounded steps;
and text in UTF-16 with its byte order mark, as PowerShell writes it, which is "unpacked" to UTF-8 in the same way."""

from __future__ import annotations

import bz2
import codecs
import lzma
import os
import zlib
from collections.abc import Callable
from typing import Protocol

import zstandard

GZIP, ZSTD, XZ, BZIP2, UTF16 = "gzip", "zstd", "xz", "bzip2", "UTF-16"
ENDLESS = (UTF16,)  # what can be whole and go on
SUFFIXES = (".gz", ".zst", ".xz", ".bz2")
_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")  # of bzip2: a block, or the end of an empty stream
_MAGIC = {
    b"\x1f\x8b\x08": GZIP,
    b"\x28\xb5\x2f\xfd": ZSTD,
    b"\xfd7zXZ\0": XZ,
    codecs.BOM_UTF16_LE: UTF16,
    codecs.BOM_UTF16_BE: UTF16,
    **{b"BZh%d" % level + block: BZIP2 for level in range(1, 10) for block in _BLOCKS},
}
HEAD = 16  # bytes that tell
_FOREIGN = {b"\x04\x22\x4d\x18": "lz4", b"PK\x03\x04": "zip"}
_ZSTD_STEP = 2048  # packed bytes at a time: 4 of them can stand for a block of 128 KiB (RFC 8878 §3.1.1.2)
_XZ_MEMORY = 128 << 20  # bytes; xz -9 takes 65 MiB to unpack (xz(1)), a hostile header could ask for 4 GiB


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


class StreamsDecoder:
    """All streams of an xz or bzip2 file; zero padding between and after them is passed over."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._new: Callable[[], lzma.LZMADecompressor | bz2.BZ2Decompressor] = _OPEN[kind]
        self._z = self._new()
        self._input = b""

    def feed(self, raw: bytes) -> None:
        self._input += raw

    def take(self, most: int) -> bytes:
        while True:
            if self._z.eof and not self._next_stream():
                return b""
            if self._z.needs_input and not self._input:
                return b""
            raw, self._input = self._input, b""
            try:
                out = self._z.decompress(raw, most)
            except (lzma.LZMAError, OSError) as error:
                raise DamagedError(f"damaged {self._kind} data ({str(error).lower()})") from error
            if self._z.eof:
                self._input = self._z.unused_data
            if out:
                return out

    def _next_stream(self) -> bool:
        self._input = self._input.lstrip(b"\0")
        if len(self._input) < HEAD - 2:  # both are longer
            return False
        if packing(self._input) != self._kind:
            raise DamagedError(f"bytes after the end of the {self._kind} data were ignored")
        self._z = self._new()
        return True

    @property
    def complete(self) -> bool:
        return self._z.eof and not self._input

    def copy(self) -> None:
        return None


class Utf16Decoder:
    """UTF-16 as UTF-8; what is no text becomes U+FFFD."""

    def __init__(self) -> None:
        self._text = codecs.getincrementaldecoder("utf-16")("replace")
        self._out = b""

    def feed(self, raw: bytes) -> None:
        self._out += self._text.decode(raw).encode("utf-8", "replace")

    def take(self, most: int) -> bytes:
        out, self._out = self._out[:most], self._out[most:]
        return out

    @property
    def complete(self) -> bool:
        return not self._out and not self._text.getstate()[0]

    def copy(self) -> Utf16Decoder:
        other = Utf16Decoder()
        other._text.setstate(self._text.getstate())
        other._out = self._out
        return other


_OPEN: dict[str, Callable[[], lzma.LZMADecompressor | bz2.BZ2Decompressor]] = {
    XZ: lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_MEMORY),
    BZIP2: bz2.BZ2Decompressor,
}


def packing(head: bytes) -> str:
    """`GZIP`, `ZSTD`, `XZ`, `BZIP2`, `UTF16`, or empty for anything else."""
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "")


def may_be_packed(head: bytes) -> bool:
    """Whether these bytes, all that there are, are too few to tell."""
    return any(magic.startswith(head) for magic in _MAGIC)


def packing_of(fd: int) -> str:
    """The same, of an open file."""
    return packing(os.pread(fd, HEAD, 0))


def foreign(head: bytes) -> str:
    """Name of a compression that is not read here, or empty."""
    return next((kind for magic, kind in _FOREIGN.items() if head.startswith(magic)), "")


def decoder(kind: str) -> Decoder:
    if kind in _OPEN:
        return StreamsDecoder(kind)
    if kind == UTF16:
        return Utf16Decoder()
    return GzipDecoder() if kind == GZIP else ZstdDecoder()
