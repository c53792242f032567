"""`scantui export`: what the monitor's export key does, without the monitor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import click

from scantui.cli.configured import configured
from scantui.cli.errors import Refused, complain
from scantui.cli.handing import handing
from scantui.cli.inputs import finished
from scantui.cli.options import Address, force, options, output, reading
from scantui.cli.origin import Origin, origin
from scantui.cli.output import emit
from scantui.cli.state import opened, state
from scantui.detect.scan import Verdict
from scantui.export import EXPORTS
from scantui.export.cautions import cautions
from scantui.export.chosen import made
from scantui.export.handover import Wishes
from scantui.export.report import weightiest_first
from scantui.snapshot import Snapshot

_NOT_TO_NAME = ("mine", "benign")  # the analyst's verdicts


@click.command("export")
@configured("judge", "read", "origin", "export", "state")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
@click.option(
    "--as", "kind", type=click.Choice(list(EXPORTS)), required=True, help="Kind of file; see docs/exports.md."
)
@click.option(
    "--source",
    "-s",
    "sources",
    type=Address(),
    multiple=True,
    metavar="ADDRESS",
    help="Repeatable.  [all that scanned]",
)
@click.option("--marked", is_flag=True, help="The sources marked in the monitor, but for those marked mine or benign.")
@handing
@output
@force
@state("~/.local/state/scantui")
@origin
@reading
def command(
    paths: tuple[str, ...],
    kind: str,
    sources: tuple[str, ...],
    marked: bool,
    wishes: Wishes,
    output: str,
    force: bool,
    state_in: Path | None,
    origin: Origin,
    **how: Any,
) -> int:
    """Sources and their scans in the form that another system or person wants; without --source and --marked every source that
    scanned. What could block or accuse somebody leaves out own networks, the allow-list and private addresses.
    """
    kept = opened(state_in)
    session, status = finished(paths, origin.at_once(replace(options(UTC, **how), wishes=wishes)), keeper=kept)
    snapshot, export = session.latest(), EXPORTS[kind]
    codes = _named(snapshot, sources)
    if marked:
        codes += [
            code for code, mark in snapshot.marks.items() if mark.verdict not in _NOT_TO_NAME and _seen(snapshot, code)
        ]
    if not sources and not marked:
        codes = _scanners(snapshot)
    if not codes:
        raise Refused(
            "nobody in these logs is marked" if marked else "nobody in these logs scanned; name one with --source"
        )
    try:
        handover = session.handover(codes, export.needs)
        file = made(export, handover)
        for sentence in (*file.left_out, *(cautions(snapshot, handover.marks) if export.acts else ())):
            complain(sentence)
        emit(file.chunks, output, force)
    except ValueError as error:
        raise Refused(str(error)) from None
    return status


def _named(snapshot: Snapshot, sources: tuple[str, ...]) -> list[int]:
    codes = [snapshot.tables.addresses.code(source) for source in sources]
    for code in codes:
        if not _seen(snapshot, code):
            complain(f"{snapshot.address(code)}: no event of it in these inputs")
    return codes


def _seen(snapshot: Snapshot, code: int) -> bool:
    return bool((snapshot.sources.code == code).any())


def _scanners(snapshot: Snapshot) -> list[int]:
    scans = sorted((scan for scan in snapshot.scans if scan.verdict is Verdict.SCAN), key=weightiest_first)
    return list(dict.fromkeys(code for scan in scans for code in scan.sources))
