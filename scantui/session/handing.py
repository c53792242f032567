"""What is known of chosen sources, put together for an export."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace

import numpy as np

from scantui.events import Events
from scantui.export.handover import Handover, Needs, Wishes
from scantui.ingest.block import Source
from scantui.safe_text import harmless
from scantui.session.closeup import CloseUp
from scantui.session.engine import Engine
from scantui.session.past import Moment
from scantui.snapshot import Detail, Mark, Snapshot


def handing(
    engine: Engine,
    close_up: CloseUp,
    snapshot: Snapshot,
    marks: Mapping[int, Mark],
    needs: Needs,
    wishes: Wishes,
    now: int,
    rows: int,
    moment: Moment | None = None,
    sources: Mapping[int, Source] | None = None,
) -> Generator[None, None, Handover]:
    """A step a source. `marks`: the chosen; by the first `rows` events, or by what was known at a moment; `now`: microseconds
    UTC of the wall clock."""
    home, guessed = engine.home()
    paths = {number: harmless(source.path) for number, source in (sources or {}).items()}
    handover = Handover(snapshot, marks, now, wishes, home, guessed, paths=paths)
    if Needs.DOSSIERS in needs:
        dossiers: dict[int, Detail] = {}
        for code in marks:
            dossiers[code] = close_up.dossier(code, rows, moment)
            yield
        handover = replace(handover, dossiers=dossiers)
    if Needs.EVENTS in needs:
        handover = replace(handover, events=_events(engine, marks, rows, moment))
        yield
    return handover


def _events(engine: Engine, marks: Mapping[int, Mark], rows: int, moment: Moment | None) -> Events:
    codes = np.array(sorted(marks), np.uint32)
    store = engine.store if moment is None else engine.store.past(moment.at, rows)
    events = store.of_sources(codes, rows if moment is None else None)
    return events.take(np.argsort(events.ts, kind="stable"))
