"""Handovers of real logs, as `scantui export` makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from scantui import resources
from scantui.detect.scan import Verdict
from scantui.export.handover import Handover, Needs, Wishes
from scantui.export.report import weightiest_first
from scantui.ingest.follow import Follower
from scantui.session import Options, Session
from scantui.snapshot import Mark

MADE_AT = 1_800_000_000_000_000  # 2027-01-15T08:00:00Z, microseconds
SYNFIN = "synfin-burst.kv.log"
MIXED = "mixed.iptables.log"


def handing(
    logs: Sequence[Path],
    sources: Sequence[str] | None = None,
    wishes: Wishes | None = None,
    options: Options | None = None,
) -> Handover:
    """Everything of these sources; of all that scanned, weightiest first, without any."""
    session = Session(Follower([str(path) for path in logs], follow=False), options or Options())
    snapshot = session.run_to_end()
    if sources is None:
        scans = sorted((scan for scan in snapshot.scans if scan.verdict is Verdict.SCAN), key=weightiest_first)
        codes = list(dict.fromkeys(code for scan in scans for code in scan.sources))
    else:
        codes = [snapshot.tables.addresses.code(source) for source in sources]
    return replace(session.handover(codes, Needs.DOSSIERS | Needs.EVENTS, wishes), made_at=MADE_AT)


@lru_cache(maxsize=8)
def demo(name: str, *sources: str) -> Handover:
    """A demo log's scans, or these of its sources."""
    return handing([resources.folder("demo_logs") / name], sources or None)


def noted(handover: Handover, note: str, verdict: str = "") -> Handover:
    """The same with this note on every source."""
    marks = {code: Mark(code, note, MADE_AT, verdict) for code in handover.marks}
    return replace(handover, marks=marks, snapshot=replace(handover.snapshot, marks=marks))


def wishing(handover: Handover, **wishes: object) -> Handover:
    return replace(handover, wishes=replace(handover.wishes, **wishes))  # type: ignore[arg-type]


def syn_lines(sources: Sequence[str], ports: Sequence[int], flags: str = "SYN", target: str = "198.51.100.10") -> str:
    """Netfilter lines: each source sends one packet to each port of one target, 50 ms apart."""
    lines, at = [], 0
    for source in sources:
        six = ":" in source
        for port in ports:
            stamp = f"2026-11-20T10:{at // 60_000:02d}:{at // 1000 % 60:02d}.{at % 1000:03d}000+00:00"
            at += 50
            head = "LEN=60 TC=0 HOPLIMIT=50 FLOWLBL=0" if six else f"LEN=40 TOS=0x00 PREC=0x00 TTL=50 ID={port}"
            to = "2001:db8:ffff::10" if six else target
            lines.append(
                f"{stamp} fw kernel: [DROP] IN=eth0 OUT= SRC={source} DST={to} {head} PROTO=TCP SPT={40000 + at % 999} "
                f"DPT={port} WINDOW=1024 RES=0x00 {flags} URGP=0"
            )
    return "\n".join(lines) + "\n"
