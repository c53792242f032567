"""Speed of parsing and of the whole pipeline beside a compiled-`re` loop over the same lines, and memory under a flood.

    python benchmarks/pipeline.py [LINES]

Every figure is CPU time; rounds are interleaved and the median of the ratios is printed, since machines drift.
The `re` loop is what one would write by hand for the same columns: one compiled pattern a line, caches for stamps, addresses,
words and flags, arrays at the end. It does not detect anything.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import logs
from format_lines import keyvalue, netfilter
from formats import blocks

from scantui.formats.reader import Reader
from scantui.ingest.block import Block
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.tables import Tables

ROUNDS = 5


def parse(data: list[Block]) -> int:
    reader = Reader(Tables())
    return sum(len(reader.read(block)) for block in data)


def whole(data: list[Block]) -> int:
    engine = Engine(Options(), batch=True)
    for block in data:
        engine.take(block)
    engine.flush()
    engine.settle()
    assert engine.scans
    return engine.store.rows


def cpu(work: Callable[[], int], count: int) -> float:
    """Nanoseconds of CPU a line."""
    begin = time.process_time()
    assert work() == count
    return (time.process_time() - begin) / count * 1e9


def compare(name: str, floor: float, ours: Callable[[], int], theirs: Callable[[], int], count: int) -> None:
    ours()  # warm
    pairs = [(cpu(theirs, count), cpu(ours, count)) for _ in range(ROUNDS)]
    ratio = statistics.median(a / b for a, b in pairs)
    print(
        f"{name:34} {statistics.median(b for _, b in pairs):7.0f} ns/line   re {statistics.median(a for a, _ in pairs):7.0f} ns/line   {ratio:5.1f}x  (floor {floor}x)"
    )


def flood(count: int) -> None:
    """Peak memory of the pipeline over `count` lines, nearly all from sources of their own, in a process of its own."""
    code = (
        f"import sys; sys.path[:0] = {sys.path[:2]!r}\nimport logs, pipeline\n"
        f"engine = pipeline.Engine(pipeline.Options())\n"
        f"for part in range(20):\n"
        f"    for block in pipeline.blocks(logs.keyvalue({count} // 20, seed=part, spoofed=True)): engine.take(block); engine.examine(history=True)\n"
        f"engine.flush(); engine.settle()\n"
        f"print(engine.store.rows, len(engine.scans), engine.store.nbytes >> 20, pipeline.peak_rss())"
    )
    rows, scans, held, peak = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    print(
        f"flood: {int(rows):,} events, ~{int(int(rows) * 0.98):,} spoofed sources: {scans} episodes, store {held} MiB, peak RSS {peak} MiB (ceiling 300)"
    )


def peak_rss() -> int:
    """Peak resident MiB of this process (its own address space: ru_maxrss would count a parent's)."""
    return (
        int(
            next(
                line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
            ).split()[1]
        )
        >> 10
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600_000
    kv, nf = logs.keyvalue(count), logs.netfilter(count)
    kv_blocks, nf_blocks = blocks(kv), blocks(nf)
    print(f"{count:,} lines each, Python {sys.version.split()[0]}, median of {ROUNDS} interleaved rounds, CPU time")
    compare("key=value: parse", 5, lambda: parse(kv_blocks), lambda: keyvalue.reference(kv), count)
    compare("netfilter: parse", 4, lambda: parse(nf_blocks), lambda: netfilter.reference(nf), count)
    compare("key=value: parse, store, detect", 3.5, lambda: whole(kv_blocks), lambda: keyvalue.reference(kv), count)
    compare("netfilter: parse, store, detect", 3.5, lambda: whole(nf_blocks), lambda: netfilter.reference(nf), count)
    flood(1_000_000)


if __name__ == "__main__":
    main()
