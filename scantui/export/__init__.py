"""What scantui writes for others: reports, and exports of chosen sources. One file a kind; the registries are here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scantui.export import (
    abuse,
    blocklist,
    bundle,
    crowdsec,
    events_csv,
    fail2ban,
    ipset,
    iptables,
    jsonl,
    marked_csv,
    marked_json,
    nftables,
    parquet,
    parquet_scans,
    pf,
    report_html,
    report_md,
    snort2,
    snort3,
    stix,
    suricata,
    table,
)
from scantui.export.handover import Export
from scantui.export.report import Report
from scantui.export.report_csv import render_csv
from scantui.export.report_json import render_json, render_jsonl
from scantui.export.report_text import render_text

_MODULES = (
    *(report_html, report_md, abuse, bundle),
    *(marked_csv, marked_json, jsonl, table, events_csv, parquet, parquet_scans, stix),
    *(nftables, iptables, ipset, pf, crowdsec, fail2ban, blocklist),
    *(suricata, snort3, snort2),
)
EXPORTS: dict[str, Export] = {module.EXPORT.name: module.EXPORT for module in _MODULES}

REPORTS: dict[str, Callable[[Report], Iterable[str]]] = {
    "text": render_text,
    "json": render_json,
    "jsonl": render_jsonl,
    "csv": render_csv,
}
