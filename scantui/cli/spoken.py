"""`scantui watch --print`: the monitor without a screen, a line for each finding as it comes up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from scantui.cli.errors import UNREADABLE
from scantui.cli.inputs import complain_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from scantui.session import Session


def speak(session: Session, where: tzinfo) -> int:
    """Print findings until all inputs are at an end; returns the exit status. An interrupt ends it, too."""
    from scantui.export.spoken import Teller

    teller = Teller(where)
    newer = threading.Event()
    session.subscribe(newer.set)
    session.start()
    try:
        while True:
            newer.wait()
            newer.clear()
            snapshot = session.latest()
            for line in teller.tell(snapshot):
                print(line, flush=True)  # noqa: T201
            if snapshot.status.failure:
                raise RuntimeError(snapshot.status.failure)
            if snapshot.status.ended:
                return UNREADABLE if complain_of(snapshot.status.inputs) else 0
    finally:
        session.stop()
