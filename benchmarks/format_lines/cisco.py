"""Cisco ASA: denied packets of a few forms, connections built, and other messages; beside one pattern with alternatives."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from format_lines.by_pattern import address, clock, loop, word

FORMAT = "cisco"
START = 1_794_268_800  # 2026-11-10T00:00:00Z


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        stamp = datetime.fromtimestamp(START + number // 200, UTC).strftime("%b %d %H:%M:%S")
        src, dst = f"203.0.113.{rng.randrange(256)}", f"192.0.2.{rng.randrange(256)}"
        sport, dport = rng.randrange(1024, 65_536), rng.randrange(1, 10_000)
        kind = rng.choices(range(5), [45, 15, 20, 15, 5])[0]
        message = (
            f'%ASA-4-106023: Deny tcp src outside:{src}/{sport} dst inside:{dst}/{dport} by access-group "outside_in" [0x0, 0x0]',
            f"%ASA-6-106015: Deny TCP (no connection) from {src}/{sport} to {dst}/{dport} flags FIN ACK  on interface outside",
            f"%ASA-6-302013: Built inbound TCP connection {number} for outside:{src}/{sport} ({src}/{sport}) to inside:{dst}/{dport} ({dst}/{dport})",
            f"%ASA-6-106100: access-list outside_in denied tcp outside/{src}({sport}) -> inside/{dst}({dport}) hit-cnt 1 first hit [0x71a87d94, 0x0]",
            f"%ASA-6-106006: Deny inbound UDP from {src}/{sport} to {dst}/{dport} on interface outside",
        )[kind]
        made.append(f"{stamp} fw1 : {message}".encode())
    return made


_HOST = r"([0-9.]+)[/(](\d+)\)?"
reference = loop(
    r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) : %ASA-\d-(\d{6}): (?:Deny (\S+) src (\S+):"
    + _HOST
    + r" dst \S+?:"
    + _HOST
    + r' by access-group "([^"]+)"'
    r"|Deny TCP \(no connection\) from " + _HOST + " to " + _HOST + r" flags ([A-Z ]+?)  ?on interface (\S+)"
    r"|Built inbound (\S+) connection \d+ for (\S+?):" + _HOST + r" \(\S+\) to \S+?:" + _HOST + r" \("
    r"|access-list (\S+) (\S+) (\S+) (\S+?)/" + _HOST + r" -> \S+?/" + _HOST + r" hit-cnt (\d+)"
    r"|Deny inbound (\S+) from " + _HOST + " to " + _HOST + r" on interface (\S+))",
    (
        *(clock("%b %d %H:%M:%S"), word, int),
        *(word, word, address, int, address, int, word),
        *(address, int, address, int, word, word),
        *(word, word, address, int, address, int),
        *(word, word, word, word, address, int, address, int, int),
        *(word, address, int, address, int, word),
    ),
)
