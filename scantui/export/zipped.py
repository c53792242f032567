"""A zip archive as a stream of bytes that depend on its content only: fixed times, fixed order, hashes of what went in."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_FIRST, _LAST = 315_532_800, 4_354_819_198  # seconds: the years a zip can tell, 1980 to 2107 (APPNOTE 4.4.6)
_MODE = 0o100600 << 16  # a regular file, its owner's only
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Packed:
    """One file that was packed."""

    name: str
    size: int
    sha256: str


class _Sink:
    """Takes what the archive writes, until it is fetched. Knows no place to go back to, so that zipfile streams."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def fetch(self) -> bytes:
        held = b"".join(self._parts)
        self._parts.clear()
        return held


class Zipped:
    """An archive under one folder. `made_at` in microseconds UTC is every file's time."""

    def __init__(self, folder: str, made_at: int) -> None:
        moment = datetime.fromtimestamp(min(_LAST, max(_FIRST, made_at // 1_000_000)), UTC)
        self._stamp = moment.timetuple()[:6]
        self._folder = folder
        self._sink = _Sink()
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED)
        self.packed: list[Packed] = []

    def add(self, name: str, chunks: Iterable[str | bytes]) -> Iterator[bytes]:
        """Pack one file; `name` is made of safe characters by the caller."""
        info = zipfile.ZipInfo(f"{self._folder}/{name}", self._stamp)
        info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, _MODE, _UNIX
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as file:
            for chunk in chunks:
                data = chunk.encode() if isinstance(chunk, str) else chunk
                digest.update(data)
                size += len(data)
                file.write(data)
                yield self._sink.fetch()
        self.packed.append(Packed(name, size, digest.hexdigest()))
        yield self._sink.fetch()

    def close(self) -> bytes:
        """The archive's end."""
        self._archive.close()
        return self._sink.fetch()
