"""The command line. `main` turns every outcome into an exit status and at most one line on stderr.

0 done · 1 done, and what `--fail-on` names was found · 2 bad usage · 3 an input could not be read at all ·
70 a defect in scantui (SCANTUI_DEBUG=1 shows where) · 130 interrupted · 141 the reader of stdout went away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from scantui.cli.errors import complain
from scantui.cli.group import NO_ARGUMENTS, root
from scantui.cli.streams import forget_stdout, occupy_closed

DEFECT, INTERRUPTED, BROKEN_PIPE = 70, 130, 141
COMPLETE = "_SCANTUI_COMPLETE"  # set by the completion scripts that click writes


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    occupy_closed()
    try:
        status = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return status
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        forget_stdout()
        return BROKEN_PIPE
    except Exception as error:
        if os.environ.get("SCANTUI_DEBUG"):
            raise
        complain(f"internal error: {type(error).__name__}: {error}; SCANTUI_DEBUG=1 shows where. Please report it")
        return DEFECT


def _run(arguments: list[str]) -> int:
    if COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(root, {}, "scantui", COMPLETE, os.environ[COMPLETE])
    if not arguments:
        click.echo(NO_ARGUMENTS, err=True)
        return 2
    try:
        with root.make_context("scantui", arguments) as context:
            return int(root.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "scantui"
        complain(f"{error.format_message().rstrip('.')} (see: {path} -h)")
        return error.exit_code
    except click.ClickException as error:
        complain(error.format_message())
        return error.exit_code
