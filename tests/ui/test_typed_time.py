"""Times as people type them; what is no time says where it went wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.ui.text import DAY, HOUR, MINUTE, SECOND, moment, stamp
from scantui.ui.typed_time import NotATime, moment_of
from tests.ui.build import NOW

FIRST = NOW - 40 * HOUR  # 2025-11-20 11:14:10


def read(text: str, here: int = NOW, first: int = FIRST) -> str:
    return stamp(moment_of(text, here=here, first=first, last=NOW))


@pytest.mark.parametrize(("text", "wanted"), [
    ("03:14", "2025-11-22 03:14:00Z"),
    ("03:14:01", "2025-11-22 03:14:01Z"),
    ("03:14:01.25", "2025-11-22 03:14:01.25Z"),
    ("  3:14 ", "2025-11-22 03:14:00Z"),
    ("3am", "2025-11-22 03:00:00Z"),
    ("2025-11-21 03:14:01", "2025-11-21 03:14:01Z"),
    ("2025-11-21T03:14:01Z", "2025-11-21 03:14:01Z"),
    ("2025-11-22", "2025-11-22 00:00:00Z"),
    ("20251121", "2025-11-21 00:00:00Z"),
    ("nov 21 23:00", "2025-11-21 23:00:00Z"),
    ("04:14+01:00", "2025-11-22 03:14:00Z"),
    ("03:14 utc", "2025-11-22 03:14:00Z"),
    ("23:50", "2025-11-21 23:50:00Z"),
    ("yesterday 03:00", "2025-11-21 03:00:00Z"),
    ("yesterday", "2025-11-21 00:00:00Z"),
    ("today 03:00", "2025-11-22 03:00:00Z"),
    ("-5m", "2025-11-22 03:09:10Z"),
    ("-1h30m", "2025-11-22 01:44:10Z"),
    ("- 2 h 10 min", "2025-11-22 01:04:10Z"),
    ("-0.5h", "2025-11-22 02:44:10Z"),
    ("start", stamp(FIRST)),
    ("now", stamp(NOW)),
    ("03:14:10", stamp(NOW)),
])  # fmt: skip
def test_times(text: str, wanted: str) -> None:
    assert read(text) == wanted


def test_a_step_and_a_time_of_day_are_of_the_moment_looked_at() -> None:
    here = NOW - 30 * HOUR  # 2025-11-20 21:14:10
    assert read("+1m", here) == "2025-11-20 21:15:10Z"
    assert read("22:00", here) == "2025-11-20 22:00:00Z"
    assert read("03:00", here) == "2025-11-21 03:00:00Z"  # there is no 03:00 on that day in the run


@pytest.mark.parametrize(("text", "column", "why"), [
    ("", 0, "write a time"),
    ("foo", 0, "not a time"),
    ("03:14 bar", 6, "BAR: write a zone as"),
    ("yesterday 18:00 b@r", 16, "not a time"),
    ("99:99", 0, "not a time"),
    ("03:14 CET", 6, "CET: write a zone as"),
    ("14", 0, "14: an hour or a day? write 14:00"),
    ("-5 parsecs", 3, "no unit is called parsecs"),
    ("-", 1, "a step is a number"),
    ("-5m x", 1, "a step is a number"),
    ("2000-01-25 03:14:01", 0, "2000-01-25 03:14:01Z is before the first event, 2025-11-20 11:14:10Z"),
    ("+5m", 0, "2025-11-22 03:19:10Z is after the last event, 2025-11-22 03:14:10Z"),
    ("-9999999999999999d", 0, "is before the first event"),
    ("9999-12-31 23:59", 0, "after the last event"),
])  # fmt: skip
def test_what_is_no_time_says_where(text: str, column: int, why: str) -> None:
    with pytest.raises(NotATime) as raised:
        read(text)
    assert why in str(raised.value) and raised.value.column == column


@given(st.text(max_size=30) | st.from_regex(r"[-+ ]?[0-9:. TZ/a-z-]{0,20}", fullmatch=True))
def test_anything_typed_is_a_moment_of_the_run_or_refused(text: str) -> None:
    try:
        at = moment_of(text, here=NOW, first=FIRST, last=NOW)
    except NotATime as wrong:
        assert 0 <= wrong.column <= len(text) and str(wrong)
    else:
        assert FIRST <= at <= NOW


@given(st.integers(FIRST // SECOND + 1, NOW // SECOND))
def test_a_stamp_reads_back(second: int) -> None:
    at = second * SECOND
    assert moment_of(stamp(at), here=NOW, first=FIRST, last=NOW) == at
    assert moment_of(f"{moment(at):%H:%M:%S}", here=at, first=FIRST, last=NOW) == at


def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        assert read("03:14") == "2025-11-22 03:14:00Z"
        with pytest.raises(NotATime, match="JST: write a zone"):
            read("03:14 JST")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_units_are_exact() -> None:
    for unit, size in (("s", SECOND), ("m", MINUTE), ("h", HOUR), ("d", DAY)):
        assert moment_of(f"-1{unit}", here=NOW, first=0, last=NOW) == NOW - size
