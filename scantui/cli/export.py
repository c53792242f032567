"""`scantui export`: what the monitor's export key does, without the monitor."""

from __future__ import annotations

from typing import Any

import click

from scantui.cli.configured import configured
from scantui.cli.errors import complain
from scantui.cli.inputs import read
from scantui.cli.options import Address, force, options, output, reading
from scantui.cli.output import emit
from scantui.detect.scan import Verdict
from scantui.export import EXPORTS
from scantui.export.report import weightiest_first
from scantui.snapshot import Mark, Snapshot


@click.command("export")
@configured("judge", "read")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
@click.option("--as", "kind", type=click.Choice(list(EXPORTS)), required=True, help="Kind of file.")
@click.option(
    "--source",
    "-s",
    "sources",
    type=Address(),
    multiple=True,
    metavar="ADDRESS",
    help="Repeatable.  [all that scanned]",
)
@output
@force
@reading
def command(paths: tuple[str, ...], kind: str, sources: tuple[str, ...], output: str, force: bool, **how: Any) -> int:
    """Sources and their scans, as the monitor exports marked ones; without --source every source that scanned."""
    snapshot, status = read(paths, options(**how))
    marks = {code: Mark(code) for code in (_named(snapshot, sources) if sources else _scanners(snapshot))}
    emit(EXPORTS[kind].render(snapshot, marks), output, force)
    return status


def _named(snapshot: Snapshot, sources: tuple[str, ...]) -> list[int]:
    codes = [snapshot.tables.addresses.code(source) for source in sources]
    seen = set(snapshot.sources.code.tolist())
    for code in codes:
        if code not in seen:
            complain(f"{snapshot.address(code)}: no event of it in these inputs")
    return codes


def _scanners(snapshot: Snapshot) -> list[int]:
    scans = sorted((scan for scan in snapshot.scans if scan.verdict is Verdict.SCAN), key=weightiest_first)
    return [scan.source for scan in scans]
