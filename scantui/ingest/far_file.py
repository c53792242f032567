"""The script that follows a file on another machine (`far_file.sh`), as one line, and the checksum that it compares."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".sh")
_POLYNOMIAL = 0x04C11DB7  # of POSIX cksum


@cache
def script() -> str:
    lines = (line.strip() for line in _FILE.read_text("ascii").splitlines())
    return " ".join(line for line in lines if not line.startswith("#"))


def checksum(data: bytes) -> int:
    """What `cksum` prints (POSIX.1-2017, XCU cksum)."""
    size = len(data)
    value = 0
    for byte in data + size.to_bytes((size.bit_length() + 7) // 8, "little"):
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (_POLYNOMIAL if value >> 31 else 0)) & 0xFFFFFFFF
    return value ^ 0xFFFFFFFF
