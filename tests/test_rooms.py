"""The rooms keep their doors: no engine module loads the screen, and imports run one way."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import scantui

ROOT = Path(__file__).parents[1]
SCREEN = ("scantui.ui", "scantui.cli", "scantui.__main__")
ENGINE = sorted(
    module.name for module in pkgutil.walk_packages(scantui.__path__, "scantui.") if not module.name.startswith(SCREEN)
)
HEAVY = "textual", "rich", "numpy"
WITH_HTTPX = "scantui.places.rdap", "scantui.places.desk"  # httpx loads its own command line, and Rich with it


def loads(code: str, *arguments: str) -> list[str]:
    """Which of Textual, Rich and numpy a new interpreter has loaded after `code`."""
    code = f"import sys\n{code}\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout.splitlines()[-1].split()


def test_the_engine_is_here() -> None:
    assert {"scantui.events", "scantui.session", "scantui.export.report", "scantui.ingest.block"} <= set(ENGINE)


@pytest.mark.parametrize("name", ENGINE)
def test_engine_module_loads_no_screen(name: str) -> None:
    assert set(loads(f"import {name}")) <= {"numpy", *(("rich",) if name in WITH_HTTPX else ())}


@pytest.mark.parametrize("argument", ["--version", "-h"])
def test_asking_for_the_version_or_help_loads_nothing_heavy(argument: str) -> None:
    assert loads("from scantui.cli import main\nassert main() == 0", argument) == []


@pytest.mark.parametrize("command", ["report", "export", "formats"])
def test_commands_without_a_screen_load_none(command: str) -> None:
    log = str(ROOT / "demo_logs" / "synfin-burst.kv.log")
    arguments = {"report": [log], "export": [log, "--as", "json"], "formats": []}[command]
    assert loads("from scantui.cli import main\nassert main() == 0", command, *arguments) == ["numpy"]


def test_imports_run_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
