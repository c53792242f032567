"""Drafts: each takes the scan it was written for, the narrow nothing else; and what a rule does in a whole log."""

from __future__ import annotations

from typing import Any

import pytest

from scantui.detect.detection import detect
from scantui.detect.scan import Verdict
from scantui.events import ACK, FIN, PSH, SYN, URG, Proto
from scantui.explain.rules.draft import drafts
from scantui.explain.rules.evaluate import Bench
from scantui.explain.rules.reach import Yard
from scantui.tables import Tables
from tests.explain.rules.made import rule
from tests.feeding import packets

PORTS = list(range(20, 220))
SCANS: dict[str, dict[str, Any]] = {
    "syn-fin": {"flags": [SYN | FIN] * 200, "sport": 53},
    "syn": {"flags": [SYN] * 200, "sport": 40000, "window": 1024, "ttl": [37 + i % 20 for i in range(200)]},
    "xmas": {"flags": [FIN | PSH | URG] * 200, "sport": 40000},
    "null": {"flags": [0] * 200, "sport": 40000},
    "fin": {"flags": [FIN] * 200, "sport": 40000},
    "ack": {"flags": [ACK] * 200, "sport": 40000},
    "with ecn": {"flags": [SYN | FIN, SYN | FIN | 64] * 100, "sport": 40000},
    "udp": {"proto": Proto.UDP, "sport": 40000},
    "no flags": {"sport": 40000},
}


def made(name: str, tables: Tables | None = None) -> Any:
    columns = {
        "t": [1000 + i / 100 for i in range(200)],
        "src": "203.0.113.7",
        "dst": "192.0.2.10",
        "dport": PORTS,
        **SCANS[name],
    }
    return packets(tables or Tables(), columns)


@pytest.mark.parametrize("name", SCANS)
def test_every_draft_takes_the_whole_scan(name: str) -> None:
    events = made(name)
    bench = Bench(events)
    found = drafts(events)
    assert {(one.breadth, one.language) for one in found} == {
        (breadth, language)
        for breadth in ("narrowest", "broadest")
        for language in ("snort3", "suricata", "nft", "iptables")
    }
    for one in found:
        whole = bench.verdict(one.rule)
        assert whole.yes.all(), (one.text, one.rule.rest)
        assert not any(finding.level == "error" for finding in one.rule.findings), one.rule.findings
        if one.language in ("snort3", "suricata"):
            assert bench.alerts(one.rule, whole.yes).count > 0


def test_the_narrow_draft_takes_nothing_else_and_the_broad_one_the_same_trick_elsewhere() -> None:
    tables = Tables()
    scan = made("syn-fin", tables)
    other = Bench(
        packets(
            tables,
            {
                "t": [5000] * 3,
                "src": "198.51.100.9",
                "dst": "192.0.2.77",
                "dport": [9999] * 3,
                "sport": 1,
                "flags": [SYN, SYN | FIN | PSH, ACK],
            },
        )
    )
    for one in drafts(scan):
        want = [False, True, False] if one.breadth == "broadest" else [False] * 3
        assert other.verdict(one.rule).yes.tolist() == want, one.text


def test_a_plain_syn_is_only_drafted_with_a_rate() -> None:
    broad = next(one for one in drafts(made("syn")) if (one.breadth, one.language) == ("broadest", "snort3"))
    assert "detection_filter" in broad.text and "flags:S,CE" in broad.text


def test_icmp_and_ipv6() -> None:
    tables = Tables()
    sweep = packets(
        tables,
        {
            "t": [1] * 50,
            "src": "203.0.113.7",
            "dst": [f"192.0.2.{i}" for i in range(1, 51)],
            "proto": Proto.ICMP,
            "icmp_type": 8,
            "icmp_code": 0,
        },
    )
    six = packets(
        tables, {"t": [1] * 200, "src": "2001:db8::7", "dst": "2001:db8:1::1", "dport": PORTS, "flags": SYN | FIN}
    )
    for events in (sweep, six):
        assert all(Bench(events).verdict(one.rule).yes.all() for one in drafts(events))
    assert {one.language for one in drafts(six)} == {"snort3", "suricata", "nft"}


def test_reach_in_a_whole_log() -> None:
    tables = Tables()
    scan = made("syn-fin", tables)
    from scantui.events import Action, concat

    clients = packets(
        tables,
        {"t": [900 + i for i in range(100)], "src": [f"198.51.100.{i % 10 + 1}" for i in range(100)], "dst": "192.0.2.10", "dport": 443, "flags": SYN, "action": Action.ACCEPT},
    )  # fmt: skip
    log = concat([scan, clients], tables)
    found = detect(log).scans
    yard = Yard(Bench(log), found)
    assert [one.verdict for one in yard.scans] == [Verdict.SCAN]
    odd = yard.reach(rule("alert tcp any any -> any any (flags:SF+; sid:1;)"))
    assert (odd.packets, odd.scans, odd.scans_in_all, odd.benign, odd.alerts, odd.alerts_a_day) == (
        200,
        1,
        1,
        0,
        200,
        None,
    )
    plain = yard.reach(rule("alert tcp any any -> any any (flags:S,12; sid:1;)"))
    assert (plain.packets, plain.scans, plain.benign, plain.benign_packets) == (100, 0, 10, 100)
    assert yard.reach(rule('alert tcp any any -> any any (content:"x"; sid:1;)')).undecided == 300


def test_alerts_a_day_need_a_day() -> None:
    tables = Tables()
    log = packets(
        tables,
        {"t": [i * 3600 for i in range(49)], "src": "203.0.113.7", "dst": "192.0.2.10", "dport": 22, "flags": SYN},
    )
    assert Yard(Bench(log), ()).reach(rule("alert tcp any any -> any 22 (sid:1;)")).alerts_a_day == 24.5
