"""What rotation costs: lines lost or doubled when a log is rotated at full speed, and when it is copied and truncated.

    python benchmarks/rotation.py [ROTATIONS]

The writer is another process that writes numbered lines as fast as it can. "out of order" counts lines that came
after a later one (files written within one tick of the file system's clock can only be told apart by their names).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import numpy as np

from scantui.ingest.follow import Follower

LINE = b"ts=2000-01-25T03:14:01Z event=blocked src=203.0.113.7:40000 dst=192.0.2.1:23 proto=tcp flags=SYN n=%09d\n"


def rename_writer(path: str, rotations: int, lines: int, shift: bool, written: Synchronized[int]) -> None:
    """`lines` lines, one write each, then rename and create; `shift` moves log.1 to log.2 and so on first."""
    number = 0
    for rotation in range(rotations + 1):
        with Path(path).open("ab", buffering=0) as log:
            for _ in range(lines):
                log.write(LINE % number)
                number += 1
        if rotation == rotations:
            break
        if shift:
            for old in range(rotation, 0, -1):
                os.rename(f"{path}.{old}", f"{path}.{old + 1}")  # noqa: PTH104
            os.rename(path, f"{path}.1")  # noqa: PTH104
        else:
            os.rename(path, f"{path}.{rotation + 1}")  # noqa: PTH104
    written.value = number


def steady_writer(path: str, seconds: float, rate: int, written: Synchronized[int]) -> None:
    """Lines at `rate` a second (0: as fast as possible) for some time, appended to a log that others truncate."""
    number, start = 0, time.perf_counter()
    with Path(path).open("ab", buffering=0) as log:
        while (passed := time.perf_counter() - start) < seconds:
            if rate and number > passed * rate:
                time.sleep(0.0005)
                continue
            log.write(LINE % number)
            number += 1
    written.value = number


class Reader:
    """Follows a log and remembers the numbers of its lines."""

    def __init__(self, path: str, every: float) -> None:
        self.follower = Follower([path], follow=True)
        self.every = every
        self.numbers: list[np.ndarray] = []

    def poll(self) -> int:
        got = 0
        for block in self.follower.poll():
            lines = bytes(block.data[: block.size]).split(b"\n")[:-1]
            whole = [line[-9:] for line in lines if len(line) == len(LINE % 0) - 1]
            self.numbers.append(np.array(whole, "S9").astype(np.int64))
            got += block.size
        time.sleep(self.every)
        return got

    def until_quiet(self) -> None:
        quiet = 0
        while quiet < 10:
            quiet = 0 if self.poll() or self.follower.backlog else quiet + 1

    def verdict(self, written: int) -> str:
        numbers = np.concatenate(self.numbers) if self.numbers else np.zeros(0, np.int64)
        count = np.bincount(numbers, minlength=written)
        late = int((np.maximum.accumulate(numbers) > numbers).sum())
        return (
            f"written {written:,}  read {len(numbers):,}  lost {int((count == 0).sum()):,}  "
            f"doubled {int((count > 1).sum()):,}  out of order {late:,}"
        )


@contextmanager
def scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="scantui-rotation-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def by_rename(rotations: int, lines: int, *, shift: bool) -> None:
    with scratch() as folder:
        path, written = str(folder / "log"), multiprocessing.Value("q", 0)
        Path(path).touch()
        reader = Reader(path, 0.05)
        reader.poll()
        writer = multiprocessing.Process(target=rename_writer, args=(path, rotations, lines, shift, written))
        start = time.perf_counter()
        writer.start()
        while writer.is_alive():
            reader.poll()
        took = time.perf_counter() - start
        reader.until_quiet()
        scheme = "logrotate's shift chain" if shift else "log.1, log.2, ..."
        print(f"rename, {scheme}: {rotations:,} rotations in {took:.1f} s: {reader.verdict(written.value)}")
        reader.follower.close()


def copying_rotator(path: str, turns: int, gap: float, figures: Synchronized[float], copied: Synchronized[int]) -> None:
    """Copies and truncates every `gap` seconds, as logrotate's copytruncate does."""
    for turn in range(1, turns + 1):
        time.sleep(gap)
        copy = f"{path}-{turn}"
        shutil.copyfile(path, copy)
        copied.value += os.stat(copy).st_size  # noqa: PTH116
        before = time.perf_counter()
        os.truncate(path, 0)
        figures.value += time.perf_counter() - before


def by_copy(rate: int, turns: int, gap: float) -> None:
    with scratch() as folder:
        path, written = str(folder / "log"), multiprocessing.Value("q", 0)
        truncating, copied = multiprocessing.Value("d", 0.0), multiprocessing.Value("q", 0)
        Path(path).touch()
        reader = Reader(path, 0.05)
        reader.poll()
        writer = multiprocessing.Process(target=steady_writer, args=(path, (turns + 1) * gap, rate, written))
        rotator = multiprocessing.Process(target=copying_rotator, args=(path, turns, gap, truncating, copied))
        writer.start()
        rotator.start()
        while writer.is_alive() or rotator.is_alive():
            reader.poll()
        reader.until_quiet()
        lost = (written.value - len(np.unique(np.concatenate(reader.numbers)))) / turns
        pace = f"{rate:,} lines/s" if rate else "full speed"
        print(
            f"copytruncate, {pace}: {turns} rotations of {copied.value / turns / 1e6:.2f} MB each, "
            f"truncate() {truncating.value / turns * 1e3:.2f} ms: {reader.verdict(written.value)}\n"
            f"    lost a rotation: {lost:.1f} lines, {lost * len(LINE % 0):,.0f} bytes"
        )
        reader.follower.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rotations", nargs="?", type=int, default=2000)
    rotations = parser.parse_args().rotations
    by_rename(rotations, 50, shift=False)
    by_rename(rotations, 50, shift=True)
    for rate in (1_000, 10_000, 0):
        by_copy(rate, 20, 0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
