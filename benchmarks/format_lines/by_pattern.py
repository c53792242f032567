"""The loop that every phrase-like format is compared with: one compiled pattern a line, each group made what it means, caches for
addresses, words and times, and the columns as arrays at the end. It detects nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np

from scantui.events import FLAG_BITS

Reading = Callable[[bytes], int]


@lru_cache(100_000)
def address(text: bytes) -> int:
    a, b, c, d = text.split(b".")
    return int(a) << 24 | int(b) << 16 | int(c) << 8 | int(d)


_WORDS: dict[bytes, int] = {}


def word(text: bytes) -> int:
    return _WORDS.setdefault(text, len(_WORDS))


def clock(pattern: str) -> Reading:
    """A reader of times to the second, once a distinct one."""

    @lru_cache(10_000)
    def read(text: bytes) -> int:
        year = "" if "%Y" in pattern or pattern[:2] == "%H" else "2026 "
        return int(
            datetime.strptime(year + text.decode(), ("%Y " if year else "") + pattern).replace(tzinfo=UTC).timestamp()
        )

    return read


@lru_cache(10_000)
def iso(text: bytes) -> int:
    return int(datetime.fromisoformat(text.decode()).timestamp())


def micros(text: bytes) -> int:
    """A number with six digits after its point, without it."""
    return int(text.replace(b".", b""))


@lru_cache(4096)
def flag_words(text: bytes) -> int:
    return sum(FLAG_BITS.get(name.decode(), 0) for name in re.split(rb"[- ]", text))


@lru_cache(4096)
def letters(text: bytes) -> int:
    return sum(1 << b"FSRPAU".index(letter) for letter in text if letter in b"FSRPAU")


def loop(pattern: str, readings: Sequence[Reading]) -> Callable[[bytes], int]:
    """A reader of whole logs: how many events it found. `readings` are of the pattern's groups; a group may be missing."""
    compiled = re.compile(pattern.encode())

    def read(data: bytes) -> int:
        rows, offset = [], 0
        for line in data.splitlines(keepends=True):
            match = compiled.search(line)
            if match:
                rows.append(
                    (
                        *(of(part) if part else 0 for of, part in zip(readings, match.groups(), strict=True)),
                        offset,
                        len(line),
                    )
                )
            offset += len(line)
        return len([np.array(column) for column in zip(*rows, strict=True)].pop())

    return read


def split_loop(by: str, readings: Mapping[int, Reading]) -> Callable[[bytes], int]:
    """The same for lines of fields between a byte; `readings` are by the number of the field."""
    separator, wanted = by.encode(), sorted(readings.items())

    def read(data: bytes) -> int:
        rows, offset = [], 0
        for line in data.splitlines(keepends=True):
            part = line.rstrip(b"\n").split(separator)
            rows.append((*(of(part[number]) for number, of in wanted), offset, len(line)))
            offset += len(line)
        return len([np.array(column) for column in zip(*rows, strict=True)].pop())

    return read
