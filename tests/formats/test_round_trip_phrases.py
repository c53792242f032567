"""Events rendered as an IDS, a router, a firewall or tcpdump would log them are read back the same."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import FLAG_BITS
from tests.feeding import read, rows

ports, u32, octets = st.integers(0, 65_535), st.integers(0, 0xFFFFFFFF), st.integers(0, 255)
four = st.ip_addresses(v=4).map(str)
any_address = four | st.ip_addresses(v=6).filter(lambda a: a.ipv4_mapped is None).map(str)
packet = st.fixed_dictionaries(
    {
        "src": any_address,
        "sport": ports,
        "dport": ports,
        "flags": st.integers(0, 511),
        "ttl": octets,
        "ip_id": ports,
        "window": ports,
        "seq": u32,
        "ack": u32,
        "length": st.integers(20, 65_535),
        "second": st.integers(0, 86_399),
        "micro": st.integers(0, 999_999),
    }
)
TCPDUMP = {"F": "FIN", "S": "SYN", "R": "RST", "P": "PSH", ".": "ACK", "U": "URG", "E": "ECE", "W": "CWR", "e": "AE"}
SNORT = ("CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN")
CISCO = ("FIN", "SYN", "RST", "PSH", "ACK", "URG")


def dst(p: dict[str, Any]) -> str:
    return "2001:db8::1" if ":" in p["src"] else "192.0.2.10"


def clock(p: dict[str, Any]) -> str:
    return f"{p['second'] // 3600:02}:{p['second'] // 60 % 60:02}:{p['second'] % 60:02}.{p['micro']:06}"


def words(flags: int, names: tuple[str, ...], joint: str) -> str:
    return joint.join(name for name in names if flags & FLAG_BITS[name])


def tcpdump(p: dict[str, Any]) -> bytes:
    letters = "".join(letter for letter, name in TCPDUMP.items() if p["flags"] & FLAG_BITS[name]) or "none"
    ack = f" ack {p['ack']}," if p["flags"] & FLAG_BITS["ACK"] else ""
    ends = f"{p['src']}.{p['sport']} > {dst(p)}.{p['dport']}"
    inner = f"Flags [{letters}], cksum 0x1234 (correct), seq {p['seq']},{ack} win {p['window']}, length 0"
    stamp = f"2026-11-10 {clock(p)}"
    if ":" in p["src"]:
        return f"{stamp} IP6 (flowlabel 0x1, hlim {p['ttl']}, next-header TCP (6) payload length: 20) {ends}: {inner}".encode()
    head = f"IP (tos 0x0, ttl {p['ttl']}, id {p['ip_id']}, offset 0, flags [none], proto TCP (6), length {p['length']})"
    return f"{stamp} {head}\n    {ends}: {inner}".encode()


def snort_full(p: dict[str, Any]) -> bytes:
    text = "".join("12UAPRSF"[at] if p["flags"] & FLAG_BITS[name] else "*" for at, name in enumerate(SNORT))
    return (
        f"[**] [1:621:7] SCAN [**]\n[Priority: 2] \n11/10/26-{clock(p)} {p['src']}:{p['sport']} -> {dst(p)}:{p['dport']}\n"
        f"TCP TTL:{p['ttl']} TOS:0x0 ID:{p['ip_id']} IpLen:20 DgmLen:{p['length']}\n"
        f"{text} Seq: 0x{p['seq']:X}  Ack: 0x{p['ack']:X}  Win: 0x{p['window']:X}  TcpLen: 20\n"
    ).encode()


def cisco(p: dict[str, Any]) -> bytes:
    return (
        f"Nov 10 2026 {clock(p)[:8]} fw1 : %ASA-6-106015: Deny TCP (no connection) from {p['src']}/{p['sport']} to "
        f"{dst(p)}/{p['dport']} flags {words(p['flags'], CISCO, ' ')}  on interface outside"
    ).encode()


def mikrotik(p: dict[str, Any]) -> bytes:
    order = (*CISCO, "ECE", "CWR")
    source, target = (f"[{p['src']}]", f"[{dst(p)}]") if ":" in p["src"] else (p["src"], dst(p))
    return (
        f"2026-11-10T{clock(p)}+00:00 rtr1 firewall,info drop input: in:ether1 out:(unknown 0), connection-state:new, "
        f"proto TCP ({words(p['flags'], order, ',')}), {source}:{p['sport']}->{target}:{p['dport']}, len {p['length']}"
    ).encode()


def suricata(p: dict[str, Any]) -> bytes:
    return (
        f"11/10/2026-{clock(p)}  [**] [1:1:1] SCAN [**] [Classification: (null)] [Priority: 3] {{TCP}} "
        f"{p['src']}:{p['sport']} -> {dst(p)}:{p['dport']}"
    ).encode()


# What each tells of a packet, and the flags it can write.
ALL = 511
CASES = {
    tcpdump: (("src", "dst", "sport", "dport", "flags", "ttl", "window"), ALL),
    snort_full: (("src", "dst", "sport", "dport", "flags", "ttl", "ip_id", "length", "seq", "ack", "window"), 255),
    cisco: (("src", "dst", "sport", "dport", "flags"), 63),
    mikrotik: (("src", "dst", "sport", "dport", "flags", "length"), 255),
    suricata: (("src", "dst", "sport", "dport"), ALL),
}


@settings(max_examples=30, deadline=None)
@given(st.lists(packet, min_size=1, max_size=120))
@pytest.mark.parametrize("render", CASES)
def test_rendered_events_read_back_equal(render: Any, batch: list[dict[str, Any]]) -> None:
    names, writable = CASES[render]
    batch = [p | {"flags": p["flags"] & writable or 2} for p in batch]
    got = rows(read(b"\n".join(map(render, batch))))
    assert len(got) == len(batch)
    for row, p in zip(got, batch, strict=True):
        want = p | {"src": str(ipaddress.ip_address(p["src"])), "dst": dst(p)}
        assert {name: row[name] for name in names} == {name: want[name] for name in names}
        if render is tcpdump:
            told = None if p["flags"] & FLAG_BITS["ACK"] else p["seq"]
            assert (row["seq"], row["ack"]) == (told, None)
            assert (row["ip_id"], row["length"]) == ((None, None) if ":" in p["src"] else (p["ip_id"], p["length"]))


@pytest.mark.parametrize("render", [tcpdump, snort_full, cisco, mikrotik])
@pytest.mark.parametrize("bulk", [False, True])
def test_all_flag_sets(render: Any, bulk: bool) -> None:
    writable = CASES[render][1]
    base = {"src": "203.0.113.7", "sport": 53, "dport": 21, "ttl": 40, "ip_id": 1, "window": 1024, "seq": 1, "ack": 0}
    packets = [base | {"length": 44, "second": 3600, "micro": 5, "flags": flags} for flags in range(writable + 1)]
    lines = [render(p) for p in packets]
    got = rows(read(b"\n".join(lines)), ["flags"]) if bulk else [rows(read(line), ["flags"])[0] for line in lines]
    want: list[int | None] = list(range(writable + 1))
    if render is mikrotik:
        want[0] = None  # whether empty brackets mean no flag is not known
    assert [row["flags"] for row in got] == want
