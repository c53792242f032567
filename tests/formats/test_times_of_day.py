"""Stamps without a date: the file's own, and the next at midnight."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scantui.events import TsQuality
from tests.feeding import read, source

LINE = b"%s.500000 IP 203.0.113.9.53 > 192.0.2.1.21: Flags [S], seq 1, win 1024, length 0"


def times(stamps: list[bytes], modified: str, last: bytes = b"", cuts: tuple[int, ...] = ()) -> list[str]:
    modified_us = int(datetime.fromisoformat(modified).replace(tzinfo=UTC).timestamp() * 1_000_000)
    data = b"\n".join(LINE % stamp for stamp in stamps)
    got = read(data, cuts, source(1, modified_us, LINE % last if last else b""))
    assert (got.ts_quality == TsQuality.GUESSED_YEAR).all()
    return [datetime.fromtimestamp(us / 1_000_000, UTC).strftime("%d %H:%M:%S") for us in got.ts.tolist()]


def test_the_day_is_the_files() -> None:
    assert times([b"13:00:00", b"14:00:00"], "2026-11-10T14:00:01") == ["10 13:00:00", "10 14:00:00"]


def test_a_time_later_than_the_files_is_of_the_day_before() -> None:
    assert times([b"23:59:59"], "2026-11-10T00:00:30") == ["09 23:59:59"]


@pytest.mark.parametrize("cut", [(), (10,), (150,), (240,)])
def test_midnight_is_passed_in_the_lines_order(cut: tuple[int, ...]) -> None:
    stamps = [b"23:59:58", b"23:59:59", b"00:00:01", b"00:00:00", b"12:00:00"]
    want = ["09 23:59:58", "09 23:59:59", "10 00:00:01", "10 00:00:00", "10 12:00:00"]
    assert times(stamps, "2026-11-10T12:00:01", cuts=cut) == want


def test_a_late_line_of_the_day_before() -> None:
    stamps = [b"23:59:59", b"00:00:01", b"23:59:59", b"00:00:02"]
    assert times(stamps, "2026-11-10T00:00:30") == ["09 23:59:59", "10 00:00:01", "09 23:59:59", "10 00:00:02"]


def test_the_last_stamp_and_the_files_time_tell_the_zone() -> None:
    # 09:00 as written, 14:00 UTC by the file: five hours west.
    assert times([b"08:00:00", b"09:00:00"], "2026-11-10T14:00:01", last=b"09:00:00") == ["10 13:00:00", "10 14:00:00"]


def test_time_since_another_line_is_no_time() -> None:
    data = b" 00:00:00.000185 rule 0/0(match): block in on em0: 192.0.2.9.1 > 192.0.2.1.22: Flags [S], seq 1, win 5, length 0"
    got = read(data)
    assert got.ts_quality.tolist() == [TsQuality.ARRIVAL]
