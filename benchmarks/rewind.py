"""Looking back: milliseconds from the wish for a moment to its picture, beside a whole run over the lines up to it.

    python benchmarks/rewind.py [EVENTS]...

Each log is held as a live session would hold it, its segments digested ahead as the viewer does when nothing is asked. Then
twenty random moments, the same moments again, and thirty steps of play. "first" is the first picture (true figures, heatmap; the
verdicts provisional where judging takes long), "true" the picture with the verdicts of that moment. "run" is store, detection,
table and heatmap of the same events at once, parsing not counted.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import numpy as np
from history import PART, batch

from scantui.looks import Look
from scantui.session.answers import Answers, Base
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.session.status import empty
from scantui.snapshot import Snapshot

STEPS, PLAYED = 20, 30


def held(count: int) -> tuple[Engine, Base]:
    engine = Engine(Options(memory=4 << 30))
    for part in range(0, count, PART):
        engine._add(batch(engine.tables, min(PART, count - part), part, part / 375))
    engine.settle()
    made = Snapshot(
        0, engine.tables, engine.table(), engine.scans, engine.clusters, engine.heat(), empty(engine).status
    )
    return engine, Base(engine.store.past(), made, engine.knobs, engine.store.rows, listed=True, reading=False)


def whole_run(base: Base, at: int) -> float:
    """Milliseconds of a run over everything up to `at`, as `report` makes it."""
    events = base.store.past(at).batches()
    begin = time.perf_counter()
    engine = Engine(Options(memory=4 << 30), batch=True)
    engine.tables = engine.store.tables = base.store.tables
    for part in events:
        engine._add(part)
    engine.settle()
    engine.table()
    engine.heat()
    return (time.perf_counter() - begin) * 1000


def steps(answers: Answers, base: Base, moments: list[int]) -> tuple[list[float], list[float]]:
    first, true = [], []
    for at in moments:
        begin = time.perf_counter()
        took = [(time.perf_counter() - begin) * 1000 for _ in answers.views(base, Look(at=at))]
        first.append(took[0])
        true.append(took[-1])
    return first, true


def told(name: str, first: list[float], true: list[float]) -> str:
    return (
        f"{name}: first {statistics.median(first):.0f} (worst {max(first):.0f}), "
        f"true {statistics.median(true):.0f} (worst {max(true):.0f})"
    )


def main() -> None:
    for count in [int(text) for text in sys.argv[1:]] or [300_000, 1_000_000, 10_000_000]:
        engine, base = held(count)
        random = np.random.default_rng(5)
        start = engine.timeline.oldest
        moments = [start + int(share * (engine.newest - start)) for share in random.random(STEPS)]
        answers = Answers()
        begin = time.perf_counter()
        while answers.behind(base):
            answers.catch_up(base)
        digested = time.perf_counter() - begin
        cold = steps(answers, base, moments[:1])
        lines = [
            told("  one moment, the first asked for", *cold),
            told("  any other moment", *steps(answers, base, moments[1:])),
            told("  moments seen before", *steps(answers, base, moments[-10:])),
            told("  play", *steps(answers, base, [moments[0] + i * 10_000_000 for i in range(1, PLAYED)])),
        ]
        late = max(moments)
        run, (_, (true,)) = whole_run(base, late), steps(answers, base, [late + 1])
        print(
            f"{count:,} events, {answers.nbytes >> 20} MiB beside {base.store.nbytes >> 20} MiB, digested ahead in {digested:.1f} s; ms"
        )
        print("\n".join(lines))
        print(f"  a whole run up to the latest of them {run:.0f}, looked at {true:.0f}: {run / true:.1f} x", flush=True)


if __name__ == "__main__":
    main()
