"""Where sources belong, as columns of a live run's snapshots: by small real databases and lists, a few at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scantui.find import Facts, Filter
from scantui.ingest.follow import Follower
from scantui.places.files import Files
from scantui.places.known import parse
from scantui.places.mmdb import Database
from scantui.session import Options, Session, placing
from scantui.session.placing import Placing
from scantui.snapshot import Snapshot
from scantui.tables import Tables
from tests.places.databases import GERMANY, write
from tests.session.test_worker import until
from tests.ui.build import snapshot

LINE = "ts=2000-01-25T03:14:01Z event=fw_drop src={} dst=192.0.2.10 proto=tcp sport=53 dport=22 flags=SYN\n"
SOURCES = ("5.0.0.9", "45.33.0.1", "10.1.2.3", "203.0.113.7", "2001:db8::7", "2a00:1450::1", "9.9.9.9")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    holders = write(tmp_path / "asn.mmdb", "GeoLite2-ASN", {
        "5.0.0.0/8": GERMANY, "10.1.0.0/16": {"autonomous_system_number": 64512}, "2a00::/16": {"organization": "Ex, Inc"},
    })  # fmt: skip
    countries = write(tmp_path / "c.mmdb", "GeoLite2-Country", {
        "5.0.0.0/8": {"country": {"iso_code": "DE"}}, "45.0.0.0/8": {"country": {"iso_code": "U\x1b[31mS"}},
    })  # fmt: skip
    lists = (parse("45.33.0.0/16 Shodan\n9.9.9.9\n", "a"), parse("45.33.0.1 blocked\n", "b"))
    return Files((Database(holders), Database(countries)), lists)


def told(snap: Snapshot, address: str) -> list[object]:
    """Country, number, holder, scope and lists of a source; None for one that was not looked at."""
    places = snap.places
    at = int(places.rows(np.array([snap.tables.addresses.code(address)], np.uint32))[0])
    assert at >= 0
    words = [places.words[int(getattr(places, name)[at])] for name in ("country", "holder", "scope", "known")]
    return [" ".join(words[0]), int(places.asn[at]), " ".join(words[1]), " ".join(words[2]), words[3]]


def test_every_source_of_a_live_run_is_told_by_the_files(tmp_path: Path, files: Files) -> None:
    log = tmp_path / "fw.log"
    log.write_text("".join(map(LINE.format, SOURCES)))
    session = Session(Follower([str(log)], follow=True), Options(files=files))
    session.start()
    try:
        snap = until(session, lambda s: len(s.places.code) == len(SOURCES))
        with log.open("a") as more:
            more.write(LINE.format("5.0.0.10"))
        later = until(session, lambda s: len(s.places.code) == len(SOURCES) + 1)
    finally:
        session.stop()
    assert snap.places.tells == {"country", "as", "known"}
    assert told(snap, "5.0.0.9") == ["DE", 3320, "AS3320 Deutsche Telekom AG", "", ()]
    assert told(snap, "45.33.0.1") == ["U\\x1b[31mS", -1, "", "", ("Shodan", "blocked")]
    assert told(snap, "10.1.2.3") == ["", 64512, "AS64512", "private", ()]
    assert told(snap, "203.0.113.7") == ["", -1, "", "documentation", ()]
    assert told(snap, "2001:db8::7") == ["", -1, "", "documentation", ()]
    assert told(snap, "2a00:1450::1") == ["", -1, "Ex, Inc", "", ()]
    assert told(snap, "9.9.9.9") == ["", -1, "", "", ("listed",)]
    assert told(later, "5.0.0.10") == told(snap, "5.0.0.9") and (np.diff(later.places.code.astype(np.int64)) > 0).all()
    for text, count in (("country:de", 2), ("asn:3320", 2), ("as:telekom", 2), ("known:blocked", 1), ("country:private", 1),
                        ("known:*", 2), ("asn!=3320", 1)):  # fmt: skip
        assert Filter(text).mask(later, Facts()).sum() == count, text


def test_without_files_there_are_no_columns_and_nothing_is_done() -> None:
    keeper = Placing(Tables().addresses, None)
    keeper.go_on(snapshot().sources)
    assert not keeper.busy and not keeper.found.tells and not len(keeper.found.code)


def test_the_most_telling_come_first_and_a_slice_ends(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    snap = snapshot(300)
    asked: list[str] = []
    real = Files.place
    monkeypatch.setattr(Files, "place", lambda self, address: asked.append(address) or real(self, address))
    clock = iter(range(10_000))
    monkeypatch.setattr(placing.time, "monotonic", lambda: next(clock) * placing._SLICE / 4)
    keeper = Placing(snap.tables.addresses, files)
    keeper.go_on(snap.sources)
    ranked = [snap.address(int(code)) for code in snap.sources.code[snap.sources.order]]
    assert 0 < len(asked) < 10 and keeper.busy and asked == ranked[: len(asked)]
    while keeper.busy:
        keeper.go_on(snap.sources)
    assert asked == ranked and keeper.found.code.tolist() == snap.sources.code.tolist()
    found = keeper.found
    keeper.go_on(snapshot(300, tables=snap.tables).sources)
    assert keeper.found is found and len(asked) == 300
