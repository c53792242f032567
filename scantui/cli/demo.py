"""`scantui demo`: the monitor on the logs that come with scantui, replayed as if live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scantui.cli import rulefiles
from scantui.cli.configured import configured
from scantui.cli.errors import Unreadable
from scantui.cli.origin import Origin, origin
from scantui.cli.screen import screen
from scantui.cli.state import opened, state
from scantui.cli.watch import need_terminal, show
from scantui.resources import folder

if TYPE_CHECKING:
    from pathlib import Path

    from scantui.explain.rules.ruleset import Ruleset
    from scantui.ui.manners import Manners


@click.command("demo")
@configured("monitor", "rules", "origin")
@click.option("--seconds", type=click.FloatRange(min=0), default=16.0, help="How long the night takes.  [16]")
@screen
@state("nowhere")
@origin
@rulefiles.rules
def command(seconds: float, manners: Manners, state_in: Path | None, origin: Origin, rules: Ruleset | None) -> int:
    """The monitor on one night's logs, replayed by their own times in a few seconds."""
    need_terminal(False)
    from scantui.session import Options
    from scantui.session.replay import Replay

    try:
        logs = sorted(folder("demo_logs").glob("*.log"))
    except FileNotFoundError as error:
        raise Unreadable(str(error)) from None
    keeper = opened(state_in) if state_in is not None else None
    return show(Replay(logs, seconds=seconds), origin.for_monitor(Options(rules=rules)), "demo", manners, keeper)
