"""Ports by time as pure functions over a `Heat`: which buckets and bins stand where, labels, the time axis, the read-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.looks import Cell
from scantui.snapshot import Heat
from scantui.ui.text import DAY, EIGHTHS, HOUR, MINUTE, SECOND, count, fit, moment, plain

LABEL = 12  # "61440-65535" and a gap
GAP = 2  # blank columns ahead of the newest one while it sweeps
EDGE = "▏"  # where the gap begins
_NOWHERE = np.iinfo(np.int64).min
_AXIS_STEP = 16


@dataclass(frozen=True, slots=True)
class Columns:
    """Which time bucket stands in which column, by number: bucket n begins at n * bucket + phase. Gaps have none."""

    numbers: NDArray[np.int64]
    bucket: int
    phase: int
    right: int  # the number of the newest one

    def __len__(self) -> int:
        return len(self.numbers)

    def number(self, at: int) -> int:
        return (at - self.phase) // self.bucket

    def since(self, number: int) -> int:
        """When a bucket begins."""
        return number * self.bucket + self.phase

    @property
    def oldest(self) -> int:
        """The number of the oldest bucket that stands in a column."""
        shown = self.numbers[self.numbers != _NOWHERE]
        return int(shown.min()) if len(shown) else self.right

    @property
    def gap(self) -> int | None:
        """The column where the gap of a sweep begins."""
        newest = self.x_of(self.right)
        if newest is None or not (self.numbers == _NOWHERE).any():
            return None
        return (newest + 1) % len(self)

    def x_of(self, number: int) -> int | None:
        """The column of a bucket, if it can be seen."""
        at = np.flatnonzero(self.numbers == number)
        return int(at[0]) if len(at) else None

    def number_at(self, x: int) -> int | None:
        """The number of the bucket in column `x`, if there is one."""
        inside = 0 <= x < len(self) and self.numbers[x] != _NOWHERE
        return int(self.numbers[x]) if inside else None

    def take(self, heat: Heat, values: NDArray[Any]) -> NDArray[Any]:
        """Values by bucket of `heat` (last axis) by column; zero where there are none."""
        have = values.shape[-1]
        index = np.where(self.numbers == _NOWHERE, -1, self.numbers - self.number(heat.start))
        inside = (index >= 0) & (index < have)
        if not have:
            return np.zeros((*values.shape[:-1], len(self)), values.dtype)
        return values[..., np.where(inside, index, 0)] * inside


def columns_of(heat: Heat, width: int, until: int | None = None, *, sweep: bool = False) -> Columns:
    """The `width` buckets before `until`, or the newest; at the newest a sweep leaves each bucket in its column."""
    width, bucket = max(0, width), max(1, heat.bucket)
    phase = heat.start % bucket
    end = heat.start + heat.pairs.shape[1] * bucket if until is None else until
    right = (end - phase - 1) // bucket
    numbers = right - width + 1 + np.arange(width, dtype=np.int64)
    if sweep and until is None and width > GAP:
        place = numbers % width
        numbers[:GAP] = _NOWHERE
        swept = np.empty_like(numbers)
        swept[place] = numbers
        numbers = swept
    return Columns(numbers, bucket, phase, right)


def chosen_rows(pairs: NDArray[Any], lines: int, offset: int | None, keep: int | None = None) -> list[int]:
    """Which port bins stand on the screen, in port order; `pairs` is what the columns show.

    All when they fit. Else the active ones, those of the highest peak first (a peak of distinct pairs, not volume, or a
    burst would be hidden by busy ports), and `keep`; `offset` not None is a plain scroll through all bins.
    """
    total = len(pairs)
    if total <= lines:
        return list(range(total))
    if lines < 1:
        return []
    if offset is not None:
        start = max(0, min(offset, total - lines))
        return list(range(start, start + lines))
    peak = pairs.max(axis=1) if pairs.shape[1] else np.zeros(total, np.int64)
    best = np.argsort(-peak, kind="stable")[:lines].tolist()
    if keep is not None and keep not in best:
        best[-1] = keep
    return sorted(best)


def hottest(pairs: NDArray[Any], rows: Sequence[int]) -> tuple[int, int] | None:
    """Row and column of the highest cell of `rows`, the latest of equals; None when all is quiet."""
    seen = pairs[list(rows)]
    if not seen.size or not seen.max():
        return None
    row, back = np.unravel_index(int(np.argmax(seen[:, ::-1])), seen.shape)
    return rows[int(row)], seen.shape[1] - 1 - int(back)


def marginal(sums: NDArray[Any]) -> str:
    """Pairs a column over all ports as eighth blocks on a log scale."""
    peak = float(sums.max()) if len(sums) else 0.0
    if peak <= 0:
        return " " * len(sums)
    steps = np.ceil(7 * np.log1p(sums.astype(np.float64)) / np.log1p(peak)).astype(np.int64)
    return "".join(EIGHTHS[step] for step in steps.tolist())


def bucket_name(us: int) -> str:
    """`5 s`, `15 min`, `1 h`, `1 d`."""
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s")):
        if us >= unit:
            return f"{us // unit} {name}" if us % unit == 0 else f"{us / unit:.1f} {name}"
    return f"{us // 1000} ms"


def axis(columns: Columns) -> str:
    """Times under the columns; each label starts under its column, and its column stands on a round time. From minutes on the
    first of a day says which."""
    line = [" "] * len(columns)
    day = None  # the last that was named
    at = [(number, x) for x, number in enumerate(columns.numbers.tolist()) if number % _AXIS_STEP == 0]
    for number, x in sorted(at):
        if number >= 0:
            since = columns.since(number)
            if columns.bucket >= DAY:
                form = "%y-%m-%d"
            elif columns.bucket < MINUTE:
                form = "%H:%M:%S"
            else:
                form = "%H:%M" if since // DAY == day else "%m-%d %H:%M"
            text = f"╵{moment(since):{form}}"
            if x + len(text) <= len(line):
                line[x : x + len(text)] = text
                day = since // DAY
    return "".join(line)


def label(name: str) -> str:
    """A bin's name in the label column."""
    return fit(plain(name), LABEL - 1, right=True) + " "


def span_text(since: int, until: int, now: int) -> str:
    """`03:14:00-03:14:05`; with dates where the span is not within the day of `now`, without clock where it is whole days."""
    a, b = moment(since), moment(until)
    if since % DAY == 0 and until % DAY == 0:
        return f"{a:%Y-%m-%d}" if until - since == DAY else f"{a:%Y-%m-%d} to {b:%Y-%m-%d}"
    if since // DAY == (until - 1) // DAY:
        return f"{'' if since // DAY == now // DAY else f'{a:%m-%d} '}{a:%H:%M:%S}-{b:%H:%M:%S}"
    return f"{a:%m-%d %H:%M:%S}-{b:%m-%d %H:%M:%S}"


def tally(pairs: int, packets: int) -> str:
    """`201 pairs, 243 packets`; nothing is said as nothing."""
    if not pairs and not packets:
        return "nothing"
    return f"{pairs:,} pair{'' if pairs == 1 else 's'}, {packets:,} packet{'' if packets == 1 else 's'}"


def sources_text(cell: Cell, names: Sequence[str]) -> str:
    """`203.0.113.7 (200), 198.51.100.4 (1), 12 more`: who is in a cell, with packets; `names` are those of `cell.top`."""
    said = [f"{plain(name)} ({count(packets)})" for name, (_, packets) in zip(names, cell.top, strict=True)]
    more = cell.sources - len(said)
    return ", ".join([*said, f"{more:,} more"] if more > 0 else said)
