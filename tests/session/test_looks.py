"""Cuts of the heatmap, cells, bursts, port map and matrix: each equals a plain count over the events."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.events import Events
from scantui.looks import MAP_CELLS, BurstWish, CellWish, HeatWish, Look
from scantui.resources import folder
from scantui.session.answers import Answers
from scantui.session.bins import RANGES, WATCHED, WHOLE, bins_for
from scantui.session.cut import go_on
from scantui.session.cutter import Cutter
from scantui.session.engine import Engine
from scantui.session.heat import HeatKeeper
from scantui.snapshot import HEAT_BUCKETS, Heat
from tests.session.looking import base_of, live, looked

SECOND = 1_000_000
MINUTE = 60 * SECOND
Row = tuple[int, int, int, int, int]  # time, source, port or -1, packets, target


@pytest.fixture(scope="module")
def engine() -> Engine:
    data = (folder("demo_logs") / "mixed.iptables.log").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scantui.store.SEGMENT", 300)
        return live(data, list(range(0, len(data), 9_000)))


@pytest.fixture(scope="module")
def rows(engine: Engine) -> list[Row]:
    events = engine.store.everything()
    ported = events.is_known("dport")
    port = np.where(ported, events.dport.astype(np.int64), -1)
    columns = (events.ts, events.src, port, events.count, events.dst)
    return list(zip(*(values.tolist() for values in columns), strict=True))


def row_of(heat: Heat, port: int) -> int | None:
    """The narrowest bin that holds a port."""
    found = [i for i in range(len(heat.low)) if heat.low[i] <= port <= heat.high[i]]
    return min(found, key=lambda i: heat.high[i] - heat.low[i]) if found else None


def counted(heat: Heat, rows: list[Row]) -> tuple[list[list[int]], list[list[int]]]:
    shape = heat.pairs.shape
    pairs, packets = [[0] * shape[1] for _ in range(shape[0])], [[0] * shape[1] for _ in range(shape[0])]
    seen = set()
    for ts, source, port, count, _ in rows:
        row, column = row_of(heat, port), (ts - heat.start) // heat.bucket
        if row is None or not 0 <= column < shape[1]:
            continue
        packets[row][column] += count
        if (source, port, column) not in seen:
            seen.add((source, port, column))
            pairs[row][column] += 1
    return pairs, packets


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([*HEAT_BUCKETS, None]),
    st.sampled_from([(0, 65_535), (0, 1023), (1024, 4095), (20, 25), (60_000, 65_535), (-1, -1)]),
    st.floats(0, 1),
    st.one_of(st.none(), st.integers(0, 20)),
    st.booleans(),
)
def test_any_cut_counts_what_is_there(
    engine: Engine,
    rows: list[Row],
    bucket: int | None,
    ports: tuple[int, int],
    share: float,
    which: int | None,
    past: bool,
) -> None:
    start, end = rows[0][0], max(row[0] for row in rows)
    moment = start + int(share * (end - start))
    code = None if which is None else int(engine.sources.codes[which])
    wish = HeatWish(bucket, None if past else moment, *ports, code)
    heat = looked(base_of(engine), Look(at=moment if past else None, heat=wish)).heat
    mine = [row for row in rows if (code is None or row[1] == code) and (not past or row[0] <= moment)]
    pairs, packets = counted(heat, mine)
    assert heat.pairs.tolist() == pairs
    assert heat.packets.tolist() == packets
    assert heat.bucket == (bucket or heat.bucket)
    if past and heat.pairs.shape[1]:
        newest = max(row[0] for row in rows if row[0] <= moment)
        assert (
            heat.start + heat.bucket * (heat.pairs.shape[1] - 1)
            <= newest
            < heat.start + heat.bucket * heat.pairs.shape[1]
        )


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([MINUTE, 5 * MINUTE])), min_size=2, max_size=6))
def test_kept_columns_are_those_made_anew(engine: Engine, rows: list[Row], steps: list[tuple[float, int]]) -> None:
    kept = Cutter()
    base = engine.store.past()
    for share, bucket in steps:
        at = rows[int(share * (len(rows) - 1))][0]
        kept.renew(base)
        one, other = (
            cutter.heat(base.past(at), HeatWish(bucket), at, go_on, cached=cached)
            for cutter, cached in ((kept, True), (Cutter(), False))
        )
        assert (one.start, one.pairs.tolist(), one.packets.tolist()) == (
            other.start,
            other.pairs.tolist(),
            other.packets.tolist(),
        )


def test_columns_in_which_something_came_late_are_made_anew(engine: Engine) -> None:
    data = (folder("demo_logs") / "mixed.iptables.log").read_bytes()
    lines = data.splitlines(keepends=True)
    late = live(b"".join(lines[100:]))
    answers, look = Answers(), Look(heat=HeatWish(MINUTE, source=int(late.sources.codes[0])))
    at = Look(at=int(late.store.everything().ts[1500]), heat=HeatWish(MINUTE))
    before = looked(base_of(late), look, answers).heat, looked(base_of(late), at, answers).heat
    from tests.feeding import blocks, source

    (block,) = blocks(b"".join(lines[:100]), of=source(2))
    late.take(block)
    for one, wish in zip(before, (look, at), strict=True):
        after, fresh = looked(base_of(late), wish, answers).heat, looked(base_of(late), wish).heat
        assert after.pairs.tolist() == fresh.pairs.tolist()
        assert after.packets.sum() >= one.packets.sum()


def test_a_history_loaded_is_a_history_added(engine: Engine) -> None:
    events = engine.store.everything()
    for bucket in (10 * SECOND, MINUTE, 15 * MINUTE):
        loaded, added = HeatKeeper(bucket), HeatKeeper(bucket)
        loaded.load([segment.events for segment in engine.store.segments()], int(events.ts.max()))
        added.add(events)
        for keeper in (loaded, added):
            keeper.add(events.take(slice(-20, None)))
        assert loaded.picture().start == added.picture().start
        assert loaded.picture().pairs.tolist() == added.picture().pairs.tolist()
        assert loaded.picture().packets.tolist() == added.picture().packets.tolist()


def test_bins_hold_every_port_of_their_part_once() -> None:
    for low, high in (
        (0, 65_535),
        (0, 1023),
        (1024, 4095),
        (5, 100),
        (5, 101),
        (16_384, 32_767),
        (7, 7),
        (4096, 16_383),
    ):
        bins = bins_for(low, high)
        held = np.flatnonzero(bins.of < len(bins))
        assert (held[0], held[-1], len(held)) == (low, high, high - low + 1)
        assert all(bins.low[row] <= port <= bins.high[row] for port, row in zip(held, bins.of[held], strict=True))
        assert len(bins) <= 96
    assert bins_for(20, 25).names == ("20", "21 ftp", "22 ssh", "23 telnet", "24", "25 smtp")
    assert bins_for(0, 65_535) is WHOLE and bins_for(-1, -1).names == ("no port",)
    assert WHOLE.names[WHOLE.of[22]] == "22 ssh" and WHOLE.names[WHOLE.of[26]] == "0-1023"


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([(22, 22), (0, 1023), (-1, -1), (1024, 4095), (0, 65_535)]),
    st.floats(0, 1),
    st.sampled_from([MINUTE, 60 * MINUTE, 24 * 60 * MINUTE]),
    st.booleans(),
    st.booleans(),
)
def test_a_cell_counts_what_the_heatmap_does(
    engine: Engine, rows: list[Row], ports: tuple[int, int], share: float, width: int, opened: bool, one: bool
) -> None:
    since = rows[int(share * (len(rows) - 1))][0] // width * width
    code = int(engine.scans[0].source) if one else None
    heat = HeatWish(width, since + width, *((0, 1023) if opened else (0, 65_535)))
    cell = looked(base_of(engine), Look(cell=CellWish(*ports, since, since + width, code), heat=heat)).cell
    assert cell is not None
    apart = ports in RANGES and not opened
    mine = [
        row
        for row in rows
        if since <= row[0] < since + width
        and ports[0] <= row[2] <= ports[1]
        and not (apart and row[2] in WATCHED)
        and (code is None or row[1] == code)
    ]
    distinct = {(row[1], row[2]) for row in mine}
    assert (cell.pairs, cell.packets, cell.sources) == (
        len(distinct),
        sum(r[3] for r in mine),
        len({r[1] for r in mine}),
    )
    sent, met = Counter(), Counter()
    for row in mine:
        sent[row[1]] += row[3]
        met[row[2]] += row[3]
    each = Counter(source for source, _ in distinct)
    assert list(cell.top) == [(s, sent[s]) for s in sorted(each, key=lambda s: (-each[s], -sent[s], s))][:10]
    ported = [port for port in met if port >= 0]
    assert list(cell.ports) == [(p, met[p]) for p in sorted(ported, key=lambda p: (-met[p], p))][:10]


def test_a_burst_is_its_packets_in_order(engine: Engine, rows: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    scan = max(engine.scans, key=lambda scan: scan.ports)
    wish = BurstWish(scan.first, scan.last + 1, scan.source)
    burst = looked(base_of(engine), Look(burst=wish)).burst
    mine = sorted(
        (row for row in rows if row[1] == scan.source and scan.first <= row[0] <= scan.last), key=lambda r: r[0]
    )
    assert burst is not None and burst.wish == wish
    assert (burst.packets, burst.sources, burst.whole_seconds) == (len(mine), 1, False)
    assert list(zip(burst.ts.tolist(), burst.dport.tolist(), burst.dst.tolist(), strict=True)) == [
        (r[0], r[2], r[4]) for r in mine
    ]
    middle = mine[len(mine) // 2][0]
    cut = looked(base_of(engine), Look(at=middle, burst=wish)).burst
    assert cut is not None and cut.packets == sum(row[0] <= middle for row in mine)
    low = looked(base_of(engine), Look(burst=BurstWish(wish.since, wish.until, low=0, high=1023))).burst
    assert low is not None and low.packets == sum(wish.since <= r[0] < wish.until and 0 <= r[2] <= 1023 for r in rows)
    monkeypatch.setattr("scantui.session.burst.MOST_BURST_ROWS", 10)
    short = looked(base_of(engine), Look(burst=wish)).burst
    assert short is not None and (len(short.ts), short.packets) == (10, len(mine))


def test_a_burst_tells_what_was_not_logged_and_whole_seconds() -> None:
    data = b"ts=2000-01-25T03:14:01Z event=fw_drop src=203.0.113.7 dst=192.0.2.10 proto=icmp\n" * 3
    events = live(data)
    first = int(events.store.everything().ts[0])
    burst = looked(base_of(events), Look(burst=BurstWish(first, first + 1))).burst
    assert burst is not None and burst.whole_seconds
    assert burst.dport.tolist() == burst.sport.tolist() == burst.flags.tolist() == [-1, -1, -1]


def test_the_port_map_and_the_matrix(engine: Engine, rows: list[Row]) -> None:
    code = int(max(engine.scans, key=lambda scan: scan.ports).source)
    for source, at in ((None, None), (code, None), (code, rows[len(rows) // 2][0]), (None, rows[900][0])):
        seen = looked(base_of(engine), Look(at=at, heat=HeatWish(source=source), mapped=True, matrix=True))
        mine = [row for row in rows if at is None or row[0] <= at]
        ports, packets = [0] * MAP_CELLS, [0] * MAP_CELLS
        for port in {row[2] for row in mine if row[2] >= 0 and source in (None, row[1])}:
            ports[port // 64] += 1
        for row in mine:
            if row[2] >= 0 and source in (None, row[1]):
                packets[row[2] // 64] += row[3]
        assert seen.portmap is not None and seen.matrix is not None
        assert (seen.portmap.source, seen.portmap.ports.tolist(), seen.portmap.packets.tolist()) == (
            source,
            ports,
            packets,
        )
        table, matrix = seen.sources, seen.matrix
        assert matrix.codes.tolist() == table.code[table.order][:200].tolist()
        for place, one in enumerate(matrix.codes.tolist()):
            want = [0] * len(matrix.low)
            for port in {row[2] for row in mine if row[1] == one}:
                want[WHOLE.of[port] if port >= 0 else len(want) - 1] += 1
            assert matrix.ports[place].tolist() == want


def test_a_matrix_takes_the_cut_of_the_heatmap(engine: Engine, rows: list[Row]) -> None:
    matrix = looked(base_of(engine), Look(heat=HeatWish(low=20, high=25), matrix=True)).matrix
    assert matrix is not None and matrix.names == bins_for(20, 25).names
    place = {code: i for i, code in enumerate(matrix.codes.tolist())}
    want = {(place[row[1]], row[2] - 20) for row in rows if 20 <= row[2] <= 25 and row[1] in place}
    assert set(zip(*(values.tolist() for values in np.nonzero(matrix.ports)), strict=True)) == want


def test_events_are_left_as_they_are(engine: Engine) -> None:
    """What is shared with the worker must not be changed by looking."""
    before = {name: getattr(engine.store.everything(), name).copy() for name in Events.__slots__ if name != "tables"}
    for look in (
        Look(at=rows_end(engine) - MINUTE, matrix=True, mapped=True),
        Look(heat=HeatWish(SECOND, None, 0, 100)),
    ):
        looked(base_of(engine), look)
    for name, values in before.items():
        assert (getattr(engine.store.everything(), name) == values).all(), name


def rows_end(engine: Engine) -> int:
    return engine.newest
