"""Events rendered as a sensor would log them are read back the same."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import FLAG_BITS
from tests.feeding import read, rows

KERNEL_ORDER = ("AE", "CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")  # net/netfilter/nf_log_syslog.c
addresses = st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None).map(str)
ports, u32 = st.integers(0, 65_535), st.integers(0, 0xFFFFFFFF)
packet = st.fixed_dictionaries(
    {
        "src": addresses,
        "sport": ports,
        "dport": ports,
        "flags": st.integers(0, 511),
        "ttl": st.integers(0, 255),
        "ip_id": ports,
        "window": ports,
        "seq": u32,
        "ack": u32,
        "length": st.integers(20, 65_535),
    }
)


def flag_words(flags: int) -> str:
    return "".join(f"{name} " for name in KERNEL_ORDER if flags & FLAG_BITS[name])


def netfilter(p: dict[str, Any]) -> bytes:
    source = ipaddress.ip_address(p["src"])
    head = f"2026-11-10T06:33:03.105386+00:00 fw1 kernel: [UFW BLOCK] IN=eth0 OUT= SRC={source.exploded} "
    if source.version == 4:
        ip = f"DST=192.0.2.10 LEN={p['length']} TOS=0x00 PREC=0x00 TTL={p['ttl']} ID={p['ip_id']} DF "
    else:
        ip = f"DST=2001:0db8:0000:0000:0000:0000:0000:0001 LEN={p['length']} TC=0 HOPLIMIT={p['ttl']} FLOWLBL=0 "
    return (
        f"{head}{ip}PROTO=TCP SPT={p['sport']} DPT={p['dport']} SEQ={p['seq']} ACK={p['ack']} WINDOW={p['window']} RES=0x00 "
        f"{flag_words(p['flags'])}URGP=0 "
    ).encode()


def keyvalue(p: dict[str, Any]) -> bytes:
    source = f"[{p['src']}]" if ":" in p["src"] else p["src"]
    words = "-".join(flag_words(p["flags"]).split()) or "NONE"
    return f"ts=2026-11-10T06:33:03Z event=fw_drop src={source}:{p['sport']} dst=192.0.2.10:{p['dport']} proto=tcp flags={words}".encode()


@settings(max_examples=40, deadline=None)
@given(st.lists(packet, min_size=1, max_size=200))
@pytest.mark.parametrize("render", [netfilter, keyvalue])
def test_rendered_events_read_back_equal(render: Any, batch: list[dict[str, Any]]) -> None:
    got = rows(read(b"\n".join(map(render, batch))))
    said = ("src", "sport", "dport", "flags") + (
        ("ttl", "window", "seq", "ack", "length") if render is netfilter else ()
    )
    assert [{name: row[name] for name in said} for row in got] == [
        {name: str(ipaddress.ip_address(p["src"])) if name == "src" else p[name] for name in said} for p in batch
    ]
    if render is netfilter:
        assert [row["ip_id"] for row in got] == [p["ip_id"] if ":" not in p["src"] else None for p in batch]


@pytest.mark.parametrize("render", [netfilter, keyvalue])
@pytest.mark.parametrize("bulk", [1, 300])
def test_all_512_flag_sets(render: Any, bulk: int) -> None:
    base = {
        "src": "203.0.113.7",
        "sport": 53,
        "dport": 21,
        "ttl": 40,
        "ip_id": 1,
        "window": 1024,
        "seq": 1,
        "ack": 0,
        "length": 44,
    }
    lines = [render(base | {"flags": flags}) for flags in range(512)]
    if bulk == 1:
        got = [rows(read(line), ["flags"])[0]["flags"] for line in lines]
    else:
        got = [row["flags"] for row in rows(read(b"\n".join(lines)), ["flags"])]
    assert got == list(range(512))
