"""`scantui watch`: the monitor on logs that grow."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

import click

from scantui.cli import rulefiles
from scantui.cli.configured import configured
from scantui.cli.inputs import follow
from scantui.cli.options import Zone, options, reading
from scantui.cli.origin import Origin, origin
from scantui.cli.screen import screen
from scantui.cli.spoken import speak
from scantui.cli.state import opened, state

if TYPE_CHECKING:
    from pathlib import Path

    from scantui.explain.rules.ruleset import Ruleset
    from scantui.session import Feed, Options, Session
    from scantui.state import State
    from scantui.ui.manners import Manners

WEB = "TEXTUAL_DRIVER"  # textual-serve sets it for the process of a browser tab


@click.command("watch")
@configured("monitor", "judge", "read", "output", "rules", "origin", "state")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH... [-]")
@click.option("--print", "spoken", is_flag=True, help="No screen: a line for each finding as it comes up.")
@click.option("--tz", "where", type=Zone(), default=UTC, metavar="ZONE", help="Zone of the times of --print.  [UTC]")
@screen
@reading
@state("~/.local/state/scantui")
@origin
@rulefiles.rules
def command(
    paths: tuple[str, ...],
    spoken: bool,
    where: tzinfo,
    manners: Manners,
    state_in: Path | None,
    origin: Origin,
    rules: Ruleset | None,
    **how: Any,
) -> int:
    """The monitor. '-' is stdin with the keyboard still working; globs, directories and archives are read too."""
    settings = replace(options(**how), rules=rules)
    if spoken:
        return speak(
            session_of(follow(paths, settings, keyboard=False), origin.for_monitor(settings), opened(state_in)), where
        )
    need_terminal("-" in paths)
    return show(follow(paths, settings), origin.for_monitor(settings), " ".join(paths), manners, opened(state_in))


def session_of(feed: Feed, settings: Options, keeper: State | None) -> Session:
    """A session over `feed` that knows the user's own catalogue."""
    from scantui.cli import catalogue
    from scantui.session import Session

    return Session(feed, replace(settings, own=catalogue.own()), keeper)


def need_terminal(stdin_is_log: bool) -> None:
    """Refuse to draw where nobody can look or type."""
    if os.environ.get(WEB):  # a browser shows what it draws
        return
    if not sys.stdout.isatty():
        raise click.UsageError("stdout is not a terminal; for a file or a pipe use: scantui report PATH...")
    if not stdin_is_log and not (sys.stdin and sys.stdin.isatty()):
        raise click.UsageError("stdin is not a terminal; to read the log from it give '-' as a path")


def show(feed: Feed, settings: Options, title: str, manners: Manners, keeper: State | None = None) -> int:
    """The monitor on `feed`; returns its exit status. Without a `keeper` what the analyst says is forgotten at the end."""
    from platformdirs import user_config_path

    from scantui.state.directory import Directory
    from scantui.state.filters import SavedFilters
    from scantui.ui.app import run_app

    own = user_config_path("scantui") / "themes"
    folders = (own,) if own.is_dir() else ()
    return run_app(
        session_of(feed, settings, keeper),
        manners,
        title=title,
        theme_folders=folders,
        saved=SavedFilters(Directory(keeper.path)) if keeper is not None else None,
    )
