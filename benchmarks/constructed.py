"""Verdicts on constructed traffic that the labelled corpus lacks: limits, evasions, innocent look-alikes.

    python benchmarks/constructed.py

Each case runs beside a day of ordinary clients of one web server. Plain kernel packets (no tool's marks), so that shape alone
decides.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from scantui.detect.detection import detect
from scantui.events import ACK, RST, SYN, Action, Events, Proto, concat, events, known_bits
from scantui.events import PROTO_NUMBER as NUMBER
from scantui.tables import Tables

SECOND, DAY = 1_000_000, 86_400
OUTSIDE, INSIDE, WEB = "203.0.113.9", "10.0.0.5", "192.0.2.10"
SITE = [f"192.0.2.{i}" for i in range(1, 255)]
OFFICE = [f"10.0.1.{i}" for i in range(1, 255)]
HIGH = np.random.default_rng(3).choice(60_000, 100, replace=False) + 1_024


class Case(NamedTuple):
    name: str
    wanted: str  # scan or benign
    columns: dict[str, Any]


def rounds(count: int, every: float, targets: int, step: float = 0.05) -> np.ndarray:
    """Times of `count` rounds over `targets` targets, in seconds."""
    return np.repeat(np.arange(count) * every, targets) + np.tile(np.arange(targets) * step, count)


def sweep(dst: list[str], dport: int, **more: Any) -> dict[str, Any]:
    return {"t": np.arange(len(dst)) * 0.05, "dst": dst, "dport": dport, **more}


def ports(dport: Any, **more: Any) -> dict[str, Any]:
    return {"t": np.arange(len(dport)) * 0.05, "dst": [WEB] * len(dport), "dport": np.asarray(dport), **more}


def again(count: int, every: float, number: int) -> dict[str, Any]:
    return ports(np.tile(np.arange(20, 20 + number), count), t=rounds(count, every, number))


LET_IN = {"action": Action.ACCEPT}
UDP = {"proto": Proto.UDP, "length": 60}
CASES = (
    Case("6 dropped ports of one host", "scan", ports([21, 22, 23, 25, 80, 110])),
    Case("4 dropped ports of one host", "scan", ports([21, 22, 23, 25])),
    Case("one probe in 10 min, 48 dropped ports", "scan", ports(range(1, 49), t=np.arange(48) * 600)),
    Case("one probe in 55 min, 48 dropped ports", "scan", ports(range(1, 49), t=np.arange(48) * 3_300)),
    Case("one probe in 61 min, 48 dropped ports", "scan", ports(range(1, 49), t=np.arange(48) * 3_660)),
    Case("permitted sweep, port 445, from outside", "scan", sweep(SITE, 445, **LET_IN)),
    Case("permitted sweep, port 445, inside to inside", "scan", sweep(OFFICE, 445, src=INSIDE, **LET_IN)),
    Case("permitted sweep, port 443, from outside", "scan", sweep(SITE, 443, **LET_IN)),
    Case("permitted sweep, port 443, inside to inside", "scan", sweep(OFFICE, 443, src=INSIDE, **LET_IN)),
    Case("20 dropped ports, again every 10 min for a day", "scan", again(144, 600, 20)),
    Case("100 dropped ports, again every 10 min for a day", "scan", again(144, 600, 100)),
    Case("dropped sweep, port 22, 6 passes a minute apart", "scan", sweep(SITE * 6, 22, t=rounds(6, 60, 254))),
    Case("ACK sweep of 254 hosts, port 80 (nmap -PA80)", "scan", sweep(SITE, 80, flags=ACK, length=40)),
    Case("SYN from port 443 to 100 high ports", "scan", ports(HIGH, sport=443)),
    Case("ACK from port 443 to 100 high ports", "scan", ports(HIGH, sport=443, flags=ACK, length=40)),
    Case("UDP from port 53 to 100 high ports", "scan", ports(HIGH, sport=53, **UDP)),
    Case("SYN-ACK to 100 low ports", "scan", ports(range(1, 101), flags=SYN | ACK)),
    Case("RST sweep of 254 hosts", "scan", sweep(SITE, 80, flags=RST, length=40)),
    Case("UDP to 90 ports from 33434 up", "scan", ports(range(33_434, 33_524), **UDP)),
    Case("8 services of one host, all dropped (outage)", "benign", ports([80, 443, 25, 587, 993, 143, 22, 21])),
    Case("SNMP manager, 30 dropped hosts, first round", "benign", sweep(OFFICE[:30], 161, src=INSIDE, **UDP)),
    Case(
        "SNMP manager, 30 dropped hosts, 12 rounds",
        "benign",
        sweep(OFFICE[:30] * 12, 161, src=INSIDE, t=rounds(12, 300, 30), **UDP),
    ),
    Case(
        "monitor, 30 hosts let in, first round",
        "benign",
        sweep(OFFICE[:30], 5666, src=INSIDE, **LET_IN),
    ),
    Case(
        "monitor, 30 hosts let in, second round",
        "benign",
        sweep(OFFICE[:30] * 2, 5666, src=INSIDE, t=rounds(2, 60, 30), **LET_IN),
    ),
)


def batch(tables: Tables, columns: dict[str, Any]) -> Events:
    """Events from the columns; what is left out is a plain SYN from outside, dropped."""
    rows = len(columns["t"])
    random = np.random.default_rng(7)
    given: dict[str, Any] = {
        "src": OUTSIDE,
        "sport": random.integers(32_768, 61_000, rows),
        "proto": Proto.TCP,
        "flags": SYN,
        "length": 60,
        "ttl": 50,
        "action": Action.DROP,
        **columns,
    }
    given["ts"] = (np.asarray(given.pop("t")) * SECOND).astype(np.int64)
    given["proto_num"] = NUMBER[given["proto"]]
    if given["proto"] is not Proto.TCP:
        del given["flags"]
    for name in ("src", "dst"):
        texts = given[name] if isinstance(given[name], list) else [given[name]] * rows
        given[name] = [tables.addresses.code(text) for text in texts]
    said = known_bits([name for name in given if name not in ("src", "dst", "proto", "action", "ts")])
    made = {name: np.broadcast_to(np.asarray(value), rows) for name, value in given.items()}
    return events(tables, rows, {**made, "known": np.full(rows, said), "offset": np.arange(rows)})


def clients(tables: Tables) -> Events:
    random = np.random.default_rng(1)
    src = [f"198.18.{i % 7}.{i % 250 + 1}" for i in range(300)]
    t = np.sort(random.random(300)) * DAY
    return batch(tables, {"t": t, "src": src, "dst": WEB, "dport": 443, "action": Action.ACCEPT})


def main() -> None:
    print("| case | wanted | verdict | score | strongest evidence |\n|---|---|---|---|---|")
    for case in CASES:
        tables = Tables()
        source = tables.addresses.code(case.columns.get("src", OUTSIDE))
        found = detect(concat([clients(tables), batch(tables, case.columns)], tables)).scans
        mine = [scan for scan in found if scan.source == source]
        if not mine:
            print(f"| {case.name} | {case.wanted} | no row | - | - |")
            continue
        scan = max(mine, key=lambda scan: scan.score)
        pieces = [f"{piece.name} {piece.weight:+.1f}" for piece in scan.evidence if piece.weight][:3]
        verdict = scan.verdict.value if scan.verdict.value != "benign" else f"benign ({scan.kind.value})"
        print(f"| {case.name} | {case.wanted} | {verdict} | {scan.score:+.1f} | {', '.join(pieces)} |")


if __name__ == "__main__":
    main()
