"""The options of the monitor's screen."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

import click

from scantui.cli.configured import Source, refuse
from scantui.cli.options import Function
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.ui.manners import Manners

_NOTIFY = "Desktop notification on a new scan.  [off]"
_SCREEN = (
    click.option("--theme", metavar="NAME", default="auto", help="Colour theme.  [auto]"),
    click.option("--mouse/--no-mouse", default=True, help="Whether the monitor takes the mouse.  [--mouse]"),
    click.option(
        "--low-bandwidth", is_flag=True, help="For slow links: fewer pictures, and the heatmap does not scroll."
    ),
    click.option("--ascii", "only_ascii", is_flag=True, help="Send nothing but ASCII."),
    click.option("--title", is_flag=True, help="Count scans in the terminal's title."),
    click.option("--bell", is_flag=True, help="Ring the bell on a new scan."),
    click.option("--notify", type=click.Choice(["off", "osc9", "osc777"]), default="off", help=_NOTIFY),
)


def screen(command: Function) -> Function:
    """The options of the monitor; the command, which is `configured`, gets them as `manners`, with what the file says of table,
    heatmap and keys."""

    @wraps(command)
    def taking(
        theme: str,
        mouse: bool,
        low_bandwidth: bool,
        only_ascii: bool,
        title: bool,
        bell: bool,
        notify: str,
        **others: Any,
    ) -> Any:
        from scantui.ui.manners import Manners

        manners = Manners(theme, mouse, low_bandwidth, only_ascii, title, bell, notify)
        return command(manners=wished(manners, click.get_current_context().obj), **others)

    for option in reversed(_SCREEN):
        taking = option(taking)
    return cast(Function, taking)


def wished(manners: Manners, source: Source) -> Manners:
    """The manners with what only the file says. Ends the command when the screen cannot do it."""
    from scantui.ui.wishes import with_wishes

    made, wrong = with_wishes(manners, source.settings)
    if wrong:
        refuse([f"{harmless(str(source.path))}: {line}" for line in wrong])
    return made
