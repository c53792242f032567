"""Juniper SRX sessions as text; beside one pattern."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from format_lines.by_pattern import address, clock, loop, word

FORMAT = "juniper-flow"
START = 1_794_268_800  # 2026-11-10T00:00:00Z


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        stamp = datetime.fromtimestamp(START + number // 200, UTC).strftime("%b %d %H:%M:%S")
        ends = f"203.0.113.{rng.randrange(256)}/{rng.randrange(1024, 65_536)}->192.0.2.{rng.randrange(256)}/{rng.randrange(1, 10_000)}"
        if rng.random() < 0.7:
            text = f"DENY: session denied {ends} 0x0 None 6(0) deny-all untrust trust UNKNOWN UNKNOWN N/A(N/A) reth2.0 No Denied by policy"
        else:
            text = (
                f"CLOSE: session closed TCP FIN: {ends} 0x0 junos-http {ends} 0x0 N/A N/A N/A N/A 6 in-web untrust trust {number} "
                f"{rng.randrange(1, 40)}(550) {rng.randrange(1, 40)}(709) {rng.randrange(60)} UNKNOWN UNKNOWN N/A(N/A) reth2.0"
            )
        made.append(f"{stamp} fw1 RT_FLOW: RT_FLOW_SESSION_{text}".encode())
    return made


_ENDS = r"([0-9.]+)/(\d+)->([0-9.]+)/(\d+)"
reference = loop(
    r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) RT_FLOW: RT_FLOW_SESSION_(?:DENY: session denied "
    + _ENDS
    + r" 0x0 \S+ (\d+)\(\d+\) (\S+)"
    r"|CLOSE: session closed (.*?): "
    + _ENDS
    + r" 0x0 \S+ \S+ 0x0 \S+ \S+ \S+ \S+ (\d+) (\S+) \S+ \S+ \d+ (\d+)\(\d+\) (\d+)\(\d+\) (\d+))",
    (
        clock("%b %d %H:%M:%S"),
        word,
        address,
        int,
        address,
        int,
        int,
        word,
        word,
        address,
        int,
        address,
        int,
        int,
        word,
        int,
        int,
        int,
    ),
)
