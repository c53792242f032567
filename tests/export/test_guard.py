"""Whom an export that acts leaves out, and what it says of that."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest

from scantui.detect.allow import Allowed
from scantui.export.guard import guarded, held_back
from scantui.export.handover import Handover, Wishes
from scantui.snapshot import AllowedEntry, Mark
from tests.export.pictures import three

DAY = 86_400_000_000


def handover(*addresses: str, **more: object) -> Handover:
    snapshot = three()
    codes = [snapshot.tables.addresses.code(address) for address in addresses]
    return Handover(snapshot, {code: Mark(code) for code in codes}, made_at=10 * DAY, **more)


def left(made: Handover) -> list[str]:
    return [made.snapshot.address(code) for code in made.marks]


@pytest.mark.parametrize(
    ("address", "why"),
    [("10.1.2.3", "private"), ("172.31.0.1", "private"), ("192.168.0.9", "private"), ("fd00::1", "private"),
     ("100.64.0.1", "carrier"), ("127.0.0.1", "loopback"), ("::1", "loopback"), ("169.254.1.1", "link-local"),
     ("fe80::1", "link-local"), ("224.0.0.5", "multicast"), ("ff02::1", "multicast"), ("0.0.0.0", "no sender's"),
     ("255.255.255.255", "no sender's"), ("203.0.113.7", None), ("198.18.0.1", None), ("2001:db8::1", None),
     ("172.32.0.1", None), ("9.255.255.255", None)],
)  # fmt: skip
def test_addresses_that_no_packet_from_outside_carries(address: str, why: str | None) -> None:
    found = list(held_back(handover(address)).values())
    assert len(found) == (why is not None) and (why is None or why in found[0])


def test_the_others_are_written_and_each_reason_is_said_once() -> None:
    made, told = guarded(
        handover("203.0.113.7", *(f"10.0.0.{n}" for n in range(1, 6)), "192.0.2.9", home=("192.0.2.0/24",))
    )
    assert left(made) == ["203.0.113.7"]
    assert told == (
        "left out 10.0.0.1, 10.0.0.2, 10.0.0.3 and 2 more: private: 10.0.0.0/8",
        "left out 192.0.2.9: in your own network 192.0.2.0/24",
    )
    guessed = handover("192.0.2.9", "203.0.113.7", home=("192.0.2.0/24",), home_guessed=True)
    assert guarded(guessed)[1] == ("left out 192.0.2.9: in your own network 192.0.2.0/24, as the log makes it look",)


def test_nobody_left_is_an_error_unless_forced() -> None:
    with pytest.raises(ValueError, match=r"nothing to write: left out 10\.0\.0\.1: private"):
        guarded(handover("10.0.0.1"))
    made, told = guarded(handover("10.0.0.1", wishes=Wishes(force=True)))
    assert left(made) == ["10.0.0.1"] and not told


@pytest.mark.parametrize(("until", "ports", "out"), [(None, (), True), (11 * DAY, (), True), (9 * DAY, (), False),
                                                     (None, (22,), False)])  # fmt: skip
def test_who_may_scan_is_left_out_while_that_holds(until: int | None, ports: tuple[int, ...], out: bool) -> None:
    made = handover("203.0.113.7")
    entry = AllowedEntry(Allowed(ip_network("203.0.113.0/24"), "pentest", until, frozenset(ports)), True)
    made = replace(made, snapshot=replace(made.snapshot, allowed=(entry,)))
    assert bool(held_back(made)) == out


def test_what_is_marked_mine_is_left_out() -> None:
    made = handover("203.0.113.7")
    (code,) = made.marks
    assert held_back(replace(made, marks={code: Mark(code, verdict="mine")})) == {code: "you marked it as yours"}
    assert not held_back(replace(made, marks={code: Mark(code, verdict="scan")}))
