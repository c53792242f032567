"""Usage: what is refused, with which status and in which words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import scantui
from scantui.cli import group
from tests.cli.conftest import SYNFIN, Result

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


def test_no_arguments_names_the_two_commonest_commands(run: Run) -> None:
    status, out, err = run()
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 3
    assert "scantui report" in err


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"scantui {scantui.__version__}\n", "")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_every_command_and_fits(run: Run, option: str) -> None:
    status, out, err = run(option)
    assert (status, err) == (0, "")
    for name in group.COMMANDS:
        assert re.search(rf"^  {name} ", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 100


@pytest.mark.parametrize("name", group.COMMANDS)
def test_every_command_has_help(run: Run, name: str) -> None:
    status, out, err = run(name, "-h")
    assert (status, err) == (0, "")
    assert out.startswith(f"Usage: scantui {name}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["report"], "scantui report -h"),
        (["report", "--colour", "x"], "--colour"),
        (["report", "--format", "xml", SYNFIN], "'text', 'json', 'jsonl', 'csv'"),
        (["report", "--tz", "Mars/Phobos", SYNFIN], "IANA name"),
        (["report", "--log-tz", "Mars/Phobos", SYNFIN], "IANA name"),
        (["report", "--memory", "lots", SYNFIN], "512M"),
        (["report", "--memory", "1k", SYNFIN], "16M"),
        (["report", "--year", "99", SYNFIN], "1970"),
        (["report", "--allow", "10.0.0.0/40", SYNFIN], "192.0.2.0/24"),
        (["report", "--allow", "scanner.example", SYNFIN], "no network"),
        (["report", "--fail-on", "benign", SYNFIN], "'scan', 'suspect'"),
        (["export", SYNFIN], "--as"),
        (["export", "--as", "pdf", SYNFIN], "'csv', 'json'"),
        (["export", "--as", "csv", "--source", "10.0.0", SYNFIN], "no address"),
        (["reprot", SYNFIN], "did you mean 'report'"),
        (["--verison"], "--verison"),
        (["--theme"], "requires an argument"),
    ],
)
def test_bad_usage_is_one_line_that_says_what_to_do(run: Run, arguments: list[str], words: str) -> None:
    assert words in run(*arguments).refused()


@pytest.mark.parametrize("arguments", [["watch", SYNFIN], [SYNFIN], ["-"], ["demo"], ["--theme", "dark", SYNFIN]])
def test_the_monitor_without_a_terminal_points_to_report(run: Run, arguments: list[str]) -> None:
    line = run(*arguments).refused()
    assert "stdout is not a terminal" in line
    assert "scantui report" in line


def test_hostile_arguments_do_not_reach_the_terminal(run: Run) -> None:
    line = run("report", "--\x1b]0;owned\x07\u202e\udc80", SYNFIN).refused()
    assert "\\x1b" in line and "\\u202e" in line


def shell(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`command` in bash, where `$S` is scantui as a program of its own."""
    environment = {**os.environ, "S": f"{sys.executable} -m scantui", "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL
    )


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = shell("$S formats | true; exit ${PIPESTATUS[0]}")
    assert (done.returncode, done.stderr) in [(141, ""), (0, "")]
    done = shell("(sleep 1; $S formats; echo $? >&2) | true")
    assert done.stderr == "141\n"


def test_a_full_disk_is_one_line() -> None:
    done = shell("$S formats > /dev/full")
    assert done.returncode == 2
    assert done.stderr == "scantui: cannot write to stdout: No space left on device\n"


def test_closed_standard_streams_do_no_harm() -> None:
    assert shell("$S formats >&-").returncode == 0
    assert shell("$S nonsense= 2>&-").returncode == 2


def test_a_defect_is_one_line_unless_debugging(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a\nb\x1b")

    monkeypatch.setattr(group.root, "invoke", broken)
    monkeypatch.delenv("SCANTUI_DEBUG", raising=False)
    line = run("report", SYNFIN).refused(70)
    assert "RuntimeError: a b\\x1b" in line and "SCANTUI_DEBUG=1" in line
    monkeypatch.setenv("SCANTUI_DEBUG", "1")
    with pytest.raises(RuntimeError):
        run("report", SYNFIN)


def test_an_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(group.root, "invoke", interrupted)
    assert run("report", SYNFIN) == (130, "", "")
