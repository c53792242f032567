"""The source table, kept up to date: one row a source, recomputed from the store only where new events came.

Counts and times grow with every batch. Distinct ports and targets, the verdict and the score are judged anew when a source
has grown enough to matter, and always before a final picture.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import distinct_counts, group_max, group_min, run_lengths, run_starts
from scantui.events import Events, Proto
from scantui.session.rates import RateKeeper
from scantui.snapshot import SOURCE_DTYPES, SourceTable

LISTED = 100_000  # rows; past it a source must come back before it is listed
_VARIES, _NOT_SAID = -1, -2
_MUTABLE = tuple(name for name in SOURCE_DTYPES if name != "order")
# Figures that are counted when a source is judged: those that are not otherwise, and its times, which may have been amended.
_JUDGED = ("ports", "targets", "first", "last", "sport", "flags", "dport", "proto")


def _one_value(values: NDArray[Any], known: NDArray[np.bool_], starts: NDArray[np.int64]) -> NDArray[np.int32]:
    """Each group's one known value, VARIES, or NOT_SAID."""
    wide = values.astype(np.int32)
    low = group_min(np.where(known, wide, np.int32(1 << 20)), starts)
    high = group_max(np.where(known, wide, np.int32(_NOT_SAID)), starts)
    return np.where(high == _NOT_SAID, _NOT_SAID, np.where(low == high, low, _VARIES)).astype(np.int32)


def summarise(events: Events) -> dict[str, NDArray[Any]]:
    """One row a source (ascending code): events, distinct ports and targets, times, and what all its packets share."""
    rows, order, starts = _tally(events)
    sent = events.count > 0  # a notice is an event, and says nothing of packets
    ported = events.is_known("dport") & sent

    def distinct(item: NDArray[Any], among: NDArray[np.bool_]) -> NDArray[np.int64]:
        counts = np.zeros(len(starts), np.int64)
        owner, count = distinct_counts(events.src[among], item[among])
        counts[np.searchsorted(rows["code"], owner)] = count
        return counts

    def one(name: str, known: NDArray[np.bool_]) -> NDArray[np.int32]:
        return _one_value(getattr(events, name)[order], (known & sent)[order], starts)

    return rows | {
        "ports": distinct(events.dport, ported),
        "targets": distinct(events.dst, sent),
        "sport": one("sport", events.is_known("sport")),
        "flags": one("flags", events.is_known("flags")),
        "dport": one("dport", ported),
        "proto": one("proto", events.proto != Proto.UNKNOWN),
    }


def _tally(events: Events) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64], NDArray[np.int64]]:
    """Code, events and times of each source, the rows in the order of their sources, and where each source starts in it."""
    order = np.argsort(events.src, kind="stable")
    src, ts = events.src[order], events.ts[order]
    starts = run_starts(src)
    rows: dict[str, NDArray[Any]] = {
        "code": src[starts],
        "events": run_lengths(starts, len(src)),
        "first": group_min(ts, starts),
        "last": group_max(ts, starts),
    }
    return rows, order, starts


