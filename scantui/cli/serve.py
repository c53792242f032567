"""`scantui serve`: the monitor in a browser, by textual-serve."""

from __future__ import annotations

import ipaddress
import os
import secrets
import shlex
import sys
from importlib.util import find_spec
from pathlib import Path

import click

import scantui
from scantui.cli.errors import Refused, reason


@click.command("serve", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, required=True, type=click.UNPROCESSED, metavar="PATH... [OPTIONS OF watch]")
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Address to listen at.  [127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, help="Port to listen at.  [8000]")
@click.option("--allow-remote", is_flag=True, help="Allow an --host that other machines reach, unencrypted.")
def command(arguments: tuple[str, ...], host: str, port: int, allow_remote: bool) -> int:
    """The monitor in a browser on this machine; a process and a reading of the logs for each tab.

    The address that is printed holds a key; whoever has it has what you have here. From another machine use
    ssh -L 8000:127.0.0.1:8000 and the same address.
    """
    address = _checked(host, allow_remote)
    _check(arguments)
    if find_spec("textual_serve") is None:
        raise Refused("serve needs textual-serve: pip install 'scantui[serve]'")
    from scantui.cli.guard import GuardedServer

    key = secrets.token_urlsafe(18)
    server = GuardedServer(shell_words(arguments), address, port, key)
    try:
        server.serve()
    except OSError as error:
        raise Refused(f"cannot listen at {address} port {port}: {reason(error)}; give another --port") from None
    return 0


def _checked(host: str, allow_remote: bool) -> str:
    """The address to listen at. Refuses what other machines reach, unless that is meant."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host.strip("[]"))
    except ValueError:
        raise click.BadParameter(f"{host!r} is no address; write it as 127.0.0.1", param_hint="'--host'") from None
    if address.is_unspecified:
        raise Refused(f"--host {address}: give the one address of this machine that browsers are to use")
    if not address.is_loopback and not allow_remote:
        raise Refused(
            f"--host {address}: other machines would reach these logs and write files here, unencrypted, with no login but "
            "the key; use ssh -L, or --allow-remote if that is meant"
        )
    return str(address)


def _check(arguments: tuple[str, ...]) -> None:
    """Refuse now what each tab's process would refuse later."""
    from scantui.cli.watch import command as watch

    with watch.make_context("watch", list(arguments)) as context:
        if "-" in context.params["paths"]:
            raise click.UsageError("standard input cannot be shown to several browser tabs; name a file")
        if context.params["spoken"]:
            raise click.UsageError("--print has no screen to serve")


def shell_words(arguments: tuple[str, ...]) -> str:
    """The command of a tab's process. textual-serve gives it to a shell, so every word is quoted. -P: no module of the working
    directory, where logs lie, is taken for one of Python's."""
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, (str(Path(scantui.__file__).parents[1]), os.environ.get("PYTHONPATH")))
    )
    return "exec " + shlex.join([sys.executable, "-P", "-m", "scantui", "watch", *arguments])
