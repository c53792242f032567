"""Milliseconds a new picture of very many sources takes on the screen's thread: rank, filter, cluster, paint.

    python benchmarks/table.py [--sources 100000] [--pictures 12]

In every picture 200 sources have news, and every column is a new array, as the session makes them.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scantui.snapshot import Snapshot
from scantui.ui.ranking import SORTS
from tests.ui.build import snapshot
from tests.ui.pilot import Analyst, analyst

FILTERS = ("scan", "203.0", "src:203.0.113.0/24", "proto:tcp flags:syn-fin ports>50 verdict:scan tool:nmap",
           "(port:22 or ports>5) last<5m -kind:vertical")  # fmt: skip


def pictures(base: Snapshot, count: int) -> list[Snapshot]:
    rng = np.random.default_rng(1)
    table, made = base.sources, []
    for number in range(count):
        hit = rng.integers(0, len(table), 200)
        events, counts = table.events.copy(), table.rates.counts.copy()
        np.add.at(events, hit, 1)
        np.add.at(counts[:, -1], hit, 1)
        rates = replace(table.rates, counts=counts)
        table = replace(table, code=table.code.copy(), events=events, order=table.order.copy(), rates=rates)
        made.append(replace(base, seq=number + 2, sources=table))
    return made


async def measure(someone: Analyst, made: list[Snapshot], what: str) -> None:
    took = []
    for one in made:
        begin = time.perf_counter()
        someone.main.show(one)
        took.append(1e3 * (time.perf_counter() - begin))
        await someone.pilot.pause()
    print(f"{what:<64} median {statistics.median(took):5.1f} ms, most {max(took):5.1f} ms", flush=True)


async def run(sources: int, count: int) -> None:
    base = snapshot(sources)
    made = pictures(base, count)
    async with analyst((120, 40), base) as someone:
        for sort in SORTS:
            someone.table.ranking.sort = sort
            await measure(someone, made, f"sorted by {sort.title}")
        someone.table.ranking.sort = SORTS[0]
        for text in FILTERS:
            someone.main.filter_by(text)
            await measure(someone, made, f"filter {text}")
        someone.main.filter_by("")
        someone.table.cluster(True)
        await measure(someone, made, "clusters")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--pictures", type=int, default=12)
    given = parser.parse_args()
    asyncio.run(run(given.sources, given.pictures))
