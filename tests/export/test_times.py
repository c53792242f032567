"""Times and zones as text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.export.times import iso, span, zone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)))
def test_every_time_comes_back(moment: datetime) -> None:
    micros = (moment - EPOCH) // timedelta(microseconds=1)
    assert iso(micros).endswith("Z")
    assert datetime.fromisoformat(iso(micros)) == moment
    assert datetime.fromisoformat(iso(micros, zone("Europe/Berlin"))) == moment


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["UTC", "Europe/Berlin", "-12:00"]))
def test_any_number_gives_a_time(micros: int, name: str) -> None:
    assert datetime.fromisoformat(iso(micros, zone(name))).tzinfo is not None


def test_zones() -> None:
    july = 962_409_600_000_000  # 2000-07-01T00:00:00Z
    assert iso(july, zone("UTC")) == iso(july, zone("utc")) == "2000-07-01T00:00:00.000000Z"
    assert iso(july, zone("Europe/Berlin")) == "2000-07-01T02:00:00.000000+02:00"
    assert iso(july, zone("-05:30")) == iso(july, zone("-0530")) == "2000-06-30T18:30:00.000000-05:30"


@pytest.mark.parametrize(
    "text", ["", "Mars/Phobos", "/etc/passwd", "../../etc/localtime", "UTC+3", "+25:00", "local", "a b"]
)
def test_what_is_no_zone(text: str) -> None:
    with pytest.raises(ValueError, match="IANA name"):
        zone(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0s"), (0.906, "0.9s"), (9.97, "10s"), (47, "47s"), (725, "12m05s"), (12_000, "3h20m"), (187_200, "2d04h")],
)
def test_span(seconds: float, text: str) -> None:
    assert span(round(seconds * 1_000_000)) == text
