"""Floods, IPv6 networks, returning sources, and what an operator may turn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.detect.allow import parse
from scantui.detect.detection import DEFAULT, Detection, detect
from scantui.detect.knobs import Knobs, Sensitivity
from scantui.detect.scan import Kind, Verdict
from scantui.detect.site import survey
from scantui.events import SYN, Action
from scantui.tables import Tables
from tests.feeding import packets

ONE = "192.0.2.10"


def vertical(
    ports: int = 60, src: str = "203.0.113.7", start: float = 0, first: int = 1, dst: str = ONE
) -> dict[str, Any]:
    return {
        "t": [start + i / 10 for i in range(ports)],
        "src": src,
        "dst": dst,
        "sport": 41_000,
        "dport": range(first, first + ports),
        "flags": SYN,
    }


def found(*groups: dict[str, Any], knobs: Knobs = DEFAULT) -> Detection:
    return detect(packets(Tables(), *groups), knobs=knobs)


def flood(sources: int = 3000, action: Action = Action.DROP) -> dict[str, Any]:
    return {
        "t": [i / 200 for i in range(sources)],
        "src": [f"100.{64 + i // 62_500}.{i // 250 % 250}.{i % 250}" for i in range(sources)],
        "dst": ONE,
        "sport": [1024 + i * 37 % 60_000 for i in range(sources)],
        "dport": [80] * sources,
        "flags": SYN,
        "window": 8192,
        "action": [action] * sources,
    }


@pytest.mark.parametrize("action", [Action.DROP, Action.ACCEPT])
def test_a_flood_is_told_as_a_flood_and_hides_no_scan(action: Action) -> None:
    said = found(flood(action=action), vertical(start=5))
    flooding = [scan for scan in said.scans if scan.kind is Kind.FLOOD]
    assert [(scan.sources, scan.events, scan.port_list, scan.verdict) for scan in flooding] == [
        ((), 3000, (80,), Verdict.SUSPECT)
    ]
    assert flooding[0].signature.fields["window"] == 8192
    assert [scan.ports for scan in said.scans if scan.verdict is Verdict.SCAN] == [60]
    assert said.clusters == ()


def test_a_busy_service_is_no_flood() -> None:
    slow = flood(3000) | {"t": [i * 1.0 for i in range(3000)]}
    assert not [scan for scan in found(slow).scans if scan.kind is Kind.FLOOD]


def test_a_scanner_hopping_inside_a_64_is_one_source() -> None:
    sources = [f"2001:db8:bad:1::{i:x}" for i in range(1, 61)]
    (scan,) = found(vertical(60) | {"src": sources, "dst": "2001:db8::10"}).scans
    assert (scan.verdict, scan.ports, len(scan.sources)) == (Verdict.SCAN, 60, 60)
    assert scan.id.startswith("2001:db8:bad:1::/64@")
    assert "60 addresses" in scan.evidence[-1].text


def test_neighbours_in_a_64_who_do_little_are_not_a_scan() -> None:
    sources = [f"2001:db8:1::{i:x}" for i in range(1, 41)]
    quiet = {
        "t": range(40),
        "src": sources,
        "dst": "2001:db8::10",
        "sport": range(40_000, 40_040),
        "dport": [443] * 40,
        "flags": SYN,
    }
    assert found(quiet).scans == ()


def test_a_lone_ipv6_scanner_is_itself() -> None:
    (scan,) = found(vertical() | {"src": "2001:db8:bad::7", "dst": "2001:db8::10"}).scans
    assert (scan.members, len(scan.sources)) == ((), 1)


@pytest.mark.parametrize(
    ("again", "name", "words"),
    [
        (vertical(start=8000), "resumed", "the same scan once more"),
        (vertical(start=8000, first=500), "resumed", "other ports"),
        (vertical(start=8000, dst="192.0.2.77"), "resumed", "other targets"),
        (vertical(start=8000, first=500, dst="192.0.2.77"), "new scan", "other targets and other ports"),
        (vertical(start=8000) | {"flags": 0}, "new scan", "another technique"),
    ],
)
def test_a_returning_source_is_told_as_the_same_scan_or_a_new_one(again: dict[str, Any], name: str, words: str) -> None:
    first, second = found(vertical(), again).scans
    assert not any(piece.name in ("resumed", "new scan") for piece in first.evidence)
    (piece,) = [piece for piece in second.evidence if piece.name in ("resumed", "new scan")]
    assert (piece.name, piece.weight) == (name, 0.0)
    assert words in piece.text
    assert "2.2 h" in piece.text


def test_sensitivity_moves_the_line_and_only_the_line() -> None:
    groups = [vertical(count, f"203.0.113.{count}") for count in (4, 5, 6, 12)]
    flagged = {
        level: sum(scan.verdict is Verdict.SCAN for scan in found(*groups, knobs=Knobs(level)).scans)
        for level in Sensitivity
    }
    assert flagged[Sensitivity.LOW] < flagged[Sensitivity.NORMAL] < flagged[Sensitivity.HIGH]
    scores = [[scan.score for scan in found(*groups, knobs=Knobs(level)).scans] for level in Sensitivity]
    assert scores[0] == scores[1] == scores[2]


def test_an_allow_list_excuses_what_it_names_and_no_more() -> None:
    allowed = parse("# ours\n203.0.113.7 ports=1-60 until=1970-01-01 nightly audit\n", "allow.txt")
    (scan,) = found(vertical(), knobs=Knobs(allowed=allowed)).scans
    assert scan.verdict is Verdict.BENIGN
    assert "nightly audit" in scan.evidence[0].text
    for other in (vertical(first=50), vertical(start=90_000), vertical(src="203.0.113.8")):
        (scan,) = found(other, knobs=Knobs(allowed=allowed)).scans
        assert scan.verdict is Verdict.SCAN


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nonsense", "is no network"),
        ("10.0.0.0/8 ports=x", "is no port"),
        ("10.0.0.0/8 until=soon", "is no day"),
        ("10.0.0.0/8 ports=9-1", "is no port"),
    ],
)
def test_a_bad_allow_list_line_is_named(line: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^allow.txt:2: .*{words}"):
        parse(f"# fine\n{line}\n", "allow.txt")


@given(st.text())
def test_any_allow_list_is_read_or_refused(text: str) -> None:
    try:
        parse(text, "x")
    except ValueError as error:
        assert str(error).isprintable()


def test_home_is_guessed_from_who_is_asked_by_many_and_can_be_given() -> None:
    asked = {
        "t": range(400),
        "src": [f"198.18.{i // 200}.{i % 200}" for i in range(400)],
        "dst": ONE,
        "dport": [443] * 400,
        "flags": SYN,
    }
    outward = {
        "t": range(50),
        "src": ONE,
        "dst": [f"203.0.113.{i}" for i in range(50)],
        "dport": [443] * 50,
        "flags": SYN,
    }
    events = packets(Tables(), asked, outward)
    site = survey([events])
    assert (site.home, site.home_guessed) == (("192.0.2.0/24",), True)
    codes = np.array([events.tables.addresses.code(text) for text in (ONE, "10.1.1.1", "203.0.113.5")], np.uint32)
    assert site.inside(codes).tolist() == [True, True, False]
    import ipaddress

    given_home = survey([events], (ipaddress.ip_network("203.0.113.0/24"),))
    assert (given_home.home, given_home.home_guessed) == (("203.0.113.0/24",), False)
    assert given_home.inside(codes).tolist() == [False, True, True]


def test_what_the_inside_sends_out_is_not_a_scan_where_its_fate_is_not_said() -> None:
    outward = {
        "t": range(300),
        "src": "10.0.0.5",
        "dst": [f"198.51.{i // 200}.{i % 200}" for i in range(300)],
        "sport": range(40_000, 40_300),
        "dport": [443] * 300,
        "flags": SYN,
        "action": [Action.UNKNOWN] * 300,
    }
    assert not [scan for scan in found(outward).scans if scan.verdict is not Verdict.BENIGN]
    inward = outward | {"src": "203.0.113.7", "dst": [f"10.0.{i // 200}.{i % 200}" for i in range(300)]}
    (scan,) = found(inward).scans
    assert scan.verdict is Verdict.SCAN
