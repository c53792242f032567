"""What the burst page says and draws: order of ports, gaps, the window, packets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.looks import BurstWish
from scantui.tables import Tables
from scantui.ui import burst_draw as draw
from scantui.ui import burst_view as view
from scantui.ui.text import HOUR, MINUTE, SECOND
from tests.ui.build import NOW, SEED, burst_of

WISH = BurstWish(NOW, NOW + 10 * SECOND)
stamps = st.lists(st.integers(0, 10**11), min_size=1, max_size=300).map(lambda ts: np.sort(np.array(ts, np.int64)))


def ports_of(*ports: int) -> np.ndarray:
    return np.array(ports, np.int32)


# Order


@pytest.mark.parametrize(("ports", "words"), [
    (np.arange(20, 60), "ascending (rank correlation +1.00)"),
    (np.arange(60, 20, -1), "descending (rank correlation -1.00)"),
    (np.repeat(np.arange(20, 60), 3), "ascending (rank correlation +1.00)"),  # sent again: the first time counts
    (np.random.default_rng(1).permutation(np.arange(1000)), "mixed"),
    (np.arange(100) ^ 3, "mostly ascending"),
    (np.array([80, 443]), "too few"),
    (np.zeros(0), "too few"),
])  # fmt: skip
def test_order_in_words(ports: np.ndarray, words: str) -> None:
    assert view.order_text(ports.astype(np.int32)).startswith(words)


@given(st.lists(st.integers(0, 65_535), min_size=3, max_size=200, unique=True))
def test_rank_correlation_is_bounded_and_turns_with_the_order(ports: list[int]) -> None:
    rho = view.rank_correlation(ports_of(*ports))
    back = view.rank_correlation(ports_of(*ports[::-1]))
    assert rho is not None and back is not None
    assert -1.0000001 <= rho <= 1.0000001 and rho == pytest.approx(-back)
    assert view.rank_correlation(ports_of(*sorted(ports))) == pytest.approx(1)


# Facts


def test_facts_tell_when_how_much_and_in_what_order() -> None:
    lines = view.facts(burst_of(WISH))
    assert lines[0].startswith("03:14:10.") and " UTC on 2025-11-22, " in lines[0]
    assert lines[1].startswith("200 packets, 1 source, 200 ports of 1 host, 2")
    assert lines[2].startswith("order of ports: mixed")
    assert len(lines) == 3


def test_facts_say_what_cannot_be_seen() -> None:
    burst = burst_of(WISH, packets=50)
    ports = burst.dport.copy()
    ports[:3] = -1
    last = view.facts(replace(burst, dport=ports, whole_seconds=True, packets=70))[-1]
    assert last == (
        "3 packets without a port; stamps are whole seconds: gaps below 1 s cannot be seen, order within one is the log's; first 50 packets shown, 20 more"
    )


def test_no_packets() -> None:
    empty = burst_of(WISH, packets=0)
    assert view.facts(empty) == ["no packets from 03:14:10 to 03:14:20 UTC on 2025-11-22"]
    assert view.widest(empty) is None
    assert draw.gap_lines(empty, 40, 9) == [(("gaps: fewer than two packets", "muted"),)]
    assert draw.port_plot(empty, 40, 9) == [(("  no packet here has a port", "muted"),)]


# The window


@given(st.integers(0, 10**15), st.integers(1, 10**12))
def test_the_window_keeps_its_middle(since: int, length: int) -> None:
    wish = BurstWish(since, since + length, 7)
    for step in (-1, 1):
        new = view.widened(wish, step, None)
        assert new.source == 7
        assert abs((new.since + new.until) - (wish.since + wish.until)) <= 2
        assert (new.until - new.since == 2 * length) if step > 0 else (0 < new.until - new.since <= length)


def test_the_window_is_never_below_what_stamps_tell() -> None:
    wish, whole = BurstWish(0, 1500 * 1000), burst_of(BurstWish(0, 1500 * 1000), whole_seconds=True)
    assert view.widened(wish, -1, whole).until - view.widened(wish, -1, whole).since == SECOND
    assert view.widened(wish, -1, burst_of(wish)).until - view.widened(wish, -1, burst_of(wish)).since == 750 * 1000
    for _ in range(40):
        wish = view.widened(wish, -1, None)
    assert wish.until - wish.since == 1000


def test_moving_goes_half_a_window() -> None:
    assert view.moved(WISH, 1) == BurstWish(NOW + 5 * SECOND, NOW + 15 * SECOND)
    assert view.moved(view.moved(WISH, 1), -1) == WISH


def test_the_densest_run() -> None:
    slow = np.arange(5) * HOUR
    burst = 10 * HOUR + np.arange(200) * SECOND // 20
    assert view.densest(np.concatenate([slow, burst, burst[-1:] + 3 * HOUR])) == (
        10 * HOUR,
        10 * HOUR + 199 * SECOND // 20,
    )
    steady = np.arange(50) * MINUTE
    assert view.densest(steady) == (0, 49 * MINUTE)
    assert view.densest(np.array([5], np.int64)) == (5, 5)


@given(stamps)
def test_the_densest_run_is_of_the_packets_and_holds_enough(ts: np.ndarray) -> None:
    first, last = view.densest(ts)
    inside = int(((ts >= first) & (ts <= last)).sum())
    runs = 1 + int((np.diff(ts) > view._LEAST_QUIET).sum())
    assert first in ts and last in ts and inside >= len(ts) / runs


def test_the_widest_source_is_not_the_one_of_most_packets() -> None:
    burst = replace(burst_of(WISH, packets=5), dport=ports_of(22, 22, 22, 80, 443))
    assert view.widest(replace(burst, src=np.array([4, 4, 4, 9, 9], np.uint32))) == 9


# Dots


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 65_535)), min_size=1, max_size=100),
       st.integers(1, 60), st.integers(1, 20), st.booleans())  # fmt: skip
def test_a_plot_draws_every_point_inside(points: list[tuple[int, int]], width: int, height: int, braille: bool) -> None:
    xs, ys = (np.array(axis, np.int64) for axis in zip(*points, strict=True))
    lines = draw.plot(xs, ys, (0, 100), (0, 65_535), width, height, braille=braille)
    assert len(lines) == height and all(len(line) == width for line in lines)
    if braille:
        dots = sum((ord(char) - 0x2800).bit_count() for line in lines for char in line if char != " ")
    else:
        dots = sum(char != " " for line in lines for char in line)
    assert 1 <= dots <= len(set(points))


def test_braille_dots_stand_where_they_should() -> None:
    corners = draw.plot(np.array([0, 1, 0, 1]), np.array([0, 0, 3, 3]), (0, 1), (0, 3), 1, 1)
    assert corners == [chr(0x2800 + 0x01 + 0x08 + 0x40 + 0x80)]
    rising = draw.plot(np.arange(8), np.arange(8), (0, 7), (0, 7), 4, 2)
    assert rising == ["  ⡠⠊", "⡠⠊  "]
    assert draw.plot(np.arange(4), np.arange(4), (0, 3), (0, 3), 4, 4, braille=False) == [
        "   .",
        "  . ",
        " .  ",
        ".   ",
    ]
    assert draw.plot(np.zeros(9), np.zeros(9), (0, 3), (0, 3), 2, 1, braille=False) == ["# "]


@pytest.mark.parametrize(("by_time", "by_number", "name"), [
    (False, False, "200 ports in order by packet"), (False, True, "ports by packet"),
    (True, False, "200 ports in order over time"), (True, True, "ports over time"),
])  # fmt: skip
def test_the_port_plot_names_its_axes(by_time: bool, by_number: bool, name: str) -> None:
    lines = draw.port_plot(burst_of(WISH), 60, 12, by_time=by_time, by_number=by_number)
    text = ["".join(part for part, _ in line) for line in lines]
    assert len(text) == 12 and all(len(line) == 60 for line in text)
    assert text[0].startswith("63104┤") and text[10].startswith("   21┤") and "┤" in text[5]
    left, right = ("03:14:10", "03:14:20") if by_time else ("1", "200")
    assert text[-1].split() == [left, *name.split(), right]


def test_uneven_ports_one_after_the_other_are_a_straight_line_in_order() -> None:
    ports = np.array([21, 22, 23, 80, 443, 8080, 9000, 65_000], np.int32)
    burst = replace(burst_of(WISH, packets=8), dport=ports)
    even = ["".join(part for part, _ in line)[6:] for line in draw.port_plot(burst, 14, 9, braille=False)]
    assert even[:8] == [" " * (7 - y) + "." + " " * y for y in range(8)]
    uneven = [
        "".join(part for part, _ in line)[6:] for line in draw.port_plot(burst, 14, 9, by_number=True, braille=False)
    ]
    assert uneven[7].startswith(".....") and uneven[0] == "       ."


def test_one_port_is_a_line() -> None:
    burst = burst_of(WISH, packets=30)
    text = ["".join(part for part, _ in line)
            for line in draw.port_plot(replace(burst, dport=np.full(30, 22, np.int32)), 40, 6)]  # fmt: skip
    assert text[4].startswith("   22┤") and set(text[4][6:]) <= set("⣀⡀⢀ ") and not text[0][6:].strip()


# Gaps


@given(stamps, st.sampled_from(draw.GAP_EDGES))
def test_gaps_are_all_counted_once(ts: np.ndarray, edges: tuple[int, ...]) -> None:
    counts = draw.gap_counts(ts, edges)
    assert counts.sum() == len(ts) - 1 and len(counts) == len(edges) + 1
    for gap in np.diff(ts).tolist():
        bin_ = sum(edge <= gap for edge in edges)
        assert counts[bin_] >= 1


def test_edges_run_from_a_microsecond_to_an_hour() -> None:
    for edges in draw.GAP_EDGES[:4]:
        assert list(edges) == sorted(set(edges)) and edges[-1] == HOUR and edges[0] == 1
    assert [draw.gap_name(draw.GAP_EDGES[1], i, whole_seconds=False) for i in range(12)] == [
        "0", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "1 min", "10 min", "1 h",
    ]  # fmt: skip


@given(stamps, st.integers(28, 60), st.integers(3, 40), st.booleans())
def test_the_histogram_fits_and_sums(ts: np.ndarray, width: int, height: int, whole: bool) -> None:
    if whole:
        ts = ts // SECOND * SECOND
    burst = replace(burst_of(WISH, packets=len(ts)), ts=ts, whole_seconds=whole)
    lines = ["".join(part for part, _ in line) for line in draw.gap_lines(burst, width, height)]
    assert len(lines) <= height
    if len(ts) > 1:
        assert all(len(line) == width for line in lines)
        assert sum(int(line.split()[-1].replace(",", "")) for line in lines[1:]) == len(ts) - 1
    if whole:
        assert not any("µs" in line or "ms" in line for line in lines)


def test_whole_seconds_have_one_bin_below_a_second() -> None:
    ts = np.array([0, 0, 0, 1, 1, 3], np.int64) * SECOND
    burst = replace(burst_of(WISH, packets=6), ts=ts, whole_seconds=True)
    lines = [("".join(part for part, _ in line)).split() for line in draw.gap_lines(burst, 40, 20)]
    assert [(*line[:2], line[-1]) for line in lines[1:]] == [("<1", "s", "3"), ("1", "s", "1"), ("2", "s", "1")]


def test_finer_bins_where_there_is_room() -> None:
    ts = np.cumsum(np.array([0, 1, 2, 5, 10, 20, 50]) * 1000)
    burst = replace(burst_of(WISH, packets=7), ts=ts)
    tall = draw.gap_lines(burst, 40, 9)
    low = draw.gap_lines(burst, 40, 4)
    assert [line[0][0].strip() for line in tall[1:]] == ["1 ms", "2 ms", "5 ms", "10 ms", "20 ms", "50 ms"]
    assert [line[0][0].strip() for line in low[1:]] == ["1 ms", "10 ms"]


# Packets


def tables_with(*addresses: str) -> tuple[Tables, list[int]]:
    tables = Tables()
    return tables, [tables.addresses.code(address) for address in addresses]


def text_of(parts) -> str:
    return "".join(text for text, _ in parts)


def test_packets_tell_what_the_log_told() -> None:
    tables, (seed, v6) = tables_with(SEED, "2001:db8:85a3:1111:2222:8a2e:370:7334")
    burst = burst_of(WISH, packets=4)
    burst = replace(
        burst, ts=NOW + np.array([0, 7, 7_500, 2 * SECOND], np.int64), src=np.array([seed, v6, seed, seed], np.uint32),
        dst=np.array([seed, seed, v6, seed], np.uint32), sport=ports_of(53, 53, 53, -1), dport=ports_of(21, 22, 23, -1),
        flags=ports_of(3, -1, 0, -1), proto=np.array([1, 1, 1, 3], np.uint8),
    )  # fmt: skip
    rows = [text_of(view.packet_parts(burst, row, tables, 79, (19, 19))) for row in range(4)]
    assert rows[0].split() == ["03:14:10.000000", "203.0.113.7:53", ">", "203.0.113.7:21", "SYN-FIN"]
    assert (
        rows[1].split()[1] == "7µs"
        and rows[1].split()[2].endswith("]:53")
        and "…" in rows[1]
        and rows[1].endswith(" tcp")
    )
    assert rows[2].endswith(" NULL")
    assert rows[3].split()[1:] == ["1.99s", "203.0.113.7", ">", "203.0.113.7", "icmp"]
    head = view.packet_head(burst, 79, (19, 19))
    assert head.index("gap") == rows[1].index("7µs") and head.index("destination") == rows[0].index("203.0.113.7:21")
    wide = text_of(view.packet_parts(burst, 1, tables, 160, view.endpoint_widths(burst, tables, 160)))
    assert "[2001:db8:85a3:1111:2222:8a2e:370:7334]:53" in wide


@pytest.mark.parametrize(("us", "text"), [(0, "0µs"), (764, "764µs"), (999, "999µs"), (1000, "1.00ms"), (7_499, "7.49ms"),
                                          (84_199, "84.1ms"), (999_999, "999ms"), (SECOND, "1.00s"), (12_590_000, "12.5s"),
                                          (59_999_999, "59.9s"), (192 * SECOND, "3m12s"), (26 * HOUR, "1d2h")])  # fmt: skip
def test_gaps_in_six_cells(us: int, text: str) -> None:
    tables, _ = tables_with(SEED)
    burst = replace(burst_of(WISH, packets=2), ts=np.array([NOW, NOW + us]))
    assert text_of(view.packet_parts(burst, 1, tables, 79, (19, 19)))[16:23] == f" {text:>6}"


def test_addresses_get_what_flags_and_times_leave() -> None:
    tables, (longest, v6) = tables_with("203.0.113.247", "2001:db8:85a3:1111:2222:8a2e:370:7334")
    burst = replace(burst_of(WISH, packets=3), src=np.full(3, longest, np.uint32), dst=np.full(3, v6, np.uint32))
    for flags, whole in ((3, False), (1 | 8 | 32, False), (3, True)):
        mine = replace(burst, flags=np.full(3, flags, np.int32), whole_seconds=whole)
        for width in (59, 79, 119, 199) if flags == 3 else (79, 119, 199):
            room = view.endpoint_widths(mine, tables, width)
            line = text_of(view.packet_parts(mine, 0, tables, width, room))
            assert len(line) <= width and line.endswith("SYN-FIN" if flags == 3 else "FIN-PSH-URG")
            if width >= 79:
                assert "203.0.113.247:53 " in line
            if width >= 119:
                assert "[2001:db8:85a3:1111:2222:8a2e:370:7334]:" in line


def test_whole_seconds_show_no_fraction() -> None:
    tables, _ = tables_with(SEED)
    burst = replace(burst_of(WISH, packets=2), ts=np.array([NOW, NOW]), whole_seconds=True)
    assert text_of(view.packet_parts(burst, 1, tables, 79, (19, 19))).split()[:2] == ["03:14:10", "<1s"]
