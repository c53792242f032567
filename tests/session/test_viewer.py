"""Looking back through the session itself: another thread answers, reading goes on, and the newest wish wins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scantui.ingest.follow import Follower
from scantui.looks import BurstWish, CellWish, HeatWish, Look
from scantui.session import Session
from scantui.session.answers import Answers
from scantui.session.viewer import Viewer
from tests.session.looking import base_of, live
from tests.session.test_worker import SYN_FIN, append, until

FIRST = 948_770_041_000_000  # 2000-01-25T03:14:01Z
SECOND = 1_000_000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "fw.log"
    path.write_text("".join(SYN_FIN.format(1 + i // 10, 20 + i) for i in range(100)))  # ten a second, for ten seconds
    return path


@pytest.fixture
def session(log: Path) -> Iterator[Session]:
    made = Session(Follower([str(log)], follow=True))
    made.start()
    until(made, lambda s: s.status.events == 100)
    yield made
    made.stop()
    assert made.failure is None


def test_a_moment_is_shown_as_it_was_while_reading_goes_on(session: Session, log: Path) -> None:
    at = FIRST + 4 * SECOND
    session.select(int(session.latest().sources.code[0]))
    session.look(Look(at=at))
    past = until(session, lambda s: s.look.at == at and s.detail and s.detail.events == 50)
    assert (past.status.at, past.status.events, past.status.held, past.status.first) == (at, 50, 50, FIRST)
    assert (past.sources.events.tolist(), past.sources.ports.tolist(), past.heat.packets.sum()) == ([50], [50], 50)
    assert past.scans[0].last == at and past.detail is not None and past.detail.episodes[0].last == at
    assert past.detail.raw[-1].text == SYN_FIN.format(5, 69).strip()
    append(log, range(200, 230), second=30)
    later = until(session, lambda s: s.status.held == 80)
    assert (later.look.at, later.sources.events.tolist(), later.status.now) == (at, [50], FIRST + 29 * SECOND)
    session.look(Look())
    live_again = until(session, lambda s: s.status.at is None)
    assert (live_again.look, live_again.sources.events.tolist(), live_again.status.held) == (Look(), [130], 0)
    assert until(session, lambda s: s.detail and s.detail.events == 130)


def test_a_line_that_comes_late_is_put_into_the_moment(session: Session, log: Path) -> None:
    at = FIRST + 4 * SECOND
    session.look(Look(at=at))
    until(session, lambda s: s.look.at == at)
    append(log, range(300, 305), second=2)
    late = until(session, lambda s: s.sources.events.tolist() == [55])
    assert (late.status.events, late.status.held) == (55, 50)


def test_paused_and_rewound_is_by_what_was_held_and_resume_is_live(session: Session, log: Path) -> None:
    session.pause()
    until(session, lambda s: s.status.paused)
    append(log, range(300, 305), second=2)
    until(session, lambda s: s.status.held == 5)
    session.look(Look(at=FIRST + 4 * SECOND))
    past = until(session, lambda s: s.look.at is not None)
    assert (past.status.paused, past.sources.events.tolist(), past.status.held) == (True, [50], 55)
    session.look(Look(heat=HeatWish(bucket=5 * SECOND)))
    cut = until(session, lambda s: s.heat.bucket == 5 * SECOND)
    assert cut.look.heat.bucket == 5 * SECOND and cut.heat.packets.sum() == 100
    session.look(Look(at=FIRST + 4 * SECOND))
    until(session, lambda s: s.look.at is not None)
    session.resume()
    done = until(session, lambda s: not s.status.paused)
    assert done.look.at is None and done.sources.events.tolist() == [105]


def test_cuts_cells_bursts_maps_and_matrices_come_with_what_goes_on(session: Session, log: Path) -> None:
    wish = Look(
        heat=HeatWish(bucket=SECOND, low=0, high=1023),
        cell=CellWish(0, 1023, FIRST, FIRST + 60 * SECOND),
        burst=BurstWish(FIRST, FIRST + 2 * SECOND),
        mapped=True,
        matrix=True,
    )
    session.look(wish)
    seen = until(session, lambda s: s.look == wish)
    assert seen.cell is not None and seen.burst is not None and seen.portmap is not None and seen.matrix is not None
    assert (seen.cell.pairs, seen.burst.packets, seen.portmap.packets.sum(), seen.matrix.ports.sum()) == (
        100,
        20,
        100,
        100,
    )
    assert seen.heat.names[0] == "0-15" and seen.status.at is None
    append(log, range(300, 310), second=15)
    more = until(session, lambda s: s.cell and s.cell.pairs == 110)
    assert more.portmap is not None and more.portmap.packets.sum() == 110 and more.heat.packets.sum() == 110
    session.look(Look())
    plain = until(session, lambda s: s.look == Look())
    assert (plain.cell, plain.burst, plain.portmap, plain.matrix) == (None, None, None, None)
    assert plain.heat.names[0] == "21 ftp"


def test_the_newest_of_many_wishes_is_answered(session: Session) -> None:
    for i in range(200):
        session.look(Look(at=FIRST + i * SECOND // 20))
    last = Look(at=FIRST + 199 * SECOND // 20)
    until(session, lambda s: s.look == last)


def test_the_time_line_covers_the_run_whatever_is_looked_at(session: Session) -> None:
    session.look(Look(at=FIRST + 2 * SECOND))
    past = until(session, lambda s: s.look.at is not None)
    assert past.timeline is not None
    assert (past.timeline.start, past.timeline.events.sum()) == (FIRST, 100)


def test_a_bucket_of_ones_own_and_back_again(session: Session) -> None:
    before = session.latest().heat.bucket
    session.look(Look(heat=HeatWish(bucket=2 * SECOND)))
    assert until(session, lambda s: s.look.heat.bucket == 2 * SECOND).heat.bucket == 2 * SECOND
    session.look(Look())
    assert until(session, lambda s: s.look == Look()).heat.bucket == before


class Slow(Answers):
    """Answers that wait to be let on, and say how far they got."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.steps: list[int | None] = []

    def views(self, base: Any, look: Look, check: Callable[[], None] = lambda: None, *, again: bool = False) -> Any:
        self.begun.set()
        self.go_on.wait(10)
        check()
        self.steps.append(look.at)
        yield from super().views(base, look, check, again=again)


