"""The scans of the chosen sources as Parquet: one row a scan, lists as lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import msgspec

from scantui.detect.scan import Scan
from scantui.export.handover import Export, Handover
from scantui.export.parquet_file import parquet, pyarrow
from scantui.export.report import ScanItem, scan_item, weightiest_first
from scantui.safe_text import harmless

SCHEMA = "scantui.scans/1"


def render(handover: Handover) -> Iterator[bytes]:
    pa = pyarrow()
    fields = _fields(pa)
    scans = [scan for scan in handover.snapshot.scans if not handover.marks.keys().isdisjoint(scan.sources)]
    rows = [_row(handover, scan) for scan in sorted(scans, key=weightiest_first)]
    arrays = [pa.array([row[field.name] for row in rows], field.type) for field in fields]
    yield from parquet(pa, handover, SCHEMA, fields, [arrays])


def _fields(pa: ModuleType) -> Sequence[Any]:
    text, when, texts = pa.string(), pa.timestamp("us", tz="UTC"), pa.list_(pa.string())
    types = {
        "scan": text, "sources": texts, "verdict": text, "score": pa.float64(), "kind": text, "slow": pa.bool_(), "proto": text,
        "techniques": texts, "first": when, "last": when, "flagged_at": when, "events": pa.int64(), "packets": pa.int64(),
        "targets": pa.int64(), "ports": pa.int64(), "port_list": pa.list_(pa.uint16()), "signature": text,
        "signature_fields": pa.map_(text, text),
        "evidence": pa.list_(pa.struct([("name", text), ("weight", pa.float64()), ("text", text)])),
        "cluster": text, "marks": pa.list_(pa.struct([("source", text), ("judged", text), ("note", text)])),
    }  # fmt: skip
    return [pa.field(name, kind) for name, kind in types.items()]


def _row(handover: Handover, scan: Scan) -> dict[str, Any]:
    item: ScanItem = scan_item(scan, handover.snapshot)
    return {
        "scan": item.id,
        "sources": item.sources,
        "verdict": item.verdict,
        "score": item.score,
        "kind": item.kind,
        "slow": item.slow,
        "proto": item.proto,
        "techniques": item.techniques,
        "first": scan.first,
        "last": scan.last,
        "flagged_at": scan.flagged_at,
        "events": scan.events,
        "packets": scan.packets,
        "targets": scan.targets,
        "ports": scan.ports,
        "port_list": list(scan.port_list),
        "signature": item.signature.name,
        "signature_fields": [(name, str(value)) for name, value in item.signature.fields.items()],
        "evidence": msgspec.to_builtins(item.evidence),
        "cluster": item.cluster,
        "marks": [
            {"source": handover.snapshot.address(code), "judged": mark.verdict, "note": harmless(mark.note)}
            for code, mark in handover.marks.items()
            if code in scan.sources and (mark.verdict or mark.note)
        ],
    }


EXPORT = Export("parquet-scans", ".parquet", "scans of the sources as Parquet, one row each", render)
