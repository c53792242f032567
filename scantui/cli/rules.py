"""`scantui rules check`: why rules fire on the scans in a log, or do not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scantui.cli.errors import UNREADABLE, Refused, Unreadable, complain, reason
from scantui.cli.options import Address, Zone, force, options, output, reading
from scantui.cli.output import emit
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.explain.rules.check import Subject
    from scantui.explain.rules.reach import Yard
    from scantui.explain.rules.ruleset import Ruleset

_MOST_BYTES = 64 << 20  # of one rule file
_DIALECTS = ("snort2", "snort3", "suricata")


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


class _Variable(click.ParamType[tuple[str, str]]):
    """`NAME=VALUE`."""

    name = "variable"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        from scantui.explain.rules.errors import RuleError
        from scantui.explain.rules.variables import assignment

        try:
            return assignment(value)
        except RuleError as error:
            self.fail(str(error), param, ctx)


@click.group("rules", no_args_is_help=False)
def command() -> None:
    """Rules of Snort, Suricata, iptables and nft against logged packets."""


@command.command("check", cls=_Many)
@click.argument("files", nargs=-1, required=True, metavar="RULEFILE...")
@click.option("--on", "paths", multiple=True, required=True, metavar="PATH...", help="Logs; '-' is stdin.")
@click.option(
    "--source", "-s", "sources", type=Address(), multiple=True, metavar="A", help="Repeatable.  [all that scan]"
)
@click.option(
    "--var", "variables", type=_Variable(), multiple=True, metavar="NAME=VALUE", help="Repeatable; as HOME_NET=..."
)
@click.option("--dialect", type=click.Choice(_DIALECTS), help="Language of the rules.  [guessed, and said]")
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
    from scantui.explain.rules.check import check as judge
    from scantui.explain.rules.text import render_text
    from scantui.export.times import iso

    rules = _rules(files, dict(variables), dialect)
    yard, status = _yard(paths, options(**how))
    report = judge(rules, yard, _subjects(yard, sources), lambda micros: iso(micros, where), __version__)
    if form == "json":
        emit([msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"], output, force)
    else:
        emit(render_text(report), output, force)
    return status


def _rules(files: Iterable[str], variables: dict[str, str], dialect: str | None) -> Ruleset:
    """The rules in these files. Ends the command when one cannot be read or none of them holds a rule."""
    from scantui.explain.rules.dialect import Dialect
    from scantui.explain.rules.ruleset import read_rules

    texts = [(name, _text(name)) for name in files]
    rules = read_rules(texts, variables, Dialect(dialect) if dialect else None)
    if not rules.rules and not rules.refusals:
        raise Unreadable(
            f"{', '.join(harmless(name) for name, _ in texts)}: no rule of Snort, Suricata, iptables or nft in it"
        )
    return rules


def _text(name: str) -> str:
    path = Path(name)
    try:
        if not path.is_file():
            raise Unreadable(
                f"{name}: {'no such file' if not path.exists() else 'not a regular file'}; give a file of rules"
            )
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unreadable(f"{name}: {reason(error) if isinstance(error, OSError) else error}") from None
    if len(data) > _MOST_BYTES:
        raise Unreadable(f"{name}: larger than {_MOST_BYTES >> 20} MiB; that is no file of rules")
    if b"\0" in data[:4096]:
        raise Unreadable(f"{name}: binary; give a text file of rules")
    return data.decode("utf-8-sig", "surrogateescape")


def _yard(paths: tuple[str, ...], settings: Any) -> tuple[Yard, int]:
    """The whole log, its scans, and the exit status so far."""
    from scantui.cli.inputs import _lost, _unusable
    from scantui.events import Events
    from scantui.explain.rules.evaluate import Bench
    from scantui.explain.rules.reach import Yard
    from scantui.ingest.follow import Follower
    from scantui.session import Session

    class _Open(Session):
        """A session that gives away what it read."""

        def everything(self) -> Events:
            return self._engine.store.everything()

    if "-" in paths:
        import sys

        if sys.stdin is None or sys.stdin.isatty():
            raise Refused("-: standard input is no log; pipe one into it, or name a file")
    lost = _lost(paths, follow=False)
    left = [path for path in paths if path not in lost]
    if not left:
        raise click.exceptions.Exit(UNREADABLE)
    session = _Open(Follower(left, follow=False, block_size=2 << 20), settings)
    snapshot = session.run_to_end()
    unusable = 0
    for item in snapshot.status.inputs:
        if item.error:
            complain(item.error)
        unusable += _unusable(item)
    return Yard(Bench(session.everything()), snapshot.scans), UNREADABLE if lost or unusable else 0


def _subjects(yard: Yard, sources: tuple[str, ...]) -> list[Subject]:
    """The scans of these sources, or all their events where there is none; without sources every scan."""
    import numpy as np

    from scantui.detect.scan import Verdict
    from scantui.explain.rules.check import Subject

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
