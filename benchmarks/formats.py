"""Speed of reading each family of logs, beside what one would write by hand in Python for the same columns, and beside `wc -l`.

    python benchmarks/formats.py [FAMILY...] [--lines 120000] [--rounds 5]

CPU time on one core, the garbage collector off; ours and the loop in turns, medians. Ours is all a run does with a block: finding
lines, recognising the format, reading every field, times, events. The loop is one compiled `re` a line, `json.loads` a line or
`str.split` a line, with caches for what repeats and arrays at the end: see format_lines/.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from scantui.formats.reader import Reader
from scantui.ingest.block import SLACK, Block, Source
from scantui.tables import Tables

BLOCK = 4 << 20  # what a report reads at a time
SOURCE = Source(1, "benchmark", 0, 1, 1_794_355_200_000_000)
SHARED = ("by_pattern", "packets")  # what is no family
FLOOR = {"json.loads": 6.0}
USUAL_FLOOR = 5.0


class Family(Protocol):
    """A module of format_lines/. `HEADER`, where there is one, stands above the lines; `AGAINST` names the loop."""

    FORMAT: str

    def lines(self, count: int, seed: int = 7) -> list[bytes]: ...
    def reference(self, data: bytes) -> int: ...


def families() -> list[str]:
    return sorted(path.stem for path in (HERE / "format_lines").glob("*.py") if path.stem not in SHARED)


def blocks(data: bytes, size: int = BLOCK) -> list[Block]:
    made, start = [], 0
    while start < len(data):
        end = data.rfind(b"\n", start, start + size) + 1
        made.append(Block(SOURCE, bytearray(data[start:end] + bytes(SLACK)), end - start, start, SOURCE.modified_us))
        start = end
    return made


def read(form: str, made: list[Block]) -> int:
    """Events of the blocks. All must be understood, as the format they are made in."""
    reader = Reader(Tables())
    events = sum(len(reader.read(block)) for block in made) + sum(map(len, reader.flush()))
    status = reader.status(SOURCE.id)
    assert status.unread == 0 and status.format == form, status
    return events


def cpu(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def wc(data: bytes, rounds: int) -> float:
    """CPU seconds of `wc -l` over these bytes, its start and end not counted."""
    with tempfile.NamedTemporaryFile() as file, tempfile.NamedTemporaryFile() as empty:
        file.write(data)
        file.flush()
        some = [_child(file.name) - _child(empty.name) for _ in range(rounds)]
    return max(statistics.median(some), 1e-6)


def _child(path: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["wc", "-l", path], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(name: str, count: int, rounds: int) -> bool:
    """Print a family's row. Whether it is as fast as it must be."""
    family: Family = importlib.import_module(f"format_lines.{name}")  # type: ignore[assignment]
    bare = b"\n".join(family.lines(count)) + b"\n"
    data = getattr(family, "HEADER", b"") + bare
    made = blocks(data)
    events = read(family.FORMAT, made)
    told = family.reference(bare)
    assert told == events, f"{name}: {events} events, the loop has {told}"
    pairs = []
    for _ in range(rounds):
        gc.collect()
        pairs.append((cpu(lambda: family.reference(bare)), cpu(lambda: read(family.FORMAT, made))))
    theirs, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    against = getattr(family, "AGAINST", "re")
    floor = FLOOR.get(against, USUAL_FLOOR)
    print(
        f"| {name.replace('_', '-')} | {len(data) / count:.0f} | {count / ours / 1e6:.2f} | {len(data) / ours / 1e6:.0f} | "
        f"{ours / count * 1e9:.0f} | {against} {theirs / count * 1e9:.0f} | {ratio:.1f} x | {wc(data, rounds) / ours:.3f} |"
        f"{'' if ratio >= floor else f' below {floor:.0f} x'}",
        flush=True,
    )
    return ratio >= floor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("family", nargs="*", choices=[[], *families()], help="all when none is named")
    parser.add_argument("--lines", type=int, default=120_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    gc.disable()
    print(f"{given.lines:,} lines a family, Python {sys.version.split()[0]}, {given.rounds} rounds in turns, medians\n")
    print(
        "| family | bytes a line | M lines/s | MB/s | ns a line | loop, ns a line | faster than the loop | of `wc -l` |"
    )
    print("|---|---|---|---|---|---|---|---|")
    slow = [name for name in given.family or families() if not measure(name, given.lines, given.rounds)]
    print(f"\nbelow their floor: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
