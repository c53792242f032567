"""RouterOS firewall lines through a syslog; beside one pattern."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from format_lines.by_pattern import address, clock, loop, word

FORMAT = "mikrotik"
START = 1_794_268_800  # 2026-11-10T00:00:00Z


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        stamp = datetime.fromtimestamp(START + number // 200, UTC).strftime("%b %d %H:%M:%S")
        proto = rng.choice(["TCP (SYN)", "TCP (SYN)", "TCP (RST,ACK)", "UDP"])
        ends = f"203.0.113.{rng.randrange(256)}:{rng.randrange(1024, 65_536)}->192.0.2.{rng.randrange(256)}:{rng.randrange(1, 10_000)}"
        made.append(
            f"{stamp} rtr1 firewall,info drop-in input: in:ether1-WAN out:(unknown 0), connection-state:new src-mac 02:00:5e:00:53:01, "
            f"proto {proto}, {ends}, len {rng.choice([40, 44, 60])}".encode()
        )
    return made


reference = loop(
    r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) \S+ (.*?) ?(\S+): in:(\S+) out:.*?proto (\w+)(?: \(([A-Z,]+)\))?, ([0-9.]+):(\d+)->([0-9.]+):(\d+), len (\d+)",
    (clock("%b %d %H:%M:%S"), word, word, word, word, word, word, address, int, address, int, int),
)
