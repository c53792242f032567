"""Snort alert_full: records of six lines; beside one pattern a record."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from format_lines.by_pattern import address, clock, letters, word

FORMAT = "snort-full"
START = 1_794_268_800  # 2026-11-10T00:00:00Z


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many records."""
    rng = random.Random(seed)
    made, micro = [], START * 1_000_000
    for _ in range(count):
        micro += rng.randrange(200, 5_000)
        stamp = datetime.fromtimestamp(micro // 1_000_000, UTC).strftime("%m/%d-%H:%M:%S") + f".{micro % 1_000_000:06d}"
        ends = f"203.0.113.{rng.randrange(256)}:{rng.randrange(1024, 65_536)} -> 192.0.2.{rng.randrange(256)}:{rng.randrange(1, 10_000)}"
        made.append(
            f"[**] [1:621:7] SCAN FIN [**]\n[Classification: Attempted Information Leak] [Priority: 2] \n{stamp} {ends}\n"
            f"TCP TTL:{rng.randrange(32, 64)} TOS:0x0 ID:{rng.randrange(65_536)} IpLen:20 DgmLen:40\n"
            f"*******F Seq: 0x{rng.randrange(1 << 32):X}  Ack: 0x0  Win: 0x400  TcpLen: 20\n".encode()
        )
    return made


_RECORD = re.compile(
    rb"\[\*\*\] \[(\S+)\] (.*?) \[\*\*\]\n(?:\[Classification: (.*?)\] )?\[Priority: (\d+)\] \n(\S+)\.(\d+) ([0-9.]+):(\d+) -> ([0-9.]+):(\d+)\n"
    rb"(\w+) TTL:(\d+) TOS:\S+ ID:(\d+) IpLen:\d+ DgmLen:(\d+)(?: (\w+))?\n(\S{8}) Seq: (\S+)  Ack: (\S+)  Win: (\S+)  TcpLen: \d+"
)
_time = clock("%m/%d-%H:%M:%S")
_hex = lru_cache(4096)(lambda text: int(text, 16))
_READ = (
    word,
    word,
    word,
    int,
    _time,
    int,
    address,
    int,
    address,
    int,
    word,
    int,
    int,
    int,
    word,
    letters,
    _hex,
    _hex,
    _hex,
)


def reference(data: bytes) -> int:
    """One pattern a record."""
    rows = [
        tuple(of(part) if part else 0 for of, part in zip(_READ, match.groups(), strict=True))
        for match in _RECORD.finditer(data)
    ]
    return len([np.array(column) for column in zip(*rows, strict=True)].pop())
