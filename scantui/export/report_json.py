"""The report for machines: one JSON document, or one JSON object a scan and line."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from scantui.export.report import Report


def render_json(report: Report) -> Iterator[str]:
    """Schema `scantui.report/1`, indented, keys in the schema's order."""
    yield msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"


def render_jsonl(report: Report) -> Iterator[str]:
    """The report's `scans`, one a line; nothing else."""
    encoder = msgspec.json.Encoder()
    for scan in report.scans:
        yield encoder.encode(scan).decode() + "\n"
