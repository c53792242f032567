"""Who is blocked: chosen addresses, networks with their collateral, and who is spared."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from scantui.detect.allow import Allowed
from scantui.export.aggregate import collateral
from scantui.export.blocked import blocklist
from scantui.export.handover import Handover
from scantui.snapshot import AllowedEntry, Mark
from tests.export.handing import MADE_AT, MIXED, SYNFIN, demo, handing, noted, syn_lines, wishing

FIVE = ("203.0.113.51", "203.0.113.130", "203.0.113.99", "203.0.113.98", "203.0.113.36")


def texts(handover: Handover) -> list[str]:
    return [one.text for one in blocklist(handover).entries]


def test_addresses_in_the_order_they_were_chosen_in_each_network() -> None:
    assert texts(demo(MIXED, *FIVE)) == list(FIVE)


def test_a_network_takes_the_place_of_several() -> None:
    handover = wishing(demo(MIXED, *FIVE, "198.18.173.44"), aggregate=True)
    assert texts(handover) == ["203.0.113.0/24", "198.18.173.44"]
    whole = blocklist(handover).entries[0]
    assert len(whole.sources) == 5
    assert whole.why.startswith("hits 251 addresses besides, none of them in this log: 203.0.113.51, ")
    assert any(text.startswith("1 of 5: nothing shows who sent") for text in whole.cautions)


def test_collateral_counts_who_else_is_in_the_log() -> None:
    handover = demo(MIXED, "203.0.113.51", "203.0.113.130")
    codes = list(handover.marks)
    hit = collateral(handover, ip_network("203.0.113.0/24"), codes)
    names = {handover.snapshot.address(code) for code in handover.snapshot.sources.code.tolist()}
    assert hit.addresses == 254
    assert hit.others == sum(name.startswith("203.0.113.") for name in names) - 2
    assert hit.peaceful == hit.others - 3
    hit = collateral(handover, ip_network("198.51.100.0/24"), [])
    assert hit.peaceful == hit.others > 0


def test_what_is_yours_or_allowed_is_never_in_a_network() -> None:
    handover = wishing(demo(MIXED, *FIVE), aggregate=True)
    own = replace(handover, home=("203.0.113.240/28",))
    entry = AllowedEntry(Allowed(ip_network("203.0.113.77/32"), "our scanner"), own=True)
    late = AllowedEntry(Allowed(ip_network("203.0.113.77/32"), "", MADE_AT), own=True)
    other = handover.snapshot.tables.addresses.code("203.0.113.200")
    cases = (
        (own, "your own network 203.0.113.240/28"),
        (replace(handover, snapshot=replace(handover.snapshot, allowed=(entry,))), "203.0.113.77/32 our scanner"),
        (
            replace(handover, snapshot=replace(handover.snapshot, marks={other: Mark(other, verdict="benign")})),
            "203.0.113.200",
        ),
    )
    for one, reason in cases:
        made = blocklist(one)
        assert [entry.text for entry in made.entries] == list(FIVE)
        assert reason in made.remarks[0]
        assert any(reason in line for line in made.head())
        assert texts(wishing(one, force=True)) == ["203.0.113.0/24"]
    assert texts(replace(handover, snapshot=replace(handover.snapshot, allowed=(late,)))) == ["203.0.113.0/24"]


def test_addresses_of_a_64_that_take_turns_are_blocked_together(tmp_path: Path) -> None:
    members = [f"2001:db8:1:2::{host:x}" for host in range(1, 31)]
    log = tmp_path / "six.log"
    log.write_text("".join(syn_lines([member], [1000 + at]) for at, member in enumerate(members)))
    every = handing([log])
    scan = every.snapshot.scans[0]
    assert len(scan.members) == 30
    one = replace(every, marks=dict(list(every.marks.items())[:1]))
    assert sorted(texts(one)) == sorted(members)
    assert any("takes turns" in text for text in blocklist(one).entries[0].cautions)
    assert texts(wishing(one, aggregate=True)) == ["2001:db8:1:2::/64"]
    mine = every.snapshot.tables.addresses.code(members[7])
    marked = replace(one, snapshot=replace(one.snapshot, marks={mine: Mark(mine, verdict="mine")}))
    assert members[7] not in texts(marked)
    assert members[7] in texts(wishing(marked, force=True))


def test_time() -> None:
    assert blocklist(demo(SYNFIN)).until == MADE_AT + 86_400_000_000
    assert blocklist(wishing(demo(SYNFIN), hours=0)).until is None
    assert "for good" in next(blocklist(wishing(demo(SYNFIN), hours=0)).head())


def test_notes_come_along_and_stay_harmless() -> None:
    entry = blocklist(noted(demo(SYNFIN), "ticket 7\n\x1b")).entries[0]
    assert entry.why.endswith("note: ticket 7\\x0a\\x1b")


def test_nobody_is_an_error() -> None:
    with pytest.raises(ValueError, match="no source"):
        blocklist(replace(demo(SYNFIN), marks={}))
