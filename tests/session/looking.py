"""What the tests of looking back share: an engine fed as if live, and the base that its session would offer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scantui.looks import Look
from scantui.session.answers import Answers, Base
from scantui.session.engine import Engine
from scantui.session.options import Options
from scantui.session.status import empty
from scantui.session.view import shown
from scantui.snapshot import Snapshot
from tests.feeding import blocks, read


def live(data: bytes, cuts: list[int] = [], options: Options = Options()) -> Engine:  # noqa: B006, B008  never changed
    """An engine that has read `data` and judged as it came."""
    engine = Engine(options)
    for block in blocks(data, cuts):
        engine.take(block)
        engine.examine()
    engine.flush()
    engine.examine()
    engine.cluster()
    return engine


def batch(data: bytes) -> Snapshot:
    """What a report over `data` rests on."""
    engine = Engine(Options(), batch=True)
    for block in blocks(data):
        engine.take(block)
    engine.flush()
    engine.settle()
    table, heat = engine.table(), engine.heat()
    return Snapshot(0, engine.tables, table, engine.scans, engine.clusters, heat, empty(engine).status)


def base_of(engine: Engine, rows: int | None = None) -> Base:
    """What the session would offer its viewer; `rows` is where a pause began."""
    count = engine.store.rows if rows is None else rows
    status = replace(empty(engine).status, events=count, held=engine.store.rows - count)
    made = Snapshot(0, engine.tables, engine.table(), engine.scans, engine.clusters, engine.heat(), status)
    return Base(engine.store.past(), made, engine.knobs, count, not engine.sources.unlisted, reading=False)


def looked(base: Base, look: Look, answers: Answers | None = None) -> Snapshot:
    """The last picture that a look comes to."""
    *_, view = (answers or Answers()).views(base, look)
    return shown(base.live, view)


def lines_where(data: bytes, keep: Callable[[int, int], bool]) -> bytes:
    """The lines of a log whose event passes `keep(number, microseconds)`. Each line must hold an event."""
    events = read(data)
    lines = data.splitlines(keepends=True)
    assert len(events) == len(lines)
    return b"".join(line for i, line in enumerate(lines) if keep(i, int(events.ts[i])))
