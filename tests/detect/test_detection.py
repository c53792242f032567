"""Tables in, scans out: what an expert would call a scan is one, and what is not is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scantui.detect.detection import Detection, detect
from scantui.detect.knobs import Knobs
from scantui.detect.scan import Kind, Scan, Verdict
from scantui.events import ACK, DF, FIN, MF, PSH, RST, SYN, URG, Action, Proto
from scantui.tables import Tables
from tests.feeding import packets

A, B = "203.0.113.7", "198.51.100.9"
ONE = "192.0.2.10"
HOSTS = [f"192.0.2.{i}" for i in range(1, 255)]


def found(*groups: dict[str, Any], allowed: tuple[Any, ...] = ()) -> Detection:
    return detect(packets(Tables(), *groups), knobs=Knobs(allowed=allowed))


def only(*groups: dict[str, Any]) -> Scan:
    (scan,) = found(*groups).scans
    return scan


def web(count: int = 40) -> dict[str, Any]:
    """Ordinary clients, let through to one server."""
    return {
        "t": [i * 7 for i in range(count)],
        "src": [f"198.18.0.{i % 20}" for i in range(count)],
        "dst": ONE,
        "sport": range(40_000, 40_000 + count),
        "dport": [443] * count,
        "flags": SYN,
        "action": Action.ACCEPT,
    }


def vertical(ports: int = 200, flags: int = SYN, src: str = A, **more: Any) -> dict[str, Any]:
    return {
        "t": [i / 200 for i in range(ports)],
        "src": src,
        "dst": ONE,
        "sport": 53,
        "dport": range(1, ports + 1),
        "flags": flags,
    } | more


def test_syn_fin_burst_from_port_53() -> None:
    scan = only(web(), vertical(flags=SYN | FIN))
    assert (scan.verdict, scan.kind, scan.techniques) == (Verdict.SCAN, Kind.VERTICAL, ("syn-fin",))
    assert (scan.ports, scan.targets, scan.events) == (200, 1, 200)
    assert scan.signature.fields["sport"] == 53
    assert scan.signature.fields["flags"] == "SYN-FIN"
    assert scan.signature.fields["port_order"] == "ascending"
    assert "window" not in scan.signature.fields


@pytest.mark.parametrize(
    ("flags", "name"),
    [
        (0, "null"),
        (FIN, "fin"),
        (FIN | PSH | URG, "xmas"),
        (SYN | FIN, "syn-fin"),
        (FIN | ACK, "maimon"),
        (ACK, "ack"),
        (SYN, "syn"),
    ],
)
def test_techniques_by_flag_set(flags: int, name: str) -> None:
    scan = only(vertical(60, flags, sport=41_000))
    assert (scan.verdict, scan.techniques) == (Verdict.SCAN, (name,))


def test_horizontal_block_icmp_protocol_and_udp() -> None:
    t = [i / 10 for i in range(200)]
    horizontal = only({"t": t, "src": A, "dst": HOSTS[:200], "sport": 40_000, "dport": [22] * 200, "flags": SYN})
    assert (horizontal.kind, horizontal.targets, horizontal.ports) == (Kind.HORIZONTAL, 200, 1)
    block = only(
        {
            "t": t,
            "src": A,
            "dst": [HOSTS[i % 20] for i in range(200)],
            "sport": 40_000,
            "dport": [i // 20 + 1 for i in range(200)],
            "flags": SYN,
        }
    )
    assert block.kind is Kind.BLOCK
    sweep = only({"t": t, "src": A, "dst": HOSTS[:200], "proto": Proto.ICMP, "icmp_type": 8, "icmp_code": 0})
    assert (sweep.kind, sweep.techniques) == (Kind.ICMP_SWEEP, ("icmp",))
    protocols = only({"t": t, "src": A, "dst": ONE, "proto": Proto.OTHER, "proto_num": range(20, 220)})
    assert (protocols.kind, protocols.techniques) == (Kind.PROTOCOL, ("ip-proto",))
    udp = only({"t": t, "src": A, "dst": ONE, "sport": 40_000, "dport": range(200), "proto": Proto.UDP})
    assert (udp.verdict, udp.techniques) == (Verdict.SCAN, ("udp",))


def test_os_probe_is_a_fingerprint() -> None:
    probes = [
        (SYN, 22),
        (0, 22),
        (SYN | FIN | PSH | URG, 22),
        (ACK, 22),
        (SYN, 81),
        (ACK, 81),
        (FIN | PSH | URG, 81),
    ] * 3
    scan = only(
        {
            "t": [i / 10 for i in range(21)],
            "src": A,
            "dst": ONE,
            "sport": range(50_000, 50_021),
            "dport": [p for _, p in probes],
            "flags": [f for f, _ in probes],
        }
    )
    assert (scan.verdict, scan.kind) == (Verdict.SCAN, Kind.FINGERPRINT)


def test_fragments_without_ports_are_seen_and_their_flags_not_invented() -> None:
    scan = only(
        {
            "t": [i / 10 for i in range(60)],
            "src": A,
            "dst": ONE,
            "proto_num": 6,
            "ip_id": range(60),
            "length": 28,
            "frag": MF,
        }
    )
    assert (scan.verdict, scan.techniques, scan.ports) == (Verdict.SCAN, ("fragment",), 0)
    assert "flags" not in scan.signature.fields


@pytest.mark.parametrize("wait", [300, 600])
def test_one_probe_in_ten_minutes_is_found(wait: int) -> None:
    scan = only(
        {"t": [i * wait for i in range(24)], "src": A, "dst": ONE, "sport": 40_000, "dport": range(1, 25), "flags": SYN}
    )
    assert (scan.verdict, scan.slow) == (Verdict.SCAN, True)


def test_a_source_that_comes_back_after_hours_is_a_new_episode() -> None:
    first, again = vertical(50), vertical(50) | {"t": [20_000 + i for i in range(50)]}
    assert [scan.events for scan in found(first, again).scans] == [50, 50]


def test_permitted_packets_count_too() -> None:
    inside = {
        "t": [i / 5 for i in range(200)],
        "src": "10.0.0.5",
        "dst": [f"10.0.1.{i}" for i in range(200)],
        "sport": range(40_000, 40_200),
        "dport": [445] * 200,
        "flags": SYN,
        "action": Action.ACCEPT,
    }
    scan = only(web(), inside)
    assert (scan.verdict, scan.kind) == (Verdict.SCAN, Kind.HORIZONTAL)


HARMLESS: dict[str, dict[str, Any]] = {
    "late DNS answers": {
        "t": range(500),
        "src": B,
        "dst": ONE,
        "sport": 53,
        "dport": range(20_000, 20_500),
        "proto": Proto.UDP,
    },
    "late answers of an unlisted UDP service": {
        "t": range(300),
        "src": B,
        "dst": ONE,
        "sport": 30_120,
        "dport": range(40_000, 40_300),
        "proto": Proto.UDP,
    },
    "late FINs of a web server": {
        "t": range(300),
        "src": B,
        "dst": ONE,
        "sport": 443,
        "dport": range(40_000, 40_300),
        "flags": FIN | ACK,
    },
    "late FINs of a client": {
        "t": range(60),
        "src": "10.0.0.5",
        "dst": [f"198.51.100.{i}" for i in range(60)],
        "sport": range(40_000, 40_060),
        "dport": [443] * 60,
        "flags": FIN | ACK,
    },
    "backscatter SYN-ACKs": {
        "t": range(300),
        "src": B,
        "dst": [HOSTS[i % 250] for i in range(300)],
        "sport": 80,
        "dport": range(1024, 1324),
        "flags": SYN | ACK,
    },
    "backscatter resets": {
        "t": range(300),
        "src": B,
        "dst": [HOSTS[i % 250] for i in range(300)],
        "sport": 80,
        "dport": range(1024, 1324),
        "flags": RST | ACK,
    },
    "port unreachables": {
        "t": range(200),
        "src": B,
        "dst": HOSTS[:200],
        "proto": Proto.ICMP,
        "icmp_type": 3,
        "icmp_code": 3,
    },
    "broadcasts": {
        "t": range(60),
        "src": "10.0.0.9",
        "dst": ["255.255.255.255", "224.0.0.251", "10.0.0.255"] * 20,
        "sport": 137,
        "dport": range(60),
        "proto": Proto.UDP,
    },
    "traceroute": {
        "t": [i / 2 for i in range(18)],
        "src": B,
        "dst": ONE,
        "sport": range(40_000, 40_018),
        "dport": range(33_434, 33_452),
        "proto": Proto.UDP,
    },
    "one closed port, again and again": {
        "t": range(0, 6000, 10),
        "src": B,
        "dst": ONE,
        "sport": range(40_000, 40_600),
        "dport": [25] * 600,
        "flags": SYN,
    },
    "background radiation": {
        "t": [0, 500, 900],
        "src": B,
        "dst": HOSTS[:3],
        "sport": range(40_000, 40_003),
        "dport": [23, 23, 2323],
        "flags": SYN,
    },
    "peer-to-peer": {
        "t": [i / 3 for i in range(400)],
        "src": "10.0.0.7",
        "dst": [f"198.18.{i // 200}.{i % 200}" for i in range(400)],
        "sport": 51_413,
        "dport": [10_007 + (i * 7919) % 50_000 for i in range(400)],
        "proto": Proto.UDP,
        "action": Action.ACCEPT,
    },
    "a web server's side of its connections": {  # flow records that tell no flags
        "t": range(600),
        "src": ONE,
        "dst": [f"198.18.7.{i % 250}" for i in range(600)],
        "sport": 443,
        "dport": [32_768 + (i * 7919) % 28_000 for i in range(600)],
        "count": [5 + i % 30 for i in range(600)],
        "action": Action.ACCEPT,
    },
    "an unlisted service's side of its connections": {
        "t": range(600),
        "src": ONE,
        "dst": [f"198.18.7.{i % 250}" for i in range(600)],
        "sport": 9200,
        "dport": [32_768 + (i * 7919) % 28_000 for i in range(600)],
        "count": [2 + i % 30 for i in range(600)],
    },
    "a monitor's rounds": {
        "t": [60 * (i // 90) + (i % 90) / 10 for i in range(900)],
        "src": B,
        "dst": [HOSTS[i % 30] for i in range(900)],
        "sport": range(40_000, 40_900),
        "dport": [(22, 80, 3306)[(i // 30) % 3] for i in range(900)],
        "flags": SYN,
        "action": [Action.DROP if (i // 30) % 3 == 2 else Action.ACCEPT for i in range(900)],
    },
}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_traffic_is_not_called_a_scan(name: str) -> None:
    scans = found(web(), HARMLESS[name]).scans
    assert [scan.verdict for scan in scans if scan.verdict is not Verdict.BENIGN] == []


@pytest.mark.parametrize("name", HARMLESS)
def test_a_scan_among_harmless_traffic_is_found(name: str) -> None:
    scans = found(web(), HARMLESS[name], vertical(30, sport=41_000)).scans
    assert [scan.source for scan in scans if scan.verdict is Verdict.SCAN] == [packets(Tables(), vertical(1)).src[0]]


def test_backscatter_and_replies_are_told_as_such() -> None:
    kinds = {name: only(web(), HARMLESS[name]).kind for name in ("late DNS answers", "backscatter SYN-ACKs")}
    assert kinds == {"late DNS answers": Kind.REPLIES, "backscatter SYN-ACKs": Kind.BACKSCATTER}


@pytest.mark.parametrize(("share", "verdict"), [(1.0, Verdict.BENIGN), (0.2, Verdict.SCAN)])
def test_conversations_of_the_inside_with_the_outside_are_use(share: float, verdict: Verdict) -> None:
    count = 300
    talks = [i < share * count for i in range(count)]
    client = {
        "t": range(0, 3 * count, 3),
        "src": "10.0.0.7",
        "dst": [f"198.18.{i // 200}.{i % 200}" for i in range(count)],
        "sport": range(40_000, 40_000 + count),
        "dport": [(5432, 9092, 6379)[i % 3] for i in range(count)],
        "count": [12 if talk else 1 for talk in talks],
        "answered": talks,
        "action": [Action.ACCEPT if talk else Action.DROP for talk in talks],
    }
    scans = found(web(), client).scans
    assert [scan.verdict for scan in scans if scan.source == packets(Tables(), client).src[0]] == [verdict]


def _connect_scan(late: float = 0.0, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A connect scan whose closed ports answer, in flow records that tell no flags: both directions."""
    ports = [1 + (i * 7919) % 9_000 for i in range(300)]
    there = {"t": [i / 10 for i in range(300)], "src": A, "dst": ONE, "sport": range(40_000, 40_300), "dport": ports}
    back = {
        "t": [i / 10 + late for i in range(300)],
        "src": ONE,
        "dst": A,
        "sport": ports,
        "dport": range(40_000, 40_300),
    }
    return there | more, back | more


