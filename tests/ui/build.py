"""Synthetic snapshots, and a session that lives in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from scantui.detect.allow import Allowed
from scantui.detect.scan import Cluster, Evidence, Kind, Scan, Signature, Verdict, port_ranges
from scantui.events import FIN, SYN
from scantui.export.chosen import Preview, kind_of, marks_of, preview, write
from scantui.export.handover import Handover
from scantui.looks import Burst, BurstWish, Look, Moment, Timeline
from scantui.snapshot import (
    RATE_SPANS,
    AllowedEntry,
    Detail,
    FoundLines,
    Heat,
    InputStatus,
    Mark,
    Rates,
    RawLine,
    Snapshot,
    SourceTable,  # fmt: skip
    Status,
)
from scantui.tables import Tables
from tests.ui.answers import answer

NOW = 1_763_781_250_000_000  # 2025-11-22 03:14:10 UTC
SECOND = 1_000_000
SEED = "203.0.113.7"
BINS = ("21 ftp", "22 ssh", "23 telnet", "25 smtp", "53 domain", "80 http", "110 pop3", "111 rpcbind", "135 msrpc",
        "139 netbios", "143 imap", "443 https", "445 smb", "993 imaps", "1433 mssql", "3306 mysql", "3389 rdp",
        "5432 postgres", "5900 vnc", "8080 http-alt", "0-1023", "1024-4095", "4096-8191", "8192-16383", "16384-32767",
        "32768-49151", "49152-65535", "no port")  # fmt: skip


def seed_scan(code: int, tables: Tables, **changes: Any) -> Scan:
    """200 ports of one host, SYN-FIN from source port 53."""
    ports = tuple(sorted(set((np.arange(200) * 317 % 64000 + 21).tolist())))
    scan = Scan(
        id="s1", source=code, kind=Kind.VERTICAL, slow=False, proto="tcp", techniques=("syn-fin",),
        first=NOW - 10 * SECOND, last=NOW - SECOND, flagged_at=NOW - 9 * SECOND, events=200, packets=200, targets=1,
        ports=len(ports), port_list=ports, target_list=(tables.addresses.code("198.51.100.10"),), score=11.4,
        verdict=Verdict.SCAN, signature=Signature("SYN-FIN", {"flags": "SYN-FIN", "sport": 53}),
        evidence=(
            Evidence("odd flags", 6.2, "SYN and FIN together: no stack sends that (RFC 9293)"),
            Evidence("many ports", 4.1, "200 distinct ports of one host in 9 s"),
            Evidence("fixed source port", 2.3, "every packet left from port 53"),
            Evidence("no answer", -1.2, "the target never answered, so nothing speaks of an open service"),
        ),
        cluster="c1",
    )  # fmt: skip
    return replace(scan, **changes)


def detail_of(snapshot: Snapshot, code: int, **changes: Any) -> Detail:
    """A detail for any source; the seed's is full."""
    row = int(np.searchsorted(snapshot.sources.code, code))
    index = int(snapshot.sources.scan[row])
    episodes = (snapshot.scans[index],) if index >= 0 else ()
    raw = tuple(
        RawLine(NOW, "/var/log/kern.log", 4096 + 217 * i,
                f"Nov 22 03:14:0{i % 10} gw kernel: DROP IN=eth0 OUT= SRC={snapshot.address(code)} DST=198.51.100.10 "
                f"LEN=40 TTL=44 ID=39426 PROTO=TCP SPT=53 DPT={21 + 317 * i} WINDOW=1028 SYN FIN URGP=0")
        for i in range(30)
    )  # fmt: skip
    detail = Detail(
        code=code, address=snapshot.address(code),
        pattern=(("flags", "SYN-FIN in all 200"), ("source port", "53 in all"), ("TTL", "44 in all"),
                 ("IP ID", "39426 in all"), ("window", "1028 in all"), ("order", "random over 21-63,104")),
        episodes=episodes, evidence=episodes[0].evidence if episodes else (), first=NOW - 10 * SECOND,
        last=NOW - SECOND, events=200, ports_text=port_ranges(episodes[0].port_list) if episodes else "22",
        targets=("198.51.100.10 ×200",), timeline=tuple((i * 7) % 11 for i in range(60)), raw=raw, raw_of=len(raw),
        cluster=snapshot.clusters[0] if episodes and episodes[0].cluster and snapshot.clusters else None,
    )  # fmt: skip
    return replace(detail, **changes)


