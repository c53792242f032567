"""JSON logs: whatever the order of keys, the writer's spacing or the damage, bulk and plain agree and nothing is misread."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import FLAG_BITS, flag_text
from scantui.formats import FORMATS
from scantui.formats.base import SMALL
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import read, rows
from tests.formats.test_bulk_equals_line import agree

BY_NAME = {form.name: form for form in FORMATS}
EVE = BY_NAME["suricata-eve"]
addresses = st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None).map(str)
ports = st.integers(0, 65_535)
connection = st.fixed_dictionaries({"src_ip": addresses, "dest_ip": addresses, "src_port": ports, "dest_port": ports})


def dumped(value: object, style: int = 0) -> bytes:
    return json.dumps(
        value, separators=((",", ":"), (", ", ": "), (" ,\t", " : "))[style], ensure_ascii=style == 1
    ).encode()


@settings(max_examples=40, deadline=None)
@given(st.lists(connection, min_size=1, max_size=80), st.sampled_from(["alert", "flow", "drop"]), st.integers(0, 2))
def test_suricata_events_read_back_equal(batch: list[dict[str, Any]], kind: str, style: int) -> None:
    details = {
        "alert": {"alert": {"action": "allowed", "gid": 1, "signature": 'A "scan"'}},
        "flow": {"flow": {"start": "2026-11-10T06:33:03.5+0000", "pkts_toserver": 3, "pkts_toclient": 0}},
        "drop": {"drop": {"len": 40, "ttl": 9, "ipid": 7, "syn": True, "fin": False, "tcpwin": 0}},
    }[kind]
    head = {"timestamp": "2026-11-10T06:33:03.5+0000", "event_type": kind, "proto": "TCP"}
    got = rows(read(b"\n".join(dumped(head | one | details, style) for one in batch)), ["src", "dst", "sport", "dport"])
    assert [tuple(row.values()) for row in got] == [
        (one["src_ip"], one["dest_ip"], one["src_port"], one["dest_port"]) for one in batch
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(connection, st.integers(1, 99), st.sampled_from(["S0", "SF", "REJ", "OTH"])), min_size=1, max_size=80
    ),
    st.booleans(),
)
def test_zeek_connections_read_back_equal(batch: list[tuple[dict[str, Any], int, str]], dots: bool) -> None:
    joint = "." if dots else "_"
    lines = [
        dumped(
            {
                "ts": 1457550000.123456 + number,
                "uid": "C1",
                f"id{joint}orig_h": one["src_ip"],
                f"id{joint}orig_p": one["src_port"],
                f"id{joint}resp_h": one["dest_ip"],
                f"id{joint}resp_p": one["dest_port"],
                "proto": "tcp",
                "conn_state": state,
                "orig_pkts": count,
            }
        )
        for number, (one, count, state) in enumerate(batch)
    ]
    answered = {"S0": False, "SF": True, "REJ": False, "OTH": None}
    got = rows(read(b"\n".join(lines)), ["src", "sport", "dst", "dport", "count", "answered"])
    assert [tuple(row.values())[:5] for row in got] == [
        (one["src_ip"], one["src_port"], one["dest_ip"], one["dest_port"], count) for one, count, _ in batch
    ]
    batch_read = read(b"\n".join(lines))
    told = [bool(a) if k else None for a, k in zip(batch_read.answered, batch_read.is_known("answered"), strict=True)]
    assert told == [answered[state] for _, _, state in batch]


scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False) | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = [
    "timestamp",
    "event_type",
    "src_ip",
    "src_port",
    "dest_ip",
    "dest_port",
    "proto",
    "in_iface",
    "flow",
    "tcp",
    "alert",
    "x",
    "flow.start",
]
whole = {
    "timestamp": st.just("2026-11-10T06:33:03.5+0000"),
    "event_type": st.sampled_from(["alert", "flow", "http", "stats"]),
    "src_ip": addresses,
    "dest_ip": addresses,
    "src_port": ports,
    "dest_port": ports.map(str),
    "proto": st.sampled_from(["TCP", "UDP", "x"]),
    "flow": st.fixed_dictionaries(
        {}, optional={"start": st.just("2026-11-10T06:33:03Z"), "pkts_toserver": ports, "src_ip": addresses}
    ),
    "tcp": st.fixed_dictionaries({"tcp_flags_ts": st.integers(0, 511).map(lambda n: f"{n:02x}")}),
}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_bulk_agrees_with_line_on_objects_of_any_shape(data: st.DataObject) -> None:
    made = []
    for _ in range(3):
        said = {key: data.draw(strategy) for key, strategy in whole.items()}
        for key in data.draw(st.lists(st.sampled_from(KEYS) | st.text(max_size=5), max_size=3)):
            said[key] = data.draw(values)
        keys = data.draw(st.permutations(list(said)))
        made.append(
            dumped({key: said[key] for key in keys}, data.draw(st.integers(0, 2)))
            + data.draw(st.sampled_from([b"", b",", b"\r", b" "]))
        )
    agree(EVE, [made[number % 3] for number in range(3 * SMALL)])


HOSTILE = [
    b'{"event_type":"alert","src_ip":' + b"[" * 50_000,
    b'{"a":' * 20_000,
    b'{"event_type":"alert","src_ip":"203.0.113.7","src_port":1e999,"dest_ip":"192.0.2.10","timestamp":"2026-11-10T06:33:03Z"}',
    b'{"event_type":"alert","src_ip":"203.0.113.7","src_port":' + b"9" * 5_000 + b',"dest_ip":"192.0.2.10"}',
    b'{"event_type":"alert","src_ip":"203.0.113.7","src_port":NaN,"dest_ip":"192.0.2.10"}',
    b'{"event_type":"alert","src_ip":"203.0.113.7","dest_ip":"192.0.2.10","alert":{"signature":"\\ud800"}}',
    b'{"event_type":"alert","src_ip":"203.0.113.7","dest_ip":"192.0.2.10"',
    b'{"timestamp":"2026-11-10T06:33:03Z","event_type":"alert","src_ip":"203.0.{"timestamp":"2026-11-10T06:33:04Z","event_type":"al',
    b'{"MESSAGE":[300,-1],"__REALTIME_TIMESTAMP":"1"}',
    b'{"log":"{\\"log\\":1}","time":7}',
    b'{"records":[{"properties":{"flows":[{"flows":[{"flowTuples":["x"]}]}]}}]}',
    b"{",
]


@pytest.mark.parametrize("copies", [1, 3 * SMALL])
@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: repr(line[:24]))
def test_hostile_objects_are_counted_not_read(line: bytes, copies: int) -> None:
    reader = Reader(Tables())
    assert len(read(b"\n".join([line] * copies), reader=reader)) == 0
    assert reader.status(1).unread == copies


VARIANTS = [
    (b'"src_port":5164,', b'"src_port":' + number + b",")
    for number in (b"05164", b"0", b"0.5", b"5x64", b"-", b"-5", b"51.", b"51.6", b"", b"null", b"true", b"5164 ", b'"5164"', b"5" * 17)
] + [
    (b'"flow_id":1177089933691405,', b'"flow_id":' + number + b",")
    for number in (b"01", b"0.25", b"1.", b".5", b"1.2.3", b"12345678.12345678", b"1234567890123456.5", b"-7", b"7e3", b"tru", b"12:34")
] + [
    (b'"in_iface":"eth0",', text)
    for text in (
        b'"in_iface":":0",',  # a colon behind a quote that ends no key
        b'"in_iface":"::1","x":":",',
        b'"in_iface":","event_type":"alert",',
        b'"in_iface":"eth\\":0",',
        b'"in_iface":"a\\\\","x":"\\\":",',
        b'"in_iface":["eth0","eth1"],',
        b'"in_iface":["eth0","eth1",":2"],"x":[1,[2,"3"]],',
        b'"in_iface" :"eth0",',
        b'"in_iface""eth0",',
    )
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), VARIANTS, ids=lambda text: repr(text)[:40])
def test_bulk_agrees_with_line_where_one_in_ten_is_odd(old: bytes, new: bytes) -> None:
    line = EVE.samples[0].line
    odd = line.replace(old, new, 1)
    assert odd != line
    lines = ([line] * 9 + [odd]) * 20
    agree(EVE, lines)
    agree(EVE, [odd] * 3 * SMALL)
    reader = Reader(Tables())
    got = len(read(b"\n".join(lines), reader=reader))
    assert got + reader.status(1).unread == len(lines) and got >= 180


def test_a_broken_line_does_not_touch_its_neighbours() -> None:
    line = EVE.samples[0].line
    lines = [line] * 200
    lines[77] = line[:100]
    reader = Reader(Tables())
    assert len(read(b"\n".join(lines), reader=reader)) == 199
    assert reader.status(1).unread == 1


def test_the_last_of_a_repeated_key_counts() -> None:
    line = (
        EVE.samples[0]
        .line.replace(b'"src_port":5164,', b'"src_port":1,"src_port":5164,', 1)
        .replace(b'"src_port":5164,"dest_port":5060}', b'"x":1}')
    )
    assert [row["sport"] for row in rows(read(line), ["sport"])] == [5164]
    assert {row["sport"] for row in rows(read(b"\n".join([line] * 60)), ["sport"])} == {5164}


@pytest.mark.parametrize("kind", ["stats", "http", "dns", "tls", "something_new"])
def test_other_suricata_events_are_understood_and_tell_of_no_packet(kind: str) -> None:
    reader = Reader(Tables())
    line = dumped(
        {"timestamp": "2026-11-10T06:33:03Z", "event_type": kind, "flow_id": 7, kind: {"x": [1, {"y": "\\"}]}}
    )
    assert len(read(b"\n".join([EVE.samples[0].line] + [line] * 60), reader=reader)) == 1
    assert reader.status(1).unread == 0
    assert reader.status(1).format == "suricata-eve"


def test_an_alert_for_a_reply_is_told_as_the_connection_runs() -> None:
    answer = {
        "timestamp": "2026-11-10T06:33:03Z",
        "event_type": "alert",
        "src_ip": "192.0.2.10",
        "src_port": 80,
        "dest_ip": "203.0.113.7",
        "dest_port": 40000,
        "proto": "TCP",
        "direction": "to_client",
        "alert": {"signature": "ATTACK_RESPONSE"},
    }
    flow = {"flow": {"src_ip": "203.0.113.7", "src_port": 40000, "dest_ip": "192.0.2.10", "dest_port": 80}}
    for line in (dumped(answer), dumped(answer | flow)):
        (row,) = rows(read(line))
        assert (row["src"], row["sport"], row["dst"], row["dport"]) == ("203.0.113.7", 40000, "192.0.2.10", 80)


def packet(flags: int, tags: int = 0) -> bytes:
    tcp = bytes.fromhex("0035 0015 00000001 00000002".replace(" ", "")) + bytes(
        [0x60 | flags >> 8, flags & 255, 4, 0, 0, 0, 0, 0]
    )
    ip = bytes.fromhex("4500002c0102400040060000cb007107c000020a")
    return bytes(12) + b"\x81\x00\x00\x07" * tags + b"\x08\x00" + ip + tcp + bytes.fromhex("020405b4")


@pytest.mark.parametrize("copies", [1, 40])
def test_all_512_flag_sets_of_a_logged_packet(copies: int) -> None:
    def line(flags: int) -> bytes:
        event = json.loads(EVE.samples[0].line) | {
            "packet": base64.b64encode(packet(flags, flags % 3)).decode(),
            "packet_info": {"linktype": 1},
        }
        return dumped(event)

    if copies == 1:
        got = [rows(read(line(flags)))[0] for flags in range(0, 512, 7)]
        assert [row["flags"] for row in got] == list(range(0, 512, 7))
    else:
        got = rows(read(b"\n".join(line(flags) for flags in range(512))))
        assert [row["flags"] for row in got] == list(range(512))
    assert {(row["ttl"], row["ip_id"], row["window"], row["seq"], row["length"], row["frag"]) for row in got} == {
        (64, 258, 1024, 1, 44, 1)
    }
    assert {row["tcp_options"] for row in got} == {"020405B4"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.binary(max_size=120), st.integers(0, 2)), min_size=3, max_size=3),
    st.sampled_from([0, 1, 101, 113, 276]),
)
def test_bulk_agrees_with_line_on_any_packet(parts: list[tuple[bytes, int]], link: int) -> None:
    lines = []
    for junk, cut in parts:
        frame = (packet(2) + junk)[: (300, 40, 20)[cut]]
        frame = bytes(byte ^ (junk[i] if i < len(junk) and cut else 0) for i, byte in enumerate(frame))
        event = json.loads(EVE.samples[0].line) | {
            "packet": base64.b64encode(frame).decode(),
            "packet_info": {"linktype": link},
        }
        lines.append(dumped(event))
    agree(EVE, [lines[number % 3] for number in range(3 * SMALL)])


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("name", ["snort-json", "ulogd-json", "tshark-ek"])
def test_all_flag_sets_of_flag_bearing_formats(name: str, bulk: bool) -> None:
    line = BY_NAME[name].samples[0].line
    sets = range(512) if name == "tshark-ek" else range(256)

    def rendered(flags: int) -> bytes:
        if name == "snort-json":
            letters = "".join(
                letter if flags & bit else "*"
                for letter, bit in zip("12UAPRSF", (128, 64, 32, 16, 8, 4, 2, 1), strict=True)
            )
            return line.replace(b"**U*P**F", letters.encode())
        if name == "tshark-ek":
            return line.replace(b"0x0002", b"0x%04x" % flags)
        text = line.replace(b'"tcp.res2": 3', b'"tcp.res2": %d' % (flags >> 6)).replace(
            b'"tcp.syn": 1', b'"tcp.syn": 0'
        )
        for flag in ("FIN", "SYN", "RST", "PSH", "ACK", "URG"):
            if flags & FLAG_BITS[flag]:
                text = text.replace(b'"tcp.%b": 0' % flag.lower().encode(), b'"tcp.%b": 1' % flag.lower().encode())
        return text

    lines = list(map(rendered, sets))
    got = [row for text in ([b"\n".join(lines)] if bulk else lines[::5]) for row in rows(read(text), ["flags"])]
    assert [flag_text(row["flags"]) for row in got] == [flag_text(flags) for flags in (sets if bulk else sets[::5])]
