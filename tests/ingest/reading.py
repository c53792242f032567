"""Reads a follower the way the tests want it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scantui.ingest.block import SLACK
from scantui.ingest.follow import Follower


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def us(self) -> int:
        return int(self.seconds * 1e6)


class Reader:
    """A follower, the lines it gave, and where each came from."""

    def __init__(self, targets: Sequence[str | Path], *, follow: bool = True, **more: Any) -> None:
        self.clock = Clock()
        more.setdefault("now", self.clock.us)
        self.follower = Follower([str(each) for each in targets], follow=follow, clock=self.clock, **more)
        self.lines: list[bytes] = []
        self.origin: list[tuple[int, int, int]] = []  # source id, offset, length
        self.ahead: list[tuple[int, int, bytes]] = []  # source id, offset, line that came before its turn

    def poll(self, most: int | None = None) -> list[bytes]:
        """Poll once; the new lines."""
        before = len(self.lines)
        for block in self.follower.poll(most):
            data = bytes(block.data[: block.size])
            assert data.endswith(b"\n")
            assert not any(block.data[block.size : block.size + SLACK])
            offset = block.offset
            for line in data.split(b"\n")[:-1]:
                if block.ahead:
                    self.ahead.append((block.source.id, offset, line))
                else:
                    self.lines.append(line)
                    self.origin.append((block.source.id, offset, len(line)))
                offset += len(line) + 1
        return self.lines[before:]

    def drain(self, seconds: float = 0.3) -> list[bytes]:
        """Poll until nothing is left, letting `seconds` pass first (enough for new names by default)."""
        self.clock.seconds += seconds
        before = len(self.lines)
        self.poll()
        while self.follower.backlog:
            self.poll()
        return self.lines[before:]

    def settle(self) -> list[bytes]:
        """Let enough time pass that rotated files are over."""
        before = len(self.lines)
        for _ in range(4):
            self.drain(70.0)
        return self.lines[before:]

    def info(self, path: str | Path) -> Any:
        return next(each for each in self.follower.inputs() if each.path == str(path))

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.follower.close()


def append(path: Path, data: bytes) -> None:
    with path.open("ab", buffering=0) as log:
        log.write(data)
