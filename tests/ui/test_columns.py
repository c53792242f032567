"""Rows and columns of the source table as pure functions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from scantui.ui.columns import header, layout, row_parts, row_text
from tests.ui.build import SEED, snapshot


def row_of(snap, address: str) -> int:
    return int(np.searchsorted(snap.sources.code, snap.tables.addresses.code(address)))


def test_the_seed_scan_is_whole_at_eighty_columns() -> None:
    snap = snapshot()
    words = row_text(snap, row_of(snap, SEED), 79).split()
    assert words == ["!", "scan", SEED, "vertical", "SYN-FIN", "53", "200", "1", "200"]


@pytest.mark.parametrize("width", range(20, 240))
def test_every_layout_fits_and_names_the_source(width: int) -> None:
    columns = layout(width)
    assert columns[-1].x + columns[-1].width <= width
    assert all(b.x == a.x + a.width + 1 for a, b in pairwise(columns))
    assert "source" in {placed.column.name for placed in columns}


def test_narrow_screens_lose_the_least_important_first() -> None:
    assert [p.column.name for p in layout(60)] == ["mark", "verdict", "source", "technique", "sport", "ports", "events"]
    assert {"first", "last", "score", "cluster"} <= {p.column.name for p in layout(139)}


def test_an_ipv6_address_is_whole_when_there_is_room() -> None:
    snap = snapshot()
    row = row_of(snap, "2001:db8:85a3:1111:2222:8a2e:370:7334")
    assert "2001:db8:85a3:1111:2222:8a2e:370:7334" in row_text(snap, row, 150)
    assert "2001:db…70:7334" in row_text(snap, row, 79)


def test_what_the_log_did_not_say_is_not_zero() -> None:
    snap = snapshot(3)
    row = next(r for r in range(3) if snap.sources.scan[r] < 0)
    snap.sources.sport[row], snap.sources.flags[row] = -2, -2
    by_name = dict(zip([p.column.name for p in layout(139)],
                       [t.strip() for t, _ in row_parts(snap, row, layout(139))], strict=True))  # fmt: skip
    assert (by_name["sport"], by_name["technique"], by_name["kind"], by_name["score"]) == ("?", "-", "-", "-")


def test_a_verdict_has_a_sign_and_a_word() -> None:
    snap = snapshot()
    for number, shown in ((0, "-"), (1, "· benign"), (2, "~ suspect"), (3, "! scan")):
        snap.sources.verdict[0] = number
        assert row_text(snap, 0, 79)[2:11].strip() == shown


def test_several_techniques_are_counted() -> None:
    snap = snapshot()
    snap = replace(snap, scans=(replace(snap.scans[0], techniques=("syn-fin", "null", "xmas")), *snap.scans[1:]))
    assert "SYN-FIN +2" in row_text(snap, row_of(snap, SEED), 79)


def test_the_head_shows_the_order() -> None:
    assert "▾ports" in "".join(text for text, _ in header(layout(79), "ports", False))
    assert "source▴" in "".join(text for text, _ in header(layout(79), "code", True))
    assert "▴ports" in "".join(text for text, _ in header(layout(79), "ports", True))
