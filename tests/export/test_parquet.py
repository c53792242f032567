"""Parquet, read back by pyarrow."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

from scantui.export import parquet, parquet_scans
from scantui.export.event_columns import COLUMNS
from scantui.export.handover import Export, Handover
from scantui.safe_text import harmless
from scantui.tables import Tables
from tests.export.handing import MIXED, SYNFIN, demo, noted
from tests.export.hostile import texts
from tests.feeding import packets, rows

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def written(export: Export, handover: Handover) -> bytes:
    return b"".join(chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in export.render(handover))


def read(export: Export, handover: Handover) -> pa.Table:
    return pq.read_table(io.BytesIO(written(export, handover)))


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `tests.feeding.rows` as Parquet tells it."""
    row["ts"] = _EPOCH + timedelta(microseconds=row["ts"])
    return row


def test_events_come_back() -> None:
    handover = demo(MIXED)
    assert handover.events is not None
    held = read(parquet.EXPORT, handover)
    assert tuple(held.column_names) == COLUMNS
    same = [name for name in COLUMNS if name not in ("ts_quality", "proto", "action", "flag_names", "input")]
    assert held.select(same).to_pylist() == [plain(row) for row in rows(handover.events, same)]
    assert held.schema.metadata[b"scantui.schema"] == b"scantui.events/1"
    assert held.schema.field("ts").type == pa.timestamp("us", tz="UTC")
    assert held.schema.field("dport").type == pa.uint16()
    assert held.schema.field("src").type == pa.string()
    assert set(held["proto"].to_pylist()) == {"tcp"}
    assert set(held["action"].to_pylist()) <= {"drop", "accept", "reject", None}
    assert held["seq"].null_count == len(held)


def test_many_events_are_several_row_groups() -> None:
    count = (1 << 16) + 5
    many = packets(
        Tables(),
        {"t": range(count), "src": "2001:db8::7", "dst": "192.0.2.1", "dport": [at % 65536 for at in range(count)]},
    )
    chunks = list(parquet.EXPORT.render(replace(demo(SYNFIN), events=many)))
    data = b"".join(chunk for chunk in chunks if isinstance(chunk, bytes))
    assert pq.ParquetFile(io.BytesIO(data)).num_row_groups == 2
    held = pq.read_table(io.BytesIO(data))
    assert held["dport"].to_pylist() == many.dport.tolist()
    assert set(held["src"].to_pylist()) == {"2001:db8::7"}


@settings(max_examples=25)
@given(texts)
def test_any_text_comes_back_harmless(text: str) -> None:
    tables = Tables()
    some = packets(tables, {"t": [1.0, 2.0], "src": "203.0.113.7", "dst": "192.0.2.1", "dport": 80})
    some = replace(some, sensor=some.count * 0 + tables.texts.code(text))
    held = read(parquet.EXPORT, replace(demo(SYNFIN), events=some))
    assert held["sensor"].to_pylist() == [harmless(text) or None] * 2


def test_without_events_there_is_the_schema() -> None:
    held = read(parquet.EXPORT, replace(demo(SYNFIN), events=None))
    assert (len(held), tuple(held.column_names)) == (0, COLUMNS)


def test_scans_come_back() -> None:
    handover = noted(demo(SYNFIN), "ticket\n7", "scan")
    (row,) = read(parquet_scans.EXPORT, handover).to_pylist()
    (scan,) = (scan for scan in handover.snapshot.scans if scan.sources == tuple(handover.marks))
    assert row["scan"] == scan.id
    assert row["first"] == _EPOCH + timedelta(microseconds=scan.first)
    assert (row["verdict"], row["kind"], row["ports"], tuple(row["port_list"])) == (
        "scan",
        "vertical",
        200,
        scan.port_list,
    )
    assert dict(row["signature_fields"])["flags"] == "SYN-FIN"
    assert [item["name"] for item in row["evidence"]] == [item.name for item in scan.evidence]
    assert row["marks"] == [{"source": "203.0.113.7", "judged": "scan", "note": "ticket\\x0a7"}]


def test_scans_of_the_chosen_only() -> None:
    assert len(read(parquet_scans.EXPORT, demo(MIXED))) == len(demo(MIXED).marks)
    (row,) = read(parquet_scans.EXPORT, demo(MIXED, "203.0.113.51")).to_pylist()
    assert row["sources"] == ["203.0.113.51"]
    assert len(read(parquet_scans.EXPORT, replace(demo(MIXED), marks={}))) == 0


@pytest.mark.parametrize("export", [parquet.EXPORT, parquet_scans.EXPORT])
def test_says_what_to_install(export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ValueError, match=r"pip install 'scantui\[export\]'"):
        written(export, demo(SYNFIN))
