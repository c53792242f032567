"""Snort's alert_fast; beside one pattern."""

from __future__ import annotations

from format_lines.by_pattern import address, clock, loop, word
from format_lines.packets import packets

FORMAT = "snort-fast"
RULES = [
    "[1:1418:11] SNMP request tcp [**] [Classification: Attempted Information Leak] [Priority: 2]",
    "[1:621:7] SCAN FIN [**] [Classification: Attempted Information Leak] [Priority: 2]",
    "[116:59:1] (snort_decoder): Tcp Window Scale Option found with length > 14 [**] [Classification: Generic Protocol Command Decode] [Priority: 3]",
]


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    return [
        f"{one.stamp('%m/%d-%H:%M:%S')}.{one.micro}  [**] {one.rng.choice(RULES)} {{TCP}} {one.src}:{one.sport} -> {one.dst}:{one.dport}".encode()
        for one in packets(count, seed)
    ]


reference = loop(
    r"^(\S+?)\.(\d+)  (?:\[(\w+)\] )?\[\*\*\] \[(.*?)\] (.*?) \[\*\*\] \[Classification: (.*?)\] \[Priority: (\d+)\] \{(\S+)\} ([0-9.]+):(\d+) -> ([0-9.]+):(\d+)",
    (clock("%m/%d-%H:%M:%S"), int, word, word, word, word, int, word, address, int, address, int),
)
