"""A capture through a whole session: its packets judged, shown as text and searched as that."""

from __future__ import annotations

from pathlib import Path

from scantui.ingest.follow import Follower
from scantui.session import Session
from tests.formats import captures as make
from tests.session.test_worker import until


def capture(path: Path) -> Path:
    packets = [
        (
            1_700_000_000_000_000 + port * 1000,
            make.ether(make.ipv4("203.0.113.7", "192.0.2.10", 6, make.tcp(53, port, 3))),
        )
        for port in range(1, 201)
    ]
    path.write_bytes(make.pcap(packets))
    return path


def test_a_scan_in_a_capture_is_found_and_its_packets_are_shown(tmp_path: Path) -> None:
    snapshot = Session(Follower([str(capture(tmp_path / "eth0.pcap"))], follow=False)).run_to_end("203.0.113.7")
    assert [(scan.ports, scan.techniques) for scan in snapshot.scans] == [(200, ("syn-fin",))]
    assert snapshot.status.inputs[0].format == "pcap" and snapshot.status.inputs[0].lines == 200
    assert snapshot.detail is not None
    assert snapshot.detail.raw[0].text.endswith("203.0.113.7.53 > 192.0.2.10.1: Flags [FS], seq 7, win 1024, length 0")


def test_lines_of_a_capture_are_searched_as_they_are_shown(tmp_path: Path) -> None:
    session = Session(Follower([str(capture(tmp_path / "eth0.pcap"))], follow=True))
    session.start()
    try:
        until(session, lambda s: s.status.events == 200)
        session.search_lines(None, "10.19")
        found = until(session, lambda s: s.found and s.found.looked == s.found.held).found
        assert (found.found, found.gone) == (11, 0)
    finally:
        session.stop()
