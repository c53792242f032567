"""On a real terminal: what was chosen is there again after a quit and after a signal; --no-restore and the demo know nothing."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.cli.conftest import SYNFIN
from tests.cli.test_terminal import SCANTUI, Terminal


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Any]:
    running: list[Terminal] = []

    def start(words: str = f"watch {SYNFIN}") -> Terminal:
        running.append(Terminal(f"exec {SCANTUI} {words} --state {tmp_path}/state"))
        running[-1].until("203.0.113.7")
        running[-1].until("LIVE")
        return running[-1]

    yield start
    for each in running:
        each.process.close(force=True)


def sort(shown: Terminal, letter: str, name: str) -> None:
    shown.process.send("s")
    shown.until("Sort by")
    shown.process.send(letter)
    shown.until(f"by {name}")


def ended(shown: Terminal, way: int | None) -> None:
    if way is None:
        shown.process.send("q")
        assert shown.status() == 0
    else:
        shown.process.kill(way)
        assert shown.status() == 128 + way


@pytest.mark.parametrize("way", [None, signal.SIGTERM, signal.SIGHUP])
def test_the_screen_is_kept_however_it_is_left(begin: Any, tmp_path: Path, way: int | None) -> None:
    file = tmp_path / "state" / "screen.json"
    shown = begin()
    sort(shown, "p", "ports")
    shown.process.send("\x1bOQ")  # F2
    shown.until("mouse off")
    ended(shown, way)
    kept = json.loads(file.read_text())
    assert kept["chosen"] == {"order": ["ports", False], "mouse": False} and file.stat().st_mode & 0o777 == 0o600
    again = begin()
    again.until("by ports")
    ended(again, None)
    assert json.loads(file.read_text()) == kept
    for words in (f"watch --no-restore {SYNFIN}", "demo --seconds 0"):
        other = begin(words)
        sort(other, "t", "targets")
        ended(other, way)
        assert json.loads(file.read_text()) == kept


def test_a_damaged_file_is_told_and_stops_nothing(begin: Any, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "screen.json").write_text('{"chosen": 7}')
    shown = begin()
    shown.until("begins as configured: screen.json")
    ended(shown, None)


def test_the_last_picture_is_left_on_the_terminal(begin: Any) -> None:
    shown = begin()
    shown.process.send("Q")
    shown.process.expect(pexpect.EOF)
    left = shown.process.before.split(b"\x1b[?1049l")[-1]
    shown._stream.feed(left)
    assert shown.status() == 0
    text = re.sub(rb"\x1b\[[0-9;?<>=]*[a-zA-Z]", b"", left).decode()
    assert "\x1b" not in text and "203.0.113.7" in text and "verdict▾  source" in text and "q quit" in text
    assert text.count("\n") == 40 and max(map(len, text.splitlines())) <= 120
