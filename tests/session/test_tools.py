"""The tools of a live run: those that a finished run finds, and anew when a scan has grown."""

from __future__ import annotations

from dataclasses import replace

from scantui.ingest.follow import Follower
from scantui.resources import folder
from scantui.session import Session
from scantui.session import tools as module
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.session.tools import Tools
from tests.session.test_worker import until

LOGS = sorted(str(path) for path in folder("demo_logs").glob("*.log"))


def names(tools) -> dict[str, str]:
    return {scan: told.named.name for scan, told in tools.items() if told.named is not None}


def test_a_live_run_finds_what_a_finished_one_does() -> None:
    wanted = Session(Follower(LOGS, follow=False)).run_to_end().tools
    live = Session(Follower(LOGS, follow=False))
    live.start()
    snapshot = until(live, lambda s: s.status.ended and len(s.tools) == len(wanted), 30)
    live.stop()
    assert names(snapshot.tools) == names(wanted) and "nmap" in names(wanted).values()


def test_a_scan_is_looked_at_again_when_it_has_grown(monkeypatch) -> None:
    monkeypatch.setattr(module, "_SLICE", 60.0)
    engine = Engine(Options(), batch=True)
    follower = Follower(LOGS, follow=False)
    while not follower.finished:
        for block in follower.poll():
            engine.take(block)
    engine.settle()
    looked: list[str] = []
    real = module._attributed
    monkeypatch.setattr(module, "_attributed", lambda scan, *rest: looked.append(scan.id) or real(scan, *rest))
    keeper, scans = Tools(), engine.scans
    keeper.go_on(engine.store, scans, engine.clusters)
    by_id = {scan.id: scan for scan in scans}
    assert len(looked) > 5 and [by_id[name].score for name in looked] == sorted(
        (by_id[n].score for n in looked), reverse=True
    )
    first, found = looked[0], keeper.found
    for grown, again in ((1.0, []), (1.4, []), (1.6, [first])):
        looked.clear()
        now = tuple(replace(s, events=int(s.events * grown)) if s.id == first else s for s in scans)
        keeper.go_on(engine.store, now, engine.clusters)
        assert looked == again
    assert keeper.found is not found and names(keeper.found) == names(found)
    keeper.go_on(engine.store, scans[:0], ())
    assert len(keeper.found) == len(found)  # nothing was looked at, so nothing is given anew