@pytest.mark.parametrize("late", [0.0, 0.01])
@pytest.mark.parametrize("turned", [False, True])
def test_the_answers_to_a_scan_are_no_scan_where_the_log_tells_no_flags(late: float, turned: bool) -> None:
    both = _connect_scan(late, action=Action.ACCEPT)
    scans = found(web(), *(both[::-1] if turned else both)).scans
    asks, answers = packets(Tables(), both[0]).src[0], packets(Tables(), both[1]).src[0]
    assert {scan.source: (scan.verdict, scan.kind) for scan in scans} == {
        asks: (Verdict.SCAN, Kind.VERTICAL),
        answers: (Verdict.BENIGN, Kind.REPLIES),
    }


@pytest.mark.parametrize("count", [1, 2])
def test_dropped_packets_from_a_service_port_without_flags_may_be_a_scan(count: int) -> None:
    scan = only(
        web(),
        {
            "t": [i / 10 for i in range(200)],
            "src": A,
            "dst": ONE,
            "sport": 53,
            "dport": range(1024, 1224),
            "count": count,
            "action": Action.DROP,
        },
    )
    assert scan.verdict is Verdict.SCAN


def test_a_scan_from_a_service_port_is_not_taken_for_replies() -> None:
    scan = only(
        web(),
        {
            "t": [i / 10 for i in range(40)],
            "src": A,
            "dst": ONE,
            "sport": 53,
            "dport": range(1, 41),
            "proto": Proto.UDP,
        },
    )
    assert scan.verdict is Verdict.SCAN


