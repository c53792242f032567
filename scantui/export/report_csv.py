"""The report for spreadsheets: one row a scan."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.export.cells import Cell, rows
from scantui.export.report import EvidenceItem, Report, ScanItem, SignatureItem

SCAN_COLUMNS = ("scan", "verdict", "score", "kind", "slow", "proto", "techniques", "first", "last", "flagged_at",
                "events", "targets", "ports", "port_ranges", "signature", "evidence", "cluster")  # fmt: skip


def render_csv(report: Report) -> Iterator[str]:
    """`source` first, then `SCAN_COLUMNS`."""
    return rows(("source", *SCAN_COLUMNS), ((" ".join(scan.sources), *scan_cells(scan)) for scan in report.scans))


def scan_cells(scan: ScanItem) -> tuple[Cell, ...]:
    """One scan's cells, as in `SCAN_COLUMNS`."""
    return (
        scan.id,
        scan.verdict,
        scan.score,
        scan.kind,
        scan.slow,
        scan.proto,
        " ".join(scan.techniques),
        scan.first,
        scan.last,
        scan.flagged_at,
        scan.events,
        scan.targets,
        scan.ports,
        scan.port_ranges,
        signature_text(scan.signature),
        "; ".join(evidence_text(item) for item in scan.evidence),
        scan.cluster,
    )


def signature_text(signature: SignatureItem) -> str:
    """`name (field=value, ...)`."""
    fields = ", ".join(f"{name}={value}" for name, value in signature.fields.items())
    return f"{signature.name} ({fields})" if fields else signature.name


def evidence_text(item: EvidenceItem) -> str:
    return f"{item.name} {item.weight:+.2f}: {item.text}"
