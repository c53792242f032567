"""`scantui formats`: what scantui reads, with a sample line each."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from scantui.cli.output import emit
from scantui.formats import FORMATS
from scantui.safe_text import harmless

_INDENT = " " * 10


@click.command("formats")
def command() -> int:
    """What scantui reads: each format's name, the event fields it can carry, and a sample line."""
    emit(_lines(), "-", False)
    return 0


def _lines() -> Iterator[str]:
    for form in FORMATS:
        yield f"{form.name}: {form.title}\n"
        yield textwrap.fill(", ".join(form.fields), 100, initial_indent="  fields  ", subsequent_indent=_INDENT) + "\n"
        yield f"  sample  {harmless(form.samples[0].line)}\n"
