"""Inputs named on the command line: complained about, then read to their end or followed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scantui.cli.errors import UNREADABLE, Refused, complain
from scantui.ingest.block import InputState
from scantui.safe_text import harmless

if TYPE_CHECKING:
    from scantui.ingest.follow import Follower
    from scantui.session import Options, Session
    from scantui.session.ledger import Keeper
    from scantui.snapshot import InputStatus, Snapshot

_STDIN = "-"


def read(paths: Sequence[str], settings: Options, select: str | None = None) -> tuple[Snapshot, int]:
    """Everything in `paths`, judged, and the exit status so far: 3 when an input could not be read at all.

    With the detail of the source `select`. Ends the command with 3 when none of them could.
    """
    session, status = finished(paths, settings, select)
    return session.latest(), status


def finished(
    paths: Sequence[str], settings: Options, select: str | None = None, keeper: Keeper | None = None
) -> tuple[Session, int]:
    """As `read`, with the session that read them: `latest` is its picture, `events` is all it has read. `keeper`: of marks and
    of an allow-list that hold for it."""
    from scantui.ingest.follow import Follower
    from scantui.session import Session

    if _STDIN in paths:
        if sys.stdin is None:
            raise Refused("-: standard input is closed; pipe a log into it, or name a file")
        if sys.stdin.isatty():
            raise Refused("-: standard input is the terminal; pipe a log into it, or name a file")
    lost = _lost(paths, follow=False)
    left = [path for path in paths if path not in lost]
    if not left:
        raise click.exceptions.Exit(UNREADABLE)
    for notice in settings.notices:
        complain(notice)
    session = Session(Follower(left, follow=False, block_size=4 << 20), settings, keeper)
    snapshot = session.run_to_end(select)
    unusable = complain_of(snapshot.status.inputs)
    return session, UNREADABLE if lost or unusable else 0


def complain_of(inputs: Sequence[InputStatus]) -> bool:
    """Whether nothing of some input could be read; what was wrong is said on stderr."""
    unusable = 0
    for item in inputs:
        if item.error:
            complain(item.error)
        unusable += _unusable(item)
        if item.doubt and item.events:
            complain(f"{harmless(item.path)}: {item.doubt}")
    return unusable > 0


def follow(paths: Sequence[str], settings: Options, *, keyboard: bool = True) -> Follower:
    """A feed of `paths`, newest lines first. With a `keyboard` standard input is moved away from it; ends
    the command with 3 when a path can never be read."""
    from scantui.ingest.follow import Follower, InputError
    from scantui.ingest.schemes import exposes
    from scantui.ingest.stdin import take_stdin

    if _lost(paths, follow=True):
        raise click.exceptions.Exit(UNREADABLE)
    for path in paths:
        if said := exposes(path):
            complain(f"{path}: {said}")
    try:
        stdin = (take_stdin() if keyboard else 0) if _STDIN in paths else None
        # A year that is given is that of the first line, and what is left out stays out: both go by the order of the lines.
        in_order = settings.year is not None or settings.since is not None or settings.until is not None
        return Follower(paths, follow=True, stdin_fd=stdin, newest_first=not in_order)
    except InputError as error:
        raise Refused(str(error)) from None


def _lost(paths: Sequence[str], follow: bool) -> set[str]:
    """The paths that give nothing; says why on stderr, and there too what is odd about the others if nothing will follow."""
    from scantui.ingest.follow import check

    problems = check(paths, follow=follow)
    fatal = [problem for problem in problems if problem.fatal]
    for problem in fatal if follow else problems:
        complain(problem.text)
    return {problem.target for problem in fatal}


def _unusable(item: InputStatus) -> bool:
    """Whether nothing of an input could be read; says why on stderr unless its error did."""
    if item.lines == 0:
        return item.state == InputState.ERROR.value
    if item.events or item.unread < item.lines:
        return False
    complain(f"{harmless(item.path)}: {item.doubt}")
    return True
