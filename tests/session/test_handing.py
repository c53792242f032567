"""What a session hands to an export: of a finished run, and of one that goes on reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from scantui.export.handover import Needs, Wishes
from scantui.ingest.follow import Follower
from scantui.session import Session
from scantui.session.errands import Errands
from tests.session.test_worker import SYN_FIN, append, log, session, until

__all__ = ["log", "session"]  # fixtures
ALL = Needs.DOSSIERS | Needs.EVENTS


def test_dossiers_and_events_while_it_reads(session: Session, log: Path) -> None:
    append(log, range(1000, 1200))
    code = int(until(session, lambda s: s.status.events == 210).sources.code[0])
    made = session.handover([code], ALL, Wishes(sid=7))
    assert list(made.marks) == list(made.dossiers) == [code] and made.wishes.sid == 7 and made.made_at > 0
    assert made.dossiers[code].events == len(made.events) == 210 and made.dossiers[code].why is not None
    assert made.dossiers[code].rules is not None
    bare = session.handover([code], Needs.PICTURE)
    assert not bare.dossiers and bare.events is None


def test_while_paused_it_is_what_the_picture_shows(session: Session, log: Path) -> None:
    code = int(until(session, lambda s: s.status.events == 10).sources.code[0])
    session.pause()
    append(log, range(1000, 1200))
    until(session, lambda s: s.status.held == 200)
    made = session.handover([code], ALL)
    assert made.dossiers[code].events == len(made.events) == 10


def test_a_finished_run_and_no_source(tmp_path: Path) -> None:
    path = tmp_path / "fw.log"
    path.write_text("".join(SYN_FIN.format(1, port) for port in range(20, 60)))
    run = Session(Follower([str(path)], follow=False))
    code = int(run.run_to_end().sources.code[0])
    assert len(run.handover([code], ALL).events) == 40
    with pytest.raises(ValueError, match="no source to export"):
        run.handover([], ALL)


def test_what_an_errand_raises_is_the_askers_and_none_waits_for_ever() -> None:
    errands = Errands()

    def steps(fails: bool):
        yield
        if fails:
            raise ValueError("no")
        return 7

    wrong, right = errands.ask(steps(True)), errands.ask(steps(False))
    errands.go_on()
    assert right.result(0) == 7 and not errands.busy
    with pytest.raises(ValueError, match="no"):
        wrong.result(0)
    left = errands.ask(steps(False))
    errands.close()
    for future in (left, errands.ask(steps(False))):
        with pytest.raises(ValueError, match="the monitor has ended"):
            future.result(0)
