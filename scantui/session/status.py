"""The status bar's facts, gathered from engine and feed."""

from __future__ import annotations

from collections import deque

from scantui.formats.reader import Reader
from scantui.ingest.info import InputInfo
from scantui.safe_text import harmless
from scantui.session.engine import Engine
from scantui.session.inputs import doubt, recognised, shares
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
    return Status(
        paused=paused,
        held=engine.store.rows - rows,
        events=rows,
        lines=sum(one.lines for one in inputs),
        unread=sum(one.unread for one in inputs),
        sources=sources + engine.sources.unlisted,
        rate=rate,
        lag=_lag(engine.newest, engine.newest_arrival),
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
    lines, unread = (sum(getattr(part, name) for part in parts) + one.oversized for name in ("lines", "unread"))
    latest = max(parts, key=lambda part: part.arrival, default=None)
    return InputStatus(
        harmless(one.path),
        one.state.value,
        ", ".join(names),
        lines,
        sum(part.events for part in parts),
        unread,
        tuple(sample for part in parts for sample in part.samples)[-5:],
        one.error,
        one.bytes_done,
        one.bytes_left,
        shares(parts),
        recognised(parts),
        doubt(parts, lines, unread),
        _lag(max(part.newest for part in parts), latest.arrival) if latest is not None else None,
    )


def _lag(newest: int, arrival: int) -> float | None:
    """Seconds from an event's time to its arrival, both in microseconds, where that can be."""
    behind = (arrival - newest) / 1e6
    return behind if newest and -60 <= behind < _SENSIBLE_LAG else None


def empty(engine: Engine) -> Snapshot:
    """The picture before anything was read."""
    status = Status(False, 0, 0, 0, 0, 0, 0.0, None, (), 0, 0, 0, engine.store.budget, 0)
    return Snapshot(0, engine.tables, empty_sources(), (), (), engine.heat(), status)
