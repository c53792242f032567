"""Lines inside lines: what is inside is read as if it stood alone, and comes from where the outer line stands."""

from __future__ import annotations

import json

import pytest

from scantui.formats import FORMATS
from scantui.formats.netfilter_samples import SAMPLES
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import blocks, read, rows

EVE = next(form for form in FORMATS if form.name == "suricata-eve").samples[0].line
FIREWALL = SAMPLES[0].line
BARE = FIREWALL[FIREWALL.index(b"[UFW") :]
WHAT = ["src", "dst", "sport", "dport", "flags", "ttl", "rule"]


def wrapped(way: str, line: bytes) -> bytes:
    text = line.decode()
    time = "2026-11-10T06:33:03.105386123Z"
    made: dict[str, object] = {
        "docker": {"log": text + "\n", "stream": "stdout", "time": time},
        "journald": {
            "__CURSOR": "s=1",
            "__REALTIME_TIMESTAMP": "1794292383105386",
            "_HOSTNAME": "fw1",
            "SYSLOG_IDENTIFIER": "kernel",
            "MESSAGE": text,
        },
        "octets": {
            "MESSAGE": list(line),
            "__REALTIME_TIMESTAMP": "1794292383105386",
            "_HOSTNAME": "fw1",
            "_TRANSPORT": "kernel",
        },
        "beats": {"@timestamp": time, "host": {"name": "fw1"}, "message": text, "log": {"offset": 1}},
        "event": {"@timestamp": time, "event": {"original": text}, "source": {"geo": {}}},
        "gelf": {"version": "1.1", "host": "fw1", "short_message": text, "timestamp": 1794292383.105386},
        "wazuh": {
            "timestamp": "2026-11-10T06:33:09.000+0000",
            "rule": {"level": 3},
            "full_log": text,
            "location": "journald",
        },
        "splunk event": {"time": 1794292383.105, "host": "fw1", "sourcetype": "syslog", "event": text},
        "splunk export": {
            "preview": False,
            "result": {"_raw": text, "_time": "2026-11-10 06:33:03.105 UTC", "host": "fw1"},
        },
        "google": {"insertId": "1", "textPayload": text, "timestamp": time, "logName": "projects/p/logs/syslog"},
        "sentinel": {"TimeGenerated": time, "HostName": "fw1", "ProcessName": "kernel", "SyslogMessage": text},
        "syslog-ng": {"PROGRAM": "kernel", "MESSAGE": text, "HOST": "fw1", "DATE": "Nov 10 06:33:03"},
        "loki": {"streams": [{"stream": {"job": "fw"}, "values": [["1794292383105386123", text]]}]},
        "logcli": {"labels": {"job": "fw"}, "line": text, "timestamp": time},
        "telemetry": {
            "resourceLogs": [
                {
                    "resource": {},
                    "scopeLogs": [
                        {"logRecords": [{"timeUnixNano": "1794292383105386123", "body": {"stringValue": text}}]}
                    ],
                }
            ]
        },
        "cloudwatch": {
            "messageType": "DATA_MESSAGE",
            "logEvents": [{"id": "3", "timestamp": 1794292383105, "message": text}],
        },
        "elastic export": {"_index": "x", "_source": {"@timestamp": time, "message": text, "host": {"name": "fw1"}}},
    }
    if way == "cri":
        return f"{time} stdout F {text}".encode()
    if way == "exported":
        return b'{"_index":"logs","_id":"1","_source":%b}' % line
    return json.dumps(made[way]).encode()


MORE = [
    *("splunk event", "splunk export", "google", "sentinel", "syslog-ng", "loki", "logcli", "telemetry", "cloudwatch"),
    "elastic export",
]


@pytest.mark.parametrize("copies", [1, 60])
@pytest.mark.parametrize("way", ["docker", "journald", "octets", "beats", "event", "gelf", "wazuh", "cri", *MORE])
def test_a_firewall_line_inside_another(way: str, copies: int) -> None:
    (alone,) = rows(read(FIREWALL), WHAT)
    reader = Reader(Tables())
    got = rows(read(b"\n".join([wrapped(way, FIREWALL)] * copies), reader=reader), WHAT)
    assert got == [alone] * copies
    status = reader.status(1)
    assert (status.format, status.lines, status.events, status.unread) == ("netfilter", copies, copies, 0)


