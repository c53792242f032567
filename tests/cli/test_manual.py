"""docs/scantui.1 is what the commands and keys make of it, and roff takes it without a word."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from scantui.cli.group import COMMANDS, root
from scantui.ui.actions import ACTIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "scantui.1"
sys.path.append(str(ROOT))

from benchmarks import manual  # noqa: E402


def shown(*command: str) -> str:
    """The page as a person reads it."""
    done = subprocess.run([*command, str(PAGE)], capture_output=True, text=True, check=True,
                          env={**os.environ, "GROFF_NO_SGR": "1", "LC_ALL": "C.UTF-8"})  # fmt: skip
    assert done.stderr == ""
    while (at := done.stdout.find("\b")) > 0:  # struck twice is bold
        done.stdout = done.stdout[: at - 1] + done.stdout[at + 1 :]
    return " ".join(done.stdout.split())


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == "\n".join(manual.page()) + "\n", "python -m benchmarks.manual > docs/scantui.1"


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_every_option_and_key_is_on_it() -> None:
    text = shown("groff", "-man", "-Tutf8", "-ww", "-rLL=2000n")
    for name in COMMANDS:
        made = root.get_command(click.Context(root), name)
        assert made is not None and f"scantui {name}" in text
        for param in made.params:
            if isinstance(param, click.Option) and not param.hidden:
                assert param.opts[-1] in text
    assert all(" ".join(action.text.split()) in text for action in ACTIONS)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="needs mandoc")
def test_mandoc_finds_nothing_but_that_it_has_no_date() -> None:
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", str(PAGE)], capture_output=True, text=True, check=False
    )
    assert all("missing date" in line for line in done.stdout.splitlines())


@pytest.mark.parametrize("example", [line for line, _ in manual.EXAMPLES])
def test_examples_are_commands(example: str) -> None:
    words = shlex.split(example.rpartition("| ")[2])[1:]
    made = root.get_command(click.Context(root), words[0]) if words[0] in COMMANDS else None
    command, rest = (made, words[1:]) if made is not None else (root.get_command(click.Context(root), "watch"), words)
    assert command is not None
    with command.make_context("scantui", rest) as context:
        assert context.params["paths"]


def test_text_cannot_become_a_request() -> None:
    for text in (".PP", "'br", "a\\fB", "-^~`"):
        assert manual.escaped(text)[0] not in ".'" and "\\f" not in manual.escaped(text)


def test_the_wheel_installs_it() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {PAGE.relative_to(ROOT).as_posix(): "share/man/man1/scantui.1"}
