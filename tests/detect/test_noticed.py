"""Notices of other detectors are told with their source, and count as nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.detect.allow import networks
from scantui.detect.detection import detect
from scantui.detect.knobs import Knobs
from scantui.detect.scan import Kind, Scan, Verdict
from scantui.events import Events, Proto, concat
from scantui.tables import Tables
from tests.feeding import packets

SCANNER, QUIET = "203.0.113.7", "203.0.113.8"


def scan_of(tables: Tables, ports: int) -> Events:
    return packets(
        tables,
        {"src": SCANNER, "dst": "192.0.2.1", "t": range(1000, 1000 + ports), "dport": range(1, ports + 1), "sport": 53}
        | {"flags": 2},
    )


def notices_of(tables: Tables, src: Any, times: list[int], rule: str = "Scan::Port_Scan", **more: Any) -> Events:
    said = {
        "src": src,
        "dst": "192.0.2.9",
        "t": times,
        "count": 0,
        "rule": tables.texts.code(rule),
        "dport": 7,
        "flags": 2,
    }
    return packets(tables, said | {"sensor": tables.texts.code("zeek-1"), "proto": Proto.TCP} | more)


def bare(scans: tuple[Scan, ...]) -> list[Scan]:
    """The scans without what notices said of them."""
    return [
        replace(scan, evidence=tuple(piece for piece in scan.evidence if piece.name != "sensor's notice"))
        for scan in scans
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 40),
    st.lists(st.integers(900, 1100), min_size=1, max_size=12),
    st.sampled_from(["Scan::Port_Scan", "bad_TCP_checksum"]),
)
def test_notices_change_no_figure_and_no_verdict(ports: int, times: list[int], rule: str) -> None:
    tables = Tables()
    alone = detect(scan_of(tables, ports))
    both = detect(concat([scan_of(tables, ports), notices_of(tables, SCANNER, times, rule)], tables))
    assert bare(tuple(scan for scan in both.scans if scan.kind is not Kind.NOTICED)) == list(alone.scans)
    assert both.site.home == alone.site.home
    told = [piece for scan in both.scans for piece in scan.evidence if piece.name == "sensor's notice"]
    assert len(told) == (1 if alone.scans or rule.startswith("Scan") else 0)
    assert all(rule in piece.text and "zeek-1" in piece.text for piece in told)


def test_a_notice_of_a_scan_without_packets_is_worth_a_look() -> None:
    tables = Tables()
    (scan,) = detect(notices_of(tables, QUIET, [10, 20, 9_000])).scans[:1]
    assert (scan.kind, scan.verdict, scan.flagged_at) == (Kind.NOTICED, Verdict.SUSPECT, None)
    assert (scan.events, scan.packets, scan.ports, scan.targets, scan.port_list) == (2, 0, 0, 0, ())
    assert sum(piece.weight for piece in scan.evidence) == pytest.approx(scan.score)
    assert "Scan::Port_Scan (2)" in scan.evidence[0].text


def test_what_is_no_scan_makes_no_row() -> None:
    assert not detect(notices_of(Tables(), QUIET, [10, 20], "bad_TCP_checksum")).scans


def test_what_another_rule_says_of_a_packet_makes_no_row() -> None:
    tables = Tables()
    packet = {"src": QUIET, "dst": "192.0.2.9", "t": [10], "dport": 7, "sport": 4000, "flags": 2}
    again = notices_of(tables, QUIET, [10], sport=4000)
    assert not detect(concat([packets(tables, packet), again], tables)).scans
    other = notices_of(tables, QUIET, [10], sport=4001)
    (scan,) = detect(concat([packets(tables, packet), other], tables)).scans
    assert scan.kind is Kind.NOTICED


def test_who_may_scan_may_be_noticed() -> None:
    knobs = Knobs(allowed=networks([QUIET]))
    (scan,) = detect(notices_of(Tables(), QUIET, [10]), None, knobs).scans
    assert scan.verdict is Verdict.BENIGN and scan.evidence[0].name == "allow-listed"


def test_notices_are_no_flood_and_no_home() -> None:
    tables = Tables()
    many = [f"198.51.{i // 250}.{i % 250 + 1}" for i in range(1500)]
    told = notices_of(tables, many, [10] * 1500, "bad_TCP_checksum")
    assert not detect(told).scans
    assert detect(told).site.home == ()


def test_an_aggregate_is_that_many_packets_and_one_target() -> None:
    tables = Tables()
    events = scan_of(tables, 30)
    weighty = replace(events, count=np.full(len(events), 100, np.uint32))
    one, other = detect(events).scans[0], detect(weighty).scans[0]
    assert other == replace(one, packets=3000)
