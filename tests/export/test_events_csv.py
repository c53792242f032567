"""Events as CSV: one row each, null where the log did not say."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

from hypothesis import given

from scantui.export import event_columns
from scantui.export.events_csv import EXPORT
from scantui.export.handover import Handover
from scantui.tables import Tables
from tests.export.handing import MIXED, SYNFIN, demo
from tests.export.hostile import texts
from tests.feeding import packets, rows


def table(handover: Handover) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(str(chunk) for chunk in EXPORT.render(handover)), newline="")))


def test_rows_are_the_events() -> None:
    handover = demo(MIXED)
    assert handover.events is not None
    found = table(handover)
    wanted = rows(
        handover.events,
        event_columns.COLUMNS[2:4] + ("sport", "dport", "flags", "ttl", "seq", "rule", "sensor", "count"),
    )
    assert len(found) == len(wanted)
    for one, want in zip(found, wanted, strict=True):
        assert {name: one[name] for name in want} == {
            name: "" if value is None else str(value) for name, value in want.items()
        }
    assert found[0]["ts"] == "2000-01-25T00:33:00.008335Z"
    assert {one["flag_names"] for one in table(demo(SYNFIN))} == {"SYN-FIN"}


def test_unsaid_is_empty_and_zero_is_zero() -> None:
    tables = Tables()
    some = packets(
        tables, {"t": [1.0, 2.0], "src": "203.0.113.7", "dst": "192.0.2.1", "dport": [0, 80], "flags": [0, 2]}
    )
    said, unsaid = (
        table(replace(demo(SYNFIN), events=some))[0],
        table(replace(demo(SYNFIN), events=replace(some, known=some.known * 0)))[0],
    )
    assert (said["dport"], said["flags"], said["flag_names"], said["sport"]) == ("0", "0", "NULL", "")
    assert (unsaid["dport"], unsaid["flags"], unsaid["flag_names"]) == ("", "", "")


def test_many_events_come_in_parts() -> None:
    tables = Tables()
    count = (1 << 16) + 5
    many = packets(tables, {"t": range(count), "src": "203.0.113.7", "dst": "192.0.2.1", "dport": 80})
    chunks = list(EXPORT.render(replace(demo(SYNFIN), events=many)))
    assert len(chunks) == 2
    assert sum(str(chunk).count("\n") for chunk in chunks) == count + 1


@given(texts)
def test_no_text_is_a_formula_or_a_row(text: str) -> None:
    tables = Tables()
    some = packets(tables, {"t": [1.0, 2.0], "src": "203.0.113.7", "dst": "192.0.2.1", "dport": 80})
    some = replace(some, rule=some.count * 0 + tables.texts.code(text))
    first, second = table(replace(demo(SYNFIN), events=some))
    assert first["rule"] == second["rule"]
    assert first["rule"].isprintable()
    assert (
        not first["rule"].lstrip(" \"'`").startswith(("=", "+", "-", "@"))
        or first["rule"].startswith("'")
        or first["rule"][1:].isdigit()
    )
    assert first["line_length"] == "0"


def test_without_events_there_is_the_head(tmp_path: Path) -> None:
    assert table(replace(demo(SYNFIN), events=None)) == []
