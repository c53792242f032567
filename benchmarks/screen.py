"""Bytes to the terminal and CPU of the live screen, in a real pty, beside a Textual DataTable showing the same rows.

    python benchmarks/screen.py [--sources 10000] [--seconds 15] [--bucket 5] [--size 120x40] [--low-bandwidth]

Four snapshots a second, 200 events each over the sources (a few busy, many quiet); the heatmap moves on by a column every
`--bucket` seconds. Snapshots are made beforehand, so CPU is the screen's alone. Idle: the film has ended.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scantui.snapshot import Snapshot
from scantui.ui.ranking import BY_COLUMN
from tests.ui.build import NOW, SECOND, MemorySession, heat, snapshot

PER_SECOND = 4
RATE_SECONDS = 5  # a span of the rate column
COLUMNS = 96
WARM = 5
IDLE_FILM = 2  # seconds, before nothing comes any more
WHAT = {"ours": "source table, heatmap, detail, status", "idle": "the same, when nothing comes",
        "datatable": "DataTable, the table alone"}  # fmt: skip


def film(sources: int, seconds: int, bucket: int) -> list[Snapshot]:
    """Snapshots of `seconds`, four a second."""
    rng = np.random.default_rng(7)
    first = snapshot(sources)
    table = first.sources
    weight = 1 / np.arange(1, len(table) + 1)
    busy = rng.permutation(len(table))
    frames = []
    wide = heat(COLUMNS + seconds // bucket + 1, bucket * SECOND)
    for tick in range(seconds * PER_SECOND):
        now = NOW + tick * SECOND // PER_SECOND
        hit = busy[rng.choice(len(table), 200, p=weight / weight.sum())]
        events, last, score = table.events.copy(), table.last.copy(), table.score.copy()
        np.add.at(events, hit, 1)
        last[hit] = now
        score[hit[:10]] += 0.01
        counts = table.rates.counts.copy()
        if tick % (PER_SECOND * RATE_SECONDS) == 0:
            counts = np.concatenate((counts[:, 1:], np.zeros_like(counts[:, :1])), axis=1)
        np.add.at(counts[:, -1], hit, 1)
        order = np.lexsort((-score, -table.verdict.astype(np.int64)))
        rates = replace(table.rates, counts=counts, bucket=RATE_SECONDS * SECOND, until=now)
        table = replace(table, events=events, last=last, score=score, order=order, rates=rates)
        if tick % (PER_SECOND * bucket) == 0:
            first_column = tick // (PER_SECOND * bucket)
            seen = wide.pairs[:, first_column : first_column + COLUMNS]
            base = replace(wide, start=wide.start + first_column * wide.bucket, pairs=seen, packets=seen)
        status = replace(first.status, now=now, events=int(events.sum()), rate=800 + tick % 7)
        frames.append(replace(first, seq=tick + 1, sources=table, heat=base, status=status))
    return frames


class FilmSession(MemorySession):
    """Publishes a film from a thread, as the session would."""

    def __init__(self, frames: list[Snapshot]) -> None:
        super().__init__(frames[0])
        self._frames = frames

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        began = time.monotonic()
        for number, frame in enumerate(self._frames):
            time.sleep(max(0.0, began + number / PER_SECOND - time.monotonic()))
            self.publish(replace(frame, detail=self.now.detail))


def run_ours(frames: list[Snapshot], low_bandwidth: bool) -> None:
    from scantui.ui.app import run_app
    from scantui.ui.manners import Manners

    run_app(FilmSession(frames), Manners(low_bandwidth=low_bandwidth))


def run_data_table(frames: list[Snapshot]) -> None:
    from textual.app import App, ComposeResult
    from textual.widgets import DataTable

    from scantui.ui.cells import row_parts
    from scantui.ui.columns import layout

    columns = layout(79)

    def row_of(frame: Snapshot, row: int) -> list[str]:
        return [text for text, _ in row_parts(frame, row, columns)]

    class TableApp(App[None]):
        def compose(self) -> ComposeResult:
            yield DataTable(cursor_type="row")

        def on_mount(self) -> None:
            self.tick, self.frames = 0, iter(frames)
            self.shown = next(self.frames)
            self.grid: Any = self.query_one(DataTable)
            for placed in columns:
                self.grid.add_column(placed.column.title, width=placed.width, key=placed.column.name)
            source = [placed.column.name for placed in columns].index("source")
            self.source_cell: dict[int, str] = {}
            for row in self.shown.sources.order.tolist():
                cells = row_of(self.shown, row)
                self.source_cell[row] = cells[source]
                self.grid.add_row(*cells, key=str(row))
            self.set_interval(1 / PER_SECOND, self.step)

        def step(self) -> None:
            frame = next(self.frames, None)
            if frame is None:
                return
            changed = np.flatnonzero(frame.sources.events != self.shown.sources.events)
            for row in changed.tolist():
                for placed, old, new in zip(columns, row_of(self.shown, row), row_of(frame, row), strict=True):
                    if old != new:
                        self.grid.update_cell(str(row), placed.column.name, new)
            cell = self.source_cell
            place = {cell[row]: at for at, row in enumerate(frame.sources.order.tolist())}
            under = self.grid.coordinate_to_cell_key(self.grid.cursor_coordinate).row_key
            self.grid.sort("source", key=place.__getitem__)
            self.grid.move_cursor(row=self.grid.get_row_index(under))
            self.shown = frame

    TableApp().run()


async def stalls(frames: list[Snapshot]) -> None:
    """Milliseconds the screen's thread is held: by a picture, by another order, by a filter. Median and worst."""
    from scantui.ui.app import ScantuiApp

    def tell(what: str, took: list[float]) -> None:
        print(f"{what:<40} {1000 * statistics.median(took):>9.1f} ms, worst {1000 * max(took):.1f} ms")

    app = ScantuiApp(MemorySession(frames[0]))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause(0.5)
        main, took = app.main, []
        for frame in frames[1:]:
            main.table._let_go()
            began = time.perf_counter()
            main.show(frame)
            took.append(time.perf_counter() - began)
            await pilot.pause()
        tell(f"a picture of {len(frames[0].sources):,} sources", took)
        took = []
        for column in ("events", "source", "last", "ports", "rate", "kind"):
            main.table.ranking.sort_by(BY_COLUMN[column])
            began = time.perf_counter()
            main.table.reorder_now()
            took.append(time.perf_counter() - began)
        tell("another order", took)
        took = []
        for text in ("ports>3 -verdict:benign", "src:5.0.0.0/9", "last<5m", "flags:syn-fin"):
            began = time.perf_counter()
            main.filter_by(text)
            took.append(time.perf_counter() - began)
        tell("a filter", took)