def test_flagged_at_is_when_the_evidence_sufficed() -> None:
    scan = only(vertical(200) | {"t": range(200)})
    assert scan.flagged_at is not None
    seen = (scan.flagged_at - scan.first) // 1_000_000 + 1
    assert 4 <= seen <= 10
    early = found(vertical(seen - 1) | {"t": range(seen - 1)}).scans
    assert not any(one.verdict is Verdict.SCAN for one in early)
    assert only(vertical(seen) | {"t": range(seen)}).verdict is Verdict.SCAN


def test_evidence_adds_up_to_the_score() -> None:
    for scan in found(web(), vertical(flags=SYN | FIN), HARMLESS["a monitor's rounds"]).scans:
        assert sum(piece.weight for piece in scan.evidence) == pytest.approx(scan.score, abs=0.1)


def test_allowed_sources_are_benign_and_say_so() -> None:
    from scantui.detect.allow import networks

    (scan,) = found(vertical(), allowed=networks(["203.0.113.0/24"])).scans
    assert scan.verdict is Verdict.BENIGN
    assert scan.evidence[0].name == "allow-listed"
    (still,) = found(vertical(), allowed=networks(["198.51.100.0/24", "2001:db8::/32"])).scans
    assert still.verdict is Verdict.SCAN


@pytest.mark.parametrize("seed", range(5))
def test_order_of_events_does_not_matter(seed: int) -> None:
    events = packets(Tables(), web(), vertical(flags=SYN | FIN) | {"t": range(200)}, *HARMLESS.values())
    order = np.random.default_rng(seed).permutation(len(events))
    assert detect(events.take(order)).scans == detect(events).scans


