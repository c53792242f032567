"""What a report says does not depend on block size, on the order of files, or on the zone of the machine."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scantui.ingest.follow import Follower
from scantui.resources import folder
from scantui.session import Session
from scantui.snapshot import Snapshot

LOGS = sorted(folder("demo_logs").glob("*.log"))


def report(paths: list[Path], block_size: int = 1 << 20) -> Snapshot:
    return Session(Follower([str(path) for path in paths], follow=False, block_size=block_size)).run_to_end()


def told(snapshot: Snapshot) -> list[Any]:
    """The scans and clusters by address, since codes of IPv6 addresses depend on who came first."""
    scans = [
        (
            snapshot.address(s.source),
            s.kind,
            s.techniques,
            s.first,
            s.last,
            s.flagged_at,
            s.score,
            s.verdict,
            s.signature,
            s.port_list,
        )
        for s in snapshot.scans
    ]
    return [scans, [(c.id, c.relation, c.text, c.first) for c in snapshot.clusters]]


@pytest.fixture(scope="module")
def whole() -> list[Any]:
    return told(report(LOGS))


@pytest.mark.parametrize("block_size", [4 << 10, 70_001, 4 << 20])
def test_block_size_does_not_matter(whole: list[Any], block_size: int) -> None:
    assert told(report(LOGS, block_size)) == whole


@pytest.mark.parametrize(
    "order", [list(order) for order in itertools.islice(itertools.permutations(range(4)), 1, 24, 7)]
)
def test_file_order_does_not_matter(whole: list[Any], order: list[int]) -> None:
    assert told(report([LOGS[i] for i in order])) == whole


def test_the_machines_zone_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "kern.log"
    path.write_text(
        "".join(
            f"Nov 10 06:00:{i:02d} fw1 kernel: [UFW BLOCK] IN=eth0 OUT= SRC=203.0.113.7 DST=192.0.2.10 LEN=44 TOS=0x00 PREC=0x00 "
            f"TTL=29 ID={i} PROTO=TCP SPT=53 DPT={i + 1} WINDOW=1024 RES=0x00 SYN FIN URGP=0 \n"
            for i in range(40)
        )
    )
    os.utime(path, (1_795_000_000, 1_795_000_000))
    said = {
        subprocess.run(
            [sys.executable, "-m", "scantui", "report", "--format", "json", str(path)],
            env=os.environ | {"TZ": zone},
            capture_output=True,
            check=True,
        ).stdout
        for zone in ("UTC", "Asia/Tokyo", "America/St_Johns")
    }
    assert len(said) == 1
    assert b"2026-11-10T06:00:00" in said.pop()
