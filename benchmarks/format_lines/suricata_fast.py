"""Suricata fast.log: alerts of scans; beside one pattern."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from format_lines.by_pattern import address, clock, loop, word

FORMAT = "suricata-fast"
START = 1_794_268_800  # 2026-11-10T00:00:00Z
RULES = [
    "[1:2402000:6945] ET DROP Dshield Block Listed Source group 1 [**] [Classification: Misc Attack] [Priority: 2]",
    "[1:2010937:3] ET SCAN Suspicious inbound to mySQL port 3306 [**] [Classification: Potentially Bad Traffic] [Priority: 2]",
    "[1:2013504:6] ET POLICY GNU/Linux APT User-Agent Outbound likely related to package management [**] [Classification: Not Suspicious Traffic] [Priority: 3]",
]


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    made, micro = [], START * 1_000_000
    for _ in range(count):
        micro += rng.randrange(200, 5_000)
        stamp = datetime.fromtimestamp(micro // 1_000_000, UTC).strftime("%m/%d/%Y-%H:%M:%S")
        ends = f"203.0.113.{rng.randrange(256)}:{rng.randrange(1024, 65_536)} -> 192.0.2.{rng.randrange(256)}:{rng.randrange(1, 10_000)}"
        made.append(
            f"{stamp}.{micro % 1_000_000:06d}  [**] {rng.choice(RULES)} {{{rng.choice(['TCP', 'TCP', 'UDP'])}}} {ends}".encode()
        )
    return made


reference = loop(
    r"^(\S+?)\.(\d+)  (?:\[(\w+)\] )?\[\*\*\] \[(.*?)\] (.*?) \[\*\*\] \[Classification: (.*?)\] \[Priority: (\d+)\] \{(\S+)\} ([0-9.]+):(\d+) -> ([0-9.]+):(\d+)",
    (clock("%m/%d/%Y-%H:%M:%S"), int, word, word, word, word, int, word, address, int, address, int),
)
