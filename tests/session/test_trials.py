"""The user's rules on the selected source: the same live and in a finished run, measured anew only as the log grows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scantui.detect.scan import Verdict
from scantui.explain.rules.ruleset import read_rules
from scantui.explain.rules.trial import Outcome
from scantui.ingest.follow import Follower
from scantui.resources import folder
from scantui.session import Options, Session
from scantui.session.engine import Engine
from scantui.session.trials import Trials
from scantui.snapshot import Snapshot

SYNFIN, MIXED = (folder("demo_logs") / name for name in ("synfin-burst.kv.log", "mixed.iptables.log"))
RULES = read_rules(
    [
        (
            "local.rules",
            "alert tcp any any -> any :1023 (flags:SF; sid:1;)\nalert udp 192.0.2.10 any -> any any (sid:2;)\nnonsense\n",
        )
    ]
)


def session(*paths: Path, rules: object = RULES) -> Session:
    return Session(Follower([str(path) for path in paths], follow=False), Options(rules=rules))  # type: ignore[arg-type]


def outcome(snapshot: Snapshot) -> Outcome:
    assert snapshot.detail is not None and snapshot.detail.rules is not None
    return snapshot.detail.rules


def test_a_finished_run_tries_the_rules_on_the_selected_source() -> None:
    found = outcome(session(SYNFIN).run_to_end("203.0.113.7"))
    (trial,) = found.trials
    (near,) = trial.tried
    assert (near.answer.matched, near.answer.stopped, trial.others) == (70, 130, 1)
    assert [(rule.sid, reach.packets, reach.scans) for rule, reach in found.listed] == [(1, 70, 1)]
    assert found.extent.packets == 2000 and not found.extent.newest_only
    assert {one.matched for one in trial.drafts} == {200} and len(found.rules.refusals) == 1


def test_a_source_that_scans_gets_drafts_without_rules_and_no_other_does() -> None:
    def tried(source: str, rules: object) -> Outcome | None:
        detail = session(SYNFIN, rules=rules).run_to_end(source).detail
        assert detail is not None
        return detail.rules

    drafted = tried("203.0.113.7", None)
    assert drafted is not None and drafted.trials[0].drafts and not drafted.listed
    assert tried("198.19.10.1", None) is None
    benign = tried("198.19.10.1", RULES)
    assert benign is not None and not benign.trials[0].drafts and benign.trials[0].others == 2


def test_events_are_those_of_a_finished_run() -> None:
    run = session(SYNFIN)
    run.run_to_end()
    assert len(run.events()) == 2000
    live = session(SYNFIN)
    live.start()
    try:
        with pytest.raises(RuntimeError, match="finished"):
            live.events()
    finally:
        live.stop()


def taken(engine: Engine, data: bytes, offset: int = 0) -> None:
    from scantui.ingest.block import SLACK, Block, Source

    engine.take(Block(Source(1, "x", 0, 1, 0), bytearray(data + bytes(SLACK)), len(data), offset, 0))
    engine.flush()
    engine.examine()
    engine.cluster()


def test_reach_is_measured_anew_only_when_the_log_or_the_scan_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = SYNFIN.read_bytes().splitlines(keepends=True)
    engine = Engine(Options())
    taken(engine, b"".join(lines[:1200]))
    trials = Trials(engine, RULES, whole=False)
    code = engine.tables.addresses.code("203.0.113.7")

    def look() -> Outcome:
        events, episodes = engine.judge_alone(code, None)
        found = trials.of("203.0.113.7", max(episodes, key=lambda scan: scan.score), events)
        assert found is not None
        return found

    first = look()
    assert first.extent.packets == 1200
    assert look().trials[0] is first.trials[0]
    taken(engine, b"".join(lines[1200:1210]), len(b"".join(lines[:1200])))
    few_more = look()
    assert few_more.extent == first.extent
    monkeypatch.setattr("scantui.session.trials._GROWN", 0.1)
    assert look().extent.packets == 1210


def test_a_live_run_measures_reach_on_the_newest_events_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scantui.session.trials._NEWEST", 1)
    monkeypatch.setattr("scantui.store.SEGMENT", 500)
    engine = Engine(Options())
    taken(engine, MIXED.read_bytes())
    scan = max((scan for scan in engine.scans if scan.verdict is Verdict.SCAN), key=lambda scan: scan.last)
    events, _ = engine.judge_alone(scan.source, None)
    found = Trials(engine, RULES, whole=False).of(engine.tables.addresses.text(scan.source), scan, events)
    assert found is not None and found.extent.newest_only and found.extent.packets <= 500 < engine.store.rows
    assert found.trials[0].packets == int(np.maximum(events.count, 1).sum())
    narrow = found.trials[0].drafts[0].reach
    assert narrow.scans_in_all < len(engine.scans)


def test_the_live_picture_says_what_the_finished_one_does() -> None:
    from threading import Event

    live = session(SYNFIN)
    seen = Event()
    live.subscribe(lambda: seen.set())
    live.start()
    try:
        code = live.latest().tables.addresses.code("203.0.113.7")
        live.select(code)
        while True:
            assert seen.wait(20)
            seen.clear()
            latest = live.latest()
            if latest.detail is not None and latest.detail.events == 200 and latest.detail.rules is not None:
                break
        (trial,) = latest.detail.rules.trials
    finally:
        live.stop()
    (other,) = outcome(session(SYNFIN).run_to_end("203.0.113.7")).trials
    assert [one.answer.matched for one in trial.tried] == [one.answer.matched for one in other.tried]
    assert [replace(one.draft, rule=other.drafts[0].draft.rule).text for one in trial.drafts] == [
        one.draft.text for one in other.drafts
    ]
