"""Thresholds against the engines' state machines, one match at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError
from scantui.explain.rules.limits import Limit, alerting, parse_limit
from tests.explain.rules.made import bench, tried

SECOND = 1_000_000


def suricata(kind: str, count: int, seconds: int, times: list[int]) -> list[bool]:
    """detect-engine-threshold.c: ThresholdSetup, then ThresholdCheckUpdate."""
    said = []
    begin = counted = None
    for now in times:
        if kind == "threshold" and count == 1:
            said.append(True)
            continue
        if begin is None:
            begin, counted = now, 1
            said.append(kind == "limit" or (kind == "both" and count == 1))
        elif now <= begin + seconds * SECOND:
            counted += 1
            if kind == "limit":
                said.append(counted <= count)
            elif kind == "threshold":
                said.append(counted >= count)
                counted = 0 if counted >= count else counted
            elif kind == "both":
                said.append(counted == count)
            else:
                said.append(counted > count)
        else:
            begin, counted = now, 1
            said.append(kind == "limit" or (kind == "both" and count == 1))
    return said


def snort(kind: str, count: int, seconds: int, times: list[int]) -> list[bool]:
    """sfthd.cc: sfthd_test_local, then sfthd_test_non_suppress; whole seconds."""
    said = []
    start = last = counted = previous = None
    for moment in times:
        now = moment // SECOND
        if start is None:
            start, last, counted, previous = now, now, 1, 0
        else:
            counted += 1
        expired = now - start >= seconds
        if kind == "detection_filter":
            if expired:
                start = now
                previous = 0 if now - last > seconds else counted - 1
                counted = 1
            last = now
            said.append(counted > count or previous > count)
        elif kind == "limit":
            if expired:
                start, counted = now, 1
            said.append(counted <= count)
        elif kind == "threshold":
            if expired:
                start, counted = now, 1
            said.append(counted >= count)
            if counted >= count:
                start, counted = now, 0
        elif expired:
            start, counted = now, 1
            said.append(False)
        else:
            said.append(counted == count)
    return said


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["limit", "threshold", "both", "detection_filter"]),
    st.integers(1, 5),
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2_500_000)), max_size=60),
    st.booleans(),
)
def test_equals_the_engine(
    kind: str, count: int, seconds: int, matches: list[tuple[int, int]], is_suricata: bool
) -> None:
    times = np.cumsum([step for _, step in matches]).tolist() if matches else []
    hosts = [f"203.0.113.{host}" for host, _ in matches]
    if not matches:
        return
    on = bench(t=[0.0] * len(times), src=hosts)
    on.events.ts[:] = np.array(times) + 946_684_800 * SECOND
    got = alerting(Limit(kind, "by_src", count, seconds, ""), on.events, np.arange(len(times)), is_suricata)
    want = [False] * len(times)
    for host in set(hosts):
        rows = [i for i, name in enumerate(hosts) if name == host]
        machine = suricata if is_suricata else snort
        for row, alert in zip(rows, machine(kind, count, seconds, [times[i] for i in rows]), strict=True):
            want[row] = alert
    assert got.tolist() == want


@pytest.mark.parametrize(
    ("track", "alerts"), [("by_src", 2), ("by_dst", 3), ("by_rule", 1), ("by_both", 6), ("by_flow", 6)]
)
def test_what_is_counted_together(track: str, alerts: int) -> None:
    on = bench(
        t=[1] * 6,
        src=["203.0.113.1", "203.0.113.2"] * 3,
        dst=["192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.3", "192.0.2.3"],
        sport=[1000] * 6,
        dport=[22] * 6,
    )
    found = tried(
        f"alert tcp any any -> any any (threshold:type limit, track {track}, count 1, seconds 60; sid:1;)",
        on,
        Dialect.SURICATA,
    )
    assert (found.matched, found.alerts) == (6, alerts)


def test_detection_filter_begins_after_its_count() -> None:
    on = bench(t=list(range(10)), dport=[22] * 10)
    text = "alert tcp any any -> any any (detection_filter:track by_src, count 4, seconds 60; sid:1;)"
    found = tried(text, on)
    assert (found.matched, found.alerts) == (10, 6)
    assert found.first_alert is not None and found.first is not None
    assert found.first_alert - found.first == 4 * SECOND


def test_a_row_of_many_packets_counts_as_many() -> None:
    on = bench(t=[1, 2], dport=[22, 23], count=[7, 1])
    found = tried(
        "alert tcp any any -> any any (threshold:type threshold, track by_src, count 4, seconds 60; sid:1;)", on
    )
    assert (found.packets, found.matched, found.alerts) == (8, 8, 2)
    assert tried("alert tcp any any -> any any (sid:1;)", on).alerts == 8


@pytest.mark.parametrize(
    "value",
    ["", "type limit", "type odd, track by_src, count 1, seconds 1", "type limit, track by_x, count 1, seconds 1",
     "type limit, track by_src, count x, seconds 1", "type limit, track by_src, count 0, seconds 1", "a b c",
     "type backoff, track by_flow, count 1", "type backoff, track by_src, count 1, multiplier 10",
     "type backoff, track by_flow, count 1, multiplier 1", "type limit, track by_src, count 1, seconds 1, unique_on dst_port"],
)  # fmt: skip
def test_what_is_no_threshold(value: str) -> None:
    with pytest.raises(RuleError):
        parse_limit("threshold", value)


@pytest.mark.parametrize(
    ("count", "multiplier", "alerts"), [(1, 10, [1, 10, 100]), (1, 2, [1, 2, 4, 8, 16, 32, 64]), (5, 5, [5, 25])]
)
def test_backoff_alerts_ever_more_seldom_in_each_flow(count: int, multiplier: int, alerts: list[int]) -> None:
    """The examples of the Suricata user guide, in two flows at once."""
    on = bench(t=list(range(200)), sport=[1000, 2000] * 100, dport=[22] * 200)
    limit = parse_limit("threshold", f"type backoff, track by_flow, count {count}, multiplier {multiplier}")
    got = np.flatnonzero(alerting(limit, on.events, np.arange(200), True))
    assert got.tolist() == sorted(2 * (nth - 1) + flow for nth in alerts for flow in (0, 1))


def test_unique_on_counts_ports_not_packets() -> None:
    filter_ = "detection_filter:track by_src, count 3, seconds 10, unique_on dst_port"
    text = f"alert tcp any any -> any any ({filter_}; sid:1;)"
    same = bench(t=[i / 10 for i in range(20)], dport=[22, 23] * 10)
    assert tried(text, same, Dialect.SURICATA).alerts == 0
    #         ports so far: 1   2   2   3   4   4   (new window) 1   2
    many = bench(t=[0, 1, 2, 3, 4, 5, 11, 12], dport=[22, 23, 22, 24, 25, 25, 80, 81])
    found = tried(text, many, Dialect.SURICATA)
    assert (found.matched, found.alerts) == (8, 2) and found.first_alert is not None
    assert found.first_alert - many.events.ts[0] == 4 * SECOND
    unlogged = bench(t=[0, 1], src="203.0.113.7")
    assert tried(text, unlogged, Dialect.SURICATA).alerts is None


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(20, 24)), max_size=30), st.integers(1, 4), st.integers(1, 9))
def test_unique_on_against_a_machine(rows: list[tuple[int, int]], count: int, seconds: int) -> None:
    rows.sort(key=lambda row: row[0])
    want, start, seen = [], None, set[int]()
    for second, port in rows:
        if start is None or second - start > seconds:
            start, seen = second, set()
        seen.add(port)
        want.append(len(seen) > count)
    if not rows:
        return
    on = bench(t=[second for second, _ in rows], dport=[port for _, port in rows])
    limit = parse_limit("detection_filter", f"track by_src, count {count}, seconds {seconds}, unique_on dst_port")
    assert alerting(limit, on.events, np.arange(len(rows)), True).tolist() == want


def test_filters_outside_rules() -> None:
    on = bench(t=[1] * 6, src=["10.0.0.1", "203.0.113.2"] * 3, dport=[22] * 6)
    from tests.explain.rules.made import rules

    text = "alert tcp any any -> any any (sid:5;)\n"
    from scantui.explain.rules.answer import answer

    found = rules(text + "event_filter gen_id 1, sig_id 5, type limit, track by_src, count 1, seconds 60\n")
    assert not found.refusals
    assert answer(found.rules[0], on).alerts == 2
    found = rules(text + "suppress gen_id 1, sig_id 5, track by_src, ip [10.0.0.0/8]\n")
    assert answer(found.rules[0], on).alerts == 3
    found = rules(text + "suppress gen_id 1, sig_id 5\n")
    assert answer(found.rules[0], on).alerts == 0
    assert rules("suppress gen_id 1, sig_id 5, track by_src\n").refusals[0].line == 1
