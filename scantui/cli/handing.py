"""The options that say how an export is made."""

from __future__ import annotations

from functools import wraps
from typing import Any

import click

from scantui.cli.options import Function

_OPTIONS = (
    click.option(
        "--hours", type=click.IntRange(0, 24 * 365), default=24, help="How long a block holds; 0 is for good.  [24]"
    ),
    click.option("--aggregate", is_flag=True, help="Block networks (/24, /64) where several of one scanned."),
    click.option("--sid", type=click.IntRange(1, 2**31 - 1), default=1_000_001, help="First sid of rules.  [1000001]"),
    click.option("--reporter", default="", metavar="NAME", help="Who writes a report or an abuse mail."),
    click.option("--organisation", default="", metavar="NAME", help="For whom."),
    click.option("--contact", default="", metavar="ADDRESS", help="Where answers go."),
    click.option("--excerpt", type=click.IntRange(0, 200), default=20, help="Log lines quoted of a source.  [20]"),
    click.option("--unguarded", is_flag=True, help="Name own, allow-listed and private addresses, too."),
)


def handing(command: Function) -> Function:
    """Adds the options; the command takes them as `wishes`."""

    @wraps(command)
    def with_wishes(hours: int, aggregate: bool, sid: int, reporter: str, organisation: str, contact: str, excerpt: int,
                    unguarded: bool, **rest: Any) -> Any:  # fmt: skip
        from scantui.export.handover import Wishes

        wishes = Wishes(unguarded, hours, aggregate, sid, reporter, organisation, contact, excerpt)
        return command(**rest, wishes=wishes)

    made: Any = with_wishes
    for option in reversed(_OPTIONS):
        made = option(made)
    return made
