"""The options of the monitor's screen."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from scantui.cli.configured import Source, default_place, refuse
from scantui.cli.options import Function
from scantui.resources import folder
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.ui.manners import Manners


class _Theme(click.ParamType[str]):
    """A theme's name, whether there is one or not: that is known once all theme files were read."""

    name = "name"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Names of the files that may be themes."""
        folders = (folder("themes"), default_place().parent / "themes")
        names = sorted({path.stem for one in folders for path in one.glob("*.toml")})
        return [CompletionItem(name) for name in ("auto", *names) if name.startswith(incomplete)]


_NOTIFY = "Desktop notification on a new scan.  [off]"
_SCREEN = (
    click.option("--theme", type=_Theme(), metavar="NAME", default="auto", help="Colour theme.  [auto]"),
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

        context = click.get_current_context()
        given = {
            param for param in context.params if context.get_parameter_source(param) is ParameterSource.COMMANDLINE
        }
        said = frozenset(given & Manners.__dataclass_fields__.keys())
        manners = Manners(theme, mouse, low_bandwidth, only_ascii, title, bell, notify, said=said)
        return command(manners=wished(manners, context.obj), **others)

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