def test_ipv6_sources_are_judged_like_others() -> None:
    scan = only(vertical(src="2001:db8:bad::7") | {"dst": "2001:db8::1"})
    assert (scan.verdict, scan.kind) == (Verdict.SCAN, Kind.VERTICAL)


def test_nothing_in_nothing_out() -> None:
    assert found({"t": [], "src": [], "dst": []}).scans == ()


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"length": 60, "frag": DF, "sport": range(40_000, 40_060)}, "connect"),
        (
            {"length": 60, "frag": 0, "sport": range(40_000, 40_060)},
            "syn",
        ),  # ZMap's Linux-like probes: no kernel leaves DF out
        ({"length": 60, "frag": DF, "sport": 40_000}, "syn"),
        ({"length": 44, "frag": 0, "sport": 40_000}, "syn"),
        ({"src": "2001:db8::7", "dst": "2001:db8::1", "length": 64, "sport": range(40_000, 40_060)}, "syn"),
        ({"src": "2001:db8::7", "dst": "2001:db8::1", "length": 80, "sport": range(40_000, 40_060)}, "connect"),
    ],
)
def test_connect_is_said_of_a_kernels_syns_only(more: dict[str, Any], name: str) -> None:
    assert only(vertical(60) | more).techniques == (name,)


def test_a_bot_that_never_tires_stays_a_scan() -> None:
    again = {
        "t": [600 * round_ + port / 10 for round_ in range(100) for port in range(20)],
        "src": A,
        "dst": ONE,
        "sport": 40_000,
        "dport": [port + 1 for _ in range(100) for port in range(20)],
        "flags": SYN,
    }
    assert only(again).verdict is Verdict.SCAN


