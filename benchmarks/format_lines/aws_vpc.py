"""AWS VPC flow logs, version 2; beside one pattern."""

from __future__ import annotations

from format_lines.by_pattern import address, loop, word
from format_lines.packets import packets

FORMAT = "aws-vpc"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        second, number = one.time // 1_000_000, one.rng.randrange(1, 20)
        ends = f"{one.src} {one.dst} {one.sport} {one.dport}"
        action = one.rng.choice(["REJECT", "REJECT", "ACCEPT"])
        made.append(
            f"2 123456789012 eni-0f06a40fc9be596f6 {ends} 6 {number} {number * 40} {second} {second + 58} {action} OK".encode()
        )
    return made


reference = loop(
    r"^2 \S+ (\S+) ([0-9.]+) ([0-9.]+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (\S+) (\S+)",
    (word, address, address, int, int, int, int, int, int, int, word, word),
)
