"""One scan as an XARF 4 report, which abuse desks read by machine (xarf.org, schema 4.2.0, connection/port_scan)."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Any

import numpy as np

from scantui.detect.scan import Scan
from scantui.events import without_notices
from scantui.export.handover import Handover
from scantui.export.incident_source import what
from scantui.export.standing import Standing
from scantui.export.times import iso
from scantui.safe_text import harmless

VERSION = "4.2.0"
_PROTOCOLS = ("tcp", "udp", "icmp", "sctp")
_MOST_TEXT, _MOST_NAME = 1000, 200  # characters (xarf-core.json)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://xarf.org/scantui")


def xarf(handover: Handover, one: Standing, scan: Scan, lines: list[str], contact: tuple[str, str]) -> dict[str, Any]:
    """The report as an object for JSON. `lines`: of the log; `contact`: organisation and mailbox of whoever reports."""
    org, mailbox = contact
    who = {"org": harmless(org, _MOST_NAME), "contact": mailbox, "domain": mailbox.rpartition("@")[2]}
    proof = "\n".join(lines).encode()
    report: dict[str, Any] = {
        "xarf_version": VERSION,
        "report_id": str(uuid.uuid5(_NAMESPACE, f"{one.address} {scan.id} {mailbox}")),
        "timestamp": iso(scan.first),
        "reporter": who,
        "sender": who,
        "source_identifier": one.address,
        "category": "connection",
        "evidence_source": "firewall_logs",
        "first_seen": iso(scan.first),
        "last_seen": iso(scan.last),
        "confidence": one.sureness(scan) / 100,
        "description": _described(one, scan),
        "evidence": [
            {
                "content_type": "text/plain",
                "description": "log lines, bytes that cannot be shown as escapes",
                "payload": base64.b64encode(proof).decode(),
                "hash": f"sha256:{hashlib.sha256(proof).hexdigest()}",
                "size": len(proof),
            }
        ],
    }
    if scan.targets == 1 and scan.target_list:
        report["destination_ip"] = handover.snapshot.address(scan.target_list[0])
    source_port = _source_port(handover, one.code, scan)
    if source_port and scan.proto in _PROTOCOLS:
        report |= {"type": "port_scan", "protocol": scan.proto, "source_port": source_port}
        if len(scan.port_list) == 1 and scan.port_list[0]:
            report["destination_port"] = scan.port_list[0]
        return report
    # The type port_scan wants a source port; where the log gives none, the type beside it says the same without.
    protocol = scan.proto if scan.proto in _PROTOCOLS[:3] else "mixed"
    ports = [port for port in scan.port_list if port]
    report |= {
        "type": "vulnerability_scan",
        "scan_type": "port_scan",
        "protocol": protocol,
        "total_requests": scan.packets,
    }
    return report | ({"targeted_ports": ports} if ports else {})


def _described(one: Standing, scan: Scan) -> str:
    text = f"{what(scan)}: {scan.packets:,} packets to {scan.ports:,} ports of {scan.targets:,} addresses."
    if one.unproven:
        text += f" The sender is not proven: {one.why}."
    return harmless(text, _MOST_TEXT)


def _source_port(handover: Handover, code: int, scan: Scan) -> int:
    """The source port of its first packet that has one; 0 when the log tells none."""
    if handover.events is None:
        return 0
    events = without_notices(handover.events)
    mine = (events.src == code) & (events.ts >= scan.first) & (events.ts <= scan.last)
    mine &= events.is_known("sport") & (events.sport > 0)
    rows = np.flatnonzero(mine)
    return int(events.sport[rows[0]]) if len(rows) else 0
