"""A line is one format's: no other reads it, in a syslog that has everything in it least of all."""

from __future__ import annotations

import pytest

from scantui.formats import FORMATS
from scantui.formats.base import Format
from scantui.tables import Tables

SAMPLES = [(form.name, sample.line) for form in FORMATS for sample in form.samples]
GENERAL = {"keyvalue", "json", "csv", "logfmt"}  # read what nobody else does, and are tried last


@pytest.mark.parametrize("form", [form for form in FORMATS if form.name not in GENERAL], ids=lambda form: form.name)
def test_no_format_reads_another_ones_lines(form: Format) -> None:
    parser = form.bind(Tables())
    for name, line in SAMPLES:
        if name != form.name and form.claims(line):
            assert not parser.line(line), (name, line)


def test_the_general_formats_are_tried_last() -> None:
    names = [form.name for form in FORMATS]
    assert GENERAL & set(names) == set(names[-len(GENERAL & set(names)) :])
