"""The report: what is in it, and that every format tells the same."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import jsonschema
import pytest

from scantui.detect.scan import port_ranges
from scantui.export import REPORTS
from scantui.export.report import report
from scantui.export.report_text import WIDTH
from scantui.snapshot import Snapshot, empty_sources
from scantui.tables import Tables
from tests.export.pictures import BURST, HOSTILE, hostile, picture, scan_of, three

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text())


def rendered(snapshot: Snapshot, form: str, **options: object) -> str:
    return "".join(REPORTS[form](report(snapshot, **options)))  # type: ignore[arg-type]


def test_schema_is_itself_valid_and_strict() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    objects = [SCHEMA, *SCHEMA["$defs"].values(), SCHEMA["properties"]["events"], SCHEMA["properties"]["feed"]]
    for item in objects:
        if "properties" in item:
            assert item["additionalProperties"] is False
            assert sorted(item["required"]) == sorted(item["properties"])


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("make", [three, hostile, lambda: picture((), Tables())])
def test_json_keeps_to_the_schema(make: object, everything: bool) -> None:
    document = json.loads(rendered(make(), "json", everything=everything, cannot_see=("no flags",)))  # type: ignore[operator]
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_schema_refuses_what_is_not_in_it() -> None:
    document = json.loads(rendered(three(), "json"))
    document["scans"][0]["colour"] = "red"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(document)


def test_json_values() -> None:
    document = json.loads(rendered(three(), "json"))
    assert list(document) == ["schema", "version", "inputs", "events", "scans", "clusters", "feed"]
    assert document["events"] == {
        "count": 600,
        "first": "2000-01-25T03:14:01.000000Z",
        "last": "2000-01-25T03:14:01.906000Z",
    }
    first = document["scans"][0]
    assert first["sources"] == ["203.0.113.7"]
    assert first["flagged_at"] == "2000-01-25T03:14:01.020000Z"
    assert first["port_ranges"] == "21-23,25"
    assert first["signature"] == {"name": "SYN-FIN", "fields": {"flags": "SYN-FIN", "sport": 53}}
    assert first["evidence"][1]["weight"] == -999
    assert first["tools"] == []
    assert document["clusters"][0]["sources"] == ["203.0.113.7"]
    assert document["inputs"] == [
        {"path": "/var/log/kern.log", "format": "netfilter", "lines": 2001, "events": 2000, "unread": 1, "doubt": ""}
    ]


def test_scans_then_suspects_then_benign_and_the_benign_only_on_request() -> None:
    assert [scan.verdict for scan in report(three()).scans] == ["scan", "suspect"]
    assert [scan.verdict for scan in report(three(), everything=True).scans] == ["scan", "suspect", "benign"]


def test_equal_runs_give_equal_bytes_whatever_the_order_of_the_scans() -> None:
    snapshot = three()
    turned = replace(snapshot, scans=tuple(reversed(snapshot.scans)))
    for form in REPORTS:
        assert rendered(snapshot, form, everything=True) == rendered(turned, form, everything=True)


def test_a_cluster_of_scans_that_are_not_shown_is_not_shown() -> None:
    snapshot = three()
    shown = report(replace(snapshot, scans=tuple(scan for scan in snapshot.scans if scan.cluster is None)))
    assert shown.clusters == []


def test_zone() -> None:
    west = timezone(timedelta(hours=-5))
    assert report(three(), where=west).scans[0].first == "2000-01-24T22:14:01.000000-05:00"


def test_jsonl_is_the_scans_one_a_line() -> None:
    lines = rendered(three(), "jsonl", everything=True).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(rendered(three(), "json", everything=True))["scans"]


def test_csv_has_a_row_a_scan_and_numbers_stay_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(rendered(three(), "csv", everything=True))))
    assert [row["source"] for row in rows] == ["203.0.113.7", "2001:db8:1234:5678:9abc:def0:1234:5678", "192.0.2.53"]
    assert [row["score"] for row in rows] == ["14.25", "1.5", "-4.0"]
    assert rows[0]["port_ranges"] == "21-23,25"
    assert rows[1]["flagged_at"] == ""


@pytest.mark.parametrize("form", REPORTS)
def test_attacks_stay_words(form: str) -> None:
    text = rendered(hostile(), form)
    assert text.replace("\n", "").isprintable()
    assert "\u202e" not in text and "\x1b" not in text


def test_text_fits_and_is_ascii() -> None:
    tables = Tables()
    wide = scan_of(
        tables.addresses.code("203.0.113.7"),
        port_list=tuple(range(1, 60_000, 2)),
        techniques=("syn-fin", "xmas", "null", "maimon", "window", "ack", "connect", "version"),
    )
    text = rendered(picture((wide,), tables, hostile=True), "text", cannot_see=("flags: " + "very " * 40,))
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= WIDTH
    assert len(text.splitlines()) < 40


def test_text_tells_what_was_seen_and_ends_with_the_inputs() -> None:
    text = rendered(three(), "text", everything=True)
    assert max(map(len, text.splitlines())) <= WIDTH
    lines = text.splitlines()
    assert lines[0].endswith("1 scan, 1 suspect, 1 benign in 600 events")
    assert any(line.split()[:6] == ["scan", "203.0.113.7", "200", "4", "1", "+14.2"] for line in lines)
    assert any("21-23, 25" in line for line in lines)
    assert any("illegal-flags: SYN and FIN together" in line for line in lines)
    assert lines[-1].split() == ["2001", "2000", "1", "netfilter", "/var/log/kern.log"]


def test_text_without_scans_says_so() -> None:
    snapshot = replace(picture((), Tables()), sources=empty_sources())
    assert rendered(snapshot, "text").startswith("scantui ")
    assert "0 scans, 0 suspects in 0 events" in rendered(snapshot, "text")


def test_ports_of_the_report_are_never_cut() -> None:
    tables = Tables()
    ports = tuple(range(1, 60_000, 2))
    scan = scan_of(tables.addresses.code("203.0.113.7"), port_list=ports)
    assert report(picture((scan,), tables)).scans[0].port_ranges == port_ranges(ports)


def test_a_score_that_is_no_number_is_an_error() -> None:
    tables = Tables()
    with pytest.raises(ValueError):
        report(picture((scan_of(tables.addresses.code("203.0.113.7"), score=float("nan")),), tables))


def test_pictures_are_what_they_say() -> None:
    assert BURST == 948_770_041 * 1_000_000
    assert not HOSTILE.isprintable()
