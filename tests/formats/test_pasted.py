"""Lines with a terminal's colours, and behind the names that grep writes."""

from __future__ import annotations

import pytest

from scantui.formats.pasted import found
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import read, rows, same_events

LINE = (
    "Jun  8 14:34:3{0} fw kernel: [50028442.088484] DROP IN=eth0 OUT= MAC= SRC=203.0.113.7 DST=192.0.2.1 LEN=40 TOS=0x00 PREC=0x00 TTL=245 "
    "ID=3730{0} PROTO=TCP SPT=8080 DPT=812{0} WINDOW=1024 RES=0x00 SYN URGP=0\n"
)
PLAIN = "".join(LINE.format(number) for number in range(10))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("DROP IN", "\x1b[0;1;38;5;185mDROP\x1b(B\x1b[m IN"),
        ("SRC=203.0.113.7", "\x1b[01;31m\x1b[KSRC=203.0.113.7\x1b[m\x1b[K"),
        ("kernel: ", "kernel: #033[33m"),
        ("Jun ", "kern.log:Jun "),
        ("Jun ", "/var/log/kern.log.1:17:Jun "),
        ("Jun ", "syslog:Jun "),
        ("Jun ", "\x1b[35m\x1b[Klog/kern.log\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[KJun "),
        ("Jun ", "> Jun "),
    ],
)
def test_a_line_says_the_same_with_what_a_terminal_added(old: str, new: str) -> None:
    reader, pasted = Reader(Tables()), PLAIN.replace(old, new)
    cuts = [len(PLAIN) // 3, len(PLAIN) // 2]
    same_events(read(PLAIN.encode()), read(pasted.encode(), reader=reader, cuts=cuts))
    assert (reader.status(1).format, reader.status(1).unread) == ("netfilter", 0)


def test_some_lines_with_colours_among_others() -> None:
    lines = PLAIN.splitlines(keepends=True)
    lines[4] = lines[4].replace("DROP", "\x1b[31mDROP\x1b[0m")
    same_events(read(PLAIN.encode()), read("".join(lines).encode()))


@pytest.mark.parametrize(
    "line",
    [
        b"192.0.2.1:Jun  8 14:34:33 fw kernel: x",  # a host
        b"Jun  8 14:34:33 fw kernel: x",
        b"date=2026-06-08 time=14:34:33 devname=x",
        b"2026-06-08T14:34:33 fw.example: 2026-06-08 x",
        b"",
    ],
)
def test_what_is_no_name(line: bytes) -> None:
    assert not found(line)


def test_rules_have_no_colours() -> None:
    assert {row["rule"] for row in rows(read(PLAIN.replace("DROP", "\x1b[33mDROP\x1b[0m").encode()))} == {"DROP"}


@pytest.mark.parametrize("cut", [(), (1,), (100,)])
def test_a_coloured_line_behind_a_record_that_may_go_on_counts_once(cut: tuple[int, ...]) -> None:
    record = b"00:29:08.307240 203.0.113.194.42064 > 192.0.2.112.853: S 3620809840:3620809840(0) win 16384 (DF)\n"
    coloured = b"\x1b[31m" + record.replace(b"08.3", b"09.3")
    begun = b"00:29:08.400000 IP (tos 0x0, ttl 64, id 7, offset 0, flags [DF], proto TCP (6), length 60)\n"
    reader = Reader(Tables())
    assert len(read(record + begun + coloured, cut, reader=reader)) == 2
    assert (reader.status(1).lines, reader.status(1).unread) == (3, 1)
