"""Rewinding: the picture as of a moment is the one that a run over the lines up to it would show."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.looks import HeatWish, Look
from scantui.resources import folder
from scantui.session.answers import Answers
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.snapshot import Snapshot
from tests.feeding import packets, read
from tests.session.looking import base_of, batch, lines_where, live, looked

LOGS = {path.name: path.read_bytes() for path in sorted(folder("demo_logs").glob("*.log"))}
NAMES = ("mixed.iptables.log", "distributed.kv.log", "synfin-burst.kv.log")
COLUMNS = (
    "events",
    "ports",
    "targets",
    "first",
    "last",
    "sport",
    "flags",
    "dport",
    "proto",
    "verdict",
    "score",
    "scan",
)


@pytest.fixture(scope="module", autouse=True)
def small_segments() -> Iterator[None]:
    """Segments of a few hundred rows, so that a demo log has as many as a long one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scantui.store.SEGMENT", 300)
        patch.setattr("scantui.session.chronicle.SEALED", 200)
        yield


@pytest.fixture(scope="module")
def engines() -> dict[str, tuple[Engine, Answers, np.ndarray]]:
    made = {}
    for name in NAMES:
        data = LOGS[name]
        made[name] = live(data, list(range(0, len(data), 9_000))), Answers(), np.unique(read(data).ts)
    return made


def told(snapshot: Snapshot) -> list[Any]:
    """A picture by address, since codes of IPv6 addresses depend on who came first."""
    text = snapshot.tables.addresses.text
    table = snapshot.sources
    rows = {
        text(int(code)): [getattr(table, name)[i].item() for name in COLUMNS] + table.rates.counts[i].tolist()
        for i, code in enumerate(table.code)
    }
    scans = [
        (
            s.id,
            [text(code) for code in s.sources],
            s.kind,
            s.techniques,
            s.first,
            s.last,
            s.flagged_at,
            s.score,
            s.verdict,
        )
        for s in snapshot.scans
    ]
    clusters = [(c.id, c.relation, c.text, c.first, c.last) for c in snapshot.clusters]
    heat = snapshot.heat
    cells = (heat.start, heat.bucket, heat.names, heat.pairs.tolist(), heat.packets.tolist())
    order = [text(int(code)) for code in table.code[table.order]]
    return [rows, order, (table.rates.bucket, table.rates.until), scans, clusters, cells]


def same(one: Snapshot, other: Snapshot) -> None:
    for mine, theirs in zip(told(one), told(other), strict=True):
        assert mine == theirs


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(NAMES), st.floats(0, 1))
def test_a_moment_is_what_a_run_up_to_it_shows(engines: Any, name: str, share: float) -> None:
    engine, answers, times = engines[name]
    at = int(times[int(share * (len(times) - 1))])
    past = looked(base_of(engine), Look(at=at), answers)
    same(past, batch(lines_where(LOGS[name], lambda _, ts: ts <= at)))
    assert past.status.at == at and not past.status.provisional
    assert past.status.events + past.status.held == engine.store.rows


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_a_paused_log_out_of_order_is_rewound_by_what_had_come(seed: int, share: float, part: float) -> None:
    lines = LOGS["synfin-burst.kv.log"].splitlines(keepends=True)
    Random(seed).shuffle(lines)
    data = b"".join(lines)
    times = np.sort(read(data).ts)
    at, rows = int(times[int(share * len(times))]), int(part * len(lines))
    past = looked(base_of(live(data, list(range(0, len(data), 20_000))), rows), Look(at=at))
    same(past, batch(lines_where(data, lambda i, ts: i < rows and ts <= at)))


