"""What the burst page draws, as pure functions over a `Burst`: ports as dots, gaps as a histogram."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.looks import Burst
from scantui.ui.lines import Parts
from scantui.ui.text import HOUR, MINUTE, SECOND, width_of
from scantui.ui.time_view import clock_of

_MILLISECOND = 1000
_EIGHTHS = "▏▎▍▌▋▊▉█"
_MARKS = 4  # parts of the port axis that are named, at most
_DOTS = np.array(
    [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8
)  # Unicode's braille bits, row by column
_COUNT_SIGNS = " .:#"


def plot(xs: NDArray[Any], ys: NDArray[Any], across: tuple[int, int], up: tuple[int, int], width: int, height: int,
         *, braille: bool = True) -> list[str]:  # fmt: skip
    """Points as `height` lines of `width` cells, top first; `across` and `up` are the values of the outermost dots.

    Braille holds 2 by 4 dots a cell; without it a cell tells one, some or many points.
    """
    if width <= 0 or height <= 0:
        return []
    fine = (2, 4) if braille else (1, 1)
    column = _scaled(xs, across, width * fine[0])
    row = height * fine[1] - 1 - _scaled(ys, up, height * fine[1])
    if not braille:
        cells = np.zeros((height, width), np.int64)
        np.add.at(cells, (row, column), 1)
        return ["".join(_COUNT_SIGNS[min(len(_COUNT_SIGNS) - 1, n)] for n in line) for line in cells.tolist()]
    dots = np.zeros((height, width), np.uint8)
    np.bitwise_or.at(dots, (row // 4, column // 2), _DOTS[row % 4, column % 2])
    return ["".join(chr(0x2800 + bits) if bits else " " for bits in line) for line in dots.tolist()]


def _scaled(values: NDArray[Any], ends: tuple[int, int], steps: int) -> NDArray[np.int64]:
    low, high = ends
    where = (values.astype(np.float64) - low) / max(1, high - low) * (steps - 1)
    return np.clip(np.rint(where), 0, steps - 1).astype(np.int64)


def port_plot(burst: Burst, width: int, height: int, *, by_time: bool = False, by_number: bool = False,
              braille: bool = True) -> list[Parts]:  # fmt: skip
    """Ports over packets or over time: `height` lines, the last one the axis.

    Ports stand in their order, so that one after the other is a straight line whichever they are, or by number.
    """
    label = 6
    rows, columns = height - 1, width - label
    if rows < 1 or columns < 8:
        return []
    places = np.flatnonzero(burst.dport >= 0)
    ports = burst.dport[places]
    if not len(ports):
        return [(("  no packet here has a port", "muted"),)]
    met, ranks = np.unique(ports, return_inverse=True)
    ys = ports if by_number else ranks
    low, high = int(ys.min()), int(ys.max())
    kind = "ports" if by_number else f"{len(met):,} port{'' if len(met) == 1 else 's'} in order"
    if by_time:
        xs, across = burst.ts[places], (burst.wish.since, burst.wish.until)
        left, right = clock_of(across[0]), clock_of(across[1])
        name = f"{kind} over time"
    else:
        xs, across = places, (0, max(1, len(burst.ts) - 1))
        left, right = "1", f"{len(burst.ts):,}"
        name = f"{kind} by packet"
    drawn = plot(xs, ys, across, (low, high), columns, rows, braille=braille)
    marks = {}
    for part in (range(_MARKS + 1) if rows > 2 * _MARKS else (0, _MARKS)) if high > low else (0,):
        value = low + (high - low) * part // _MARKS
        marks[rows - 1 - round((rows - 1) * part / _MARKS)] = value if by_number else int(met[value])
    lines: list[Parts] = []
    for y, line in enumerate(drawn):
        lines.append(
            ((f"{marks.get(y, ''):>{label - 1}}", "muted"), ("┤" if y in marks else "│", "muted"), (line, "accent"))
        )
    between = columns - width_of(left) - width_of(right)
    axis = left + (name.center(between) if between >= len(name) + 2 else " " * max(1, between)) + right
    lines.append(((" " * label + axis, "muted"),))
    return lines


# Gaps between packets


def _steps(*firsts: int) -> tuple[int, ...]:
    """Edges from 1 us to 1 h: those of a decade below a minute, then minutes."""
    decades = [first * 10**power for power in range(8) for first in firsts]
    return (
        *(edge for edge in decades if edge < MINUTE),
        *(f * MINUTE for f in (*firsts, 10) if f * MINUTE < HOUR),
        HOUR,
    )


# Left edges of the bins above the first, from fine to coarse: the finest that the lines hold is drawn.
GAP_EDGES = (
    _steps(1, 2, 5),
    _steps(1),
    (1, 100, 10 * _MILLISECOND, SECOND, MINUTE, HOUR),
    (1, SECOND, HOUR),
    (SECOND,),
)


def gap_counts(ts: NDArray[np.int64], edges: tuple[int, ...]) -> NDArray[np.int64]:
    """Gaps between packets (`ts` ascending) by bin: below the first edge, from each edge on to the next."""
    bins = np.searchsorted(np.array(edges, np.int64), np.diff(ts), side="right")
    return np.bincount(bins, minlength=len(edges) + 1)


def gap_name(edges: tuple[int, ...], bin_: int, *, whole_seconds: bool) -> str:
    """A bin's name: where it begins."""
    if whole_seconds and (bin_ == 0 or edges[bin_ - 1] < SECOND):
        return "<1 s"
    if bin_ == 0:
        return "0" if edges[0] == 1 else f"<{_gap(edges[0])}"
    return f"{_gap(edges[bin_ - 1])}"


def _gap(us: int) -> str:
    for unit, name in ((HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (_MILLISECOND, "ms")):
        if us >= unit:
            return f"{us // unit} {name}"
    return f"{us} µs"


def gap_lines(burst: Burst, width: int, height: int) -> list[Parts]:
    """The histogram of gaps: a title, then a line a bin with a bar and its count, at most `height` lines."""
    label, number = 7, 7
    room = width - label - number - 1
    if len(burst.ts) < 2 or room < 1 or height < 2:
        return [(("gaps: fewer than two packets", "muted"),)] if height > 0 else []
    for edges in GAP_EDGES:
        counts = gap_counts(burst.ts, edges)
        if burst.whole_seconds:  # a gap of 0 may be anything below a second
            below = edges.index(SECOND) if SECOND in edges else 0
            counts[below] += counts[:below].sum()
            counts[:below] = 0
        used = np.flatnonzero(counts)
        bins = range(int(used[0]), int(used[-1]) + 1)
        if len(bins) < height:
            break
    peak = int(counts.max())
    lines: list[Parts] = [(("gaps between packets, from".ljust(width), "muted"),)]
    for bin_ in list(bins)[: height - 1]:
        eighths = -(-int(counts[bin_]) * room * 8 // peak)
        bar = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")
        name = gap_name(edges, bin_, whole_seconds=burst.whole_seconds)
        lines.append(((f"{name:>{label}} ", "muted"), (f"{bar:<{room}}", "accent"),
                      (f"{int(counts[bin_]):>{number},}", "plain" if counts[bin_] else "muted")))  # fmt: skip
    return lines
