"""Hostile lines of any format, together and long, end nothing: every line is read, silent or told as unread."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scantui.formats import FORMATS
from scantui.formats.base import SMALL, Format
from scantui.formats.reader import Reader
from scantui.formats.registry import Formats
from scantui.ingest.lines import MAX_LINE
from scantui.tables import Tables
from tests.feeding import read
from tests.formats.test_bulk_equals_line import EDIT, PIECES, mutated

EVERY = [sample for form in FORMATS for sample in form.samples]
LONG = [
    b"7",
    b"a",
    b" ",
    b",",
    b'"',
    b"=",
    b"|",
    b".",
    b":",
    b"\\",
    b"{",
    b'{"a":',
    b'"a":1,',
    b"a=b ",
    b'a="',
    b"1.2.3.4 ",
    b"<13>",
]


def accounted(data: bytes, formats: Formats | None = None) -> None:
    """Every line is somebody's or unread, and nothing is told twice."""
    reader = Reader(Tables(), formats=formats)
    events = read(data, [len(data) // 2], reader=reader)
    status = reader.status(1)
    assert status.events == len(events)
    assert status.lines == data.count(b"\n") + (not data.endswith(b"\n"))
    assert sum(lines for _, lines in status.shares) + status.unread <= status.lines
    assert all(len(sample) <= 210 and sample.isprintable() for sample in status.samples)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_lines_of_all_formats_together(data: st.DataObject) -> None:
    few = [mutated(data.draw(st.sampled_from(EVERY)).line, data.draw(st.lists(EDIT, max_size=4))) for _ in range(4)]
    copies = data.draw(st.sampled_from([1, SMALL + 1]))
    accounted(b"\n".join(line for line in few for _ in range(copies)) + b"\n")


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_long_lines_of_every_format(form: Format, data: st.DataObject) -> None:
    """Up to the longest line that is read, with something in it over and over. How time grows with length is measured by hand
    (benchmarks/fuzz.py); what grew with its square took minutes here."""
    sample = data.draw(st.sampled_from(form.samples))
    part = data.draw(st.sampled_from([*LONG, *PIECES, sample.line[: len(sample.line) // 2] + b" "]))
    at = data.draw(st.integers(0, len(sample.line)))
    line = sample.line[:at] + part.replace(b"\n", b" ") * (MAX_LINE // len(part)) + sample.line[at:]
    head = sample.header + b"\n" if sample.header else b""
    accounted(head + line[: MAX_LINE - 1].replace(b"\n", b" ") + b"\n", Formats(forced=(("*", form),)))
