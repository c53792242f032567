"""`scantui explain`: all that these logs tell of one source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

import click

from scantui.cli import rulefiles
from scantui.cli.catalogue import add, own
from scantui.cli.configured import configured
from scantui.cli.errors import Refused
from scantui.cli.inputs import read
from scantui.cli.options import Address, Zone, force, options, output, reading
from scantui.cli.origin import Origin, origin
from scantui.cli.output import emit
from scantui.explain.catalogue import entry_text
from scantui.export.explanation import render_json, render_text

if TYPE_CHECKING:
    from scantui.explain.rules.ruleset import Ruleset

_FORMS = {"text": render_text, "json": render_json}


@click.command("explain")
@configured("judge", "read", "output", "rules", "origin")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
@click.option("--source", required=True, type=Address(), metavar="ADDRESS", help="The source to explain.")
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="text", help="Form of it.  [text]")
@click.option("--name", metavar="TEXT", help="Put its pattern into your catalogue under this name.")
@output
@force
@click.option("--tz", "where", type=Zone(), default=UTC, metavar="ZONE", help="Zone of printed times.  [UTC]")
@reading
@origin
@rulefiles.rules
def command(
    paths: tuple[str, ...],
    source: str,
    form: str,
    name: str | None,
    output: str,
    force: bool,
    where: tzinfo,
    origin: Origin,
    rules: Ruleset | None,
    **how: Any,
) -> int:
    """Why one source was flagged or not: its exact pattern, the evidence, candidate tools, where it may come from, what got
    through, and what these logs cannot show. '-' is stdin; globs, directories and archives are read too.
    """
    if name is not None:
        _check(name)
    snapshot, status = read(paths, origin.at_once(replace(options(where, **how), own=own(), rules=rules)), source)
    detail = snapshot.detail
    if detail is None or not detail.events:
        raise Refused(f"{source} is not a source in these logs; scantui report --all lists those that are judged")
    if name is not None:
        if detail.why is None:
            raise Refused(f"{source} did too little to have a pattern; nothing was named")
        path = add(name, detail.why.traits)
        click.echo(f"scantui: {detail.why.name} is {name!r} in {path} from now on", err=True)
    emit(_FORMS[form](snapshot, detail, where), output, force)
    return status


def _check(name: str) -> None:
    try:
        entry_text(name, {})
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--name'") from None
