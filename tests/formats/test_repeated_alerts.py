"""A packet on which several rules fire counts once; every rule is told."""

from __future__ import annotations

import pytest

from scantui.events import notices, without_notices
from tests.feeding import read

FAST = b"11/10-03:14:01.%s  [**] [1:%d:1] %s [**] [Classification: Misc Attack] [Priority: 2] {TCP} 203.0.113.9:4000 -> 192.0.2.1:%d"


def fast(micros: bytes, sid: int = 2001, name: bytes = b"ET SCAN Potential SSH Scan", port: int = 22) -> bytes:
    return FAST % (micros, sid, name, port)


THREE = [
    fast(b"000123"),
    fast(b"000123", 2002, b"ET CINS Poor Reputation IP"),
    fast(b"000123", 2003, b"ET DROP Dshield"),
]


@pytest.mark.parametrize("cut", [(), (60,), (150,), (160,), (200,), (320,)])
def test_three_alerts_of_a_packet_are_one_packet(cut: tuple[int, ...]) -> None:
    got = read(b"\n".join([*THREE, fast(b"000124")]) + b"\n", cut)
    assert got.count.tolist() == [1, 0, 0, 1]
    rules = [got.tables.texts.text(code) for code in notices(got).rule.tolist()]
    assert len(rules) == 2 and "CINS" in rules[0] and "Dshield" in rules[1]


def test_alerts_of_another_packet_between_do_not_hide_it() -> None:
    other = fast(b"000123", port=23)
    got = read(b"\n".join([THREE[0], other, THREE[1], other]) + b"\n")
    assert got.count.tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("micros", [b"000000", b"120000"])
def test_times_that_may_be_cut_prove_nothing(micros: bytes) -> None:
    got = read(b"\n".join([fast(micros), fast(micros, 2002)]) + b"\n")
    assert len(without_notices(got)) == 2


def test_what_a_firewall_dropped_at_one_time_are_packets() -> None:
    line = b"2026-11-10T03:14:01.000123+00:00 fw kernel: IN=eth0 OUT= SRC=203.0.113.9 DST=192.0.2.1 LEN=40 PROTO=UDP SPT=4000 DPT=53 LEN=20"
    assert read(b"\n".join([line, line]) + b"\n").count.tolist() == [1, 1]
