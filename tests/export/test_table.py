"""The text table and the lines of JSON."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

from hypothesis import given

from scantui.export import jsonl, marked_json, table
from scantui.export.handover import Export, Handover
from tests.export.handing import MIXED, SYNFIN, demo, noted, wishing
from tests.export.hostile import texts


def written(export: Export, handover: Handover) -> str:
    return "".join(str(chunk) for chunk in export.render(handover))


def test_columns_stand_under_their_names() -> None:
    lines = written(table.EXPORT, demo(MIXED)).splitlines()
    assert len(lines) == len(demo(MIXED).marks) + 1
    at = lines[0].index("WHAT")
    assert lines[1][at:] == "vertical tcp null"
    end = lines[0].index("EVENTS") + len("EVENTS")
    assert [line[:end].split()[-1] for line in lines[1:3]] == ["300", "60"]


def test_what_is_not_known_is_a_dash() -> None:
    handover = demo(MIXED, "203.0.113.51", "192.0.2.250")
    line = written(table.EXPORT, handover).splitlines()[2]
    assert line.split() == ["192.0.2.250"] + ["-"] * 9


def test_times_are_in_the_wished_zone() -> None:
    handover = wishing(demo(SYNFIN), where=timezone(timedelta(hours=2)))
    assert "2000-01-25T05:14:01" in written(table.EXPORT, handover)


@given(texts)
def test_a_note_stays_in_its_line(note: str) -> None:
    text = written(table.EXPORT, noted(demo(SYNFIN), note))
    assert text.count("\n") == 2
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@given(texts)
def test_lines_of_json_are_the_sources_of_the_document(note: str) -> None:
    handover = noted(demo(SYNFIN), note, "watch")
    lines = written(jsonl.EXPORT, handover).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == json.loads(written(marked_json.EXPORT, handover))["sources"]
