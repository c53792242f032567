"""What the time line shows, as pure functions over a `Timeline`: columns, bursts, labels, steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.looks import Moment, Timeline
from scantui.ui.lines import Part, Parts
from scantui.ui.text import DAY, EIGHTHS, moment, span

ZONE = "UTC"  # what `moment` tells
SPEEDS = (1, 2, 5, 10, 30, 60, 100, 300, 1000)
BURST_SIGN, HERE_SIGN = "▲", "│"


@dataclass(frozen=True, slots=True)
class Scale:
    """Time in columns of `column` microseconds. Column c is all after start + c * column up to its end, the end included: the
    picture as of a moment holds what came up to it."""

    start: int
    column: int
    columns: int

    def column_of(self, at: int) -> int:
        """The column that `at` lies in; the first or last one for what lies outside."""
        return max(0, min(self.columns - 1, -((self.start - at) // self.column) - 1))

    def end_of(self, column: int) -> int:
        """The last moment of a column."""
        return self.start + (column + 1) * self.column


def scale_of(timeline: Timeline, width: int) -> Scale:
    """The whole run in at most `width` columns: each whole quarters of a span, or a span a power of two of columns.

    A run that grows so fills the width from the left, and is drawn anew only when it is full; most of it always is.
    """
    spans = len(timeline.events)
    if not spans or width <= 0:
        return Scale(timeline.start, timeline.bucket, 0)
    if spans > width:
        quarters = -(-4 * spans // width)
        column = -(-timeline.bucket * quarters // 4)
        return Scale(timeline.start, column, -(-spans * timeline.bucket // column))
    split = 1
    while split * 2 * spans <= width and timeline.bucket % (split * 2) == 0:
        split *= 2
    return Scale(timeline.start, timeline.bucket // split, spans * split)


def resampled(values: NDArray[Any], bucket: int, scale: Scale) -> NDArray[Any]:
    """Values a span as values a column: the highest of the spans that end in it, so that a short peak never vanishes."""
    if scale.column <= bucket:
        return np.repeat(values, bucket // scale.column)
    found = np.zeros(scale.columns, values.dtype)
    np.maximum.at(found, -(-np.arange(1, len(values) + 1) * bucket // scale.column) - 1, values)
    return found


def blocks(values: NDArray[Any]) -> str:
    """Counts as eighth blocks on a log scale; zero is blank, the peak seven eighths."""
    peak = float(values.max()) if len(values) else 0.0
    if peak <= 0:
        return " " * len(values)
    steps = np.ceil(7 * np.log1p(values.astype(np.float64)) / np.log1p(peak)).astype(np.int64)
    return "".join(EIGHTHS[step] for step in steps.tolist())


def burst_columns(bursts: tuple[Moment, ...], scale: Scale) -> dict[int, Moment]:
    """The columns that bursts lie in, and the newest burst of each."""
    found: dict[int, Moment] = {}
    for burst in bursts if scale.columns else ():
        last = scale.column_of(burst.until)
        for column in range(min(last, scale.column_of(burst.since + 1)), last + 1):
            found[column] = burst
    return found


def line_parts(timeline: Timeline, scale: Scale, at: int | None) -> list[Part]:
    """The line itself, a part a run of equal looks: activity, bursts, and where `at` is."""
    values = resampled(timeline.pairs, timeline.bucket, scale)
    signs = list(blocks(values))
    marked = burst_columns(timeline.bursts, scale)
    for burst in set(marked.values()):
        mine = [column for column, one in marked.items() if one is burst]
        signs[max(mine, key=lambda column: int(values[column]))] = BURST_SIGN
    here = -1 if at is None or not scale.columns else scale.column_of(at)
    if here >= 0 and signs[here] == " ":
        signs[here] = HERE_SIGN
    parts: list[Part] = []
    for column, sign in enumerate(signs):
        look = "accent" if here < 0 or column < here else "muted"  # what comes after the moment is dimmed
        look = "cursor" if column == here else "suspect" if column in marked else look
        if parts and parts[-1][1] == look:
            parts[-1] = (parts[-1][0] + sign, look)
        else:
            parts.append((sign, look))
    return parts


def ends(timeline: Timeline, now: int) -> tuple[str, str]:
    """Start and end of the run, short: the time of day, with the date where they differ in it."""
    form = "%H:%M:%S" if timeline.start // DAY == now // DAY else "%m-%d %H:%M"
    return f"{moment(timeline.start):{form}}", f"{moment(now):{form}}"


def label_parts(timeline: Timeline, scale: Scale, at: int | None, now: int, width: int) -> Parts:
    """Under the line: start, what a column is, the moment looked at under its column, end."""
    first = f"{moment(timeline.start):%Y-%m-%d %H:%M:%S} {ZONE}"
    last = f"{ends(timeline, now)[1]}{'' if at is not None else ' live'}"
    number = len(timeline.bursts)
    bursts = f", {number} {BURST_SIGN} burst{'' if number == 1 else 's'}" if number else ""
    middle = f"{span(scale.column)} a column{bursts}"
    line = [" "] * width
    begin, here = 0, ""
    if at is not None:
        begin, here = _here(at, scale.column_of(at), width, dated=timeline.start // DAY != now // DAY)
        _put(line, begin, here)
    _put(line, 0, first)
    end = scale.columns if scale.columns > width // 2 else width
    _put(line, end - len(last), last)
    _put(line, (end - len(middle)) // 2, middle)
    whole = "".join(line)
    end = begin + len(here)
    return (whole[:begin], "muted"), (whole[begin:end], "strong"), (whole[end:], "muted")


def _here(at: int, column: int, width: int, *, dated: bool) -> tuple[int, str]:
    """The label of the moment looked at, its sign under `column`: where it begins, and the label."""
    text = f"{moment(at):%m-%d %H:%M:%S}" if dated else f"{moment(at):%H:%M:%S}"
    if column + len(text) < width:
        return column, f"▴{text}"
    return max(0, column - len(text)), f"{text}▴"


def _put(line: list[str], at: int, text: str) -> None:
    """Write `text` into the line, if there is room that nothing else stands in."""
    begin, end = max(0, at - 2), min(len(line), at + len(text) + 2)
    if at >= 0 and at + len(text) <= len(line) and not "".join(line[begin:end]).strip():
        line[at : at + len(text)] = text


def clock_of(at: int) -> str:
    """The time of day, with the fraction where there is one."""
    when = moment(at)
    fraction = f".{when.microsecond:06d}".rstrip("0") if when.microsecond else ""
    return f"{when:%H:%M:%S}{fraction}"


def burst_before(bursts: tuple[Moment, ...], at: int | None) -> Moment | None:
    """The newest burst that ended before `at`; the newest of all from the present."""
    earlier = [burst for burst in bursts if at is None or burst.until < at]
    return max(earlier, key=lambda burst: burst.until, default=None)


def burst_after(bursts: tuple[Moment, ...], at: int | None) -> Moment | None:
    """The oldest burst that ends after `at`; none from the present."""
    later = [burst for burst in bursts if at is not None and burst.until > at]
    return min(later, key=lambda burst: burst.until, default=None)


def burst_near(bursts: tuple[Moment, ...], at: int, reach: int) -> Moment | None:
    """The newest burst that `at` lies in, or that ended at most `reach` before."""
    return next((burst for burst in reversed(bursts) if burst.since <= at <= burst.until + reach), None)


def stepped(at: int, bucket: int, steps: int) -> int:
    """`at` moved by whole buckets; the first step goes to the next edge of a bucket."""
    return (at // bucket + steps) * bucket if steps > 0 else (-(-at // bucket) + steps) * bucket
