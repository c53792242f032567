"""key=value lines with an ISO time; beside one pattern."""

from __future__ import annotations

import logs
from format_lines.by_pattern import address, flag_words, iso, loop, word

FORMAT = "keyvalue"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    return logs.keyvalue(count, seed=seed).splitlines()


reference = loop(
    r"ts=(\S+) event=(\S+) src=([0-9.]+):(\d+) dst=([0-9.]+):(\d+) proto=(\S+)(?: flags=(\S+))?",
    (iso, word, address, int, address, int, word, flag_words),
)
