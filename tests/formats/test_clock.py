"""Years, zones and uptimes: what is not written is inferred, and said to be."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scantui.events import TsQuality
from scantui.formats.reader import Reader
from scantui.tables import Tables
from tests.feeding import read, source

TAIL = b" fw1 kernel: IN=eth0 OUT= SRC=203.0.113.7 DST=192.0.2.10 LEN=44 TOS=0x00 PREC=0x00 TTL=29 ID=1 PROTO=UDP SPT=53 DPT=21 LEN=24"


def us(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000_000)


def times(stamps: list[str], modified: str, *, last: bool = False, reader: Reader | None = None) -> list[str]:
    lines = [stamp.encode() + TAIL for stamp in stamps]
    batch = read(b"\n".join(lines), of=source(1, us(modified), lines[-1] if last else b""), reader=reader)
    return [str(np.datetime64(int(ts), "us"))[:19] for ts in batch.ts]


def test_year_comes_from_the_files_time() -> None:
    assert times(["Nov 10 06:00:03"], "2026-11-22T00:00:00") == ["2026-11-10T06:00:03"]
    assert times(["Dec 30 06:00:03"], "2026-11-22T00:00:00") == ["2025-12-30T06:00:03"]


def test_year_turns_at_new_year_in_the_lines_order() -> None:
    stamps = ["Dec 31 23:59:59", "Jan  1 00:00:00", "Dec 31 23:59:58", "Jan  1 00:00:02"]
    assert times(stamps, "2027-01-03T00:00:00") == [
        "2026-12-31T23:59:59",
        "2027-01-01T00:00:00",
        "2026-12-31T23:59:58",
        "2027-01-01T00:00:02",
    ]


def test_lines_out_of_order_by_months_never_lie_in_the_future() -> None:
    stamps = [
        "Jun  6 06:00:00",
        "Nov 10 06:00:00",
        "Jan  2 06:00:00",
        "Oct  9 06:00:00",
        "Jan  3 06:00:00",
        "Dec 24 06:00:00",
    ]
    assert [time[:7] for time in times(stamps, "2026-11-22T00:00:00")] == [
        "2026-06", "2026-11", "2026-01", "2026-10", "2026-01", "2025-12",
    ]  # fmt: skip


def test_a_device_that_begins_at_1_january_until_it_is_told_the_time() -> None:
    stamps = [
        "Nov 10 06:00:00",
        "Jan  1 00:00:09",
        "Jan  1 00:00:12",
        "Nov 10 06:02:00",
        "Dec 31 23:59:59",
        "Jan  1 00:00:00",
    ]
    got = times(stamps, "2027-01-03T00:00:00")
    assert [got[i] for i in (0, 3, 4, 5)] == [
        "2026-11-10T06:00:00",
        "2026-11-10T06:02:00",
        "2026-12-31T23:59:59",
        "2027-01-01T00:00:00",
    ]
    assert times(["Jan  1 00:00:09", "Nov 10 06:02:00"], "2026-11-22T00:00:00")[1] == "2026-11-10T06:02:00"


@pytest.mark.parametrize("copies", [1, 100])
def test_year_turn_is_the_same_in_bulk(copies: int) -> None:
    stamps = ["Dec 31 23:59:59"] * copies + ["Jan  1 00:00:00"] * copies
    got = times(stamps, "2027-01-03T00:00:00")
    assert got == ["2026-12-31T23:59:59"] * copies + ["2027-01-01T00:00:00"] * copies


def test_zone_is_inferred_where_the_files_time_agrees_with_its_last_stamp() -> None:
    assert times(["Nov 10 06:00:00", "Nov 10 07:00:03"], "2026-11-10T12:00:04", last=True) == [
        "2026-11-10T11:00:00",
        "2026-11-10T12:00:03",
    ]


def test_zone_is_not_inferred_from_a_copied_file() -> None:
    assert times(["Nov 10 07:00:03"], "2026-11-12T12:07:40", last=True) == ["2026-11-10T07:00:03"]


def test_given_zone_and_year_hold() -> None:
    reader = Reader(Tables(), ZoneInfo("Europe/Berlin"), 2000)
    assert times(["Jul  1 12:00:00", "Dec  1 12:00:00"], "2026-11-10T00:00:00", reader=reader) == [
        "2000-07-01T10:00:00",
        "2000-12-01T11:00:00",
    ]


def test_uptime_spaces_lines_inside_their_second() -> None:
    lines = [
        f"Nov 10 06:00:0{second} fw1 kernel: [{100 + second}.{micro:06d}]".encode() + TAIL.replace(b" fw1 kernel:", b"")
        for second, micro in ((1, 900_000), (2, 100_000), (2, 100_250), (2, 899_999), (3, 1))
    ]
    batch = read(b"\n".join(lines), of=source(1, us("2026-11-22T00:00:00")))
    assert (batch.ts // 1_000_000 - us("2026-11-10T06:00:00") // 1_000_000).tolist() == [1, 2, 2, 2, 3]
    assert int(batch.ts[2] - batch.ts[1]) == 250
    assert (np.diff(batch.ts) > 0).all()


def test_reboot_starts_uptime_anew() -> None:
    lines = [
        f"Nov 10 06:00:0{second} fw1 kernel: [{uptime}.000000]".encode() + TAIL.replace(b" fw1 kernel:", b"")
        for second, uptime in ((1, 9000), (2, 9001), (5, 1), (6, 2))
    ]
    batch = read(b"\n".join(lines), of=source(1, us("2026-11-22T00:00:00")))
    assert (batch.ts // 1_000_000 - us("2026-11-10T06:00:00") // 1_000_000).tolist() == [1, 2, 5, 6]


def test_quality_says_what_was_guessed() -> None:
    quality = [
        TsQuality(int(q))
        for q in read(
            b"\n".join(
                [
                    b"Nov 10 06:00:03" + TAIL,
                    b"2026-11-10T06:00:03Z" + TAIL,
                    b"2026-11-10T06:00:03.5+01:00" + TAIL,
                    b"2026-11-10T06:00:03" + TAIL,
                    b"[   12.000001]" + TAIL.replace(b" fw1 kernel:", b""),
                ]
            )
        ).ts_quality
    ]
    assert quality == [
        TsQuality.GUESSED_YEAR,
        TsQuality.SECOND,
        TsQuality.EXACT,
        TsQuality.GUESSED_ZONE,
        TsQuality.ARRIVAL,
    ]
