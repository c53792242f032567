"""The monitor from the command line on a real terminal: it shows, takes keys and gives the terminal back."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.cli.conftest import SYNFIN

ROOT = Path(__file__).parents[2]
SCANTUI = f"{sys.executable} -m scantui"


class Terminal:
    """A program on a pty of 120 by 40, and what its screen shows."""

    def __init__(self, command: str) -> None:
        self.screen = pyte.Screen(120, 40)
        self._stream = pyte.ByteStream(self.screen)
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        self.process = pexpect.spawn("bash", ["-c", command], env=environment, dimensions=(40, 120), timeout=60)

    def until(self, text: str) -> None:
        """Read until the screen shows `text`."""
        while not any(text in line for line in self.screen.display):
            try:
                self._stream.feed(self.process.read_nonblocking(65536, timeout=60))
            except (pexpect.EOF, pexpect.TIMEOUT) as error:
                raise AssertionError("\n".join(self.screen.display)) from error

    def status(self) -> int:
        """Read to the end; the exit status."""
        self.process.expect(pexpect.EOF)
        self.process.close()
        assert self.process.exitstatus is not None, self.process.signalstatus
        return int(self.process.exitstatus)


@pytest.fixture
def terminal() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        each.process.close(force=True)


@pytest.mark.parametrize("command", [SYNFIN, f"watch {SYNFIN}", "demo --seconds 1", f"- < {SYNFIN}", "-"])
def test_the_monitor_shows_the_burst_and_quits(terminal: list[Terminal], command: str) -> None:
    words = f"cat {SYNFIN} | {SCANTUI} -" if command == "-" else f"{SCANTUI} {command}"
    shown = Terminal(words)
    terminal.append(shown)
    shown.until("203.0.113.7")
    shown.process.send("q")
    assert shown.status() == 0


def test_an_unknown_theme_is_one_line(terminal: list[Terminal]) -> None:
    shown = Terminal(f"{SCANTUI} --theme nonesuch {SYNFIN}")
    terminal.append(shown)
    shown.until("nonesuch")
    assert shown.status() == 2
    said = "".join(shown.screen.display).strip()
    assert said.startswith("scantui: no theme 'nonesuch': there are ansi, ") and said.count("scantui") == 1


@pytest.mark.parametrize("command", ["watch -", "report -"])
def test_the_keyboard_is_no_log(terminal: list[Terminal], command: str) -> None:
    shown = Terminal(f"{SCANTUI} {command}")
    terminal.append(shown)
    shown.until("pipe a log into it")
    assert shown.status() == 2


def test_what_can_never_be_read_is_said_before_the_screen(terminal: list[Terminal], tmp_path: Path) -> None:
    (tmp_path / "packed.log").write_bytes(b"\x04\x22\x4d\x18" + bytes(100))
    shown = Terminal(f"{SCANTUI} {tmp_path}/packed.log")
    terminal.append(shown)
    shown.until("unpack it")
    assert shown.status() == 3


def test_marks_are_kept_where_told_and_found_again(terminal: list[Terminal], tmp_path: Path) -> None:
    command = f"{SCANTUI} watch --state {tmp_path}/state {SYNFIN}"
    shown = Terminal(command)
    terminal.append(shown)
    shown.until("203.0.113.7")
    shown.process.send("M")
    shown.until("[none]")
    shown.process.send("\t")
    shown.until("[scan]")
    shown.process.send("seen by night\r")
    shown.until("S marked scan: seen by night")
    shown.process.send("q")
    assert shown.status() == 0
    again = Terminal(command)
    terminal.append(again)
    again.until("S marked scan: seen by night")
    again.process.send("q")
    assert again.status() == 0
    assert (tmp_path / "state" / "marks.jsonl").read_text("utf-8").count("\n") == 1
