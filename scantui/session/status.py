"""The status bar's facts, gathered from engine and feed."""

from __future__ import annotations

from collections import deque

from scantui.formats.reader import Reader
from scantui.ingest.info import InputInfo
from scantui.safe_text import harmless
from scantui.session.engine import Engine
from scantui.session.options import Feed
from scantui.snapshot import InputStatus, Snapshot, Status, empty_sources

_SENSIBLE_LAG = 86_400.0  # seconds
_RATE_SPAN = 5.0  # seconds


class Pace:
    """Events a second over the last seconds of arrival. Times are those of one monotonic clock."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[float, int]] = deque()

    def add(self, now: float, events: int) -> None:
        self._arrivals.append((now, events))

    def rate(self, now: float) -> float:
        while self._arrivals and self._arrivals[0][0] < now - _RATE_SPAN:
            self._arrivals.popleft()
        return sum(events for _, events in self._arrivals) / _RATE_SPAN


def lines_of(engine: Engine, feed: Feed) -> int:
    """Lines read so far."""
    return sum(engine.reader.status(source).lines for one in feed.inputs() for source in one.sources)


def status_of(engine: Engine, feed: Feed, *, paused: bool, rows: int, sources: int, rate: float,
              ended: bool = False) -> Status:  # fmt: skip
    """How things stand. `rows` and `sources`: those of the picture; `rate`: events a second of late."""
    inputs = tuple(_input(engine.reader, one) for one in feed.inputs())
    behind = (engine.newest_arrival - engine.newest) / 1e6
    return Status(
        paused=paused,
        held=engine.store.rows - rows,
        events=rows,
        lines=sum(one.lines for one in inputs),
        unread=sum(one.unread for one in inputs),
        sources=sources + engine.sources.unlisted,
        rate=rate,
        lag=behind if engine.newest and -60 <= behind < _SENSIBLE_LAG else None,
        inputs=inputs,
        evicted=engine.store.evicted,
        folded=engine.store.folded,
        memory=engine.store.nbytes,
        budget=engine.store.budget,
        now=engine.newest,
        backlog=feed.backlog,
        judging=engine.judging(),
        first=engine.timeline.oldest,
        ended=ended,
    )


def _input(reader: Reader, one: InputInfo) -> InputStatus:
    parts = [reader.status(source) for source in one.sources]
    names = list(dict.fromkeys(part.format for part in parts if part.format))
    return InputStatus(
        harmless(one.path),
        one.state.value,
        ", ".join(names),
        sum(part.lines for part in parts) + one.oversized,
        sum(part.events for part in parts),
        sum(part.unread for part in parts) + one.oversized,
        tuple(sample for part in parts for sample in part.samples)[-5:],
        one.error,
        one.bytes_done,
        one.bytes_left,
    )


def empty(engine: Engine) -> Snapshot:
    """The picture before anything was read."""
    status = Status(False, 0, 0, 0, 0, 0, 0.0, None, (), 0, 0, 0, engine.store.budget, 0)
    return Snapshot(0, engine.tables, empty_sources(), (), (), engine.heat(), status)
