"""Snapshots made by hand for the export tests: data only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from scantui.detect.scan import Cluster, Evidence, Kind, Scan, Signature, Verdict
from scantui.snapshot import SOURCE_DTYPES, Heat, InputStatus, Snapshot, SourceTable, Status
from scantui.tables import Tables

BURST = 948_770_041_000_000  # 2000-01-25T03:14:01Z
HOSTILE = "\x1b]0;owned\x07\u202e=cmd|'/c calc'!A0"


def scan_of(source: int, **changes: object) -> Scan:
    """The SYN-FIN burst, as `source` sent it."""
    scan = Scan(
        id=f"s{source}",
        source=source,
        kind=Kind.VERTICAL,
        slow=False,
        proto="tcp",
        techniques=("syn-fin",),
        first=BURST,
        last=BURST + 906_000,
        flagged_at=BURST + 20_000,
        events=200,
        packets=200,
        targets=1,
        ports=4,
        port_list=(21, 22, 23, 25),
        target_list=(),
        score=14.25,
        verdict=Verdict.SCAN,
        signature=Signature("SYN-FIN", {"sport": 53, "flags": "SYN-FIN"}),
        evidence=(
            Evidence("illegal-flags", 9.0, "SYN and FIN together: no stack sends that"),
            Evidence("allowlist", float("-inf"), "the site knows this source"),
        ),
        cluster="c1",
    )
    return replace(scan, **changes)  # type: ignore[arg-type]


def picture(scans: tuple[Scan, ...], tables: Tables, hostile: bool = False) -> Snapshot:
    """A snapshot of `scans`, one row a source."""
    codes = sorted({scan.source for scan in scans})
    columns = {name: np.zeros(len(codes), dtype) for name, dtype in SOURCE_DTYPES.items()}
    columns["code"] = np.array(codes, np.uint32)
    columns["first"] = np.full(len(codes), BURST, np.int64)
    columns["last"] = np.full(len(codes), BURST + 906_000, np.int64)
    columns["events"] = np.full(len(codes), 200, np.int64)
    columns["verdict"] = np.full(len(codes), 3, np.uint8)
    none = np.zeros((0, 0), np.int64)
    edge = np.zeros(0, np.int32)
    path = f"/var/log/{HOSTILE}.log" if hostile else "/var/log/kern.log"
    status = Status(
        paused=False,
        held=0,
        events=200 * len(codes),
        lines=2001,
        unread=1,
        sources=len(codes),
        rate=0.0,
        lag=None,
        inputs=(InputStatus(path, "done", "netfilter", 2001, 2000, 1, ("garbage",)),),
        evicted=0,
        folded=0,
        memory=0,
        budget=0,
        now=BURST,
    )
    together = tuple(scan.id for scan in scans if scan.cluster == "c1")
    members = tuple(scan.source for scan in scans if scan.cluster == "c1")
    clusters = (
        (Cluster("c1", together, members, "distributed", {"sport": 53}, BURST, BURST + 906_000),) if together else ()
    )
    heat = Heat(edge, edge, (), 0, 60_000_000, none, none)
    return Snapshot(1, tables, SourceTable(**columns), scans, clusters, heat, status)


def three() -> Snapshot:
    """A scan, a suspect and a benign source; one of them IPv6 and slow."""
    tables = Tables()
    scan = scan_of(tables.addresses.code("203.0.113.7"))
    six = tables.addresses.code("2001:db8:1234:5678:9abc:def0:1234:5678")
    suspect = scan_of(six, id="s2", score=1.5, verdict=Verdict.SUSPECT, slow=True, flagged_at=None, cluster=None)
    benign = scan_of(
        tables.addresses.code("192.0.2.53"),
        id="s3",
        kind=Kind.REPLIES,
        score=-4.0,
        verdict=Verdict.BENIGN,
        flagged_at=None,
        port_list=(),
        ports=0,
        cluster=None,
    )
    return picture((benign, suspect, scan), tables)


def hostile() -> Snapshot:
    """Every text that could carry a log's words carries an attack."""
    tables = Tables()
    scan = scan_of(
        tables.addresses.code("203.0.113.7"),
        signature=Signature(HOSTILE, {"flags": HOSTILE}),
        evidence=(Evidence("=name", 1.0, HOSTILE),),
    )
    return picture((scan,), tables, hostile=True)
