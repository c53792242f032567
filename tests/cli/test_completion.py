"""Completion in the shells themselves, by the line that docs/settings.md gives for each."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

ROOT = Path(__file__).parents[2]
Complete = Callable[[str], set[str]]
BASH = """eval "$(_SCANTUI_COMPLETE=bash_source scantui)"
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}
_scantui_completion scantui "${{COMP_WORDS[COMP_CWORD]}}" ""
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
# What completion adds is caught; zsh has no other way to ask without a terminal.
ZSH = """autoload -U compinit; compinit -D -u
eval "$(_SCANTUI_COMPLETE=zsh_source scantui)"
compadd() {{ print -l -- "${{(@P)@[-1]}}" }}
_describe() {{ local name=$3; print -l -- "${{(@P)name}}" }}
_path_files() {{ print FILES }}
words=({words}); CURRENT=${{#words}}
_scantui_completion
"""
FISH = """_SCANTUI_COMPLETE=fish_source scantui | source
complete --do-complete {line}
"""
SHELLS = {"bash": BASH, "zsh": ZSH, "fish": FISH}


@pytest.fixture(params=SHELLS)
def complete(request: pytest.FixtureRequest, tmp_path: Path) -> Complete:
    """What a shell offers for a line, without descriptions."""
    shell: str = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"needs {shell}")
    program = tmp_path / "bin" / "scantui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m scantui "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
    }
    (tmp_path / "kern.log").write_text("")

    def offered(line: str) -> set[str]:
        words = line.split(" ")
        script = SHELLS[shell].format(words=" ".join(map(shlex.quote, words)), line=shlex.quote(line))
        flags = {"bash": ["--norc", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]}[shell]
        done = subprocess.run(
            [shell, *flags, script],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
        unheard = "compopt: not currently executing completion function"  # of bash, which completes nothing here
        assert not [one for one in done.stderr.splitlines() if unheard not in one]
        return {one.split("\t")[0].partition(":")[0] for one in done.stdout.splitlines()}

    return offered


def test_commands_options_and_values(complete: Complete) -> None:
    assert {"report", "rules"} <= complete("scantui r") and "watch" not in complete("scantui r")
    assert complete("scantui rules ch") == {"check"}
    assert {"--mmdb", "--mouse", "--memory"} <= complete("scantui watch --m")
    assert complete("scantui watch --sensitivity ") == {"low", "normal", "high"}
    assert {"paper", "dark"} <= complete("scantui watch --theme ") and complete("scantui demo --theme pap") == {"paper"}


def test_bash_takes_it_all_at_a_prompt(tmp_path: Path) -> None:
    """Commands and paths both, as they are typed."""
    (tmp_path / "kern.log").write_text("")
    (tmp_path / "scantui").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -P -m scantui "$@"\n')
    (tmp_path / "scantui").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    shell = pexpect.spawn("bash", ["--norc", "--noprofile"], env={**environment, "PS1": "> "}, cwd=tmp_path, timeout=30)
    shell.expect_exact("> ")
    shell.sendline(
        'bind "set enable-bracketed-paste off"; eval "$(_SCANTUI_COMPLETE=bash_source scantui)"; echo re"ady"'
    )
    shell.expect_exact("ready\r\n")
    for typed, whole in (("scantui rep\t", "scantui report "), ("scantui ker\t", "scantui kern.log "),
                         ("scantui report --fail-o\t", "scantui report --fail-on "),
                         ("scantui report ker\t", "scantui report kern.log "),
                         ("scantui --mmdb ker\t", "scantui --mmdb kern.log ")):  # fmt: skip
        shell.send(typed)
        shell.expect_exact(whole)
        for _ in range(20):  # readline may not have the terminal back yet, and then loses it
            shell.sendcontrol("c")
            if shell.expect_exact(["> ", pexpect.TIMEOUT], timeout=1) == 0:
                break
    shell.close(force=True)
