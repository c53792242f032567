"""Files that say themselves which field stands where: every input by its own header, wherever blocks are cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import read, rows, same_events, source

CONN = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "local_orig",
    "local_resp",
    "missed_bytes",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "tunnel_parents",
]
NOTICE = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "fuid",
    "file_mime_type",
    "file_desc",
    "proto",
    "note",
    "msg",
    "sub",
    "src",
    "dst",
    "p",
    "n",
    "peer_descr",
    "actions",
    "suppress_for",
]


def header(names: list[str], path: str = "conn", separator: bytes = b"\t") -> bytes:
    fields = separator.join(name.encode() for name in ["#fields", *names])
    told = b"#separator " + (b"\\x%02x" % separator[0])
    rest = [separator.join(pair) for pair in ((b"#set_separator", b";"), (b"#path", path.encode()))]
    return b"\n".join([told, *rest, fields, separator.join([b"#types"] + [b"string"] * len(names))]) + b"\n"


def conn(names: list[str] = CONN, separator: bytes = b"\t", **said: object) -> bytes:
    usual: dict[str, object] = {
        "ts": "1457550000.123456",
        "uid": "CHhAvVGS1DHFjwGM9",
        "id.orig_h": "203.0.113.9",
        "id.orig_p": 53411,
        "id.resp_h": "192.0.2.15",
        "id.resp_p": 23,
        "proto": "tcp",
        "conn_state": "S0",
        "history": "S",
        "orig_pkts": 1,
    }
    return separator.join(str((usual | said).get(name, "-")).encode() for name in names) + b"\n"


def ports(data: bytes, cuts: tuple[int, ...] = ()) -> list[int | None]:
    return [row["dport"] for row in rows(read(data, cuts), ["dport"])]


def scan(names: list[str] = CONN, count: int = 60, separator: bytes = b"\t") -> bytes:
    return b"".join(conn(names, separator, **{"id.resp_p": port}) for port in range(count))


SHUFFLED = ["_node_name", *reversed(CONN)]
LOG = (
    header(CONN)
    + scan()
    + b"#close\t2016-03-09-20-00-00\n"
    + header(SHUFFLED)
    + scan(SHUFFLED)
    + header(CONN)
    + scan(count=5)
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, len(LOG)), max_size=8))
def test_a_header_holds_until_the_next_wherever_blocks_are_cut(cuts: list[int]) -> None:
    reader = Reader(Tables())
    batch = read(LOG, cuts, reader=reader)
    assert [row["dport"] for row in rows(batch, ["dport"])] == [*range(60), *range(60), *range(5)]
    assert (reader.status(1).format, reader.status(1).unread) == ("zeek", 0)
    same_events(batch, read(LOG))


def test_headers_are_an_inputs_own() -> None:
    reader = Reader(Tables())
    read(header(SHUFFLED), of=source(1), reader=reader)
    read(header(CONN), of=source(2), reader=reader)
    assert rows(read(scan(SHUFFLED), of=source(1), reader=reader), ["dport"])[7] == {"dport": 7}
    assert rows(read(scan(), of=source(2), reader=reader), ["dport"])[9] == {"dport": 9}
    assert reader.status(1).unread == reader.status(2).unread == 0


@pytest.mark.parametrize("count", [3, 60])
def test_without_a_header_only_usual_orders_are_read(count: int) -> None:
    assert ports(scan(count=count)) == list(range(count))
    reader = Reader(Tables())
    assert len(read(scan(SHUFFLED, count), reader=reader)) == 0
    assert reader.status(1).unread == count


@pytest.mark.parametrize("count", [3, 60])
def test_columns_may_be_missing_renamed_or_more(count: int) -> None:
    dotless = [name.replace(".", "_") for name in CONN]
    renamed = header(dotless) + scan(count=count)
    assert ports(renamed) == list(range(count))
    few = ["ts", "id.orig_h", "id.resp_h", "id.resp_p", "proto", "conn_state"]
    (first, *_) = rows(read(header(few) + scan(few, count)))
    assert (first["sport"], first["dport"], first["flags"], first["count"]) == (None, 0, None, 1)
    more = [*CONN[:-1], "tunnel_parents   label   detailed-label"]
    labelled = header(more) + b"".join(
        conn(CONN, **{"id.resp_p": port, "tunnel_parents": "(empty)   Malicious   PartOfAHorizontalPortScan"})
        for port in range(count)
    )
    assert ports(labelled) == list(range(count))


@pytest.mark.parametrize("count", [3, 60])
def test_any_separator(count: int) -> None:
    assert ports(header(CONN, separator=b"|") + scan(count=count, separator=b"|")) == list(range(count))


def test_a_notice_stands_for_no_packet_and_other_logs_tell_of_none() -> None:
    notice = {
        "note": "Scan::Port_Scan",
        "msg": "203.0.113.9 scanned at least 15 unique ports of host 192.0.2.15 in 0m2s",
        "src": "203.0.113.9",
        "dst": "192.0.2.15",
        "n": 15,
        "id.orig_h": "-",
        "id.orig_p": "-",
        "id.resp_h": "-",
        "id.resp_p": "-",
        "proto": "-",
    }
    reader = Reader(Tables())
    log = (
        header(NOTICE, "notice")
        + conn(NOTICE, **notice)
        + conn(NOTICE, **(notice | {"src": "-", "dst": "-", "note": "CaptureLoss::Too_Much_Loss"}))
    )
    dns = ["ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "query"]
    (row,) = rows(read(log + header(dns, "dns") + conn(dns) * 40, reader=reader))
    assert (row["src"], row["dst"], row["rule"], row["count"], row["dport"]) == (
        "203.0.113.9",
        "192.0.2.15",
        "Scan::Port_Scan",
        0,
        None,
    )
    assert reader.status(1).unread == 0


FIREWALL = (
    b"#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n"
    b"#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path pid\r\n\r\n"
)


@pytest.mark.parametrize("count", [2, 60])
def test_windows_lines_end_as_windows_ends_them(count: int) -> None:
    line = b"2026-10-14 06:19:%02d DROP TCP 203.0.113.9 192.0.2.15 40231 445 44 S 3231987002 0 1024 - - - RECEIVE 4\r\n"
    lost = b"2026-10-14 06:20:00 INFO-EVENTS-LOST - - - - - - - - - - - - - 12 -\r\n"
    reader = Reader(Tables())
    batch = read(FIREWALL + b"".join(line % (n % 60) for n in range(count)) + lost * count, reader=reader)
    assert [row["window"] for row in rows(batch, ["window"])] == [1024] * count
    assert (reader.status(1).format, reader.status(1).unread) == ("windows-firewall", 0)


@pytest.mark.parametrize("copies", [1, 40])
def test_a_log_with_another_word_for_what_is_not_set(copies: int) -> None:
    head = "#separator \\x09\n#unset_field\tNIL\n#path\tnotice\n#fields\tts\tnote\tmsg\tsrc\tdst\tp\n"
    lines = (
        "1457550000.1\tScan::PortScan\tx\t203.0.113.9\tNIL\tNIL\n1457550000.2\tCaptureLoss::Much\tx\tNIL\tNIL\tNIL\n"
    )
    reader = Reader(Tables())
    got = rows(read((head + lines * copies).encode(), reader=reader), ["src", "dport", "rule"])
    assert got == [{"src": "203.0.113.9", "dport": None, "rule": "Scan::PortScan"}] * copies
    assert reader.status(1).unread == 0


@pytest.mark.parametrize("copies", [1, 40])
def test_zeek_logs_of_few_fields(copies: int) -> None:
    head = "#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_bytes\n"
    line = "1744041000.0\tu1\t203.0.113.4\t51000\t192.0.2.10\t80\ttcp\t5\n"
    (row,) = {
        tuple(row.items()) for row in rows(read((head + line * copies).encode()), ["src", "dport", "flags", "count"])
    }
    assert dict(row) == {"src": "203.0.113.4", "dport": 80, "flags": None, "count": 1}
    head = "#separator \\x09\n#path\tnotice\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tnote\tmsg\n"
    line = "1744041000.0\tu1\t203.0.113.4\t192.0.2.10\tScan::Port_Scan\tx\n"
    (row,) = {
        tuple(row.items()) for row in rows(read((head + line * copies).encode()), ["src", "dst", "count", "rule"])
    }
    assert dict(row) == {"src": "203.0.113.4", "dst": "192.0.2.10", "count": 0, "rule": "Scan::Port_Scan"}
