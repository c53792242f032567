"""The live path: CPU at a steady rate of lines, and the time from an appended line to the terminal.

    python benchmarks/live.py [SECONDS]

CPU is the session's own process without a screen (follow, parse, store, detect, snapshots). The latency is measured from
outside: the monitor runs in a pty of 120x40, a line of a new source is appended, and the clock stops when the terminal has
been sent that source's address.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

import logs


def writer(path: Path, lines: list[bytes], rate: float, stop: threading.Event) -> None:
    """Append `lines` at `rate` a second, fifty times a second, until told to stop."""
    begin, at = time.monotonic(), 0
    with path.open("ab", buffering=0) as file:
        while not stop.is_set() and at < len(lines):
            due = int((time.monotonic() - begin) * rate)
            if due > at:
                file.write(b"".join(lines[at:due]))
                at = due
            time.sleep(0.02)


def cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def hot_path(rate: float, seconds: float) -> None:
    """CPU share of one core of a session without a screen, following one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fw.log"
        path.touch()
        code = (
            "import sys, time\nfrom scantui.ingest.follow import Follower\nfrom scantui.session import Session\n"
            f"session = Session(Follower([{str(path)!r}], follow=True)); session.start()\n"
            "sys.stdin.readline(); session.stop(); print(session.latest().status.events)"
        )
        made = logs.netfilter(int(rate * (seconds + 10)), rate=rate).splitlines(keepends=True)
        child = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        stop = threading.Event()
        thread = threading.Thread(target=writer, args=(path, made, rate, stop))
        thread.start()
        time.sleep(3)
        before, clock = cpu_of(child.pid), time.monotonic()
        time.sleep(seconds)
        share = (cpu_of(child.pid) - before) / (time.monotonic() - clock)
        stop.set()
        thread.join()
        time.sleep(0.5)
        said, _ = child.communicate("\n")
        print(f"hot path, {rate:6.0f} netfilter lines/s: {share:6.1%} of a core ({int(said):,} events)")


def terminal(path: Path) -> tuple[int, int]:
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONPATH=str(ROOT))
        os.execv(sys.executable, [sys.executable, "-m", "scantui", "watch", str(path)])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return pid, fd


def wait_for(fd: int, wanted: bytes, seconds: float) -> float | None:
    """When the terminal was sent `wanted`; None when it was not within `seconds`."""
    end, held = time.monotonic() + seconds, b""
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.05)[0]:
            held = held[-4096:] + os.read(fd, 65_536)
            if wanted in held:
                return time.monotonic()
    return None


def latency(background: float, tries: int) -> None:
    """From the append of a source's first lines to its address on the terminal."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fw.log"
        path.write_bytes(logs.netfilter(2000))
        pid, fd = terminal(path)
        stop = threading.Event()
        thread = None
        try:
            if wait_for(fd, b"LIVE", 20) is None:
                raise SystemExit("the monitor did not come up")
            if background:
                made = logs.netfilter(int(background * (tries + 60)), rate=background, seed=9).splitlines(keepends=True)
                thread = threading.Thread(target=writer, args=(path, made, background, stop))
                thread.start()
            wait_for(fd, b"\0never\0", 4)
            took, lost = [], 0
            for number in range(tries):
                # A burst loud enough to rank above all before it, so that its row is on the screen.
                address = f"198.51.100.{number + 1}"
                burst = b"".join(
                    b"Nov 10 06:00:09 fw1 kernel: [9999.%06d] [UFW BLOCK] IN=eth0 OUT= SRC=%s DST=192.0.2.%d LEN=40 TOS=0x00 PREC=0x00 "
                    b"TTL=40 ID=%d PROTO=TCP SPT=53 DPT=%d WINDOW=512 RES=0x00 SYN FIN URGP=0 \n"
                    % (i, address.encode(), 1 + i % 200, i, 1 + i)
                    for i in range(400 + 40 * number)
                )
                begin = time.monotonic()
                with path.open("ab", buffering=0) as file:
                    file.write(burst)
                seen = wait_for(fd, address.encode(), 5)
                if seen is None:
                    lost += 1
                else:
                    took.append((seen - begin) * 1000)
                wait_for(fd, b"\0never\0", 0.7)
            took.sort()
            print(
                f"line to terminal, background {background:5.0f} lines/s, {len(took)} of {tries} seen: "
                f"median {statistics.median(took):.0f} ms, p90 {took[int(len(took) * 0.9)]:.0f} ms, max {took[-1]:.0f} ms"
            )
        finally:
            stop.set()
            if thread:
                thread.join()
            os.kill(pid, signal.SIGTERM)
            wait_for(fd, b"\x1b[?1049l", 3)


if __name__ == "__main__":
    length = float(sys.argv[1]) if len(sys.argv) > 1 else 15.0
    for lines_a_second in (100, 1000, 10_000):
        hot_path(lines_a_second, length)
    latency(0, 50)
    latency(1000, 50)
