"""`scantui watch`: the monitor on logs that grow."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scantui.cli import rulefiles
from scantui.cli.configured import Source, configured
from scantui.cli.errors import complain
from scantui.cli.inputs import follow
from scantui.cli.options import Zone, options, reading
from scantui.cli.origin import Origin, origin
from scantui.cli.screen import screen
from scantui.cli.spoken import speak
from scantui.cli.state import opened, restore, state

if TYPE_CHECKING:
    from pathlib import Path

    from scantui.config.settings import Export
    from scantui.explain.rules.ruleset import Ruleset
    from scantui.export.handover import Wishes
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
@restore
@origin
@rulefiles.rules
def command(
    paths: tuple[str, ...],
    spoken: bool,
    where: tzinfo,
    manners: Manners,
    state_in: Path | None,
    restored: bool,
    origin: Origin,
    rules: Ruleset | None,
    **how: Any,
) -> int:
    """The monitor. '-' is stdin with the keyboard still working; globs, directories, archives and captures are read too, and
    journal:, ssh://host/path and syslog://address:port."""
    settings = replace(options(where, **how), rules=rules)
    if spoken:
        for notice in settings.notices:
            complain(notice)
        return speak(
            session_of(follow(paths, settings, keyboard=False), origin.for_monitor(settings), opened(state_in)), where
        )
    need_terminal("-" in paths)
    feed, inputs = follow(paths, settings), tuple(map(_whole, paths)) if restored else None
    return show(feed, origin.for_monitor(settings), " ".join(paths), manners, opened(state_in), inputs)


def _whole(path: str) -> str:
    """An input's name from anywhere; what is no path stays as it is (journal:, ssh://, -)."""
    return path if path == "-" or ":" in path.partition("/")[0] else str(Path(path).absolute())


def session_of(feed: Feed, settings: Options, keeper: State | None) -> Session:
    """A session over `feed` that knows the user's own catalogue."""
    from scantui.cli import catalogue
    from scantui.session import Session

    return Session(feed, replace(settings, own=catalogue.own()), keeper)


def wishes_of(export: Export) -> Wishes:
    """How the monitor's exports are made."""
    from scantui.export.handover import Wishes

    return Wishes(False, export.hours, export.aggregate, export.sid, export.reporter, export.organisation, export.contact,
                  export.excerpt)  # fmt: skip


def need_terminal(stdin_is_log: bool) -> None:
    """Refuse to draw where nobody can look or type."""
    if os.environ.get(WEB):  # a browser shows what it draws
        return
    if not sys.stdout.isatty():
        raise click.UsageError("stdout is not a terminal; for a file or a pipe use: scantui report PATH...")
    if not stdin_is_log and not (sys.stdin and sys.stdin.isatty()):
        raise click.UsageError("stdin is not a terminal; to read the log from it give '-' as a path")


def show(
    feed: Feed,
    settings: Options,
    title: str,
    manners: Manners,
    keeper: State | None = None,
    inputs: tuple[str, ...] | None = None,
) -> int:
    """The monitor on `feed`; returns its exit status. Without a `keeper` what the analyst says is forgotten at the end. The
    screen begins as it was left where `inputs` says what is watched."""
    from platformdirs import user_config_path

    from scantui.state.directory import Directory
    from scantui.state.filters import SavedFilters
    from scantui.state.screen import ScreenFile
    from scantui.ui.app import run_app
    from scantui.ui.live_settings import LiveSettings

    own = user_config_path("scantui") / "themes"
    folders = (own,) if own.is_dir() else ()
    directory = Directory(keeper.path) if keeper is not None else None
    source: Source = click.get_current_context().obj
    settings = replace(settings, wishes=wishes_of(source.settings.export))
    return run_app(
        session_of(feed, settings, keeper),
        manners,
        title=title,
        theme_folders=folders,
        saved=SavedFilters(directory) if directory is not None else None,
        kept=ScreenFile(directory) if directory is not None and inputs is not None else None,
        inputs=inputs or (),
        settings=LiveSettings(source.path, source.settings, manners),
    )