def test_one_probe_an_hour_is_put_together_over_days() -> None:
    scan = only(
        {"t": [3700 * i for i in range(16)], "src": A, "dst": ONE, "sport": 40_000, "dport": range(1, 17), "flags": SYN}
    )
    assert (scan.verdict, scan.slow, scan.ports) == (Verdict.SCAN, True, 16)


def test_bare_acks_to_one_port_of_many_hosts_are_a_sweep() -> None:
    sweep = {
        "t": [i / 10 for i in range(200)],
        "src": A,
        "dst": HOSTS[:200],
        "sport": 40_000,
        "dport": [80] * 200,
        "flags": ACK,
    }
    scan = only(web(), sweep)
    assert (scan.verdict, scan.kind, scan.techniques) == (Verdict.SCAN, Kind.HORIZONTAL, ("ack",))


def test_a_permitted_sweep_of_web_ports_inside_is_found() -> None:
    inside = {
        "t": [i / 5 for i in range(250)],
        "src": "10.0.0.5",
        "dst": [f"10.0.1.{i}" for i in range(250)],
        "sport": range(40_000, 40_250),
        "dport": [443] * 250,
        "flags": SYN,
        "action": Action.ACCEPT,
    }
    assert only(inside).verdict is Verdict.SCAN


def test_an_outage_of_services_in_use_is_not_a_scan() -> None:
    ports = (22, 25, 80, 443, 993, 3306, 5432, 8080)
    used = [web(40) | {"dport": [port] * 40} for port in ports]
    dropped = {
        "t": [1000 + i for i in range(8)],
        "src": B,
        "dst": ONE,
        "sport": range(40_000, 40_008),
        "dport": list(ports),
        "flags": SYN,
    }
    assert not [scan for scan in found(*used, dropped).scans if scan.verdict is not Verdict.BENIGN]
