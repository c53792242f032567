"""`--state`: where marks and the allow-list made in the monitor are kept; `--restore`: whether the screen begins as left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scantui.cli.completion import folders
from scantui.cli.options import Function
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.state import State


class _Directory(click.ParamType[Path]):
    """A directory, or a name that one can be made under."""

    name = "directory"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value).expanduser()
        if path.exists() and not path.is_dir():
            self.fail(f"{harmless(str(value))} is not a directory; give one for marks and allow-list", param, ctx)
        return path


def state(default: str) -> Callable[[Function], Function]:
    """The option; `default` says in the help where that is without it."""
    told = f"Where marks and allow-list are kept.  [{default}]"
    return click.option("--state", "state_in", type=_Directory(), metavar="DIR", shell_complete=folders, help=told)


restore = click.option(
    "--restore/--no-restore", "restored", default=True, help="Whether the screen begins as it was left.  [--restore]"
)


def opened(path: Path | None) -> State:
    """The state in a directory, or in the user's own."""
    from scantui.state import State, default_directory

    return State(path if path is not None else default_directory())
