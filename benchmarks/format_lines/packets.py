"""What the lines tell of: probes from 256 sources at 256 targets, 200 a second; the same for every family."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

START = 1_794_268_800  # 2026-11-10T00:00:00Z


@dataclass(frozen=True)
class Packet:
    number: int
    time: int  # microseconds since 1970
    src: str
    sport: int
    dst: str
    dport: int
    rng: random.Random

    def stamp(self, pattern: str) -> str:
        """The time by strftime's letters."""
        return datetime.fromtimestamp(self.time // 1_000_000, UTC).strftime(pattern)

    @property
    def micro(self) -> str:
        return f"{self.time % 1_000_000:06d}"


def packets(count: int, seed: int) -> Iterator[Packet]:
    rng = random.Random(seed)
    for number in range(count):
        time = START * 1_000_000 + number * 5_000 + rng.randrange(5_000)
        src, dst = f"203.0.113.{rng.randrange(256)}", f"192.0.2.{rng.randrange(256)}"
        yield Packet(number, time, src, rng.randrange(1024, 65_536), dst, rng.randrange(1, 10_000), rng)
