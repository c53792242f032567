"""`watch --print`: findings as lines, for pipes and screen readers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import SYNFIN

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "scantui", "watch", "--print"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"}


def printed(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments], input=data, capture_output=True, env=ENVIRONMENT, timeout=60, check=False
    )


def test_a_log_from_a_pipe_is_told_to_its_end() -> None:
    done = printed("-", data=Path(SYNFIN).read_bytes())
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    assert lines[0].startswith("2000-01-25T03:14:01.000000Z scan 203.0.113.7 vertical tcp syn-fin: 200 ports of 1 host")
    assert any(" burst " in line for line in lines) and all(line.isprintable() for line in lines)


def test_sensitivity_and_zone_hold_here_too() -> None:
    done = printed("--allow", "203.0.113.7", "--tz", "+01:00", "-", data=Path(SYNFIN).read_bytes())
    assert b" 203.0.113.7 " not in done.stdout and b"+01:00 burst" in done.stdout


def test_what_cannot_be_read_is_said_and_is_status_3() -> None:
    done = printed("-", data=b"no log at all\n" * 50)
    assert done.returncode == 3 and b"no line of 50 is in a format scantui reads" in done.stderr


@pytest.fixture
def following(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = tmp_path / "fw.log"
    log.touch()
    running = subprocess.Popen([*COMMAND, str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
    yield running, log
    running.kill()
    running.communicate()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_growing_log_is_told_as_it_grows(
    following: tuple[subprocess.Popen[bytes], Path], number: signal.Signals, status: int
) -> None:
    running, log = following
    with log.open("ab") as file:
        file.write(Path(SYNFIN).read_bytes())
    assert running.stdout is not None
    assert b" 203.0.113.7 " in running.stdout.readline()
    running.send_signal(number)
    assert running.wait(20) == status


def test_a_reader_that_goes_away_ends_it(following: tuple[subprocess.Popen[bytes], Path]) -> None:
    running, log = following
    assert running.stdout is not None
    running.stdout.close()
    log.write_bytes(Path(SYNFIN).read_bytes())
    assert running.wait(20) == 141
    running.stdout = None
