"""The session over real files and its own thread: live lines, pause, marks, detail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scantui.ingest.follow import Follower
from scantui.looks import HeatWish, Look
from scantui.resources import folder
from scantui.session import Session
from scantui.session.replay import Replay
from scantui.snapshot import Snapshot

SYN_FIN = "ts=2000-01-25T03:14:{:02d}Z event=fw_drop src=203.0.113.7:53 dst=192.0.2.10:{} proto=tcp flags=SYN-FIN\n"


def until(session: Session, ready: Callable[[Snapshot], object], seconds: float = 10.0) -> Snapshot:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        snapshot = session.latest()
        if ready(snapshot):
            return snapshot
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {session.latest().status} {session.failure!r}")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "fw.log"
    path.write_text("".join(SYN_FIN.format(1, port) for port in range(20, 30)))
    return path


@pytest.fixture
def session(log: Path) -> Iterator[Session]:
    made = Session(Follower([str(log)], follow=True))
    made.start()
    yield made
    made.stop()
    assert made.failure is None


def append(log: Path, ports: range, second: int = 2) -> None:
    with log.open("a") as file:
        file.write("".join(SYN_FIN.format(second, port) for port in ports))


def test_appended_lines_show(session: Session, log: Path) -> None:
    until(session, lambda s: s.status.events == 10)
    append(log, range(30, 220))
    snapshot = until(session, lambda s: s.status.events == 200 and s.scans and s.scans[0].ports == 200)
    assert snapshot.status.inputs[0].format == "keyvalue"
    assert snapshot.sources.ports.tolist() == [200]


def test_pause_keeps_the_picture_and_counts_what_waits(session: Session, log: Path) -> None:
    until(session, lambda s: s.status.events == 10)
    session.pause()
    until(session, lambda s: s.status.paused)
    append(log, range(30, 130))
    paused = until(session, lambda s: s.status.held == 100)
    assert paused.sources.events.tolist() == [10]
    assert paused.status.events == 10
    session.select(int(paused.sources.code[0]))
    detail = until(session, lambda s: s.detail).detail
    assert detail is not None
    assert detail.events == 10
    session.refresh()
    until(session, lambda s: s.status.paused and s.status.events == 110 and s.status.held == 0)
    append(log, range(130, 140))
    until(session, lambda s: s.status.held == 10)
    session.resume()
    until(session, lambda s: not s.status.paused and s.sources.events.tolist() == [120])


def test_detail_brings_pattern_evidence_and_raw_lines(session: Session, log: Path) -> None:
    append(log, range(30, 220))
    snapshot = until(session, lambda s: s.status.events == 200)
    session.select(int(snapshot.sources.code[0]))
    detail = until(session, lambda s: s.detail).detail
    assert detail is not None
    said = dict(detail.pattern)
    assert (said["TCP flags"], said["source port"]) == ("SYN-FIN", "53")
    assert "TTL" in said["not in this log"]
    assert detail.evidence[0].name == "fan-out"
    assert detail.raw[0].text == SYN_FIN.format(1, 20).strip()
    assert sum(detail.timeline) == 200
    session.select(None)
    until(session, lambda s: s.detail is None)


def test_marks_come_and_go_and_are_exported(session: Session, tmp_path: Path) -> None:
    snapshot = until(session, lambda s: s.status.events == 10)
    code = int(snapshot.sources.code[0])
    with pytest.raises(ValueError, match="no source to export"):
        session.export("csv", tmp_path / "none.csv", ())
    session.mark(code, "the burst")
    assert until(session, lambda s: s.marks).marks[code].note == "the burst"
    said = session.export("csv", tmp_path / "marked.csv", (code,))
    assert said.startswith("1 source as csv")
    assert "203.0.113.7" in (tmp_path / "marked.csv").read_text()
    session.unmark(code)
    until(session, lambda s: not s.marks)


def test_idle_publishes_nothing(session: Session) -> None:
    until(session, lambda s: s.status.events == 10)
    time.sleep(6.0)  # the rate falls to zero first
    before = session.latest().seq
    time.sleep(1.0)
    assert session.latest().seq == before


def test_zoom_changes_the_bucket(session: Session) -> None:
    until(session, lambda s: s.status.events == 10)
    session.look(Look(heat=HeatWish(bucket=5_000_000)))
    until(session, lambda s: s.heat.bucket == 5_000_000)


def test_replay_comes_to_what_a_report_says() -> None:
    paths = sorted(folder("demo_logs").glob("*.log"))
    report = Session(Follower([str(path) for path in paths], follow=False)).run_to_end()
    replay = Session(Replay(paths, seconds=0.0)).run_to_end()
    assert [(s.first, s.kind, s.techniques, s.verdict) for s in replay.scans] == [
        (s.first, s.kind, s.techniques, s.verdict) for s in report.scans
    ]


def test_replay_takes_its_time_and_tells_lines_in_order() -> None:
    now = [0.0]
    path = folder("demo_logs") / "synfin-burst.kv.log"
    replay = Replay([path], seconds=10.0, clock=lambda: now[0])
    said = b""
    sizes = []
    for tick in range(0, 101, 10):
        now[0] = tick / 10
        for block in replay.poll():
            said += bytes(block.data[: block.size])
        sizes.append(len(said))
    assert said == path.read_bytes()
    assert replay.finished
    assert sizes[0] < sizes[5] < sizes[-1]
