"""Rates: a function of the events alone, however they came in batches."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scantui.events import Events, events
from scantui.session.sources import SourceKeeper
from scantui.snapshot import RATE_SPANS, Rates
from scantui.tables import Tables

SECOND = 1_000_000
HOUR = 3600 * SECOND


def batch(tables: Tables, rows: list[tuple[int, int]]) -> Events:
    """Events of (source, microseconds)."""
    return events(tables, len(rows), {"src": np.array([r[0] for r in rows], np.uint32),
                                      "ts": np.array([r[1] for r in rows], np.int64)})  # fmt: skip


def rates_of(tables: Tables, batches: list[list[tuple[int, int]]]) -> tuple[list[int], Rates]:
    keeper = SourceKeeper()
    for rows in batches:
        keeper.count(batch(tables, rows))
    table = keeper.table({})
    return table.code.tolist(), table.rates


def plainly(rows: list[tuple[int, int]]) -> tuple[list[int], list[list[int]], int]:
    """The definition, slowly."""
    bucket = SECOND
    oldest, newest = min(ts for _, ts in rows), max(ts for _, ts in rows)
    while newest // bucket - oldest // bucket >= RATE_SPANS and bucket < SECOND << 15:
        bucket *= 2
    codes = sorted({code for code, _ in rows})
    counts = [[0] * RATE_SPANS for _ in codes]
    for code, ts in rows:
        back = newest // bucket - ts // bucket
        if back < RATE_SPANS:
            counts[codes.index(code)][RATE_SPANS - 1 - back] += 1
    return codes, counts, bucket


row = st.tuples(st.integers(1, 9), st.one_of(st.integers(0, 40 * SECOND), st.integers(0, 400 * HOUR)))


@given(st.lists(st.lists(row, min_size=1, max_size=12), min_size=1, max_size=6))
def test_any_batches_give_what_the_definition_says(batches: list[list[tuple[int, int]]]) -> None:
    together = [one for rows in batches for one in rows]
    codes, counts, bucket = plainly(together)
    for way in (batches, [together], batches[::-1]):
        got, rates = rates_of(Tables(), way)
        assert (got, rates.counts.tolist(), rates.bucket) == (codes, counts, bucket)
        assert rates.until - bucket <= max(ts for _, ts in together) < rates.until


def test_counts_stop_at_what_the_column_holds() -> None:
    _, rates = rates_of(Tables(), [[(7, 5)] * 40_000, [(7, 6)] * 40_000, [(7, 30 * SECOND)]])
    assert rates.bucket == 4 * SECOND
    assert rates.counts[0].tolist() == [0, 0, 0, 0, 65_535, 0, 0, 0, 0, 0, 0, 1]