def test_moving_back_and_forth_and_reading_on_changes_nothing_in_a_moment() -> None:
    data = LOGS["mixed.iptables.log"]
    half = data.index(b"\n", len(data) // 2) + 1
    engine, answers = live(data[:half]), Answers()
    times = engine.store.everything().ts
    moments = [int(times[int(share * len(times))]) for share in (0.3, 0.9, 0.3, 0.6)]
    first = [told(looked(base_of(engine), Look(at=at), answers)) for at in moments]
    assert first[0] == first[2] != first[1]
    for block in read_rest(engine, data, half):
        engine._add(block)
    engine.examine()
    assert [told(looked(base_of(engine), Look(at=at), answers)) for at in moments] == first


def read_rest(engine: Engine, data: bytes, start: int) -> list[Any]:
    return [read(data[start:], reader=engine.reader)]


def test_a_provisional_picture_has_the_verdicts_that_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.session.answers._AT_ONCE", 0)
    engine = live(LOGS["mixed.iptables.log"])
    base = base_of(engine)
    flagged = sorted(scan.flagged_at for scan in engine.scans if scan.flagged_at is not None)
    at = flagged[len(flagged) // 2]
    early, true = (view.moment for view in Answers().views(base, Look(at=at)))
    assert early is not None and true is not None
    assert (early.provisional, true.provisional) == (True, False)
    assert {scan.flagged_at for scan in early.scans} == {moment for moment in flagged if moment <= at}
    for name in ("code", "events", "ports", "targets", "first", "last"):
        assert getattr(early.sources, name).tolist() == getattr(true.sources, name).tolist()
    (only,) = (view.moment for view in Answers().views(base, Look(at=at), again=True))
    assert only is not None and not only.provisional


def test_sources_without_a_row_are_counted_and_scanners_among_them_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.session.sources.LISTED", 50)
    engine = Engine(Options())
    singles = packets(
        engine.tables,
        {
            "t": np.arange(200) + 1.0,
            "src": [f"100.64.0.{i}" for i in range(200)],
            "dst": "192.0.2.1",
            "dport": [80] * 200,
            "flags": 2,
        },
    )
    probes = packets(
        engine.tables,
        {
            "t": np.arange(60) + 150.0,
            "src": "203.0.113.7",
            "dst": "192.0.2.1",
            "sport": 53,
            "dport": range(1, 61),
            "flags": 3,
        },
    )
    engine._add(singles)
    engine._add(probes)
    engine.examine()
    engine.cluster()
    past = looked(base_of(engine), Look(at=180_000_000))
    assert past.status.sources == 181
    row = int(np.flatnonzero(past.sources.code == engine.tables.addresses.code("203.0.113.7"))[0])
    assert (past.sources.events[row], past.sources.ports[row], past.sources.verdict[row]) == (31, 31, 3)
    assert len(past.sources) == 51


def test_what_was_folded_is_still_told() -> None:
    engine = Engine(Options(memory=300_000))
    whole = Engine(Options())
    for one in (engine, whole):
        for part in range(40):
            one._add(
                packets(
                    one.tables,
                    {
                        "t": np.arange(200) / 4 + 50.0 * part + 1,
                        "src": [f"198.51.100.{i % 20}" for i in range(200)],
                        "dst": "192.0.2.1",
                        "sport": [40_000 + i for i in range(200)],
                        "dport": [80 + i % 3 for i in range(200)],
                        "flags": 2,
                    },
                )
            )
        one.examine()
    assert engine.store.folded
    look = Look(at=1_900_000_000)
    mine, theirs = (looked(base_of(one), look).sources for one in (engine, whole))
    for name in ("ports", "targets", "first"):
        assert getattr(mine, name).tolist() == getattr(theirs, name).tolist(), name
    assert abs(int(mine.events.sum()) - int(theirs.events.sum())) < 200 * 40 // 2
    assert looked(base_of(engine), Look(at=1_999_000_000_000)).sources.events.sum() == whole.store.rows


def test_an_hours_zoom_does_not_need_a_chosen_moment() -> None:
    engine = live(LOGS["mixed.iptables.log"])
    heat = looked(base_of(engine), Look(heat=HeatWish(bucket=3_600_000_000, low=0, high=1023))).heat
    assert heat.bucket == 3_600_000_000 and heat.high[-1] == 1023
