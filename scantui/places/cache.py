"""Answers kept on disk, so that nobody is asked twice: one small private file a question. What cannot be read is not there."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from scantui.export import atomic

HOUR = 3600.0
FOR_ANSWERS, FOR_FAILURES = 24 * HOUR, HOUR
_MOST_BYTES = 1 << 20
_MOST_SWEPT = 2000  # files looked at for removal in one run
Answer = TypeVar("Answer")


class _Kept(msgspec.Struct, Generic[Answer], frozen=True):
    version: int
    question: str
    until: float
    answer: Answer


_VERSION = 1


class Cache:
    """`clock`: seconds since the epoch."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._folder = folder
        self._clock = clock

    def _path(self, question: str) -> Path:
        return self._folder / f"{hashlib.blake2s(question.encode(), digest_size=16).hexdigest()}.json"

    def get(self, question: str, kind: type[Answer]) -> Answer | None:
        """The answer kept for a question, while it is fresh."""
        data = self._bytes(self._path(question))
        try:
            kept = msgspec.json.decode(data, type=_Kept[kind])  # type: ignore[valid-type]
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return None
        now = self._clock()
        if kept.version != _VERSION or kept.question != question or not now < kept.until <= now + FOR_ANSWERS:
            return None
        return kept.answer

    def put(self, question: str, answer: object, *, failed: bool) -> None:
        """Keep an answer; a failure for an hour. A folder that cannot be written only costs the cache."""
        until = self._clock() + (FOR_FAILURES if failed else FOR_ANSWERS)
        text = msgspec.json.encode(_Kept(_VERSION, question, until, answer)).decode()
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            atomic.write(self._path(question), [text], overwrite=True)

    def sweep(self) -> None:
        """Remove files older than any answer may be."""
        oldest = self._clock() - FOR_ANSWERS
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            for _, entry in zip(range(_MOST_SWEPT), entries, strict=False):
                if entry.name.endswith((".json", ".part")) and entry.stat(follow_symlinks=False).st_mtime < oldest:
                    with contextlib.suppress(OSError):
                        Path(entry.path).unlink()

    @staticmethod
    def _bytes(path: Path) -> bytes:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return b""
        try:
            return os.read(handle, _MOST_BYTES)
        except OSError:
            return b""
        finally:
            os.close(handle)
