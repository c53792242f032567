"""netfilter's LOG lines behind a syslog header with uptime; beside one pattern."""

from __future__ import annotations

import logs
from format_lines.by_pattern import address, clock, flag_words, loop, micros, word

FORMAT = "netfilter"


def lines(count: int, seed: int = 7) -> list[bytes]:
    """That many lines."""
    return logs.netfilter(count, seed=seed).splitlines()


reference = loop(
    r"(\w{3} [ \d]\d \d\d:\d\d:\d\d) (\S+) kernel: \[ *(\d+\.\d+)\] (.*?) ?IN=(\S*) OUT=(\S*) .*?SRC=(\S+) DST=(\S+) LEN=(\d+) .*?TTL=(\d+) ID=(\d+) "
    r"(.*?)PROTO=(\S+) SPT=(\d+) DPT=(\d+) (?:WINDOW=(\d+) RES=\S+ (.*?)URGP=|LEN=)",
    (
        *(clock("%b %d %H:%M:%S"), word, micros, word, word, word, address, address, int, int, int),
        *(word, word, int, int, int, flag_words),
    ),
)
