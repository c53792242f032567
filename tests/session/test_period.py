"""--since and --until: what lies outside is counted and left out, of everything."""

from __future__ import annotations

from pathlib import Path

from scantui.ingest.follow import Follower
from scantui.session import Options, Session
from scantui.snapshot import Snapshot

LINE = "ts=2000-01-25T03:{:02}:00Z event=fw_drop src=203.0.113.7:53 dst=192.0.2.10:{} proto=tcp flags=SYN\n"
BEGAN = 948_769_200_000_000  # 2000-01-25T03:00:00Z
MINUTE = 60_000_000


def read(log: Path, since: int | None, until: int | None) -> Snapshot:
    session = Session(Follower([str(log)], follow=False), Options(since=since, until=until))
    return session.run_to_end("203.0.113.7")


def test_events_outside_are_counted_and_left_out(tmp_path: Path) -> None:
    log = tmp_path / "fw.log"
    log.write_text("".join(LINE.format(minute, 20 + minute) for minute in range(60)))
    whole, part = read(log, None, None), read(log, BEGAN + 10 * MINUTE, BEGAN + 19 * MINUTE)
    assert (whole.status.events, part.status.events) == (60, 10)
    assert part.detail is not None and (part.detail.first, part.detail.last) == (
        BEGAN + 10 * MINUTE,
        BEGAN + 19 * MINUTE,
    )
    assert part.status.lines == 60 and not part.status.unread
    assert part.status.judging[:2] == (
        "since 2000-01-25T03:10:00.000000Z: 10 packets before it left out",
        "until 2000-01-25T03:19:00.000000Z: 40 packets after it left out",
    )
    assert not any("left out" in sentence for sentence in whole.status.judging)


def test_repeated_packets_are_counted_as_packets(tmp_path: Path) -> None:
    log = tmp_path / "kern.log"
    log.write_text(
        "2000-01-25T03:00:00Z fw1 kernel: message repeated 7 times: [ IPT: IN=eth0 OUT= SRC=203.0.113.7 DST=192.0.2.10 LEN=44 "
        "TOS=0x00 PREC=0x00 TTL=29 ID=64727 PROTO=TCP SPT=53 DPT=21 WINDOW=1024 RES=0x00 SYN URGP=0 ]\n"
    )
    assert read(log, BEGAN + 1, None).status.judging[0].endswith(": 7 packets before it left out")
