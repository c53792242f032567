"""Rows and columns of the source table as pure functions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from scantui.detect.scan import Kind
from scantui.ui.cells import cluster_name, row_parts, sparkline
from scantui.ui.columns import STANDARD, header, layout
from tests.ui.build import SEED, snapshot


def row_of(snap, address: str) -> int:
    return int(np.searchsorted(snap.sources.code, snap.tables.addresses.code(address)))


def row_text(snap, row: int, width: int) -> str:
    return "".join(text for text, _ in row_parts(snap, row, layout(width)))[:width]


def test_the_seed_scan_is_whole_at_eighty_columns() -> None:
    snap = snapshot()
    words = row_text(snap, row_of(snap, SEED), 79).split()
    assert words == ["!", "scan", SEED, "vert", "SYN-FIN", "53", "200", "1", "200", "▅"]


@pytest.mark.parametrize("names", [STANDARD, STANDARD[::-1], ("source", "note", "events"), ("first", "source", "rate")])
@pytest.mark.parametrize("indent", [0, 2])
@pytest.mark.parametrize("width", range(20, 240, 7))
def test_every_layout_fits_and_names_the_source(width: int, indent: int, names: tuple[str, ...]) -> None:
    columns = layout(width, names, indent)
    assert columns[-1].x + columns[-1].width <= width
    assert all(b.x == a.x + a.width + 1 for a, b in pairwise(columns))
    shown = [placed.column.name for placed in columns]
    assert "source" in shown and shown == [name for name in names if name in shown]
    assert all(placed.width >= (placed.column.least or placed.column.width) for placed in columns)


@pytest.mark.parametrize(("counts", "width", "shown"), [
    ([0, 1, 3, 4, 9, 10, 31, 32, 99, 100, 316, 317], 12, " ▁▁▂▂▃▃▄▄▅▅▆"), ([999, 1000, 65_535, 0], 4, "▆▇▇ "),
    ([1000, 0, 5, 5], 2, "▇▃"), ([9, 1, 0, 0, 3], 3, "▂▁▁"), ([1, 2, 3, 4], 3, " ▁▂"), ([], 5, "     "),
])  # fmt: skip
def test_a_rate_is_drawn_on_one_scale_for_all(counts: list[int], width: int, shown: str) -> None:
    assert sparkline(counts, width) == shown


def test_what_was_not_counted_in_time_has_no_rate() -> None:
    snap = snapshot(3)
    snap = replace(
        snap, sources=replace(snap.sources, rates=replace(snap.sources.rates, counts=snap.sources.rates.counts[:0]))
    )
    names = [placed.column.name for placed in layout(79)]
    assert row_parts(snap, 0, layout(79))[names.index("rate")][0].strip() == ""


def test_narrow_screens_lose_the_least_important_first() -> None:
    assert [p.column.name for p in layout(60)] == ["mark", "verdict", "source", "technique", "sport", "ports", "events"]
    assert {"first", "last", "score", "cluster"} <= {p.column.name for p in layout(139)}
    assert "rate" in {p.column.name for p in layout(79)}


def test_an_ipv6_address_is_whole_when_there_is_room() -> None:
    snap = snapshot()
    row = row_of(snap, "2001:db8:85a3:1111:2222:8a2e:370:7334")
    assert "2001:db8:85a3:1111:2222:8a2e:370:7334" in row_text(snap, row, 165)
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
    assert "SYN-FIN+2" in row_text(snap, row_of(snap, SEED), 79) and "SYN-FIN +2" in row_text(
        snap, row_of(snap, SEED), 120
    )


def test_kinds_are_shortened_before_they_are_cut() -> None:
    snap = snapshot()
    row = row_of(snap, SEED)
    for kind in Kind:
        judged = replace(snap, scans=(replace(snap.scans[0], kind=kind), *snap.scans[1:]))
        assert "…" not in row_text(judged, row, 79) and f" {kind.value} " in row_text(judged, row, 139)


def test_a_cluster_is_named_after_its_first_source() -> None:
    assert cluster_name("c-203.0.113.7@948769441000000", 15) == "203.0.113.7"
    assert cluster_name("c-203.0.113.107@948769441000000", 10) == "203.0….107"


def test_the_head_shows_the_order() -> None:
    assert "▾ports" in "".join(text for text, _ in header(layout(79), "ports", False))
    assert "source▴" in "".join(text for text, _ in header(layout(79), "source", True))
    assert "▴ports" in "".join(text for text, _ in header(layout(79), "ports", True))
