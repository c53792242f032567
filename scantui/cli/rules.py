"""`scantui rules check`: why rules fire on the scans in a log, or do not."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Any

import click

from scantui.cli import rulefiles
from scantui.cli.completion import files
from scantui.cli.configured import configured
from scantui.cli.errors import complain
from scantui.cli.inputs import finished
from scantui.cli.options import Address, Zone, force, options, output, reading
from scantui.cli.output import emit

if TYPE_CHECKING:
    from scantui.explain.rules.reach import Yard
    from scantui.explain.rules.trial import Subject


class _Many(click.Command):
    """A command whose `--on` takes every word up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given: list[str] = []
        taking = False
        for word in args:
            if word == "--on":
                taking = True
                first = True
                given.append(word)
                continue
            if taking and (word == "-" or not word.startswith("-")):
                given += [word] if first else ["--on", word]
                first = False
                continue
            taking = False
            given.append(word)
        return super().parse_args(ctx, given)


@click.group("rules", no_args_is_help=False)
def command() -> None:
    """Rules of Snort, Suricata, iptables and nft against logged packets."""


@command.command("check", cls=_Many)
@configured("judge", "read", "output", "rules")
@click.argument("files", nargs=-1, required=True, metavar="RULEFILE...", shell_complete=files)
@click.option("--on", "paths", multiple=True, required=True, metavar="PATH...", help="Logs; '-' is stdin.")
@click.option(
    "--source", "-s", "sources", type=Address(), multiple=True, metavar="A", help="Repeatable.  [all that scan]"
)
@rulefiles.variables
@rulefiles.dialect
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="Form of the report.  [text]"
)
@output
@force
@click.option("--tz", "where", type=Zone(), default=UTC, metavar="ZONE", help="Zone of printed times.  [UTC]")
@reading
def check(
    files: tuple[str, ...],
    paths: tuple[str, ...],
    sources: tuple[str, ...],
    variables: tuple[tuple[str, str], ...],
    dialect: str | None,
    form: str,
    output: str,
    force: bool,
    where: tzinfo,
    **how: Any,
) -> int:
    """Which rules fire on the scans in these logs, and which clause stopped the others.

    A RULEFILE holds rules, or is the snort.conf, suricata.yaml or snort.lua that defines their variables. JSON follows
    schema scantui.rules/1.
    """
    import msgspec

    from scantui import __version__
    from scantui.explain.rules.check import report
    from scantui.explain.rules.evaluate import Bench
    from scantui.explain.rules.reach import Yard
    from scantui.explain.rules.text import render_text
    from scantui.explain.rules.trial import try_all
    from scantui.export.times import iso

    rules = rulefiles.read_files(files, dict(variables), dialect)
    session, status = finished(paths, options(where, **how))
    yard = Yard(Bench(session.events()), session.latest().scans)
    made = report(try_all(rules, yard, _subjects(yard, sources)), lambda micros: iso(micros, where), __version__)
    if form == "json":
        emit([msgspec.json.format(msgspec.json.encode(made), indent=1).decode() + "\n"], output, force)
    else:
        emit(render_text(made), output, force)
    return status


def _subjects(yard: Yard, sources: tuple[str, ...]) -> list[Subject]:
    """The scans of these sources, or all their events where there is none; without sources every scan."""
    import numpy as np

    from scantui.detect.scan import Verdict
    from scantui.explain.rules.trial import Subject

    events = yard.bench.events
    addresses = events.tables.addresses
    wanted = {addresses.code(source) for source in sources}
    made, found = [], set()
    for scan in sorted(
        yard.scans, key=lambda scan: (scan.verdict is not Verdict.SCAN, -scan.score, scan.first, scan.id)
    ):
        if wanted.intersection(scan.sources) if sources else scan.verdict is Verdict.SCAN:
            found |= wanted.intersection(scan.sources)
            names = tuple(addresses.text(code) for code in scan.sources)
            rows = yard.rows_of(scan)
            if len(rows):  # a flood's sources are too many to name
                made.append(Subject(scan.id, names, events.take(rows), scan))
    for source in sources:
        code = addresses.code(source)
        if code in found:
            continue
        rows = np.flatnonzero(events.src == code)
        if len(rows):
            made.append(Subject(source, (source,), events.take(rows)))
        else:
            complain(f"{source}: no event of it in these inputs")
    return made
