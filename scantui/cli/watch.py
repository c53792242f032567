"""`scantui watch`: the monitor on logs that grow."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from scantui.cli.inputs import follow
from scantui.cli.options import options, reading, screen

if TYPE_CHECKING:
    from scantui.session import Feed, Options


@click.command("watch")
@click.argument("paths", nargs=-1, required=True, metavar="PATH... [-]")
@screen
@reading
def command(paths: tuple[str, ...], theme: str | None, mouse: bool, **how: Any) -> int:
    """The monitor. '-' is stdin with the keyboard still working; globs, directories, .gz and .zst are read too."""
    need_terminal("-" in paths)
    return show(follow(paths), options(**how), " ".join(paths), theme, mouse)


def need_terminal(stdin_is_log: bool) -> None:
    """Refuse to draw where nobody can look or type."""
    if not sys.stdout.isatty():
        raise click.UsageError("stdout is not a terminal; for a file or a pipe use: scantui report PATH...")
    if not stdin_is_log and not (sys.stdin and sys.stdin.isatty()):
        raise click.UsageError("stdin is not a terminal; to read the log from it give '-' as a path")


def show(feed: Feed, settings: Options, title: str, theme: str | None, mouse: bool) -> int:
    """The monitor on `feed`; returns its exit status."""
    from platformdirs import user_config_path

    from scantui.cli import catalogue
    from scantui.session import Session
    from scantui.ui.app import run_app

    own = user_config_path("scantui") / "themes"
    folders = (own,) if own.is_dir() else ()
    return run_app(
        Session(feed, replace(settings, own=catalogue.own())),
        theme=theme,
        title=title,
        mouse=mouse,
        theme_folders=folders,
    )
