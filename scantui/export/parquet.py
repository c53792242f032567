"""The events of the chosen sources as Parquet: typed columns, nulls where the log did not say."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

from scantui.export.event_columns import COLUMNS, SCHEMA, Column, batches, dtype_of
from scantui.export.handover import Export, Handover, Needs
from scantui.export.parquet_file import parquet, pyarrow


def render(handover: Handover) -> Iterator[bytes]:
    pa = pyarrow()
    fields = [pa.field(name, _type(pa, name)) for name in COLUMNS]
    parts = batches(handover.events, handover.paths) if handover.events is not None else iter(())
    yield from parquet(pa, handover, SCHEMA, fields, ([_array(pa, column) for column in part] for part in parts))


def _type(pa: ModuleType, name: str) -> Any:
    if name == "ts":
        return pa.timestamp("us", tz="UTC")
    dtype = dtype_of(name)
    return pa.string() if dtype is None else pa.from_numpy_dtype(dtype)


def _array(pa: ModuleType, column: Column) -> Any:
    if column.texts is None:
        plain = pa.array(column.values, mask=column.null)
        return plain.cast(_type(pa, column.name))
    places = pa.array(column.values, mask=column.null)
    return pa.array(column.texts, pa.string()).take(places)


EXPORT = Export(
    "parquet", ".parquet", "events of the sources as Parquet, for DuckDB, pandas, Spark", render, Needs.EVENTS
)
