"""Times typed for --since and --until: as of now, in a zone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.export.times import iso, zone
from scantui.when import DAY, NotATime, moment_from

NOW = 1_763_781_250_000_000  # 2025-11-22T03:14:10Z, 04:14:10 in Berlin


@pytest.mark.parametrize(
    ("text", "utc", "berlin"),
    [
        ("now", "2025-11-22T03:14:10", "2025-11-22T03:14:10"),
        ("03:00", "2025-11-22T03:00:00", "2025-11-22T02:00:00"),
        ("04:00", "2025-11-21T04:00:00", "2025-11-22T03:00:00"),  # the last that has been
        ("23:30", "2025-11-21T23:30:00", "2025-11-21T22:30:00"),
        ("today", "2025-11-22T00:00:00", "2025-11-21T23:00:00"),
        ("yesterday 03:00", "2025-11-21T03:00:00", "2025-11-21T02:00:00"),
        ("Yesterday", "2025-11-21T00:00:00", "2025-11-20T23:00:00"),
        ("today 05:00", "2025-11-22T05:00:00", "2025-11-22T04:00:00"),
        ("2025-07-01", "2025-07-01T00:00:00", "2025-06-30T22:00:00"),  # summer there
        ("2025-07-01 03:14:01", "2025-07-01T03:14:01", "2025-07-01T01:14:01"),
        ("2025-07-01 03:14:01Z", "2025-07-01T03:14:01", "2025-07-01T03:14:01"),
        ("2h ago", "2025-11-22T01:14:10", "2025-11-22T01:14:10"),
        ("2 hours ago", "2025-11-22T01:14:10", "2025-11-22T01:14:10"),
        ("1 week 30 min ago", "2025-11-15T02:44:10", "2025-11-15T02:44:10"),
        ("-90m", "2025-11-22T01:44:10", "2025-11-22T01:44:10"),
    ],
)
def test_what_people_type(text: str, utc: str, berlin: str) -> None:
    assert iso(moment_from(text, NOW, zone("UTC"), "")).removesuffix(".000000Z") == utc
    assert iso(moment_from(text, NOW, zone("Europe/Berlin"), "")).removesuffix(".000000Z") == berlin


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no time is given; try 03:00"), ("8 o'clock", "not a time: try 03:00"), ("2 moons ago", "no unit is called moons"),
     ("17", "an hour or a day"), ("03:00 CET", "write a zone as"), ("ago", "not a time"), ("-", "a step is a number")],
)  # fmt: skip
def test_what_is_no_time(text: str, why: str) -> None:
    with pytest.raises(NotATime, match=why):
        moment_from(text, NOW, zone("UTC"), "03:00")


@given(
    st.text(max_size=30) | st.from_regex(r"[-+ ]?[0-9:. TZ/a-z-]{0,20}( ago)?", fullmatch=True),
    st.sampled_from(["UTC", "Europe/Berlin", "+05:30"]),
)
def test_anything_is_a_time_or_refused(text: str, where: str) -> None:
    try:
        moment_from(text, NOW, zone(where), "03:00")
    except NotATime as wrong:
        assert str(wrong)


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_time_of_day_lies_in_the_last_day(hour: int, minute: int) -> None:
    for where in ("UTC", "Asia/Tokyo"):
        assert NOW - DAY <= moment_from(f"{hour:02}:{minute:02}", NOW, zone(where), "") <= NOW
