"""What the analyst says: held at once, kept on disk when the worker comes by, and never lost when that fails."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scantui.detect.allow import Allowed
from scantui.detect.scan import Verdict
from scantui.ingest.follow import Follower
from scantui.session import Session
from scantui.session.ledger import Ledger
from scantui.snapshot import Snapshot
from scantui.state import State
from scantui.tables import Tables

SYN_FIN = "ts=2000-01-25T03:14:{:02d}Z event=fw_drop src={}:53 dst=192.0.2.10:{} proto=tcp flags=SYN-FIN\n"
ENTRY = Allowed(ipaddress.ip_network("203.0.113.0/24"), "our scanner")
FIRST, SECOND = "203.0.113.7", "198.51.100.9"


def until(session: Session, ready: Callable[[Snapshot], object], seconds: float = 15.0) -> Snapshot:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        snapshot = session.latest()
        if ready(snapshot):
            return snapshot
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s: {session.latest().status} {session.failure!r}")


def verdict(snapshot: Snapshot, address: str) -> Verdict | None:
    code = snapshot.tables.addresses.code(address)
    return next((scan.verdict for scan in snapshot.scans if code in scan.sources), None)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "fw.log"
    path.write_text("".join(SYN_FIN.format(1, source, port) for port in range(20, 220) for source in (FIRST, SECOND)))
    return path


@pytest.fixture
def begin(log: Path) -> Iterator[Callable[..., Session]]:
    begun: list[Session] = []

    def start(state: Path | None = None, follow: bool = True) -> Session:
        session = Session(Follower([str(log)], follow=follow), keeper=State(state) if state is not None else None)
        begun.append(session)
        session.start()
        return session

    yield start
    for session in begun:
        session.stop()
        assert session.failure is None


def test_marks_outlast_the_run(begin: Callable[..., Session], tmp_path: Path) -> None:
    session = begin(tmp_path / "state")
    code = until(session, lambda s: len(s.scans) == 2).tables.addresses.code(FIRST)
    session.mark(code, "night \x1bjob", "scan")
    session.mark(session.latest().tables.addresses.code("2001:db8::1"), "", "watch")
    assert until(session, lambda s: code in s.marks).marks[code].verdict == "scan"
    session.stop()
    again = begin(tmp_path / "state")
    marks = until(again, lambda s: s.marks).marks
    texts = {again.latest().address(code): (mark.verdict, mark.note) for code, mark in marks.items()}
    assert texts == {FIRST: ("scan", "night \\x1bjob"), "2001:db8::1": ("watch", "")}
    again.unmark(code)
    again.stop()
    assert [mark.address for mark in State(tmp_path / "state").marks] == ["2001:db8::1"]


def test_a_mark_changes_no_verdict(begin: Callable[..., Session]) -> None:
    session = begin()
    snapshot = until(session, lambda s: verdict(s, FIRST) is Verdict.SCAN)
    session.mark(snapshot.tables.addresses.code(FIRST), "", "mine")
    assert verdict(until(session, lambda s: s.marks), FIRST) is Verdict.SCAN
    with pytest.raises(ValueError, match="is no verdict"):
        session.mark(1, "", "guilty")


@pytest.mark.parametrize("follow", [True, False])
def test_allowing_judges_again_at_once_and_back(begin: Callable[..., Session], tmp_path: Path, follow: bool) -> None:
    session = begin(tmp_path / "state", follow)
    until(session, lambda s: verdict(s, FIRST) is Verdict.SCAN and verdict(s, SECOND) is Verdict.SCAN)
    session.select(session.latest().tables.addresses.code(FIRST))
    session.allow(ENTRY)
    snapshot = until(
        session,
        lambda s: verdict(s, FIRST) is Verdict.BENIGN and s.detail and s.detail.evidence[0].name == "allow-listed",
    )
    assert verdict(snapshot, SECOND) is Verdict.SCAN
    assert [(one.entry, one.own) for one in snapshot.allowed] == [(ENTRY, True)]
    assert "our scanner" in (tmp_path / "state" / "allow.txt").read_text("utf-8")
    session.disallow(ENTRY)
    assert until(session, lambda s: verdict(s, FIRST) is Verdict.SCAN).allowed == ()
    session.stop()
    assert State(tmp_path / "state").allowed == ()


def test_a_kept_entry_holds_from_the_start(begin: Callable[..., Session], tmp_path: Path) -> None:
    State(tmp_path / "state").keep(ENTRY)
    snapshot = until(begin(tmp_path / "state"), lambda s: verdict(s, SECOND) is Verdict.SCAN and verdict(s, FIRST))
    assert verdict(snapshot, FIRST) is Verdict.BENIGN


class Broken:
    """A keeper on a disk that can be full."""

    marks = ()
    allowed = ()
    told = ("marks.jsonl:3: no mark; the line is skipped",)

    def __init__(self) -> None:
        self.full = True
        self.kept: list[object] = []

    def keep(self, change: object, *, removed: bool = False) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.kept.append(change)


def test_a_failure_is_told_once_and_nothing_is_lost() -> None:
    tables, disk = Tables(), Broken()
    ledger = Ledger(tables.addresses, (), disk)
    codes = [tables.addresses.code(f"192.0.2.{n}") for n in range(3)]
    for code in codes:
        ledger.mark(code, "", "scan")
        ledger.write()
        ledger.write()
    assert list(ledger.marks) == codes
    assert len(ledger.notices) == 2 and "No space left on device" in ledger.notices[1]
    disk.full = False
    ledger.write()  # nothing new: not tried
    assert disk.kept == []
    ledger.unmark(codes[0])
    ledger.write()
    assert [(kept.address, kept.removed) for kept in disk.kept] == [
        ("192.0.2.0", False), ("192.0.2.1", False), ("192.0.2.2", False), ("192.0.2.0", True)]  # fmt: skip
    assert len(ledger.notices) == 3 and ledger.notices[2].endswith("written again")


def test_the_last_try_is_made_when_the_session_ends() -> None:
    tables, disk = Tables(), Broken()
    ledger = Ledger(tables.addresses, (), disk)
    ledger.mark(tables.addresses.code(FIRST), "", "")
    ledger.write()
    disk.full = False
    ledger.write(last=True)
    assert len(disk.kept) == 1


def test_another_episode_of_the_source_can_be_explained(begin: Callable[..., Session], log: Path) -> None:
    with log.open("a") as file:
        file.write("".join(SYN_FIN.format(1, FIRST, port).replace("T03:", "T09:") for port in range(1000, 1030)))
    session = begin(None, False)
    code = until(session, lambda s: s.scans and s.status.events == 430).tables.addresses.code(FIRST)
    session.select(code)
    detail = until(session, lambda s: s.detail and len(s.detail.episodes) == 2).detail
    assert detail is not None and detail.episodes[detail.episode].ports == 200
    other = detail.episodes[1 - detail.episode]
    session.select(code, other.first)
    shown = until(session, lambda s: s.detail and s.detail.episodes[s.detail.episode].first == other.first).detail
    assert shown is not None and shown.evidence == other.evidence and "1000" in str(shown.raw[0].text)
    assert shown.raw_of == 30 and shown.course is not None and shown.course.events.sum() == 230
