"""Findings in sentences: each told once, again when the verdict changes, and harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

from scantui.detect.scan import Evidence, Scan, Verdict
from scantui.export.spoken import BURST_OVER, Teller
from scantui.looks import Moment
from scantui.tables import NO_ADDRESS
from tests.ui.build import NOW, SECOND, seed_scan, snapshot, timeline

BASE = snapshot()
SEED_SCAN = BASE.scans[0]


def told(teller: Teller, *scans: Scan, **changes) -> list[str]:
    quiet = {"timeline": None} | changes
    return list(teller.tell(replace(BASE, scans=scans, **quiet)))


def test_a_scan_is_told_once_with_its_time_and_reasons() -> None:
    teller = Teller()
    assert told(teller, SEED_SCAN) == [
        "2025-11-22T03:14:01.000000Z scan 203.0.113.7 vertical tcp syn-fin: 200 ports of 1 host, 200 events in 9.0s, "
        "score +11.4: odd flags +6.2; many ports +4.1; fixed source port +2.3"
    ]
    assert told(teller, replace(SEED_SCAN, events=400, last=NOW, id="other")) == []


def test_a_verdict_that_changes_is_told() -> None:
    teller = Teller()
    assert " suspect 203" in told(teller, replace(SEED_SCAN, verdict=Verdict.SUSPECT, flagged_at=None))[0]
    assert " scan (was suspect) 203" in told(teller, SEED_SCAN)[0]
    assert " benign (was scan) 203" in told(teller, replace(SEED_SCAN, verdict=Verdict.BENIGN))[0]
    assert told(teller, replace(SEED_SCAN, verdict=Verdict.BENIGN, events=9)) == []


def test_what_is_benign_from_the_start_is_not_told() -> None:
    assert told(Teller(), replace(SEED_SCAN, verdict=Verdict.BENIGN)) == []


def test_another_episode_of_the_source_is_another_finding() -> None:
    teller = Teller()
    later = replace(SEED_SCAN, first=NOW + 3600 * SECOND, last=NOW + 3609 * SECOND, flagged_at=NOW + 3601 * SECOND)
    assert len(told(teller, SEED_SCAN)) == len(told(teller, SEED_SCAN, later)) == 1


def test_a_flood_has_no_name_and_reasons_leave_the_prior_out() -> None:
    flood = replace(SEED_SCAN, source=NO_ADDRESS, evidence=(Evidence("prior", -4.6, ""), Evidence("many", 9.0, "")))
    line = told(Teller(), flood)[0]
    assert " scan many sources " in line and line.endswith("many +9.0")


def test_what_logs_hold_is_harmless() -> None:
    evil = seed_scan(SEED_SCAN.source, BASE.tables, proto="\x1b]0;x\x07", techniques=("a\nb",))
    line = told(Teller(), evil)[0]
    assert line.isprintable() and "\\x1b]0;x\\x07 a\\x0ab" in line


def test_a_burst_is_told_when_it_is_over_and_once() -> None:
    teller = Teller()
    burst = Moment(NOW - 10 * SECOND, NOW - SECOND, 200)
    made = timeline(bursts=(burst,))
    assert told(teller, timeline=made) == []
    later = replace(BASE.status, now=NOW - SECOND + BURST_OVER)
    assert told(teller, timeline=made, status=later) == [
        "2025-11-22T03:14:00.000000Z burst 200 port-source pairs in 9.0s"
    ]
    grown = replace(burst, until=burst.until + SECOND)
    assert told(teller, timeline=timeline(bursts=(grown,)), status=replace(later, now=NOW + 9 * BURST_OVER)) == []


def test_at_the_end_a_burst_is_over() -> None:
    status = replace(BASE.status, ended=True)
    made = timeline(bursts=(Moment(NOW - 10 * SECOND, NOW + 1, 20),))
    assert len(told(Teller(), timeline=made, status=status)) == 1


def test_times_are_in_the_zone_that_was_asked_for() -> None:
    assert told(Teller(timezone(timedelta(hours=2))), SEED_SCAN)[0].startswith("2025-11-22T05:14:01.000000+02:00 scan ")