@pytest.mark.parametrize("way", ["docker", "journald", "octets", "beats", "gelf", "cri", *MORE])
def test_a_message_without_a_header_takes_the_outer_time(way: str) -> None:
    (row,) = rows(read(wrapped(way, BARE)), ["ts", "ts_quality", "src", "rule", "sensor"])
    if way == "syslog-ng":  # no year
        assert row["ts"] % 3600_000_000 == 33 * 60_000_000 + 3_000_000
    else:
        assert (row["ts"] // 1_000_000, row["ts_quality"]) == (1794292383, 0)
    assert row["rule"] == "[UFW BLOCK]"
    nameless = ("docker", "cri", "google", "loki", "logcli", "telemetry", "cloudwatch")
    assert row["sensor"] == (None if way in nameless else "fw1")


@pytest.mark.parametrize("copies", [1, 60])
@pytest.mark.parametrize("way", ["docker", "journald", "beats", "event", "cri", "exported", *MORE])
def test_an_object_inside_another(way: str, copies: int) -> None:
    (alone,) = rows(read(EVE), ["ts", *WHAT])
    assert rows(read(b"\n".join([wrapped(way, EVE)] * copies)), ["ts", *WHAT]) == [alone] * copies


HELD = {
    "aws": (
        '{"firewall_name":"fw1","availability_zone":"us-east-2a","event_timestamp":"1636381332","event":%s}',
        "fw1",
    ),
    "splunk": ('{"time":1601587565.007,"host":"ids1","sourcetype":"suricata","event":%s}', "ids1"),
    "wazuh": (
        '{"timestamp":"2026-11-10T11:26:36.000+0000","rule":{"level":3,"id":"86601"},"agent":{"id":"001","name":"ids1"},'
        '"manager":{"name":"wazuh"},"decoder":{"name":"json"},"data":%s,"location":"/var/log/suricata/eve.json"}',
        "ids1",
    ),
    "elastic": ('{"@timestamp":"2026-11-10T11:26:36.000Z","json":%s,"host":{"name":"ids1"}}', "ids1"),
    "google": ('{"insertId":"1","jsonPayload":%s,"timestamp":"2026-11-10T11:26:36.000Z"}', None),
    "fluent": ('{"log":%s,"kubernetes":{"pod_name":"x"}}', None),
    "module": ('{"@timestamp":"2026-11-10T11:26:36.000Z","suricata":{"eve":%s},"event":{"kind":"event"}}', None),
    "twice": (
        '{"@timestamp":"2026-11-10 11:26:36.000","@message":{"firewall_name":"fw1","event":%s,"availability_zone":"a"}}',
        "fw1",
    ),
}


@pytest.mark.parametrize("copies", [1, 60])
@pytest.mark.parametrize("way", HELD)
@pytest.mark.parametrize("name", ["suricata-eve", "zeek-json"])
def test_an_object_that_is_a_value_of_another(way: str, name: str, copies: int) -> None:
    samples = [one.line.decode() for one in next(form for form in FORMATS if form.name == name).samples]
    lines = [line for line in samples if line.startswith('{"t')]
    outer, sensor = HELD[way]
    held = [(outer % line).encode() for line in lines] * copies
    alone = rows(read("\n".join(lines).encode()), ["ts", *WHAT, "sensor"])
    reader = Reader(Tables())
    got = rows(read(b"\n".join(held), reader=reader), ["ts", *WHAT, "sensor"])
    assert got == [row | {"sensor": row["sensor"] or sensor} for row in alone] * copies
    assert reader.status(1).unread == 0


def test_an_object_behind_a_header_that_holds_a_line() -> None:
    (alone,) = rows(read(FIREWALL), WHAT)
    held = json.dumps({"message": BARE.decode(), "tags": []}).encode()
    for head in (b"Nov 10 06:33:03 fw1 fluentd[3]: ", b"<13>2026-11-10T06:33:03Z fw1 vector[3]: "):
        (got,) = rows(read(head + held), [*WHAT, "sensor"])
        assert got == alone | {"sensor": "fw1"}
    (got,) = rows(read(b"2026-11-10T06:33:03+00:00\tfw.kernel\t" + held), ["ts", *WHAT])
    assert got == alone | {"ts": 1794292383_000_000}


@pytest.mark.parametrize("copies", [1, 60])
@pytest.mark.parametrize(
    "head",
    [
        b"Nov 10 11:26:35 ids1 suricata[123]: ",
        b"<142>1 2026-11-10T11:26:35Z ids1 suricata 123 - - ",
        b"<13>Nov 10 11:26:35 ids1 suricata[1]: @cee: ",
    ],
)
def test_an_object_behind_a_syslog_header_keeps_its_own_time(head: bytes, copies: int) -> None:
    (alone,) = rows(read(EVE), ["ts", "ts_quality", *WHAT])
    got = rows(read(b"\n".join([head + EVE] * copies)), ["ts", "ts_quality", *WHAT, "sensor"])
    assert got == [alone | {"sensor": "ids1"}] * copies


def test_lines_of_both_kinds_stay_in_order_and_can_be_found_again() -> None:
    lines = []
    for number in range(90):
        line = FIREWALL.replace(b"DPT=21", b"DPT=%d" % number)
        lines.append(wrapped(("docker", "beats", "cri")[number % 3], line) if number % 2 else line)
    log = b"\n".join(lines)
    for cuts in ((), (900, 20_000)):
        batch = read(log, cuts)
        assert [row["dport"] for row in rows(batch, ["dport"])] == list(range(90))
        assert [log[o : o + n] for o, n in zip(batch.offset.tolist(), batch.line_length.tolist(), strict=True)] == lines


def test_other_programs_messages_are_counted_once() -> None:
    reader = Reader(Tables())
    read(
        b"\n".join([wrapped("journald", b"Accepted publickey for root")] * 30 + [wrapped("docker", FIREWALL)]),
        reader=reader,
    )
    status = reader.status(1)
    assert (status.lines, status.events, status.unread) == (31, 1, 30)


def test_an_azure_blob_is_many_events() -> None:
    tuples = [f"1793776910,203.0.113.7,192.0.2.10,35370,{port},T,I,D,B,,,," for port in range(1, 41)]
    ended = "1793776911,203.0.113.7,192.0.2.10,35370,1,T,I,A,E,1,60,1,60"
    blob = {
        "records": [
            {
                "properties": {
                    "Version": 2,
                    "flows": [{"rule": "DenyAll", "flows": [{"mac": "x", "flowTuples": [*tuples, ended]}]}],
                }
            }
        ]
    }
    groups = [{"rule": "DenyAll", "flowTuples": ["1793776910065,203.0.113.7,192.0.2.10,55188,22,6,I,D,NX,0,0,0,0"]}]
    network = {"records": [{"flowRecords": {"flows": [{"aclID": "x", "flowGroups": groups}]}}]}
    reader = Reader(Tables())
    got = rows(
        read(json.dumps(blob).encode() + b"\n" + json.dumps(network).encode(), reader=reader),
        ["dport", "rule", "action"],
    )
    assert [row["dport"] for row in got] == [*range(1, 41), 22]
    assert {(row["rule"], row["action"]) for row in got} == {("DenyAll", 1)}
    assert reader.status(1).unread == 0


def test_events_do_not_depend_on_how_wrapped_lines_were_cut_into_blocks() -> None:
    log = b"\n".join(wrapped(way, FIREWALL) for way in ("docker", "journald", "beats", "cri") * 20)
    reader = Reader(Tables())
    batches = [reader.read(block) for block in blocks(log, range(0, len(log), 700))]
    assert sum(map(len, batches)) == 80


def test_objects_in_a_record_of_several_lines_end_nothing() -> None:
    alert = b"[**] SCAN nmap XMAS [**]\n03/13-01:38:45.254726 203.0.113.3:53 -> 192.0.2.1:53\nTCP TTL:23 TOS:0x0\n"
    reader = Reader(Tables())
    read(b"".join([alert] * 30) + b'{"a":1}\n' * 30, reader=reader)
    assert reader.status(1).events == 0


def test_a_record_of_azure_by_itself() -> None:
    flows = [
        {"rule": "DenyAll", "flows": [{"mac": "x", "flowTuples": ["1793776910,203.0.113.7,192.0.2.10,35370,23,T,I,D"]}]}
    ]
    record = {"time": "2026-11-04T07:22:02.1713710Z", "category": "X", "properties": {"Version": 1, "flows": flows}}
    (got,) = rows(read(json.dumps(record).encode()), ["ts", "src", "dport", "action"])
    assert (got["ts"], got["dport"], got["action"]) == (1793776910_000_000, 23, 1)


@pytest.mark.parametrize("size", [200, 70_000, 1 << 20])
@pytest.mark.parametrize("listed", [False, True])
def test_records_of_azure_as_jq_indents_them(size: int, *, listed: bool) -> None:
    records = []
    for port in range(1, 401):
        tuples = [f"1793776910,203.0.113.7,192.0.2.10,35370,{port},T,I,D,B,,,,"]
        flows = [{"rule": "DenyAll", "flows": [{"mac": "x", "flowTuples": tuples}]}]
        records.append({"time": "2026-11-04T07:22:02.1713710Z", "category": "X", "properties": {"flows": flows}})
    log = json.dumps(records, indent=2) if listed else "\n".join(json.dumps(one, indent=2) for one in records)
    reader = Reader(Tables())
    got = rows(read(log.encode(), range(0, len(log), size), reader=reader), ["dport"])
    assert [row["dport"] for row in got] == [*range(1, 401)]
    assert reader.status(1).unread == 0


@pytest.mark.parametrize("copies", [1, 60])
def test_what_needs_no_header_is_read_without_the_one_that_was_made(copies: int) -> None:
    form = next(form for form in FORMATS if form.name == "aws-vpc")
    line = form.samples[0].line
    event = {"id": "3503", "timestamp": 1793599374000, "message": line.decode(), "extractedFields": {"version": "2"}}
    (alone,) = rows(read(line), [*WHAT, "ts"])
    assert rows(read(b"\n".join([json.dumps(event).encode()] * copies)), [*WHAT, "ts"]) == [alone] * copies


def test_a_router_line_in_an_object_has_no_host_of_its_own() -> None:
    text = (
        "in:br-wan out:(unknown 0), connection-state:new, proto TCP (SYN), 203.0.113.244:37104->192.0.2.59:80, len 60"
    )
    event = {"@timestamp": "2026-05-21T17:30:15.000Z", "process": {"name": "dstnat"}, "message": text}
    (got,) = rows(read(json.dumps(event).encode()), ["sport", "sensor", "iface"])
    assert (got["sport"], got["sensor"], got["iface"]) == (37104, None, "br-wan")


@pytest.mark.parametrize(
    "before",
    [
        "<13>Nov 26 22:28:01 dc01 pfirewall: ",
        '<13>1 2026-11-26T22:28:00.000000+01:00 ws1 pfirewall - - [NXLOG@14506 SourceModuleName="fw"] ',
        "2026 Nov 26 22:28:00 (ws1) any->\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log ",
    ],
)
def test_windows_firewall_log_behind_headers(before: str) -> None:
    log = """#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path
2026-11-26 22:27:57 DROP TCP 203.0.113.9 192.0.2.15 65457 80 52 S 1 0 64240 - - - RECEIVE
2026-11-26 22:27:58 ALLOW UDP fe80::9%12 fe80::1%12 65457 53 0 - - - - - - - SEND
"""
    reader = Reader(Tables())
    events = rows(read("".join(before + line for line in log.splitlines(keepends=True)).encode(), reader=reader))
    assert [(row["src"], row["dport"], row["flags"]) for row in events] == [
        ("203.0.113.9", 80, 2),
        ("fe80::9", 53, None),
    ]
    assert (reader.status(1).format, reader.status(1).unread) == ("windows-firewall", 0)
