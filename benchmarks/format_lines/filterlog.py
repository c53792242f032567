"""pf's filterlog (pfSense, OPNsense) through a syslog: TCP and UDP; beside one pattern."""

from __future__ import annotations

from format_lines.by_pattern import address, clock, letters, loop, word
from format_lines.packets import packets

FORMAT = "filterlog"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    made = []
    for one in packets(count, seed):
        ends, ttl, ip_id = (
            f"{one.src},{one.dst},{one.sport},{one.dport}",
            one.rng.randrange(32, 64),
            one.rng.randrange(65_536),
        )
        if one.rng.random() < 0.75:
            rest = f"DF,6,tcp,44,{ends},0,S,{one.rng.randrange(1 << 32)},,1024,,mss"
        else:
            rest = f"none,17,udp,68,{ends},48"
        text = f"4,,,1000000103,em0,match,block,in,4,0x0,,{ttl},{ip_id},0,{rest}"
        made.append(f"{one.stamp('%b %d %H:%M:%S')} fw1 filterlog[52719]: {text}".encode())
    return made


reference = loop(
    r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) filterlog\[\d+\]: (\d*),[^,]*,[^,]*,(\d*),([^,]*),[^,]*,([^,]*),[^,]*,4,[^,]*,[^,]*,(\d+),(\d+),(\d+),([^,]*),"
    r"\d+,(\w+),(\d+),([0-9.]+),([0-9.]+),(\d+),(\d+),(?:\d+,([A-Z]*),(\d*)[^,]*,(\d*),(\d*),[^,]*,(\S*)|\d+$)",
    (
        *(clock("%b %d %H:%M:%S"), word, int, int, word, word, int, int, int, word),
        *(word, int, address, address, int, int, letters, int, int, int, word),
    ),
)