def heat(columns: int = 96, bucket: int = 5 * SECOND, seed: int = 1, shift: int = 0) -> Heat:
    """Quiet background, a busy ssh row, a horizontal scan and one burst near the right edge."""
    rng = np.random.default_rng(seed)
    total = columns + shift
    pairs = (rng.random((len(BINS), total)) < 0.05).astype(np.int64)
    pairs[1] = rng.integers(2, 9, total)
    pairs[12, total // 3 : total // 2] = rng.integers(16, 60, total // 2 - total // 3)
    pairs[20:27, columns - 12 : columns - 10] = np.array([[20], [40], [60], [30], [70], [90], [25]])
    pairs = pairs[:, shift:]
    edges = [name.split()[0].split("-") if name[0].isdigit() else ["-1"] for name in BINS]
    low, high = (np.array([int(edge[side]) for edge in edges], np.int32) for side in (0, -1))
    end = (NOW // bucket + 1 + shift) * bucket
    return Heat(low, high, BINS, end - columns * bucket, bucket, pairs, pairs)


def timeline(spans: int = 800, bucket: int = 30 * SECOND, **changes: Any) -> Timeline:
    """A quiet run that ends at NOW, busier towards noon, with two bursts of a few seconds."""
    start = (NOW // bucket - spans + 1) * bucket
    pairs = (3 + 2 * np.sin(np.arange(spans) / 90)).astype(np.int64)
    first = Moment(start + spans // 3 * bucket, start + spans // 3 * bucket + 8 * SECOND, 60)
    second = Moment(NOW - 10 * SECOND, NOW - SECOND, 200)
    for burst in (first, second):
        pairs[(burst.since - start) // bucket] += burst.pairs
    return replace(Timeline(start, bucket, pairs * 2, pairs, (first, second)), **changes)


def burst_of(wish: BurstWish, packets: int = 200, **changes: Any) -> Burst:
    """The seed's burst, spread over the wished window: ports in no order, source port 53, SYN-FIN."""
    rng = np.random.default_rng(5)
    tables = Tables()
    seed, target = tables.addresses.code(SEED), tables.addresses.code("198.51.100.10")
    ts = wish.since + np.sort(rng.integers(0, max(1, wish.until - wish.since), packets))
    ports = rng.permutation(np.arange(21, 21 + 317 * packets, 317)).astype(np.int32)
    whole = np.ones(packets, np.int32)
    made = Burst(wish, packets, min(1, packets), ts, whole.astype(np.uint32) * np.uint32(seed),
                 whole.astype(np.uint32) * np.uint32(target), whole * 53, ports, np.full(packets, 1, np.uint8),
                 whole * (SYN | FIN), False)  # fmt: skip
    return replace(made, **changes)


def status(**changes: Any) -> Status:
    given = Status(
        paused=False, held=0, events=18_231, lines=18_300, unread=3, sources=0, rate=31.4, lag=0.8,
        inputs=(InputStatus("/var/log/kern.log", "following", "iptables", 18_300, 18_231, 3,
                            ("kernel: martian source",)),),
        evicted=0, folded=0, memory=41 << 20, budget=512 << 20, now=NOW,
    )  # fmt: skip
    return replace(given, **changes)


def rates_of(events: np.ndarray[Any, Any], burst: int | None) -> Rates:
    """Events spread over the spans, a little in each; those of row `burst` all in one."""
    share = (1 + (np.arange(len(events))[:, None] * 7 + np.arange(RATE_SPANS)) % 5) / 36
    counts = np.minimum(np.floor(events[:, None] * share), 65_535).astype(np.uint16)
    if burst is not None:
        counts[burst] = [0] * (RATE_SPANS - 2) + [int(events[burst]), 0]
    return Rates(counts, 256 * SECOND, NOW)


def snapshot(sources: int = 40, seed: int = 1, tables: Tables | None = None, seq: int = 1, **changes: Any) -> Snapshot:
    """`sources` rows; the seed's scan is among them and ranks first."""
    rng = np.random.default_rng(seed)
    tables = tables or Tables()
    seed_code = tables.addresses.code(SEED)
    v6 = tables.addresses.code("2001:db8:85a3:1111:2222:8a2e:370:7334")
    low = np.uint32(tables.addresses.code("5.0.0.0"))
    others = low + np.arange(max(0, sources - 2), dtype=np.uint32) * np.uint32(21_001)
    code = np.unique(np.concatenate([others, np.array([seed_code, v6][: max(0, sources)], np.uint32)]))
    rows = len(code)
    at = int(np.searchsorted(code, seed_code))
    sixth = int(np.searchsorted(code, v6))
    ports = rng.integers(1, 9, rows)
    events = ports * rng.integers(1, 30, rows)
    scan = np.full(rows, -1, np.int32)
    verdict = np.where(rng.random(rows) < 0.15, 2, np.where(rng.random(rows) < 0.3, 1, 0)).astype(np.uint8)
    score = rng.random(rows).astype(np.float32) * 3
    flags = rng.choice(np.array([SYN, SYN | 16, -1, -2], np.int32), rows)
    sport = rng.choice(np.array([-1, -2, 40000], np.int32), rows)
    scans: tuple[Scan, ...] = ()
    if rows:
        second = seed_scan(v6, tables, id="s2", kind=Kind.HORIZONTAL, techniques=("syn",), ports=1, targets=254,
                           port_list=(445,), score=7.7, cluster=None, events=254)  # fmt: skip
        scans = (seed_scan(seed_code, tables), second)
        for index, row in ((0, at), (1, sixth)):
            scan[row], verdict[row], score[row] = index, 3, scans[index].score
            ports[row], events[row] = scans[index].ports, scans[index].events
        flags[at], sport[at] = SYN | FIN, 53
        flags[sixth] = SYN
    targets = np.ones(rows, np.int64)
    if rows:
        targets[sixth] = 254
    last = NOW - rng.integers(0, 3000, rows) * SECOND
    dport = np.where(ports == 1, rng.choice(np.array([22, 445, -2], np.int32), rows), -1).astype(np.int32)
    proto = rng.choice(np.array([1, 1, 2, -1, -2], np.int32), rows)
    if rows:
        proto[[at, sixth]], dport[[at, sixth]] = 1, (-1, 445)
    table = SourceTable(
        code, events.astype(np.int64), ports.astype(np.int64), targets, last - 60 * SECOND, last, sport, flags, dport,
        proto, verdict, score, scan, np.lexsort((-score, -verdict.astype(np.int64))).astype(np.int64),
        rates_of(events, at if rows else None),
    )  # fmt: skip
    cluster = Cluster("c1", ("s1",), (seed_code, int(code[0])) if rows else (), "distributed",
                      {"flags": "SYN-FIN", "ttl": 44}, NOW - 10 * SECOND, NOW, "two sources, one header")  # fmt: skip
    made = Snapshot(seq, tables, table, scans, (cluster,), heat(),
                    status(sources=rows, first=NOW - 800 * 30 * SECOND), timeline=timeline())  # fmt: skip
    return replace(made, **changes)


def reranked(before: Snapshot, order: np.ndarray[Any, Any]) -> Snapshot:
    """The same sources in another order."""
    return replace(before, seq=before.seq + 1, sources=replace(before.sources, order=order.astype(np.int64)))


class MemorySession:
    """A session without ingest: keeps a snapshot, notes what was asked for, answers at once."""

    def __init__(self, first: Snapshot | None = None) -> None:
        self.now = first or snapshot()
        self.whole = self.now.heat
        self.calls: list[tuple[Any, ...]] = []
        self.listener: Callable[[], None] = lambda: None
        self.may_look_up = False

    def latest(self) -> Snapshot:
        return self.now

    def publish(self, new: Snapshot) -> None:
        self.now = new
        self.listener()

    def _change(self, **changes: Any) -> None:
        self.publish(replace(self.now, seq=self.now.seq + 1, **changes))

    def subscribe(self, listener: Callable[[], None]) -> None:
        self.listener = listener

    def start(self) -> None:
        self.calls.append(("start",))

    def stop(self) -> None:
        self.calls.append(("stop",))

    def pause(self) -> None:
        self.calls.append(("pause",))
        self._change(status=replace(self.now.status, paused=True, held=0))

    def resume(self) -> None:
        self.calls.append(("resume",))
        self._change(status=replace(self.now.status, paused=False, held=0))

    def refresh(self) -> None:
        self.calls.append(("refresh",))
        self._change(status=replace(self.now.status, held=0))

    def select(self, code: int | None, episode: int | None = None) -> None:
        self.calls.append(("select", code) if episode is None else ("select", code, episode))
        self._change(detail=None if code is None else detail_of(self.now, code))

    def mark(self, code: int, note: str = "", verdict: str = "") -> None:
        self.calls.append(("mark", code, note, verdict))
        self._change(marks={**self.now.marks, code: Mark(code, note, NOW, verdict)})

    def allow(self, entry: Allowed) -> None:
        self.calls.append(("allow", entry))
        self._change(allowed=(*self.now.allowed, AllowedEntry(entry, True)))

    def disallow(self, entry: Allowed) -> None:
        self.calls.append(("disallow", entry))
        self._change(allowed=tuple(one for one in self.now.allowed if one.entry != entry))

    def unmark(self, code: int) -> None:
        self.calls.append(("unmark", code))
        self._change(marks={c: m for c, m in self.now.marks.items() if c != code})

    def search_lines(self, code: int | None, text: str) -> None:
        self.calls.append(("search", code, text))
        codes = self.now.sources.code.tolist() if code is None else [code]
        raw = [replace(line, code=one) for one in codes if text for line in detail_of(self.now, one).raw]
        hits = tuple(line for line in raw if text in line.text)
        self._change(found=FoundLines(code, text, len(raw), len(raw), len(hits), 0, hits) if text else None)

    def look_up(self, code: int) -> str:
        if not self.may_look_up:
            raise ValueError("look-ups are off: start scantui with --lookup to allow them")
        self.calls.append(("look_up", code))
        return f"look-up of {self.now.address(code)}: asking [b]192.0.2.53[/b]"

    def look(self, wish: Look) -> None:
        self.calls.append(("look", wish))
        burst = burst_of(wish.burst) if wish.burst is not None else None
        later = 0 if wish.at is None else (NOW - wish.at) // SECOND
        self._change(
            **answer(self.now, wish, self.whole), burst=burst, status=replace(self.now.status, at=wish.at, held=later)
        )

    def export(self, kind: str, path: Path, codes: tuple[int, ...], overwrite: bool = False) -> str:
        self.calls.append(("export", kind, path, codes, overwrite))
        return write(kind_of(kind), path, Handover(self.now, marks_of(self.now, codes)), overwrite)

    def export_preview(self, kind: str, codes: tuple[int, ...], most: int) -> Preview:
        return preview(kind_of(kind), Handover(self.now, marks_of(self.now, codes)), most)

    def export_kinds(self) -> tuple[str, ...]:
        return ("csv", "json")