def test_an_older_wish_is_given_up(log: Path) -> None:
    views: list[Any] = []
    seen = threading.Event()
    viewer = Viewer(lambda view: (views.append(view), seen.set()), lambda error: views.append(error))
    slow = viewer._answers = Slow()
    viewer.offer(base_of(live(log.read_bytes())))
    viewer.start()
    viewer.ask(Look(at=FIRST))
    assert slow.begun.wait(10)
    viewer.ask(Look(at=FIRST + SECOND))
    slow.go_on.set()
    assert seen.wait(10)
    viewer.stop()
    assert [view.look.at for view in views] == slow.steps == [FIRST + SECOND]


def test_a_viewer_that_fails_stops_the_session_aloud(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no picture")

    monkeypatch.setattr(Answers, "views", fail)
    session.look(Look(at=FIRST))
    failed = until(session, lambda s: s.status.failure)
    assert "no picture" in failed.status.failure
    assert isinstance(session.failure, RuntimeError)
    session.failure = None


def test_nothing_is_published_for_a_moment_that_stands_still(session: Session) -> None:
    session.look(Look(at=FIRST + SECOND))
    until(session, lambda s: s.look.at is not None)
    until(session, lambda s: s.status.rate == 0, seconds=15)
    threading.Event().wait(1.0)
    before = session.latest()
    threading.Event().wait(1.5)
    assert session.latest() is before
    assert replace(before.look, at=None) == Look()
