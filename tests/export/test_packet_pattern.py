"""What packets have in common: what no TCP sends is dropped, the rest is only counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scantui.events import ACK, FIN, PSH, SYN, URG
from scantui.export.packet_pattern import SIX, Pattern, patterns
from tests.export.handing import MIXED, SYNFIN, demo, handing, syn_lines


def of(tmp_path: Path, flags: str, sources: tuple[str, ...] = ("203.0.113.7",)) -> tuple[Pattern, ...]:
    log = tmp_path / "some.log"
    log.write_text(syn_lines(sources, range(1000, 1030), flags))
    return patterns(handing([log], sources))


def test_syn_fin_is_dropped_whatever_else_is_set() -> None:
    (found,) = patterns(demo(SYNFIN))
    assert (found.mask, found.value, found.drops, found.packets, found.of) == (SYN | FIN, SYN | FIN, True, 200, 200)


@pytest.mark.parametrize(
    ("flags", "value"), [("FIN", FIN), ("URG PSH FIN", FIN | PSH | URG), ("", 0), ("PSH", PSH), ("URG", URG)]
)
def test_others_that_no_tcp_sends_are_dropped_exactly(tmp_path: Path, flags: str, value: int) -> None:
    """A FIN beside an ACK is how every connection ends: the test must see all six flags."""
    (found,) = of(tmp_path, flags)
    assert (found.mask, found.value, found.drops) == (SIX, value, True)


@pytest.mark.parametrize(
    "flags", ["SYN", "ACK", "ACK FIN", "RST", "ACK RST", "ACK PSH", "ACK SYN", "ACK URG FIN", "ACK PSH FIN"]
)
def test_what_a_tcp_sends_is_never_dropped(tmp_path: Path, flags: str) -> None:
    assert not any(found.drops for found in of(tmp_path, flags))


def test_the_ecn_bits_change_nothing(tmp_path: Path) -> None:
    (found,) = of(tmp_path, "CWR ECE SYN FIN")
    assert found.value == SYN | FIN
    assert not any(found.drops for found in of(tmp_path, "CWR ECE SYN"))


def test_habits_of_a_tool_are_counted(tmp_path: Path) -> None:
    line = "2026-11-20T10:00:{:02d}.000000+00:00 fw kernel: [DROP] IN=eth0 OUT= SRC={} DST=198.51.100.10 LEN=40 TOS=0x00 PREC=0x00 TTL=50 ID={} PROTO=TCP SPT={} DPT={} WINDOW={} RES=0x00 SYN URGP=0\n"
    log = tmp_path / "habits.log"
    log.write_text("".join(line.format(at, "203.0.113.7", 54321, 30000 + 7 * at, 100 + at, 65535) for at in range(20)))
    (zmap,) = patterns(handing([log], ["203.0.113.7"]))
    assert (dict(zmap.fields), zmap.drops) == ({"ip_id": 54321, "window": 65535}, False)
    log.write_text("".join(line.format(at, "203.0.113.7", 7 * at, 40000, 100 + at, 1024) for at in range(20)))
    assert patterns(handing([log], ["203.0.113.7"])) == ()  # a port that a client may have
    log.write_text("".join(line.format(at, "203.0.113.7", 7 * at, 53, 100 + at, 1024) for at in range(20)))
    (trick,) = patterns(handing([log], ["203.0.113.7"]))
    assert dict(trick.fields) == {"sport": 53, "window": 1024}
    log.write_text(
        "".join(line.format(at, f"203.0.113.{7 + at % 2}", 7 * at, 40000, 100 + at, 1024) for at in range(20))
    )
    (shared,) = patterns(handing([log], ["203.0.113.7", "203.0.113.8"]))
    assert (dict(shared.fields), shared.packets) == ({"sport": 40000, "window": 1024}, 20)


def test_a_log_that_tells_no_flags_gives_none() -> None:
    handover = demo(MIXED)
    assert handover.events is not None
    silent = replace(handover.events, known=handover.events.known * 0)
    assert patterns(replace(handover, events=silent)) == ()
    assert ACK not in {found.value for found in patterns(handover)}