def ranked(score: NDArray[np.float32], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows by score, the highest first, and among equals the latest first."""
    wide = score.astype(np.float64)
    key = np.where(np.isfinite(wide), wide, -1e3) + last * 1e-20  # one key: a microsecond is 1e-17 of a score
    return np.argsort(-key, kind="stable")


def _among(values: NDArray[np.uint32], table: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which values are in an ascending table."""
    return table[np.minimum(np.searchsorted(table, values), len(table) - 1)] == values


class SourceKeeper:
    """The rows of all listed sources, by ascending code."""

    def __init__(self) -> None:
        self._column: dict[str, NDArray[Any]] = {name: np.zeros(0, SOURCE_DTYPES[name]) for name in _MUTABLE}
        self._judged = np.zeros(0, np.int64)  # events a source had when it was last judged
        self._rates = RateKeeper()
        self.unlisted = 0  # sources seen past LISTED, by their first events

    def __len__(self) -> int:
        return len(self._judged)

    @property
    def codes(self) -> NDArray[np.uint32]:
        return self._column["code"]

    def _at(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        if not len(self.codes):
            return np.zeros(len(codes), np.int64), np.zeros(len(codes), np.bool_)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return at, self.codes[at] == codes

    def count(self, batch: Events) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Count a batch in. Returns the listed sources it touched, and sources that were not listed for want of room."""
        rows, order, starts = _tally(batch)
        at, known = self._at(rows["code"])
        here = at[known]
        self._column["events"][here] += rows["events"][known]
        np.minimum.at(self._column["first"], here, rows["first"][known])
        np.maximum.at(self._column["last"], here, rows["last"][known])
        fresh = np.flatnonzero(~known)
        if len(self) + len(fresh) > LISTED:
            room = max(0, LISTED - len(self))
            fresh, left = fresh[:room], fresh[room:]
            self.unlisted += len(left)
        else:
            left = fresh[:0]
        if len(fresh):
            self._insert(summarise(batch.take(_among(batch.src, rows["code"][fresh]))))
        self._rate(rows["code"], starts, batch.ts[order], batch.count[order] > 0)
        touched = np.concatenate((rows["code"][known], rows["code"][fresh]))
        return touched, rows["code"][left]

    def _rate(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64], ts: NDArray[np.int64], sent: NDArray[np.bool_]
    ) -> None:
        """Count the events of listed sources in time. `ts` is in runs, one a source in `codes`, that begin at `starts`; `sent`
        says which are no notices."""
        at, listed = self._at(codes)
        owner = np.repeat(np.arange(len(codes)), run_lengths(starts, len(ts)))
        if not listed.all():
            inside = listed[owner]
            owner, ts, sent = (np.cumsum(listed) - 1)[owner[inside]], ts[inside], sent[inside]
        self._rates.add(at[listed], owner, ts, sent)

    def _insert(self, rows: dict[str, NDArray[Any]]) -> None:
        if not len(rows["code"]):
            return
        where = np.searchsorted(self.codes, rows["code"])
        fill = {"verdict": 0, "score": -np.inf, "scan": -1}
        for name in _MUTABLE:
            values = rows.get(name)
            self._column[name] = np.insert(self._column[name], where, fill[name] if values is None else values)
        self._judged = np.insert(self._judged, where, 0)
        self._rates.insert(where)

    def due(self, touched: NDArray[np.uint32], *, grown: float, always: int) -> NDArray[np.uint32]:
        """Of these sources, the ones to judge now: those of at most `always` events, and those that have grown by a factor of
        `grown` since they were last judged."""
        at, known = self._at(touched)
        at = at[known]
        events, judged = self._column["events"][at], self._judged[at]
        return self.codes[at[(events > 1) & (events != judged) & ((events <= always) | (events >= judged * grown))]]

    def part(self, codes: NDArray[np.uint32], events: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The first of these sources, ascending, that have about so many events together, and the others."""
        at, listed = self._at(codes)
        counts = np.where(listed, self._column["events"][at], 1) if len(self.codes) else np.ones(len(codes), np.int64)
        cut = 1 + int(np.searchsorted(np.cumsum(counts), events))
        return codes[:cut], codes[cut:]

    def judge(self, codes: NDArray[np.uint32], events: Events, verdict: dict[int, tuple[int, float]]) -> None:
        """Put the figures of `events` (all of these sources') and the verdicts (code to VERDICT_NAMES index and score) in."""
        rows = summarise(events)
        missing = np.flatnonzero(~self._at(rows["code"])[1])
        if len(missing):  # unlisted ones come in with a verdict only
            judged = np.isin(rows["code"][missing], np.fromiter(verdict, np.uint32, len(verdict)))
            self._insert({name: values[missing[judged]] for name, values in rows.items()})
            came = events.take(np.isin(events.src, rows["code"][missing[judged]]))
            tally, order, starts = _tally(came)
            self._rate(tally["code"], starts, came.ts[order], came.count[order] > 0)
            keep = np.ones(len(rows["code"]), np.bool_)
            keep[missing[~judged]] = False
            rows = {name: values[keep] for name, values in rows.items()}
        at, _ = self._at(rows["code"])
        for name in _JUDGED:
            self._column[name][at] = rows[name]
        at, known = self._at(codes)
        at = at[known]
        self._judged[at] = self._column["events"][at]
        found = [verdict.get(code, (0, -np.inf)) for code in codes[known].tolist()]
        self._column["verdict"][at] = [pair[0] for pair in found]
        self._column["score"][at] = [pair[1] for pair in found]

    def table(self, scan_of: dict[int, int]) -> SourceTable:
        """A frozen copy; `scan_of` maps a source to the index of its weightiest scan."""
        column = {name: values.copy() for name, values in self._column.items()}
        column["scan"].fill(-1)
        if scan_of:
            at, known = self._at(np.fromiter(scan_of.keys(), np.uint32, len(scan_of)))
            column["scan"][at[known]] = np.fromiter(scan_of.values(), np.int32, len(scan_of))[known]
        return SourceTable(**column, order=ranked(column["score"], column["last"]), rates=self._rates.picture())
