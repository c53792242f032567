"""The time line: exact counts of events, close counts of pairs, and the bursts in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import Events
from scantui.looks import Timeline
from scantui.resources import folder
from scantui.session.bursts import AROUND, Bursts
from scantui.session.sketch import Seen, Sketch
from scantui.session.timeline import SPANS, TimelineKeeper
from scantui.tables import Tables
from tests.feeding import packets, read
from tests.session.looking import live

SECOND = 1_000_000
START = 948_000_000


def of(batches: list[Events]) -> Timeline:
    keeper = TimelineKeeper()
    for batch in batches:
        keeper.add(batch)
    made = keeper.picture(lambda since, until: (0, 0))
    assert made is not None
    return made


def demo(name: str) -> Timeline:
    engine = live((folder("demo_logs") / name).read_bytes())
    made = None
    for _ in range(20):  # bursts are counted exactly a few at a time
        made = engine.timeline.picture(engine.met)
    assert made is not None
    return made


def test_the_burst_of_200_syn_fin_is_found() -> None:
    made = demo("synfin-burst.kv.log")
    events = read((folder("demo_logs") / "synfin-burst.kv.log").read_bytes())
    mine = events.take(events.flags == 3)
    first = made.bursts[0]
    assert first.since <= mine.ts.min() and mine.ts.max() < first.until
    assert first.pairs >= 200 and len(made.bursts) == 1


def test_scans_of_many_ports_and_of_many_hosts_are_found() -> None:
    assert max(burst.targets for burst in demo("ssh-sweep.iptables.log").bursts) >= 190
    sweep = demo("ssh-sweep.iptables.log").bursts
    assert all(burst.pairs < 30 for burst in sweep)
    assert 8 <= len(demo("mixed.iptables.log").bursts) <= 20


def clients(tables: Tables, seconds: int, rate: int, seed: int = 1) -> Events:
    """A busy site on an ordinary day: clients that come back to a few services."""
    random = np.random.default_rng(seed)
    count = seconds * rate
    who = random.integers(0, 400, count)
    return packets(
        tables,
        {
            "t": START + np.sort(random.random(count)) * seconds,
            "src": [f"198.51.{100 + i // 200}.{i % 200}" for i in who.tolist()],
            "dst": [f"192.0.2.{i % 5}" for i in who.tolist()],
            "dport": [(22, 25, 80, 443)[i] for i in random.integers(0, 4, count)],
            "sport": random.integers(1024, 65_536, count),
            "flags": 2,
        },
    )


@pytest.mark.parametrize("rate", [1, 20])
def test_a_flat_busy_log_has_no_burst(rate: int) -> None:
    made = of([clients(Tables(), 1200, rate)])
    assert made.bursts == ()


def test_a_sweep_in_a_busy_log_is_a_burst_and_a_monitors_rounds_are_not() -> None:
    tables = Tables()
    monitor = {
        "t": START + 60.0 * np.repeat(np.arange(20), 90) + np.tile(np.arange(90) / 90, 20),
        "src": "198.51.100.250",
        "dst": [f"192.0.2.{i}" for i in range(90)] * 20,
        "dport": [161] * 1800,
        "flags": 2,
    }
    sweep = {
        "t": START + 700 + np.arange(200) / 100,
        "src": "203.0.113.9",
        "dst": [f"192.0.2.{i}" for i in range(200)],
        "dport": [3389] * 200,
        "flags": 2,
    }
    made = of([clients(tables, 1200, 3), packets(tables, monitor), packets(tables, sweep)])
    late = [burst for burst in made.bursts if burst.since > (START + 60) * SECOND]
    assert [(burst.since // SECOND - START, burst.until // SECOND - START) for burst in late] == [(700, 702)]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.integers(0, 60)), min_size=1, max_size=60),
    st.integers(1, 5_000_000),
    st.integers(1, 7),
)
def test_counts_do_not_depend_on_batches_or_their_order(
    rows: list[tuple[float, int, int]], length: int, parts: int
) -> None:
    tables = Tables()
    batch = packets(
        tables,
        {
            "t": [START + round(share * length, 3) for share, _, _ in rows],
            "src": [f"198.51.100.{source}" for _, source, _ in rows],
            "dst": ["192.0.2.1"] * len(rows),
            "dport": [port for *_, port in rows],
        },
    )
    one, other = of([batch]), of([batch.take(slice(i, None, parts)) for i in range(parts)][::-1])
    for made in (one, other):
        assert len(made.events) <= SPANS
        assert made.events.sum() == len(rows)
        assert made.start <= batch.ts.min() and batch.ts.max() < made.end
    assert (one.start, one.bucket, one.events.tolist(), one.pairs.tolist()) == (
        other.start,
        other.bucket,
        other.events.tolist(),
        other.pairs.tolist(),
    )
    span = (batch.ts - one.start) // one.bucket
    for which in set(span.tolist()):
        exact = len(
            {
                (s, p)
                for s, p, at in zip(batch.src.tolist(), batch.dport.tolist(), span.tolist(), strict=True)
                if at == which
            }
        )
        assert abs(int(one.pairs[which]) - exact) <= 2


def test_a_picture_of_a_run_that_grows_is_that_of_the_whole() -> None:
    batch = clients(Tables(), 2000, 3)
    growing = TimelineKeeper()
    for begin in range(0, len(batch), 37):
        growing.add(batch.take(slice(begin, begin + 37)))
        made = growing.picture(lambda since, until: (0, 0))
    whole = of([batch])
    assert made is not None
    assert (made.start, made.bucket, made.pairs.tolist()) == (whole.start, whole.bucket, whole.pairs.tolist())
    assert growing.oldest == batch.ts.min()


def test_a_clock_that_was_not_set_does_not_stretch_the_run() -> None:
    tables = Tables()
    wrong = packets(tables, {"t": [5.0, 6.0], "src": "198.51.100.1", "dst": "192.0.2.1", "dport": [80, 81]})
    made = of([wrong, clients(tables, 100, 2)])
    assert made.bucket == SECOND and made.events.sum() == 200


@given(st.lists(st.integers(0, 400), max_size=500), st.integers(0, 3))
def test_a_sketch_is_close_and_two_are_their_union(keys: list[int], before: int) -> None:
    sketch = Sketch(8)
    cells = np.array([key % 8 for key in keys], np.int64)
    for begin in range(0, len(keys), 90):
        sketch.add(cells[begin : begin + 90], np.array(keys[begin : begin + 90], np.uint64))
    exact = [len({key for key in keys if key % 8 == cell}) for cell in range(8)]
    assert np.abs(sketch.counts - exact).max() <= 2
    total = sketch.merged(0, 8, 16, before)
    assert abs(int(total[0]) - len(set(keys))) <= 4


def test_a_sketch_is_within_its_bounds() -> None:
    for count, off in ((1_000, 0.02), (50_000, 0.02), (100_000, 0.04)):
        sketch = Sketch(1)
        sketch.add(np.zeros(count, np.int64), np.arange(count, dtype=np.uint64) * np.uint64(977))
        assert abs(int(sketch.counts[0]) - count) <= off * count


@given(st.lists(st.lists(st.integers(0, 1 << 60), max_size=40), max_size=6))
def test_what_came_before_is_never_new(parts: list[list[int]]) -> None:
    seen, met = Seen(), set()
    for part in parts:
        new = [part[row] for row in seen.new(np.array(part, np.uint64)).tolist()]
        assert len(new) == len(set(new))
        assert not met.intersection(new)
        met.update(part)


def test_looking_again_from_where_it_changed_is_looking_at_all() -> None:
    random = np.random.default_rng(3)
    values = random.poisson(5, 3 * AROUND)
    values[[40, 300, 301, 303, 600]] = 200
    again, count = Bursts(), 10
    while count < len(values):
        again.look((values[:count],), max(0, count - 8))
        count += 7
    again.look((values,), count - 8)
    whole = Bursts()
    whole.look((values,), 0)
    assert again.found(len(values)) == whole.found(len(values)) == [(40, 40), (300, 303), (600, 600)]
