"""A large netfilter log in the monitor's session: when its newest lines are in the picture, and when all of it is.

    python benchmarks/newest.py [MIB] [MEMORY_MIB]

No screen. The log is made once, in the temporary directory, and read from the page cache. Printed: seconds from the start of
the session to the first picture that has the log's last line, what that costs in order (`newest_first` off), the longest
pause between two pictures, seconds until all is read, peak RSS.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

import logs

PART = 200_000  # lines
LAST = "198.51.100.77"


def make(path: Path, size: int) -> None:
    """Netfilter lines up to about `size` bytes; the last ones are of a source of their own."""
    seconds = 0.0
    with path.open("wb") as file:
        while file.tell() < size:
            start, logs.START = logs.START, logs.START + round(seconds)
            data = logs.netfilter(PART, seed=round(seconds))
            logs.START = start
            file.write(data)
            seconds += PART / 375
        tail = data.splitlines(keepends=True)[-1]
        before, _, after = tail.partition(b"SRC=")
        file.write((before + b"SRC=" + LAST.encode() + after[after.index(b" ") :]) * 50)


def run(path: Path, memory: int, newest_first: bool) -> None:
    """Print the figures of one session."""
    begin = time.monotonic()
    from pipeline import peak_rss

    from scantui.ingest.follow import Follower
    from scantui.session import Options, Session

    code = int.from_bytes(bytes(map(int, LAST.split("."))), "big")
    session = Session(Follower([str(path)], follow=True, newest_first=newest_first), Options(memory=memory << 20))
    newer = threading.Event()
    pictures: list[float] = []
    session.subscribe(newer.set)
    session.start()
    seen = whole = None
    while True:
        if not newer.wait(2.0) and seen is not None and not session.latest().status.backlog:
            break
        newer.clear()
        now = time.monotonic() - begin
        pictures.append(now)
        snapshot = session.latest()
        if snapshot.status.failure:
            raise SystemExit(snapshot.status.failure)
        if seen is None and code in snapshot.sources.code:
            seen = now
        if whole is None and seen is not None and not snapshot.status.backlog:
            whole = now
    status = snapshot.status
    longest = max(later - one for one, later in pairwise(pictures))
    session.stop()
    print(
        f"{'newest first' if newest_first else 'in order':12}: newest lines after {seen:.2f} s, all {status.events:,} events after "
        f"{whole:.1f} s, longest between pictures {longest:.2f} s, held {status.memory >> 20} of {memory} MiB, "
        f"peak RSS {peak_rss()} MiB"
    )


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    memory = int(sys.argv[2]) if len(sys.argv) > 2 else 512
    path = Path(tempfile.gettempdir()) / f"scantui-newest-{size}.log"
    if not path.exists():
        make(path, size << 20)
    print(f"{path.stat().st_size / 2**20:.0f} MiB")
    for newest_first in (True, False):
        subprocess.run([sys.executable, __file__, "--run", str(path), str(memory), str(int(newest_first))], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "1")
    else:
        main()
