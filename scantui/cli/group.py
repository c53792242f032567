"""The commands by name. Each lives in the module of its name and is imported when it is run, not before."""

from __future__ import annotations

import difflib
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from scantui import __version__

COMMANDS = {
    "watch": "the monitor: follow logs and show who is scanning",
    "demo": "the monitor on the logs that come with scantui, replayed",
    "report": "the same detection without a screen: text, json, jsonl or csv",
    "explain": "one source in full: pattern, evidence, tools, origin, what got through",
    "export": "write sources and their scans for other systems",
    "rules": "why Snort, Suricata, iptables or nft rules fire on a scan, or do not",
    "formats": "what scantui reads, with a sample line each",
    "config": "where settings are, what there is to set, whether a file is right",
    "serve": "the monitor in a browser on this machine",
}
_OWN_OPTIONS = ("-h", "--help", "--version")

NO_ARGUMENTS = """\
usage: scantui PATH... | scantui COMMAND ...   (scantui -h lists the commands)
  scantui /var/log/kern.log           follow a log in the monitor
  scantui report /var/log/kern.log    the scans in it as text"""


class Group(click.Group):
    """A group in which a first word that names no command is a path to watch."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"scantui.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        files = CompletionItem(incomplete, type="file")  # first: in bash it takes away what stands before it
        return [files, *super().shell_complete(ctx, incomplete)]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in COMMANDS and args[0] not in _OWN_OPTIONS:
            if not ctx.resilient_parsing:
                _refuse_slip(ctx, args[0])
            args = ["watch", *args]
        return super().parse_args(ctx, args)


def _refuse_slip(ctx: click.Context, word: str) -> None:
    """A mistyped command is not a log to wait for."""
    close = difflib.get_close_matches(word, COMMANDS, n=1)
    if close and not Path(word).exists():
        raise click.UsageError(f"no command and no file {word!r}; did you mean {close[0]!r}?", ctx)


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"scantui {__version__}")
        ctx.exit()


_SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
    cls=Group,
    context_settings=_SETTINGS,
    subcommand_metavar="COMMAND ... | PATH...",
    epilog="Exit status: 0 done; 1 done and what --fail-on names was found; 2 bad usage; 3 an input could not be read.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
def root() -> None:
    """Find port scans in a network sensor's logs, live, and say why.

    A first word that is no command is a path: scantui PATH... is scantui watch PATH...; '-' is stdin.
    """
