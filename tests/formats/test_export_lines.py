"""Exports of log searches: lines in a column of CSV, whatever the quotes around them hold."""

from __future__ import annotations

import pytest

from scantui.events import Action
from scantui.formats.outer_time import dated
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import read, rows

KERNEL = (
    "Jun  8 14:34:3{0} fw kernel: DROP IN=eth0 OUT= MAC= SRC=203.0.113.7 DST=192.0.2.1 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=37308 "
    "PROTO=TCP SPT=8080 DPT=812{0} WINDOW=1024 RES=0x00 SYN URGP=0"
)
SPLUNK = '"_raw","_time",host\n' + "".join(
    f'"{KERNEL.format(second)}","2020-06-08T14:34:3{second}.000+0200",fw\n' for second in range(3)
)
FORTIGATE = (
    '"_time","_raw",host\n'
    '"2026-06-08T14:34:33.000+0200","date=2026-06-08 time=14:34:33 devname=""FG"" logid=""0000000013"" type=""traffic"" '
    'subtype=""forward"" eventtime=1780922073 srcip=203.0.113.7 srcport=40000 srcintf=""wan1"" dstip=192.0.2.1 dstport=22 proto=6 '
    'action=""deny"" policyid=0",fw1\n'
)
SENTINEL = (
    'TenantId,"TimeGenerated [UTC]",Computer,"EventTime [UTC]",HostName,SyslogMessage,ProcessName,Type\r\n'
    '"0000","7/7/2026, 8:55:10.130 PM","Firebox","7/7/2026, 10:55:10.000 PM","Firebox","msg_id=""3000-0148"" Allow Servers External 52 '
    'tcp 20 127 192.0.2.10 203.0.113.246 26450 443 offset 8 S 3310934543 win 61690  geo_dst=""NLD""  (HTTPS-00)",firewall,Syslog\r\n'
)
WINDOWS = (
    '_time,host,_raw\n2026-02-26T10:11:12.000+0100,ws1,"02/26/2026 10:11:12 AM\nLogName=Security\nEventCode=5152\nMessage=The Windows '
    "Filtering Platform has blocked a packet.\n\nNetwork Information:\n\tDirection:\t\tInbound\n\tSource Address:\t\t203.0.113.9\n"
    "\tSource Port:\t\t57021\n\tDestination Address:\t192.0.2.7\n\tDestination Port:\t\t{}\n\tProtocol:\t\t6\n"
    '"\n'
)
TWO = WINDOWS.format(23) + WINDOWS.format(24).partition("\n")[2]


def test_lines_in_a_column_are_read_with_the_year_and_zone_beside_them() -> None:
    reader = Reader(Tables())
    events = rows(read(SPLUNK.encode(), reader=reader))
    assert [(row["dport"], row["ts"]) for row in events] == [(8120 + n, (1591619670 + n) * 1_000_000) for n in range(3)]
    assert (reader.status(1).format, reader.status(1).unread, reader.status(1).lines) == ("netfilter", 0, 4)


def test_doubled_quotes_are_one() -> None:
    (row,) = rows(read(FORTIGATE.encode()))
    assert (row["action"], row["iface"], row["sensor"], row["dport"]) == (Action.DROP, "wan1", "FG", 22)


def test_times_in_utc_that_say_so_in_their_name() -> None:
    (row,) = rows(read(SENTINEL.encode()))
    assert (row["ts"], row["sensor"], row["dport"], row["flags"]) == (1783457710_130_000, "Firebox", 443, 2)


@pytest.mark.parametrize("every", [1, 2, 3, 5, 100])
def test_records_of_several_lines_whatever_the_blocks(every: int) -> None:
    reader = Reader(Tables())
    lines = TWO.encode().splitlines(keepends=True)
    ends = [len(b"".join(lines[:count])) for count in range(every, len(lines), every)]
    events = rows(read(TWO.encode(), cuts=ends, reader=reader))
    assert [row["dport"] for row in events] == [23, 24]
    assert (reader.status(1).unread, reader.status(1).lines) == (0, len(lines))


def test_a_quote_that_nothing_closes_loses_its_own_line_only() -> None:
    bad = '"Jun  8 14:34:39 fw kernel: oops,"2020-06-08T14:34:39.000+0200",fw\n'
    padding = "".join(f'"{KERNEL.format(second % 10)}","2020-06-08T14:34:30.000+0200",fw\n' for second in range(400))
    reader = Reader(Tables())
    assert len(rows(read((SPLUNK + bad + padding).encode(), reader=reader))) == 403


@pytest.mark.parametrize(
    ("stamp", "begins"),
    [
        (b"2020-06-08T14:34:35.1+0200", b"<4>2020-06-08T14:34:33+0200 "),
        (b"2020-06-08T12:34:35Z", b"<4>2020-06-08T14:34:33 "),  # of another zone, or later: which one is not known
        (b"2020-06-11T12:34:35Z", b"<4>Jun  8 14:34:33 "),
        (b"2020-06-08", b"<4>Jun  8 14:34:33 "),
    ],
)
def test_the_year_by_the_time_beside_a_line(stamp: bytes, begins: bytes) -> None:
    assert dated(b"<4>Jun  8 14:34:33 fw kernel: x", stamp).startswith(begins)


def test_a_year_that_turns_and_a_day_that_not_all_have() -> None:
    assert dated(b"Dec 31 23:59:58.25 fw x", b"2027-01-01T00:00:01Z") == b"2026-12-31T23:59:58.25Z fw x"
    assert dated(b"Feb 29 23:59:58 fw x", b"2026-02-28T00:00:01Z") == b"Feb 29 23:59:58 fw x"
    assert dated(b"Feb 29 23:59:58 fw x", b"2028-03-01T00:00:01") == b"2028-02-29T23:59:58 fw x"


def test_csv_of_anyone_is_recognised_by_its_names() -> None:
    log = """timestamp,src_ip,src_port,dst_ip,dst_port,protocol,action,source
2026-01-10 20:17:27.895,203.0.113.5,53824,192.0.2.1,22,tcp,block,/var/log/fw.log
2026-01-10 20:17:28,,,,,,,/var/log/fw.log
2026-01-10 20:17:29,203.0.113.5,53825,192.0.2.1,ssh,tcp,block,udp:514
"""
    reader = Reader(Tables())
    events = rows(read(log.encode(), reader=reader))
    assert [(row["src"], row["dport"], row["action"]) for row in events] == [
        ("203.0.113.5", 22, Action.DROP),
        ("203.0.113.5", None, Action.DROP),
    ]
    assert (reader.status(1).format, reader.status(1).unread) == ("csv", 0)
