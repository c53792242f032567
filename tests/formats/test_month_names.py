"""Months in other languages: each name means one month, and is read as that."""

from __future__ import annotations

import pytest

from scantui.formats.header_stamps import stamp_at
from scantui.formats.month_names import MONTH_NAMES
from scantui.formats.stamp import syslog_stamp


@pytest.mark.parametrize("point", [b"", b"."])
def test_every_name_is_its_month(point: bytes) -> None:
    for name, number in MONTH_NAMES.items():
        found = stamp_at(name + point + b" 08 10:16:42 fw1 kernel: x", 0)
        if syslog_stamp(name + point + b" 08 10:16:42") is not None:  # the same in English
            assert found is None, name
            continue
        english = syslog_stamp(b"Jan 08 10:16:42")
        assert found is not None and english is not None, name
        assert found.record == {**english, "month": number}, name
        assert found.hosted and found.rest == b"fw1 kernel: x"


def test_no_day_that_its_month_lacks() -> None:
    found = stamp_at("févr. 30 10:16:42 fw1 kernel: x".encode(), 0)
    assert found is not None and found.record is None
