"""Exports of marked sources."""

from __future__ import annotations

import csv
import io
import json

from scantui.export import EXPORTS
from scantui.export.handover import Handover
from scantui.snapshot import Mark
from tests.export.pictures import HOSTILE, three


def test_registry_is_keyed_by_its_names() -> None:
    for name, export in EXPORTS.items():
        assert export.name == name
        assert export.suffix.startswith(".")
        assert export.description


def test_json_has_the_marked_and_their_scans_only() -> None:
    snapshot = three()
    code = snapshot.tables.addresses.code
    absent = code("198.51.100.9")
    marks = {code("203.0.113.7"): Mark(code("203.0.113.7"), "call the owner", 0, "watch"), absent: Mark(absent)}
    document = json.loads("".join(EXPORTS["json"].render(Handover(snapshot, marks))))
    assert document["schema"] == "scantui.marked/1"
    known, unknown = document["sources"]
    assert known["source"] == "203.0.113.7"
    assert known["note"] == "call the owner"
    assert (known["judged"], known["verdict"]) == ("watch", "scan")
    assert known["events"] == 200
    assert known["first"] == "2000-01-25T03:14:01.000000Z"
    assert [scan["id"] for scan in known["scans"]] == [next(s.id for s in snapshot.scans if s.cluster)]
    assert unknown == {
        "source": "198.51.100.9", "note": "", "judged": "", "verdict": "", "events": None, "ports": None, "targets": None,
        "first": None, "last": None, "scans": [],
    }  # fmt: skip


def test_csv_has_a_row_a_scan_and_one_for_a_source_without() -> None:
    snapshot = three()
    code = snapshot.tables.addresses.code
    marks = {item: Mark(item, HOSTILE) for item in (code("203.0.113.7"), code("198.51.100.9"))}
    text = "".join(EXPORTS["csv"].render(Handover(snapshot, marks)))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["source"], row["verdict"]) for row in rows] == [("203.0.113.7", "scan"), ("198.51.100.9", "")]
    assert text.replace("\n", "").isprintable()


def test_nothing_marked_gives_an_empty_table() -> None:
    assert json.loads("".join(EXPORTS["json"].render(Handover(three(), {}))))["sources"] == []
    assert len("".join(EXPORTS["csv"].render(Handover(three(), {}))).splitlines()) == 1
