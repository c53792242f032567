"""The reader: whatever the blocks, the same events; what nobody reads is counted and shown, harmless."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.formats.netfilter_samples import SAMPLES
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import blocks, read, rows, same_events, source

PLAIN = (
    b"Nov 10 06:%02d:%02d fw1 kernel: [%d.%06d] [UFW %s] IN=eth0 OUT= SRC=203.0.113.%d DST=192.0.2.10 LEN=44 TOS=0x00 PREC=0x00 TTL=%d ID=%d PROTO=TCP "
    b"SPT=%d DPT=%d WINDOW=1024 RES=0x00 SYN URGP=0 "
)


def a_log(count: int) -> bytes:
    made = []
    for i in range(count):
        uptime = 5000_000_000 + i * 137_311
        second = uptime // 1_000_000 - 5000
        word = (b"BLOCK", b"AUDIT", b"ALLOW")[i % 3]
        made.append(
            PLAIN
            % (
                second // 60,
                second % 60,
                uptime // 1_000_000,
                uptime % 1_000_000,
                word,
                i % 7,
                30 + i % 20,
                i // 3,
                53,
                i % 900,
            )
        )
        if i % 50 == 7:
            made.append(b"Nov 10 06:00:00 fw1 sshd[12]: Invalid user \x1b]0;owned\x07 from 203.0.113.9")
        if i % 90 == 11:
            made.append(b"ts=2026-11-10T06:00:01Z event=fw_drop src=[2001:db8::%x]:1 dst=192.0.2.1:2 proto=udp" % i)
    return b"\n".join(made)


LOG = a_log(700)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(LOG)), max_size=12))
def test_events_do_not_depend_on_how_lines_were_cut_into_blocks(cuts: list[int]) -> None:
    same_events(read(LOG, cuts), read(LOG))


def test_events_line_by_line_equal_events_at_once() -> None:
    log = a_log(150)
    same_events(read(log, range(len(log))), read(log))


def test_mixed_lines_are_read_by_their_own_formats_and_the_rest_is_counted() -> None:
    reader = Reader(Tables())
    batch = read(LOG, reader=reader)
    status = reader.status(1)
    assert status.format == "netfilter"
    assert status.lines == LOG.count(b"\n") + 1
    assert status.unread == LOG.count(b"sshd")
    assert status.events == len(batch) == status.lines - status.unread
    assert "2001:db8::b" in {row["src"] for row in rows(batch, ["src"])}
    assert all("\x1b" not in sample and "\\x1b" in sample for sample in status.samples)


def test_origin_finds_the_line_again() -> None:
    batch = read(LOG, [3000, 9000])
    for i in (0, 5, len(batch) // 2, len(batch) - 1):
        line = LOG[int(batch.offset[i]) : int(batch.offset[i]) + int(batch.line_length[i])]
        assert f"DPT={batch.dport[i]} ".encode() in line or b":%d proto" % batch.dport[i] in line


AUDIT = SAMPLES[0].line.replace(b"UFW BLOCK", b"UFW AUDIT")


def test_an_audit_line_and_its_verdict_are_one_event() -> None:
    log = AUDIT + b"\n" + SAMPLES[0].line
    (row,) = rows(read(log))
    assert row["rule"] == "[UFW BLOCK]"
    (cut,) = rows(read(log, [0]))
    assert cut == row


def test_an_audit_line_alone_stays() -> None:
    log = AUDIT + b"\n" + SAMPLES[0].line.replace(b"DPT=21", b"DPT=22")
    assert [row["rule"] for row in rows(read(log))] == ["[UFW AUDIT]", "[UFW BLOCK]"]


TRACE = b"""\
Mar  2 15:58:11 gw kernel: [5378263.921611] TRACE: raw:PREROUTING:policy:3 IN=zt0 OUT= SRC=203.0.113.20 DST=192.0.2.32 LEN=64 TOS=0x00 PREC=0x00 \
TTL=64 ID=32766 DF PROTO=TCP SPT=65087 DPT=80 SEQ=3874826404 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0
Mar  2 15:58:11 gw kernel: [5378263.921645] TRACE: mangle:PREROUTING:policy:1 IN=zt0 OUT= SRC=203.0.113.20 DST=192.0.2.32 LEN=64 TOS=0x00 \
PREC=0x00 TTL=64 ID=32766 DF PROTO=TCP SPT=65087 DPT=80 SEQ=3874826404 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0
Mar  2 15:58:11 gw kernel: [5378263.921650] TRACE: nat:PREROUTING:rule:1 IN=zt0 OUT= SRC=203.0.113.20 DST=192.0.2.32 LEN=64 TOS=0x00 \
PREC=0x00 TTL=64 ID=32766 DF PROTO=TCP SPT=65087 DPT=80 SEQ=3874826404 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0
Mar  2 15:58:11 gw kernel: [5378263.921670] TRACE: filter:FORWARD:rule:3 IN=zt0 OUT=eth1 SRC=203.0.113.20 DST=198.51.100.8 LEN=64 TOS=0x00 \
PREC=0x00 TTL=63 ID=32766 DF PROTO=TCP SPT=65087 DPT=8080 SEQ=3874826404 ACK=0 WINDOW=65535 RES=0x00 SYN URGP=0
"""


@pytest.mark.parametrize("cuts", [[], [300], range(3000)])
def test_a_traced_packet_is_one_event(cuts: Sequence[int]) -> None:
    (row,) = rows(read(TRACE, cuts))
    assert (row["dst"], row["dport"], row["rule"]) == ("192.0.2.32", 80, "TRACE: raw:PREROUTING:policy:3")
    # Another packet of the same ports, and the same one again where only one table is logged.
    other = TRACE.replace(b"ID=32766", b"ID=32767")
    assert [row["ip_id"] for row in rows(read(TRACE + other, cuts))] == [32766, 32767]
    lines = TRACE.splitlines(keepends=True)
    assert [row["dport"] for row in rows(read(lines[1] + lines[2] + other.splitlines(keepends=True)[1]))] == [80, 80]


SONIC = b"""\
id=fw sn=1 time="2026-01-03 14:48:05" fw=192.0.2.1 pri=6 c=1024 m=537 msg="Connection Closed" n=1 src=203.0.113.5:1000:WAN dst=192.0.2.9:22:LAN proto=tcp/22
id=fw sn=1 time="2026-01-03 14:48:06" fw=192.0.2.1 pri=6 c=262144 m=98 msg="Connection Opened" n=2 src=203.0.113.5:1001:WAN dst=192.0.2.9:23:LAN proto=tcp/23
id=fw sn=1 time="2026-01-03 14:48:07" fw=192.0.2.1 pri=6 c=1024 m=537 msg="Connection Closed" n=3 src=203.0.113.5:1001:WAN dst=192.0.2.9:23:LAN proto=tcp/23
"""


@pytest.mark.parametrize("cuts", [[], [170], range(500)])
def test_a_connection_that_opens_and_closes_is_one_event(cuts: Sequence[int]) -> None:
    reader = Reader(Tables())
    assert [row["sport"] for row in rows(read(SONIC, cuts, reader=reader))] == [1000, 1001]
    assert reader.status(1).unread == 0


@pytest.mark.parametrize("cut", range(60, len(SAMPLES[0].line) - 12, 7))
def test_a_line_broken_off_is_refused_not_misread(cut: int) -> None:
    reader = Reader(Tables())
    assert len(read(SAMPLES[0].line[:cut], reader=reader)) == 0
    assert reader.status(1).unread == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=300), max_size=30))
def test_any_bytes_are_read_or_counted(junk: list[bytes]) -> None:
    data = b"\n".join(junk) + b"\n"
    reader = Reader(Tables())
    total = sum(len(reader.read(block)) for block in blocks(data, [50]))
    status = reader.status(1)
    assert status.lines == data.count(b"\n")
    blank = sum(line in (b"", b"\r") for line in data.split(b"\n")[:-1])
    assert total + status.unread + blank == status.lines
    assert all(ch.isprintable() for sample in status.samples for ch in sample if ch != " ")


def test_two_inputs_keep_their_own_counts() -> None:
    reader = Reader(Tables())
    read(LOG, reader=reader)
    read(b"nothing here\n", of=source(2), reader=reader)
    assert reader.status(1).unread == LOG.count(b"sshd")
    assert reader.status(2).unread == 1
    assert reader.status(2).format == ""


def test_a_format_is_found_below_many_lines_of_others() -> None:
    others = b"Nov 10 06:00:03 fw1 sshd[12]: Failed password for root from 203.0.113.9 port 40000 ssh2\n" * 300
    log = b"\n".join(line for line in LOG.split(b"\n") if b"UFW BLOCK" in line)
    assert len(read(others + log)) == len(read(log)) > 0


def test_a_repeat_stands_for_packets_like_the_one_above() -> None:
    line = PLAIN % (0, 3, 5000, 7, b"BLOCK", 9, 44, 12345, 53, 21)
    repeat = b"Nov 10 06:%02d:33 fw1 last message repeated %d times"
    log = b"\n".join((line, repeat % (0, 2), repeat % (1, 7), b"Nov 10 06:02:00 fw1 sshd[12]: Bye", repeat % (3, 5)))
    for cuts in ((), range(len(log))):
        batch = read(log, cuts)
        first, second, third = rows(batch)
        assert (second["count"], third["count"]) == (2, 7)
        assert [second["ts"] - first["ts"], third["ts"] - first["ts"]] == [30_000_000, 90_000_000]
        assert {**second, "ts": 0, "count": 1} == {**first, "ts": 0} == {**third, "ts": 0, "count": 1}
    assert len(read(line + b"\n" + repeat.replace(b"fw1", b"fw2") % (0, 2))) == 1


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    head = b"frame.time_epoch,ip.src,ip.dst,ip.proto,tcp.srcport,tcp.dstport\n"
    line = b"1795387029.548061,203.0.113.7,192.0.2.10,6,40219,80\n"
    reader = Reader(Tables())
    (event,) = rows(read(b"\xef\xbb\xbf" + head + line, reader=reader), ["src", "dport", "offset"])
    assert (event["dport"], event["offset"]) == (80, 3 + len(head))
    assert reader.status(1).unread == 0
