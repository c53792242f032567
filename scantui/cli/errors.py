"""How the command line says what went wrong: one line on stderr, whatever the arguments or paths contained."""

from __future__ import annotations

import click

from scantui.safe_text import harmless

FOUND, UNREADABLE = 1, 3


class Unreadable(click.ClickException):
    """An input could not be read at all."""

    exit_code = UNREADABLE


class Refused(click.ClickException):
    """What was asked for cannot be done as asked."""

    exit_code = 2


def complain(text: str) -> None:
    """One line on stderr."""
    click.echo(f"scantui: {harmless(' '.join(text.split()))}", err=True)


def reason(error: OSError) -> str:
    """The system's words for an error, without its number and path."""
    return error.strerror or str(error)
