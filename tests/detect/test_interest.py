"""The first look lets every source through that could be judged, in whatever batches it comes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scantui.detect.interest import LEAST_EVENTS, interest_of
from scantui.events import SYN, concat
from scantui.tables import Tables
from tests.feeding import packets

rows = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=1, max_size=80)


@given(rows, st.integers(0, 80))
def test_no_source_worth_a_look_is_lost(events: list[tuple[int, int]], cut: int) -> None:
    batch = packets(
        Tables(),
        {
            "t": range(len(events)),
            "src": [f"203.0.113.{source}" for source, _ in events],
            "dst": "192.0.2.1",
            "dport": [port for _, port in events],
            "flags": SYN,
        },
    )
    parts = [batch.take(slice(0, cut)), batch.take(slice(cut, None))]
    interest = interest_of(parts, len(batch))
    kept = concat([interest.worth_a_look(part) for part in parts], batch.tables)
    for source in np.unique(batch.src):
        mine = batch.dport[batch.src == source]
        if len(mine) >= LEAST_EVENTS and len(np.unique(mine)) >= 2:
            assert np.count_nonzero(kept.src == source) == len(mine)
