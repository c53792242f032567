"""The engine: fed line by line or all at once, it comes to the same scans."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.resources import folder
from scantui.session.bins import WHOLE
from scantui.session.engine import Engine
from scantui.session.heat import HeatKeeper
from scantui.session.options import Options
from scantui.tables import Tables
from tests.feeding import blocks, packets, read, source

DEMO = {path.name: path.read_bytes() for path in sorted(folder("demo_logs").glob("*.log"))}


def fed(data: bytes, cuts: list[int], every: int = 1) -> Engine:
    engine = Engine(Options())
    for i, block in enumerate(blocks(data, cuts)):
        engine.take(block)
        if i % every == 0:
            engine.examine()
            engine.cluster()
    engine.flush()
    return engine


@pytest.mark.parametrize("name", DEMO)
def test_live_equals_batch(name: str) -> None:
    data = DEMO[name]
    random = np.random.default_rng(1)
    whole = fed(data, [])
    whole.settle()
    live = fed(data, random.integers(0, len(data), 60).tolist())
    live.settle()
    assert live.scans == whole.scans
    assert live.clusters == whole.clusters


def test_live_without_settling_finds_the_burst_as_it_comes() -> None:
    data = DEMO["synfin-burst.kv.log"]
    engine = fed(data, list(range(0, len(data), 4000)))
    engine.examine()
    engine.cluster()
    table = engine.table()
    row = int(np.flatnonzero(table.code == engine.tables.addresses.code("203.0.113.7"))[0])
    assert (table.ports[row], table.targets[row], table.sport[row], table.flags[row], table.verdict[row]) == (
        200,
        1,
        53,
        3,
        3,
    )
    assert engine.scans[int(table.scan[row])].techniques == ("syn-fin",)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, len(DEMO["mixed.iptables.log"])), max_size=20), st.integers(1, 5))
def test_table_counts_do_not_depend_on_the_cuts(cuts: list[int], every: int) -> None:
    data = DEMO["mixed.iptables.log"]
    one, other = fed(data, cuts, every), fed(data, [])
    for engine in (one, other):
        engine.settle()
    mine, theirs = one.table(), other.table()
    names = [one.tables.addresses.text(int(code)) for code in mine.code]
    order = {name: i for i, name in enumerate(other.tables.addresses.text(int(code)) for code in theirs.code)}
    index = np.array([order[name] for name in names])
    for column in ("events", "ports", "targets", "first", "last", "sport", "flags", "verdict"):
        assert getattr(mine, column).tolist() == getattr(theirs, column)[index].tolist(), column


def reference_pairs(keeper: HeatKeeper, events: object) -> np.ndarray:
    from scantui.events import Events

    assert isinstance(events, Events)
    heat = keeper.picture()
    want = np.zeros_like(heat.pairs)
    for row, (low, high) in enumerate(zip(WHOLE.low.tolist(), WHOLE.high.tolist(), strict=True)):
        watched = {int(one) for one, other in zip(WHOLE.low, WHOLE.high, strict=True) if one == other and one >= 0}
        for column in range(heat.pairs.shape[1]):
            begin = heat.start + column * heat.bucket
            inside = (events.ts >= begin) & (events.ts < begin + heat.bucket)
            seen = {
                (s, p)
                for s, p, k in zip(
                    events.src[inside].tolist(),
                    events.dport[inside].tolist(),
                    events.is_known("dport")[inside].tolist(),
                    strict=True,
                )
                if k and low <= p <= high and (low == high or p not in watched)
            }
            want[row, column] = len(seen)
    return want


def test_heat_counts_distinct_source_port_pairs() -> None:
    events = read(DEMO["synfin-burst.kv.log"])
    whole, apart = HeatKeeper(60_000_000), HeatKeeper(60_000_000)
    whole.add(events)
    for start in range(0, len(events), 37):
        apart.add(events.take(slice(start, start + 37)))
    assert whole.picture().pairs.tolist() == apart.picture().pairs.tolist()
    assert whole.picture().packets.sum() == len(events)
    want = reference_pairs(whole, events)
    assert whole.picture().pairs[:-1].tolist() == want[:-1].tolist()


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(DEMO)), min_size=2, max_size=4, unique=True),
    st.lists(st.integers(0, 400_000), max_size=8),
)
def test_heat_does_not_depend_on_which_input_was_read_first(names: list[str], cuts: list[int]) -> None:
    engine = Engine(Options())
    engine.zoom(60_000_000)
    for number, name in enumerate(names, 1):
        for block in blocks(DEMO[name], cuts, source(number)):
            engine.take(block)
    engine.mend_heat()
    assert not engine.heat_is_short
    mine = engine.heat()
    engine.zoom(120_000_000)
    engine.zoom(60_000_000)
    again = engine.heat()
    assert (mine.start, mine.packets.tolist(), mine.pairs.tolist()) == (
        again.start,
        again.packets.tolist(),
        again.pairs.tolist(),
    )


def test_late_events_of_a_bucket_long_past_are_counted() -> None:
    keeper = HeatKeeper(60_000_000)
    events = read(DEMO["mixed.iptables.log"])
    even, odd = (events.take(np.arange(len(events)) % 2 == which) for which in (0, 1))
    keeper.add(even)
    keeper.add(odd)
    assert keeper.late
    keeper.mend(lambda since, until: [events.take((events.ts >= since) & (events.ts < until))])
    want = HeatKeeper(60_000_000)
    want.add(events)
    assert not keeper.late and keeper.picture().pairs.tolist() == want.picture().pairs.tolist()
    assert keeper.picture().packets.tolist() == want.picture().packets.tolist()


def test_paused_detail_sees_only_what_had_come() -> None:
    tables = Tables()
    engine = Engine(Options())
    engine.tables = engine.store.tables = tables
    for part in (range(1, 4), range(4, 60)):
        engine._add(
            packets(
                tables, {"t": part, "src": "203.0.113.7", "dst": "192.0.2.10", "sport": 53, "dport": part, "flags": 3}
            )
        )
    code = tables.addresses.code("203.0.113.7")
    events, _ = engine.judge_alone(code, 3)
    assert len(events) == 3
    events, scans = engine.judge_alone(code, None)
    assert (len(events), scans[0].ports) == (59, 59)


def test_many_spoofed_sources_do_not_hide_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.session.sources.LISTED", 500)
    engine = Engine(Options())
    for part in range(20):
        singles = packets(
            engine.tables,
            {
                "t": np.arange(100) / 10 + 10 * part,
                "src": [f"100.64.{part}.{i}" for i in range(100)],
                "dst": "192.0.2.1",
                "dport": [80] * 100,
                "flags": 2,
            },
        )
        probe = packets(
            engine.tables,
            {
                "t": [10 * part + 5.0],
                "src": "203.0.113.7",
                "dst": "192.0.2.1",
                "sport": 53,
                "dport": [part],
                "flags": 3,
            },
        )
        engine._add(singles)
        engine._add(probe)
        engine.examine()
    engine.cluster()
    assert [scan.source for scan in engine.scans] == [engine.tables.addresses.code("203.0.113.7")]
    assert engine.sources.unlisted >= 1400
    assert len(engine.sources) <= 510
