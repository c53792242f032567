"""Flow records that name as their source who sent nothing: bulk and plain turn the same ones around."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from tests.feeding import read, rows

WHAT = ["src", "sport", "dst", "dport", "count", "flags", "answered"]


def suricata(to_server: int, to_client: int, proto: str, flags: str) -> str:
    return json.dumps(
        {
            "timestamp": "2026-01-14T17:03:51.889486+0700",
            "event_type": "flow",
            "src_ip": "192.0.2.40",
            "src_port": 20226,
            "dest_ip": "203.0.113.10",
            "dest_port": 443,
            "proto": proto,
            "flow": {
                "pkts_toserver": to_server,
                "pkts_toclient": to_client,
                "start": "2026-01-14T17:02:49.825062+0700",
            },
            "tcp": {"tcp_flags_ts": flags, "tcp_flags_tc": "12"},
        }
    )


def zeek(orig: int, resp: int, proto: str, history: str) -> str:
    ends = {"id.orig_h": "192.0.2.40", "id.orig_p": 20226, "id.resp_h": "203.0.113.10", "id.resp_p": 443}
    told = {"proto": proto, "conn_state": "OTH", "history": history, "orig_pkts": orig, "resp_pkts": resp}
    return json.dumps({"ts": 1457550000.5, "uid": "C1", **ends, **told})


def tsv(orig: int, resp: int, proto: str, history: str) -> str:
    return f"1457550000.5\tC1\t192.0.2.40\t20226\t203.0.113.10\t443\t{proto}\tOTH\t{history}\t{orig}\t{resp}"


HEADER = (
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\torig_pkts\tresp_pkts"
)


@pytest.mark.parametrize("made", [suricata, zeek, tsv], ids=lambda made: made.__name__)
def test_bulk_and_plain_turn_the_same_records(made: Callable[[int, int, str, str], str]) -> None:
    draw = random.Random(5)
    last = (
        ["00", "02", "12", "1b"]
        if made is suricata
        else ["^h", "^hA", "^d", "S", "C", "Cd", "hC", "^r", "-", "Sh", "I"]
    )
    lines = [
        made(draw.choice([0, 0, 1, 3]), draw.choice([0, 1, 2]), draw.choice(["tcp", "udp"]), draw.choice(last))
        for _ in range(400)
    ]
    head = [HEADER] if made is tsv else []
    bulk = rows(read("\n".join([*head, *lines]).encode()), WHAT)
    plain = [row for line in lines for row in rows(read("\n".join([*head, line]).encode()), WHAT)]
    assert bulk == plain
    assert {row["src"] for row in bulk} == {"192.0.2.40", "203.0.113.10"}
    assert all(row["answered"] is None for row in bulk if row["src"] == "203.0.113.10")


@pytest.mark.parametrize(
    ("line", "turned", "flags"),
    [
        (suricata(0, 1, "TCP", "12"), True, 0x12),
        (suricata(0, 0, "TCP", "02"), False, 0x02),
        (suricata(1, 1, "TCP", "12"), False, 0x02),
        (zeek(0, 2, "tcp", "^h"), True, 0x12),
        (zeek(0, 2, "tcp", "^r"), True, None),
        (zeek(0, 0, "tcp", "C"), False, None),
        (zeek(0, 1, "udp", "Cd"), False, None),
        (zeek(1, 4, "tcp", "^hCcdafA"), False, 0x10),
    ],
)
def test_who_is_the_source(line: str, turned: bool, flags: int | None) -> None:
    (row,) = rows(read(line.encode()), WHAT)
    assert row["src"] == ("203.0.113.10" if turned else "192.0.2.40")
    assert row["dport"] == (20226 if turned else 443)
    assert row["flags"] == flags