def measure(command: list[str], size: tuple[int, int], seconds: int, ready: int) -> tuple[float, float]:
    """(bytes a second, CPU percent of one core) of a command in a pty, after `ready` seconds."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def cpu() -> float:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def read_until(end: float) -> int:
        count = 0
        while (left := end - time.monotonic()) > 0:
            if select.select([fd], [], [], left)[0]:
                count += len(os.read(fd, 65536))
        return count

    read_until(time.monotonic() + ready)
    before, began = cpu(), time.monotonic()
    count = read_until(began + seconds)
    used, took = cpu() - before, time.monotonic() - began
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return count / took, 100 * used / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--bucket", type=int, default=5, help="seconds a heatmap column")
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--low-bandwidth", action="store_true", help="the heatmap sweeps")
    parser.add_argument(
        "--stalls", action="store_true", help="without a pty: how long a picture, a sort, a filter takes"
    )
    parser.add_argument("--only", choices=tuple(WHAT))
    parser.add_argument("--child", choices=tuple(WHAT), help=argparse.SUPPRESS)
    given = parser.parse_args()
    ready = {"ours": WARM, "idle": WARM + IDLE_FILM, "datatable": WARM + given.sources // 1200}
    if given.child:
        lasts = IDLE_FILM if given.child == "idle" else given.seconds + ready[given.child] + 2
        frames = film(given.sources, lasts, given.bucket)
        if given.child == "datatable":
            run_data_table(frames)
        else:
            run_ours(frames, given.low_bandwidth)
        return
    if given.stalls:
        asyncio.run(stalls(film(given.sources, given.seconds, given.bucket)))
        return
    columns, lines = map(int, given.size.split("x"))
    for name, what in WHAT.items():
        if given.only not in (None, name):
            continue
        command = [sys.executable, __file__, "--child", name, "--sources", str(given.sources), "--seconds",
                   str(given.seconds), "--bucket", str(given.bucket)]  # fmt: skip
        if given.low_bandwidth:
            command.append("--low-bandwidth")
        per_second, cpu = measure(command, (columns, lines), given.seconds, ready[name])
        print(f"{what:<40} {per_second:>9,.0f} B/s {cpu:>6.1f} % CPU")


if __name__ == "__main__":
    main()
