"""Every format's samples give the events they promise, read singly and in bulk."""

from __future__ import annotations

from datetime import datetime

import pytest

from scantui.events import Action, Proto, TsQuality, flag_text
from scantui.formats import FORMATS
from scantui.formats.base import SMALL, Format, Sample
from tests.feeding import read, rows

CASES = [pytest.param(form, sample, id=f"{form.name}-{i}") for form in FORMATS for i, sample in enumerate(form.samples)]


def check(row: dict[str, object], sample: Sample) -> None:
    for name, want in sample.expect.items():
        got = row[name]
        if name == "ts":
            want = int(datetime.fromisoformat(str(want)).timestamp() * 1_000_000)
        elif name == "ts_quality":
            got = TsQuality(got).name.lower()
        elif name == "flags" and got is not None:
            got = flag_text(int(str(got)))
        elif name in ("src", "dst"):
            got = got or None
        elif name == "proto":
            got = Proto(got).name.lower()
        elif name == "action":
            got = Action(got).name.lower()
        assert got == want, f"{name} of {sample.line!r}"


def headed(sample: Sample) -> bytes:
    return sample.header + b"\n" if sample.header else b""


@pytest.mark.parametrize(("form", "sample"), CASES)
def test_sample_gives_its_event(form: Format, sample: Sample) -> None:
    (row,) = rows(read(headed(sample) + sample.line))
    check(row, sample)


@pytest.mark.parametrize(("form", "sample"), CASES)
def test_sample_gives_its_event_in_bulk(form: Format, sample: Sample) -> None:
    got = rows(read(headed(sample) + (sample.line + b"\n") * (2 * SMALL)))
    assert len(got) == 2 * SMALL
    check(got[0], sample)
    check(got[-1] | {"count": got[0]["count"]}, sample)  # copies of an alert are the same packet


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_samples_say_only_fields_the_format_lists(form: Format) -> None:
    derived = {"ts_quality"}
    for sample in form.samples:
        assert {name for name, value in sample.expect.items() if value is not None} <= set(form.fields) | derived
