"""A replay: finished logs fed as if they were being written now, each line at its own time, the clock run faster.

Quiet stretches are shortened, so that a night's story fits a coffee break and no part of it is a wait.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scantui.formats.reader import Reader
from scantui.ingest.block import SLACK, Block, InputState, Source
from scantui.ingest.info import InputInfo
from scantui.tables import Tables

SECOND = 1_000_000
_DENSE = 0.5  # of the replay's length is shared out by events, the rest by their own clock


@dataclass(frozen=True)
class _Log:
    """One log: its bytes, and for each line where it ends and when its time has come (seconds from the start)."""

    source: Source
    data: bytes
    end: NDArray[np.int64]
    due: NDArray[np.float64]


class Replay:
    """A feed over `paths` that lasts about `seconds`. `clock` is a monotonic clock in seconds."""

    def __init__(
        self, paths: Sequence[Path], seconds: float = 16.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._logs = _schedule([(path, path.read_bytes()) for path in paths], seconds)
        self._position = [0] * len(self._logs)
        self._started: float | None = None
        self._woken = threading.Event()

    def poll(self, most_bytes: int | None = None) -> Iterator[Block]:
        """The lines whose time has come; `most_bytes` is no use here, where a tick's share is small."""
        del most_bytes
        now = self._clock()
        if self._started is None:
            self._started = now
        for i, log in enumerate(self._logs):
            done = int(np.searchsorted(log.due, now - self._started, side="right"))
            end = int(log.end[done - 1]) if done else 0
            begin = self._position[i]
            if end > begin:
                self._position[i] = end
                data = bytearray(log.data[begin:end] + bytes(SLACK))
                yield Block(log.source, data, end - begin, begin, time.time_ns() // 1000)

    @property
    def backlog(self) -> bool:
        return False

    @property
    def finished(self) -> bool:
        return all(position == len(log.data) for position, log in zip(self._position, self._logs, strict=True))

    def wait(self, seconds: float) -> None:
        self._woken.wait(seconds)
        self._woken.clear()

    def wake(self) -> None:
        self._woken.set()

    def sources(self) -> Mapping[int, Source]:
        return {log.source.id: log.source for log in self._logs}

    def fetch(self, source_id: int, offset: int, length: int) -> bytes | None:
        for log in self._logs:
            if log.source.id == source_id:
                return log.data[offset : offset + length]
        return None

    def inputs(self) -> tuple[InputInfo, ...]:
        return tuple(
            InputInfo(
                path=log.source.path,
                state=InputState.DONE if position == len(log.data) else InputState.FOLLOWING,
                error="",
                sources=(log.source.id,),
                bytes_read=position,
                bytes_left=len(log.data) - position,
                rotations=0,
                truncations=0,
                uncopied=0,
                oversized=0,
                sample=b"",
            )
            for position, log in zip(self._position, self._logs, strict=True)
        )

    def close(self) -> None:
        """Nothing is held open."""


def _schedule(logs: Sequence[tuple[Path, bytes]], seconds: float) -> list[_Log]:
    """Read the logs once for their times, and share the replay's length out among the lines."""
    reader = Reader(Tables())
    found: list[tuple[Source, bytes, NDArray[np.int64], NDArray[np.int64]]] = []
    for number, (path, data) in enumerate(logs):
        if data and not data.endswith(b"\n"):
            data += b"\n"
        source = Source(number + 1, str(path), 0, number, int(path.stat().st_mtime) * SECOND)
        batch = reader.read(Block(source, bytearray(data + bytes(SLACK)), len(data), 0, source.modified_us))
        ends = (batch.offset + batch.line_length).astype(np.int64) + 1
        if len(ends):
            ends[-1] = len(data)
        found.append((source, data, ends, np.maximum.accumulate(batch.ts) if len(batch) else batch.ts))
    every = np.sort(np.concatenate([ts for *_, ts in found])) if found else np.zeros(0, np.int64)
    if not len(every):
        return [_Log(source, data, np.array([len(data)]), np.zeros(1)) for source, data, _, _ in found]
    span = max(1, int(every[-1] - every[0]))
    return [
        _Log(
            source,
            data,
            ends,
            seconds * (_DENSE * np.searchsorted(every, ts) / len(every) + (1 - _DENSE) * (ts - every[0]) / span),
        )
        for source, data, ends, ts in found
    ]
