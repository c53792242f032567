"""`scantui demo`: the monitor on the logs that come with scantui, replayed as if live."""

from __future__ import annotations

import click

from scantui.cli.errors import Unreadable
from scantui.cli.options import screen
from scantui.cli.watch import need_terminal, show
from scantui.resources import folder


@click.command("demo")
@click.option("--seconds", type=click.FloatRange(min=0), default=16.0, help="How long the night takes.  [16]")
@screen
def command(seconds: float, theme: str | None, mouse: bool) -> int:
    """The monitor on one night's logs, replayed by their own times in a few seconds."""
    need_terminal(False)
    from scantui.session import Options
    from scantui.session.replay import Replay

    try:
        logs = sorted(folder("demo_logs").glob("*.log"))
    except FileNotFoundError as error:
        raise Unreadable(str(error)) from None
    return show(Replay(logs, seconds=seconds), Options(), "demo", theme, mouse)
