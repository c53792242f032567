"""What an archive says of its content without being unpacked, and how its content begins."""

from __future__ import annotations

import os

import zstandard

from scantui.ingest.packed import GZIP, XZ, ZSTD, DamagedError, decoder, may_be_packed, packing

_FIRST_BLOCK = 1 << 20  # packed bytes in which an archive gives its first content: bzip2 -9 packs 900 kB at a time


def packed_time(head: bytes) -> int:
    """Seconds since the epoch at which a gzip's content was last changed; 0 when not said (RFC 1952 §2.3.1)."""
    return int.from_bytes(head[4:8], "little") if packing(head) == GZIP and len(head) >= 8 else 0


def unpacked_size(fd: int, size: int) -> int | None:
    """Bytes an archive of one member, frame or stream says it unpacks to (gzip: modulo 2**32); None when it does not say."""
    head = os.pread(fd, 18, 0)
    kind = packing(head)
    if kind == GZIP and size >= 18:
        return int.from_bytes(os.pread(fd, 4, size - 4), "little")
    if kind == ZSTD:
        try:
            told = zstandard.get_frame_parameters(head).content_size
        except zstandard.ZstdError:
            return None
        return told if told < zstandard.CONTENTSIZE_ERROR else None
    return _by_index(fd, size) if kind == XZ else None


def _by_index(fd: int, size: int) -> int | None:
    """What the index at the end of an xz stream says (The .xz File Format 1.2.1, sections 2.1.2 and 4)."""
    footer = os.pread(fd, 12, max(0, size - 12))
    length = 4 * (int.from_bytes(footer[4:8], "little") + 1)
    if footer[10:] != b"YZ" or not 8 <= length <= min(size - 24, _FIRST_BLOCK):
        return None
    index = os.pread(fd, length - 4, size - 12 - length)
    numbers, value, shift = [], 0, 0
    for byte in index[1:]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    if index[:1] != b"\0" or not numbers or len(numbers) < 1 + 2 * numbers[0]:
        return None
    return sum(numbers[2 : 2 + 2 * numbers[0] : 2])


def content_head(fd: int, most: int) -> bytes:
    """The first `most` bytes of a file's content, unpacked."""
    return content_start(fd, most)[0]


def content_start(fd: int, most: int) -> tuple[bytes, bool]:
    """The same, and whether it could be told: False for an archive too short, so far, to say what it begins with."""
    step = max(most, 16 * 1024)
    raw, at, out = os.pread(fd, step, 0), 0, b""
    kind = packing(raw)
    if not kind:
        return raw[:most], not raw or not may_be_packed(raw)
    unpack = decoder(kind)
    try:
        while raw and at < _FIRST_BLOCK and len(out) < most:
            unpack.feed(raw)
            while len(out) < most and (more := unpack.take(most - len(out))):
                out += more
            at += len(raw)
            raw = os.pread(fd, step, at)
    except DamagedError:
        return out, True
    return out, len(out) == most or unpack.complete
