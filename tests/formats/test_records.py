"""Records of several lines: whole wherever a block is cut, and none lost at the end."""

from __future__ import annotations

import json

import pytest

from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import blocks, read, rows

ALERT = (
    b"[**] [1:621:7] SCAN FIN [**]\n[Classification: Attempted Information Leak] [Priority: 2] \n"
    b"11/13-15:03:10.666719 203.0.113.%d:59444 -> 192.0.2.106:5000\nTCP TTL:44 TOS:0x0 ID:1 IpLen:20 DgmLen:40\n"
    b"*******F Seq: 0x1  Ack: 0x0  Win: 0x400  TcpLen: 20\n\n"
)
PACKET = (
    b"12:00:00.000001 IP (tos 0x0, ttl 52, id 5, offset 0, flags [DF], proto TCP (6), length 60)\n"
    b"    203.0.113.%d.40000 > 192.0.2.1.80: Flags [S], cksum 0x8f3a (correct), seq 1, win 64240, length 0\n"
)
HEX = b"\t0x0000:  4500 003c 0005 4000 3406 0000 cb00 7105\n"


@pytest.mark.parametrize("record", [ALERT, PACKET, PACKET + HEX + HEX])
def test_a_record_is_whole_wherever_blocks_are_cut(record: bytes) -> None:
    data = b"".join(record % number for number in range(4))
    want = rows(read(data))
    assert [row["src"] for row in want] == [f"203.0.113.{number}" for number in range(4)]
    assert all(row["ttl"] for row in want)
    first, second = len(record % 0), len(record % 0) + len(record % 1)
    for cut in range(first, second):
        got = read(data, [cut])
        # A packet that was read as it was keeps what came with it; dump lines after the cut stand for nothing.
        assert rows(got) == want, cut
        assert got.offset.tolist() == read(data).offset.tolist(), cut


def test_many_records_are_read_in_bulk() -> None:
    data = b"".join(ALERT % (number % 250) for number in range(200))
    got = rows(read(data, [3_000, 9_000, 9_100]))
    assert [row["src"] for row in got] == [f"203.0.113.{number % 250}" for number in range(200)]
    assert {(row["flags"], row["window"], row["ip_id"]) for row in got} == {(1, 1024, 1)}


def test_a_whole_record_does_not_wait_for_the_next() -> None:
    reader = Reader(Tables())
    (block,) = blocks(ALERT % 7)
    assert [row["src"] for row in rows(reader.read(block))] == ["203.0.113.7"]
    assert reader.flush() == []


def test_a_record_that_stays_unfinished_is_told_at_the_end() -> None:
    reader = Reader(Tables())
    first, *_ = blocks(ALERT % 7 + (ALERT % 8)[:60].rpartition(b"\n")[0])
    assert len(reader.read(first)) == 1
    assert sum(map(len, reader.flush())) == 0
    assert reader.status(1).unread == 1


def test_lines_are_counted_as_they_stand_in_the_file() -> None:
    reader = Reader(Tables())
    data = ALERT % 1 + ALERT % 2
    for block in blocks(data, [len(ALERT) + 40]):
        reader.read(block)
    reader.flush()
    status = reader.status(1)
    assert (status.lines, status.events, status.unread) == (data.count(b"\n"), 2, 0)


EVENTS = [
    {
        "timestamp": f"2026-10-01T21:26:{second:02}.007515+0000",
        "event_type": "alert",
        "src_ip": "203.0.113.4",
        "src_port": 55555,
        "dest_ip": "192.0.2.16",
        "dest_port": 1000 + second,
        "proto": "TCP",
        "alert": {"action": "allowed", "signature": "x", "metadata": [{"a": "{"}, {"b": "}"}]},
    }
    for second in range(40)
]
HELD = [{"firewall_name": "fw1", "event": event} for event in EVENTS]
WAYS = {
    "one after the other": lambda told: "\n".join(json.dumps(one, indent=2) for one in told),
    "a list": lambda told: json.dumps(told, indent=4),
    "a list with tabs": lambda told: json.dumps(told, indent="\t"),
    "a list in one line": json.dumps,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("told", [EVENTS, HELD], ids=["bare", "held"])
def test_objects_over_several_lines(way: str, told: list[dict[str, object]]) -> None:
    log = WAYS[way](told).encode()
    for cuts in ((), (900, 5000, 9000), range(0, len(log), 333)):
        reader = Reader(Tables())
        got = rows(read(log, cuts, reader=reader), ["dport", "src"])
        assert [row["dport"] for row in got] == [1000 + second for second in range(40)]
        assert reader.status(1).unread == 0
