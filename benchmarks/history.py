"""Store and detection over a long history, as columns (parsing is `pipeline.py`'s business): CPU an event and memory.

python benchmarks/history.py [EVENTS] [MEMORY_MIB]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import logs
import numpy as np
from pipeline import peak_rss

from scantui.detect.detection import detect_in
from scantui.detect.scan import Verdict
from scantui.events import SYN, Action, Events, Proto, constant, events, known_bits
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.tables import Tables

PART = 200_000


def batch(tables: Tables, count: int, seed: int, start: float) -> Events:
    """`count` events as the netfilter reader would give them."""
    c = logs.columns(count, seed=seed)
    said = known_bits(("sport", "dport", "proto_num", "flags", "ttl", "ip_id", "window", "length"))
    return events(
        tables,
        count,
        {
            "ts": ((c["ts"] + start) * 1_000_000).astype(np.int64),
            "src": c["src"].astype(np.uint32),
            "dst": c["dst"].astype(np.uint32),
            "sport": c["sport"].astype(np.uint16),
            "dport": c["dport"].astype(np.uint16),
            "proto": np.where(c["udp"], Proto.UDP, Proto.TCP).astype(np.uint8),
            "proto_num": np.where(c["udp"], 17, 6).astype(np.uint8),
            "flags": np.where(c["udp"], 0, SYN).astype(np.uint16),
            "ttl": c["ttl"].astype(np.uint8),
            "ip_id": c["id"].astype(np.uint16),
            "window": c["window"].astype(np.uint16),
            "length": c["length"].astype(np.uint32),
            "action": np.where(c["drop"], Action.DROP, Action.ACCEPT).astype(np.uint8),
            "offset": np.arange(count, dtype=np.uint64),
            "line_length": constant("line_length", 240, count),
            "known": constant("known", said, count),
        },
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    memory = int(sys.argv[2]) if len(sys.argv) > 2 else 512
    engine = Engine(Options(memory=memory << 20), batch=True)
    taken = 0.0
    for part in range(0, count, PART):
        made = batch(engine.tables, min(PART, count - part), part, part / 375)
        begin = time.process_time()
        engine._add(made)
        taken += time.process_time() - begin
    begin = time.process_time()
    found = detect_in(engine.store.batches(), engine.store.newest(1 << 17))
    judged = time.process_time() - begin
    scans = sum(scan.verdict is Verdict.SCAN for scan in found.scans)
    print(
        f"{engine.store.rows:,} events over {count / 375 / 3600:.1f} h, budget {memory} MiB: store {taken / count * 1e9:.0f} ns/event, "
        f"detection {judged:.1f} s ({judged / count * 1e9:.0f} ns/event); {engine.store.folded:,} folded, {engine.store.evicted:,} touches "
        f"evicted, {engine.store.nbytes >> 20} MiB held, peak RSS {peak_rss()} MiB; {scans} scans"
    )


if __name__ == "__main__":
    main()
