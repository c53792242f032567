"""Other tools' rules, restated for the benchmarks: each fires at its threshold and not one short of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from benchmarks.peers import crowdsec, psad, psad_forensics, scanlogd, simple_scan, trw, zeek
from benchmarks.peers.common import SECOND, Flag
from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Action, Events, Proto
from scantui.tables import Tables

from .feeding import packets

SOURCE = "203.0.113.9"
HOSTS = [f"192.0.2.{i}" for i in range(1, 101)]
Rule = Callable[..., dict[int, Flag]]


def ports(numbers: Sequence[int], step: float = 1.0, **more: Any) -> Events:
    """One packet a port to one host, `step` seconds apart."""
    return sweep(["192.0.2.1"] * len(numbers), numbers, step, **more)


def sweep(dst: Sequence[str], dport: Sequence[int], step: float = 1.0, **more: Any) -> Events:
    group = {"t": np.arange(len(dst)) * step, "src": SOURCE, "dst": list(dst), "dport": list(dport), "sport": 4000}
    return packets(Tables(), {**group, "flags": SYN, **more})


def flag(rule: Rule, events: Events, **how: Any) -> tuple[int, str] | None:
    """Which packet (its second, at one a second) the rule flagged the source at, and the kind."""
    found = rule(events, **how)
    assert set(found) <= set(events.src.tolist())
    return next(((one.at // SECOND, one.kind) for one in found.values()), None)


def test_zeek_counts_15_ports_of_a_host_or_25_hosts_of_a_port() -> None:
    assert flag(zeek.flags, ports(range(14))) is None
    assert flag(zeek.flags, ports(range(15))) == (14, "vertical")
    assert flag(zeek.flags, sweep(HOSTS[:24], [22] * 24)) is None
    assert flag(zeek.flags, sweep(HOSTS[:25], [22] * 25)) == (24, "horizontal")


def test_zeek_forgets_after_five_minutes() -> None:
    assert flag(zeek.flags, ports(range(15), step=300 / 14)) is None
    assert flag(zeek.flags, ports(range(15), step=20)) == (280, "vertical")


@pytest.mark.parametrize(("flags", "seen"), [(SYN, True), (SYN | FIN, True), (FIN, False), (0, False), (ACK, False)])
def test_zeek_wants_a_failed_connection_attempt(flags: int, seen: bool) -> None:
    events = ports(range(20), flags=flags)
    assert (flag(zeek.flags, events) is not None) is seen
    assert (flag(zeek.any_flags, events) is not None) is (flags != ACK)
    assert flag(zeek.flags, ports(range(20), flags=flags, action=Action.ACCEPT)) is None


def test_simple_scan_counts_25_pairs_or_20_hosts_of_a_port() -> None:
    assert flag(simple_scan.flags, ports(range(24))) is None
    assert flag(simple_scan.flags, ports(range(25))) == (24, "vertical")
    assert flag(simple_scan.flags, sweep(HOSTS[:19], [22] * 19)) is None
    assert flag(simple_scan.flags, sweep(HOSTS[:20], [22] * 20)) == (19, "horizontal")
    assert flag(simple_scan.flags, sweep(HOSTS[:25], range(25))) == (24, "block")
    assert flag(simple_scan.flags, ports(range(40), flags=SYN | FIN)) is None


def test_simple_scan_forgets_after_15_quiet_minutes() -> None:
    assert flag(simple_scan.flags, ports(range(25), step=899)) == (24 * 899, "vertical")
    assert flag(simple_scan.flags, ports(range(25), step=900)) is None


def test_trw_walks_four_first_contacts() -> None:
    assert flag(trw.flags, sweep(HOSTS[:3], [22] * 3)) is None
    assert flag(trw.flags, sweep(HOSTS[:4], [22] * 4)) == (3, "horizontal")
    assert flag(trw.flags, ports(range(50))) is None, "one host is one first contact"
    one_success = [Action.ACCEPT] + [Action.DROP] * 5
    assert flag(trw.flags, sweep(HOSTS[:6], [22] * 6, action=one_success)) == (5, "horizontal")
    friendly = [Action.ACCEPT] * 4 + [Action.DROP] * 50
    assert flag(trw.flags, sweep(HOSTS[:54], [22] * 54, action=friendly)) is None


def test_psad_wants_15_packets_and_two_ports() -> None:
    assert flag(psad.flags, ports(range(1, 15))) is None
    assert flag(psad.flags, ports(range(1, 16))) == (14, "vertical")
    assert flag(psad.flags, ports([22] * 40)) is None
    assert flag(psad.flags, ports([22] * 15 + [23])) == (15, "vertical")


def test_psad_sweeps_from_20_hosts() -> None:
    assert flag(psad.flags, sweep(HOSTS[:19], [22] * 19)) is None
    assert flag(psad.flags, sweep(HOSTS[:20], [22] * 20)) == (19, "horizontal")


def test_psad_passes_over_ack_rst_accepted_and_portless() -> None:
    for flags in (ACK, RST, FIN | ACK, SYN | ACK):
        assert flag(psad.flags, ports(range(1, 100), flags=flags)) is None
    assert flag(psad.flags, ports(range(1, 100), action=Action.ACCEPT)) is None
    fragments = {"t": range(60), "src": SOURCE, "dst": "192.0.2.1"}
    assert flag(psad.flags, packets(Tables(), fragments)) is None


def test_psad_counts_protocols_and_icmp_packets() -> None:
    numbers = [*range(50, 55)] * 3
    many = {"t": range(15), "src": SOURCE, "dst": "192.0.2.1", "proto": Proto.OTHER, "proto_num": numbers}
    assert flag(psad.flags, packets(Tables(), many)) == (14, "protocol")
    pings = {"t": range(15), "src": SOURCE, "dst": "192.0.2.1", "proto": [Proto.ICMP] * 15, "icmp_type": 8}
    assert flag(psad.flags, packets(Tables(), pings)) == (14, "vertical")


def test_psad_forgets_a_pair_after_an_hour() -> None:
    assert flag(psad.flags, ports(range(1, 16), step=257)) == (14 * 257, "vertical")
    assert flag(psad.flags, ports(range(1, 16), step=258)) is None
    assert flag(psad.flags, ports(range(1, 16), step=258), timeout=1 << 62) == (14 * 258, "vertical")


@pytest.mark.parametrize(
    ("flags", "name"), [(SYN, "syn"), (FIN, "fin"), (FIN | PSH | URG, "xmas"), (SYN | FIN, "syn-fin"), (0, None)]
)
def test_psad_names_techniques_but_null(flags: int, name: str | None) -> None:
    (found,) = psad.flags(ports(range(1, 16), flags=flags)).values()
    assert found.technique == name


def test_scanlogd_weighs_21() -> None:
    assert flag(scanlogd.flags, ports(range(1, 7))) is None
    assert flag(scanlogd.flags, ports(range(1, 8))) == (6, "vertical")
    assert flag(scanlogd.flags, ports(range(2000, 2020))) is None
    assert flag(scanlogd.flags, ports(range(2000, 2021))) == (20, "vertical")
    assert flag(scanlogd.flags, ports([22] * 100)) is None


def test_scanlogd_waits_three_seconds_and_passes_over_ack() -> None:
    assert flag(scanlogd.flags, ports(range(1, 20), step=3)) == (18, "vertical")
    assert flag(scanlogd.flags, ports(range(1, 20), step=4)) is None
    assert flag(scanlogd.flags, ports(range(1, 20), flags=ACK)) is None
    assert flag(scanlogd.flags, ports(range(1, 20), action=Action.ACCEPT)) == (6, "vertical")
    assert flag(scanlogd.flags, packets(Tables(), six())) is None


def six() -> dict[str, Any]:
    return {"t": range(20), "src": "2001:db8::9", "dst": "2001:db8::1", "dport": range(1, 21), "flags": SYN}


def test_crowdsec_overflows_above_15_and_leaks_one_in_5_seconds() -> None:
    assert flag(crowdsec.flags, ports(range(1, 16), step=0)) is None
    assert flag(crowdsec.flags, ports(range(1, 17), step=0)) == (0, "vertical")
    assert flag(crowdsec.flags, ports(range(1, 60), step=1)) == (18, "vertical")
    assert flag(crowdsec.flags, ports(range(1, 200), step=5)) is None
    assert flag(crowdsec.flags, ports([22] * 40, step=0)) is None


def test_crowdsec_counts_dropped_tcp() -> None:
    udp = {"t": [0] * 20, "src": SOURCE, "dst": "192.0.2.1", "dport": range(20), "proto": [Proto.UDP] * 20}
    events = packets(Tables(), udp)
    assert flag(crowdsec.flags, events) is None
    assert flag(crowdsec.flags, events, protocols=(Proto.TCP, Proto.UDP)) == (0, "vertical")
    assert flag(crowdsec.flags, ports(range(20), step=0, action=Action.ACCEPT)) is None


def test_psads_own_list_is_read() -> None:
    text = """[+] Top 3 attackers:
      198.51.100.7    DL: 4, Packets: 180, Sig count: 180
      2001:0db8:0bad:0000:0000:0000:0000:0007 (2001:DB8:BAD::7   ) DL: 3, Packets: 236, Sig count: 26
SRC:  198.51.100.7, DL: 4, Dsts: 174, Pkts: 180, Total protocols: 1, Unique sigs: 179
"""
    assert psad_forensics.listed(text) == {"198.51.100.7": 4, "2001:db8:bad::7": 3}
