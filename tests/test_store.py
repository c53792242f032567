"""The store: everything comes out as it went in until the budget says otherwise, and then it says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.detect.detection import detect
from scantui.detect.scan import Verdict
from scantui.events import SYN, Events
from scantui.store import Store
from scantui.tables import Tables
from scantui.touches import fold, merge
from tests.feeding import packets, rows


def traffic(tables: Tables, count: int, seed: int = 1) -> Events:
    random = np.random.default_rng(seed)
    return packets(
        tables,
        {
            "t": np.sort(random.integers(0, 50_000, count)),
            "src": [f"198.18.0.{i}" for i in random.integers(0, 40, count)],
            "dst": [f"192.0.2.{i}" for i in random.integers(0, 9, count)],
            "sport": random.integers(1024, 65_536, count),
            "dport": random.choice([22, 80, 443], count),
            "flags": SYN,
        },
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 400), max_size=12), st.integers(0, 50_000), st.integers(0, 50_000))
def test_windows_hold_the_same_whatever_the_batches(sizes: list[int], since: int, until: int) -> None:
    tables = Tables()
    whole = traffic(tables, sum(sizes) or 1)
    store, at = Store(tables), 0
    for size in sizes or [1]:
        store.append(whole.take(slice(at, at + size)))
        at += size
    assert rows(store.window()) == rows(whole)
    low, high = since * 1_000_000, until * 1_000_000
    assert rows(store.window(low, high)) == rows(whole.take((whole.ts >= low) & (whole.ts < high)))
    assert rows(store.as_of(high)) == rows(whole.take(whole.ts <= high))
    codes = np.unique(whole.src)[::3]
    assert rows(store.of_sources(codes)) == rows(whole.take(np.isin(whole.src, codes)))
    half = len(whole) // 2
    assert rows(store.of_sources(codes, rows=half)) == rows(
        whole.take(slice(0, half)).take(np.isin(whole.src[:half], codes))
    )
    assert (store.rows, store.folded, store.evicted) == (len(whole), 0, 0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(-1, 51_000), st.floats(0, 1))
def test_a_past_store_holds_what_had_come_and_happened_and_never_grows(
    sizes: list[int], until: int, share: float
) -> None:
    tables = Tables()
    whole = traffic(tables, sum(sizes)).take(np.random.default_rng(2).permutation(sum(sizes)))
    store, at = Store(tables), 0
    for size in sizes:
        store.append(whole.take(slice(at, at + size)))
        at += size
    count, moment = int(share * len(whole)), until * 1_000_000
    past = store.past(moment, count)
    mine = whole.take(slice(0, count))
    mine = mine.take(mine.ts <= moment)
    store.append(traffic(tables, 500, seed=3))
    assert rows(past.everything()) == rows(mine)
    assert past.rows == len(mine)
    codes = np.unique(whole.src)[::3]
    assert rows(past.of_sources(codes)) == rows(mine.take(np.isin(mine.src, codes)))
    assert past.extent() == ((int(mine.ts.min()), int(mine.ts.max())) if len(mine) else None)
    near = [
        batch.take((batch.ts >= moment // 2) & (batch.ts < moment)) for batch in past.during(moment // 2, moment, codes)
    ]
    kept = mine.take(np.isin(mine.src, codes) & (mine.ts >= moment // 2) & (mine.ts < moment))
    assert sum(map(len, near)) == len(kept)


def test_a_past_store_tells_of_touches_what_they_can_tell() -> None:
    tables = Tables()
    store = Store(tables, budget=120_000)
    for part in range(30):
        store.append(traffic(tables, 200, seed=part))
    table = store.touches()
    assert table is not None and store.folded
    for moment in (-1, 10_000_000_000, 30_000_000_000, 60_000_000_000):
        past = store.past(moment)
        held = past.everything()
        assert sorted(held.ts.tolist()) == sorted(store.as_of(moment).ts.tolist())
        assert rows(past.batches()[0]) == rows(table.as_events(until=moment))
        counts = table.events_until(moment)
        assert (counts[table.last <= moment] == table.rows[table.last <= moment]).all()
        midway = (table.first.ts <= moment) & (table.last > moment)
        assert (counts[midway] >= 1).all() and (counts[midway] <= table.rows[midway]).all()
        assert not counts[table.first.ts > moment].any()
        assert past.rows == counts.sum() + sum(len(segment.events) for segment in past.segments())
        assert past.extent() == ((int(held.ts.min()), int(held.ts.max())) if len(held) else None)
    assert store.past().rows == store.rows


def test_touches_keep_counts_times_and_spread() -> None:
    tables = Tables()
    events = packets(
        tables,
        {
            "t": [0, 10, 20, 4000],
            "src": "203.0.113.7",
            "dst": "192.0.2.1",
            "sport": [5, 9, 7, 5],
            "dport": [80] * 4,
            "flags": SYN,
            "ttl": [60, 50, 55, 9],
        },
    )
    touches = fold(events)
    assert len(touches) == 2  # two hours
    first = int(np.argmin(touches.first.ts))
    assert (touches.rows[first], touches.packets[first], touches.last[first]) == (3, 3, 20_000_000)
    assert (
        touches.low["ttl"][first],
        touches.high["ttl"][first],
        touches.low["sport"][first],
        touches.high["sport"][first],
    ) == (50, 60, 5, 9)
    assert int(touches.as_events().count.sum()) == 4


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300))
def test_merging_touches_equals_folding_at_once(one: int, other: int) -> None:
    tables = Tables()
    whole = traffic(tables, one + other)
    apart = merge([fold(whole.take(slice(0, one))), fold(whole.take(slice(one, None)))])
    at_once = fold(whole)
    assert len(apart) == len(at_once)
    for name in ("last", "rows", "packets"):
        assert getattr(apart, name).tolist() == getattr(at_once, name).tolist()
    assert apart.low["ttl"].tolist() == at_once.low["ttl"].tolist()


def test_unknown_ports_and_flags_do_not_fold_into_zero() -> None:
    tables = Tables()
    said = packets(tables, {"t": [0], "src": "203.0.113.7", "dst": "192.0.2.1", "dport": [0], "flags": 0})
    unsaid = packets(tables, {"t": [1], "src": "203.0.113.7", "dst": "192.0.2.1"})
    assert len(merge([fold(said), fold(unsaid)])) == 2


def test_the_budget_holds_and_a_slow_scan_outlives_its_raw_events() -> None:
    tables = Tables()
    store = Store(tables, budget=6 << 20)
    slow = packets(
        tables,
        {
            "t": [600 * i for i in range(60)],
            "src": "203.0.113.7",
            "dst": "192.0.2.10",
            "sport": 40_000,
            "dport": range(1, 61),
            "flags": SYN,
        },
    )
    noise = traffic(tables, 400_000)
    at = 0
    for i in range(60):
        until = int(np.searchsorted(noise.ts, slow.ts[i]))
        store.append(noise.take(slice(at, until)))
        store.append(slow.take(slice(i, i + 1)))
        at = until
    store.append(noise.take(slice(at, None)))
    assert store.rows == 400_060
    assert store.folded > 250_000
    assert store.nbytes <= store.budget
    scans = [scan for scan in detect(store.everything()).scans if scan.verdict is Verdict.SCAN]
    assert [(scan.ports, scan.slow) for scan in scans] == [(60, True)]


def test_evicted_touches_are_counted_and_the_least_interesting_go_first() -> None:
    tables = Tables()
    store = Store(tables, budget=3 << 20)
    random = np.random.default_rng(3)
    scan = packets(
        tables,
        {
            "t": range(300),
            "src": "203.0.113.7",
            "dst": "192.0.2.10",
            "sport": 40_000,
            "dport": range(1, 301),
            "flags": SYN,
        },
    )
    store.append(scan)
    for part in range(10):
        codes = random.integers(1 << 24, 1 << 30, 20_000)
        singles = packets(
            tables,
            {
                "t": np.arange(20_000) / 100 + 300 + part * 200,
                "src": ["203.0.113.9"] * 20_000,
                "dst": "192.0.2.1",
                "dport": random.integers(0, 65_536, 20_000),
                "flags": SYN,
            },
        )
        object.__setattr__(singles, "src", codes.astype(np.uint32))
        store.append(singles)
    assert store.evicted > 0
    assert store.nbytes <= store.budget
    kept = store.of_sources(np.array([scan.src[0]], np.uint32))
    assert len(np.unique(kept.dport)) == 300


@pytest.mark.parametrize("text", ["192.0.2.1", "2001:db8::1", "::1", "255.255.255.255", "240.0.0.1", "0.0.0.0"])
def test_addresses_come_back(text: str) -> None:
    table = Tables().addresses
    assert table.text(table.code(text)) == text


def test_mapped_addresses_are_ipv4() -> None:
    table = Tables().addresses
    assert table.code("::ffff:192.0.2.1") == table.code("192.0.2.1")
