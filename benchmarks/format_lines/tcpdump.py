"""tcpdump text of scans and some ordinary traffic; beside one pattern."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from format_lines.by_pattern import address, clock, letters, loop, word

FORMAT = "tcpdump"
START = 1_794_268_800  # 2026-11-10T00:00:00Z


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    made, micro = [], START * 1_000_000
    for _ in range(count):
        micro += rng.randrange(20, 500)
        stamp = (
            datetime.fromtimestamp(micro // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S") + f".{micro % 1_000_000:06d}"
        )
        src, dst = f"203.0.113.{rng.randrange(256)}", f"192.0.2.{rng.randrange(256)}"
        sport, dport = rng.randrange(1024, 65_536), rng.randrange(1, 10_000)
        kind = rng.choices(range(4), [60, 20, 10, 10])[0]
        text = (
            f"{src}.{sport} > {dst}.{dport}: Flags [S], seq {rng.randrange(1 << 32)}, win 1024, options [mss 1460], length 0",
            f"{dst}.{dport} > {src}.{sport}: Flags [R.], seq 0, ack {rng.randrange(1 << 32)}, win 0, length 0",
            f"{src}.{sport} > {dst}.{dport}: Flags [P.], seq 1:101, ack 1, win 512, length 100",
            f"{src}.{sport} > {dst}.{dport}: UDP, length 42",
        )[kind]
        made.append(f"{stamp} IP {text}".encode())
    return made


reference = loop(
    r"^(\S+ \S+?)\.(\d+) IP ([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\.(\d+) > ([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)\.(\d+): "
    r"(?:Flags \[([A-Z.]+)\], (?:seq (\d+)(?::\d+)?, )?(?:ack (\d+), )?win (\d+),(?: options \[(.*?)\],)? length (\d+)|(\w+), length (\d+))",
    (clock("%Y-%m-%d %H:%M:%S"), int, address, int, address, int, letters, int, int, int, word, int, word, int),
)
