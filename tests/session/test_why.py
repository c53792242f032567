"""Explanations over a session: the same in a finished run and in the detail pane, for one source and for all."""

from __future__ import annotations

from scantui.detect.scan import Verdict
from scantui.ingest.follow import Follower
from scantui.resources import folder
from scantui.session import Session
from scantui.session.options import Options
from scantui.snapshot import Snapshot


def finished(name: str, select: str | None = None) -> Snapshot:
    return Session(Follower([str(folder("demo_logs") / name)], follow=False), Options()).run_to_end(select)


def test_every_scan_has_its_tools_and_the_selected_source_the_same_ones() -> None:
    snapshot = finished("mixed.iptables.log", "203.0.113.51")
    judged = {scan.id for scan in snapshot.scans if scan.verdict is not Verdict.BENIGN}
    assert judged and set(snapshot.tools) == judged
    detail = snapshot.detail
    assert detail is not None and detail.why is not None and detail.why.tools is not None
    best = max(detail.episodes, key=lambda scan: scan.score)
    assert snapshot.tools[best.id].candidates == detail.why.tools.candidates
    assert detail.why.tools.named is not None and detail.why.tools.named.name == "nmap"
    assert snapshot.cannot_see


def test_a_source_that_is_not_there_has_no_explanation() -> None:
    detail = finished("synfin-burst.kv.log", "192.0.2.250").detail
    assert detail is not None and detail.events == 0 and detail.why is None


def test_tools_in_parts_are_tools_at_once(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    whole = finished("mixed.iptables.log").tools
    monkeypatch.setattr("scantui.session.why._AT_ONCE", 100)
    assert finished("mixed.iptables.log").tools == whole
