"""`scantui report`: the same detection, no screen."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any

import click

from scantui.cli.configured import configured
from scantui.cli.errors import FOUND
from scantui.cli.inputs import read
from scantui.cli.options import Zone, force, options, output, reading
from scantui.cli.output import emit
from scantui.detect.scan import Scan, Verdict
from scantui.export import REPORTS
from scantui.export.report import report

_FAILS = {"scan": {Verdict.SCAN}, "suspect": {Verdict.SCAN, Verdict.SUSPECT}}


@click.command("report")
@configured("judge", "read", "output")
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="PATH...")
@click.option("--format", "form", type=click.Choice(list(REPORTS)), default="text", help="Form of the report.  [text]")
@click.option("--all", "everything", is_flag=True, help="Benign sources too, with the evidence that says so.")
@click.option("--fail-on", type=click.Choice(list(_FAILS)), help="Exit 1 when there is one; suspect means either.")
@output
@force
@click.option("--tz", "where", type=Zone(), default=UTC, metavar="ZONE", help="Zone of printed times.  [UTC]")
@reading
def command(
    paths: tuple[str, ...],
    form: str,
    everything: bool,
    fail_on: str | None,
    output: str,
    force: bool,
    where: tzinfo,
    **how: Any,
) -> int:
    """The scans in these logs. '-' is stdin; globs, directories, archives, captures (pcap, pcapng) and ssh://host/path are read
    too.

    JSON follows schema scantui.report/1.
    """
    snapshot, status = read(paths, options(where, **how))
    emit(REPORTS[form](report(snapshot, everything=everything, where=where)), output, force)
    return status or (FOUND if fail_on and found(snapshot.scans, fail_on) else 0)


def found(scans: tuple[Scan, ...], what: str) -> bool:
    """Whether one of `scans` has a verdict that `--fail-on` `what` names."""
    return any(scan.verdict in _FAILS[what] for scan in scans)
