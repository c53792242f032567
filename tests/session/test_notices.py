"""Notices among packets: live, rewound, folded and as a batch they name their source and count as nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.detect.scan import Kind
from scantui.events import notices, without_notices
from scantui.looks import HeatWish, Look
from scantui.session.detail import detail_of
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.snapshot import Snapshot
from scantui.touches import fold, merge
from tests.feeding import blocks, read
from tests.session.looking import base_of, batch, lines_where, live, looked
from tests.session.test_past import same

BEGAN = 948_770_000  # seconds
SCANNER, OTHER, ONLY_NAMED = "203.0.113.7", "198.51.100.2", "203.0.113.99"


def packet(second: int, source: str, port: int) -> bytes:
    when = datetime.fromtimestamp(BEGAN + second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"ts={when} event=fw_drop src={source}:53 dst=192.0.2.{port % 5}:{port} proto=tcp flags=SYN\n".encode()


def notice(second: int, source: str, rule: str = "Scan::Port_Scan") -> bytes:
    what = f'"note":"{rule}","msg":"m","src":"{source}","dst":"192.0.2.200","p":4444,"peer_descr":"zeek-1"'
    return f'{{"ts":{BEGAN + second}.5,{what},"actions":["Notice::ACTION_LOG"]}}\n'.encode()


def log(seconds: list[int]) -> list[bytes]:
    """A scan, a few packets of another source, and notices of both and of a third at these times."""
    lines = [packet(3 * i, SCANNER, 100 + i) for i in range(300)] + [packet(10 * i, OTHER, 25) for i in range(60)]
    for i, second in enumerate(seconds):
        lines.append(notice(second, (SCANNER, OTHER, ONLY_NAMED)[i % 3], ("Scan::Port_Scan", "SSL::Odd")[i % 2]))
    return lines


TOLD = log([5, 50, 100, 420, 421, 422, 640, 880, 890, 895, 897, 899])


def is_notice(line: bytes) -> bool:
    return line.startswith(b"{")


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.store.SEGMENT", 60)
    monkeypatch.setattr("scantui.session.chronicle.SEALED", 40)


def test_a_notice_is_read_as_one() -> None:
    events = read(b"".join(TOLD))
    assert len(notices(events)) == 12 and len(without_notices(events)) == 360


def figures(snapshot: Snapshot, address: str) -> dict[str, Any]:
    table = snapshot.sources
    row = int(np.flatnonzero(table.code == snapshot.tables.addresses.code(address))[0])
    return {
        name: getattr(table, name)[row].item() for name in ("events", "ports", "targets", "dport", "sport", "proto")
    } | {"rates": int(table.rates.counts[row].sum())}


def test_table_heatmap_and_time_line_count_packets_only() -> None:
    with_them, without = batch(b"".join(TOLD)), batch(b"".join(line for line in TOLD if not is_notice(line)))
    for source in (SCANNER, OTHER):
        one, other = figures(with_them, source), figures(without, source)
        assert one.pop("events") == other.pop("events") + 4
        assert one == other
    assert figures(with_them, ONLY_NAMED) == {
        "events": 4, "ports": 0, "targets": 0, "dport": -2, "sport": -2, "proto": -2, "rates": 0,
    }  # fmt: skip
    assert with_them.heat.pairs.sum() == without.heat.pairs.sum() and with_them.heat.packets.sum() == 360
    engines = [live(b"".join(lines)) for lines in (TOLD, [line for line in TOLD if not is_notice(line)])]
    told, packets_only = (engine.timeline.picture(engine.met) for engine in engines)
    assert told is not None and packets_only is not None
    assert told.events.tolist() == packets_only.events.tolist()
    assert told.pairs.tolist() == packets_only.pairs.tolist()


def test_who_was_only_named_has_a_row_and_packets_keep_their_verdict() -> None:
    made = batch(b"".join(TOLD))
    scans = {made.address(scan.source): scan for scan in made.scans}
    assert scans[ONLY_NAMED].kind is Kind.NOTICED and scans[ONLY_NAMED].packets == 0
    assert scans[SCANNER].packets == 300
    assert [piece.text for piece in scans[SCANNER].evidence if piece.name == "sensor's notice"] == [
        "the own detector of zeek-1 says Scan::Port_Scan (2), SSL::Odd (2)"
    ]


def test_a_log_of_nothing_but_notices(small_segments: None) -> None:
    data = b"".join(line for line in TOLD if is_notice(line))
    made = batch(data)
    assert {scan.kind for scan in made.scans} == {Kind.NOTICED}
    assert len(made.sources) == 3 and made.heat.packets.sum() == 0
    same(looked(base_of(live(data)), Look(at=int(read(data).ts.max()))), made)


@pytest.mark.usefixtures("small_segments")
@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 900), max_size=25), st.integers(0, 900))
def test_a_moment_is_what_a_run_up_to_it_shows(seconds: list[int], at: int) -> None:
    data = b"".join(log(seconds))
    moment = int(read(data).ts.min()) + at * 1_000_000
    past = looked(base_of(live(data, list(range(0, len(data), 4_000)))), Look(at=moment))
    same(past, batch(lines_where(data, lambda _, ts: ts <= moment)))


def test_live_comes_to_what_the_batch_says() -> None:
    data = b"".join(sorted(TOLD, key=lambda line: int(read(bytes(line)).ts[0])))
    engine = Engine(Options())
    for block in blocks(data, list(range(0, len(data), 700))):
        engine.take(block)
        engine.examine()
    engine.cluster()
    told = {(scan.id, scan.kind, scan.verdict, scan.score) for scan in engine.scans}
    engine.settle()
    assert told == {(scan.id, scan.kind, scan.verdict, scan.score) for scan in engine.scans}


def test_folded_notices_stay_notices_and_say_what_they_said() -> None:
    events = read(b"".join(TOLD))
    halves = [events.take(slice(0, 200)), events.take(slice(200, None))]
    folded = merge([fold(half) for half in halves]).as_events()
    assert int(folded.count.sum()) == 360
    rules = {events.tables.texts.text(code) for code in notices(folded).rule.tolist()}
    assert rules == {"Scan::Port_Scan", "SSL::Odd"}
    assert set(notices(folded).src.tolist()) == set(notices(events).src.tolist())


def test_cells_maps_and_the_detail_leave_them_out() -> None:
    engine = live(b"".join(TOLD))
    made = looked(base_of(engine), Look(mapped=True, matrix=True, heat=HeatWish(low=4444, high=4444)))
    assert made.portmap is not None and made.portmap.packets.sum() == 360
    assert made.heat.packets.sum() == 0
    assert made.matrix is not None and made.matrix.ports.sum() == 0
    code = engine.tables.addresses.code(SCANNER)
    events, episodes = engine.judge_alone(code, None)
    detail = detail_of(code, events, episodes, (), {}, lambda *_: b"line")
    assert detail.events == 304 and len(detail.raw) == 200
    assert "4444" not in detail.ports_text and not any("192.0.2.200" in target for target in detail.targets)
    assert detail.course is not None and detail.course.events.sum() == 300
