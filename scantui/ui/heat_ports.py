"""Ports by time: rows are port bins, columns time buckets, a cell the number of distinct (source, port) pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scantui.looks import CellWish, HeatWish
from scantui.snapshot import Heat
from scantui.ui import heat_view as view
from scantui.ui.heat_face import CURSOR, Face, Frame, cut_name
from scantui.ui.heat_ink import cell_parts, levels, with_cursor
from scantui.ui.heat_moves import right_edge, row_below, until_keeping
from scantui.ui.lines import Part, Parts
from scantui.ui.text import count, moment

_TOP = 2  # title, pairs a bucket
_CHROME = 3  # and the time axis


@dataclass(frozen=True, slots=True)
class Spot:
    """The cell under the cursor, by what it is and not by where it stands."""

    low: int
    high: int
    at: int  # a moment in its bucket


class PortsByTime(Face):
    """The heatmap proper."""

    def __init__(self) -> None:
        super().__init__()
        self.spot: Spot | None = None
        self._offset: int | None = None
        self._rows: list[int] = []
        self._columns = view.Columns(np.zeros(0, np.int64), 1, 0, 0)
        self._pairs: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._zoomed_into: tuple[int, int] | None = None  # the time of the cell that narrower columns will divide

    # Drawing

    def make(self, frame: Frame) -> list[Parts]:
        heat = frame.snapshot.heat
        self.frame = frame
        lines = frame.height - _CHROME - frame.focused
        self._columns = columns = self._columns_for(frame)
        self._pairs = columns.take(heat, heat.pairs)
        if self._zoomed_into is not None and frame.snapshot.look.heat.bucket == frame.wish.bucket:
            self._settle(heat, *self._zoomed_into)
        self._rows = view.chosen_rows(self._pairs, lines, self._offset, self._row(heat))
        if frame.focused and frame.cut_is_there and (self._row(heat) is None or self._x is None):
            self._place(heat)
        return self._drawn(frame, heat)

    def _drawn(self, frame: Frame, heat: Heat) -> list[Parts]:
        under, x = (self._row(heat), self._x) if frame.focused else (None, None)
        sums = self._pairs.sum(axis=0)
        made = [self._title(frame, heat, sums)]
        made.append(((f"{'pairs':>{view.LABEL - 1}} ", "muted"), *self._marked([(view.marginal(sums), "muted")])))
        cells = levels(self._pairs)
        for row in self._rows:
            parts = cell_parts(cells[row], frame.ink)
            look = "plain" if cells[row].any() else "muted"
            if row == under and x is not None:
                parts, look = with_cursor(parts, x, CURSOR), "cursor"
            made.append(((view.label(heat.names[row]), look), *parts))
        below = self._marked([(view.axis(self._columns), "muted")])
        if x is not None:
            below = with_cursor(below, x, "▲", "accent")
        made.append(((" " * view.LABEL, "muted"), *below))
        return [*made, self._readout(frame, heat)] if frame.focused else made

    def _title(self, frame: Frame, heat: Heat, sums: NDArray[np.int64]) -> Parts:
        hidden = f"{len(self._rows)} of {len(heat.names)} rows" if len(self._rows) < len(heat.names) else ""
        past = "" if frame.wish.until is None else f"to {moment(frame.wish.until):%m-%d %H:%M:%S} (end: newest)"
        peak = count(int(sums.max())) if len(sums) else "0"
        swept = "sweep" if self._columns.gap is not None else ""
        return frame.title(cut_name(frame.snapshot.look.heat, heat.bucket), past, frame.whose, f"peak {peak}", hidden,
                           swept)  # fmt: skip

    def _marked(self, parts: list[Part]) -> list[Part]:
        gap = self._columns.gap
        return parts if gap is None else with_cursor(parts, gap, view.EDGE, "accent")

    def _readout(self, frame: Frame, heat: Heat) -> Parts:
        row, wish = self._row(heat), self.cell()
        if row is None or wish is None:
            return frame.readout("nothing yet")
        column = (wish.since - heat.start) // heat.bucket
        inside = 0 <= column < heat.pairs.shape[1]
        pairs, packets = (int(values[row, column]) if inside else 0 for values in (heat.pairs, heat.packets))
        span = view.span_text(wish.since, wish.until, frame.snapshot.status.now)
        return frame.readout(heat.names[row], span, view.tally(pairs, packets), more=frame.who(wish))

    @staticmethod
    def _columns_for(frame: Frame) -> view.Columns:
        heat, until = frame.snapshot.heat, frame.wish.until
        if until is None and not heat.pairs.shape[1]:
            until = (frame.span[1] // heat.bucket + 1) * heat.bucket  # it is quiet, but not the dawn of time
        return view.columns_of(heat, frame.width - view.LABEL, until, sweep=frame.sweep)

    # The cursor

    @property
    def _x(self) -> int | None:
        """The cursor's column, if it can be seen."""
        return self._columns.x_of(self._columns.number(self.spot.at)) if self.spot else None

    def _row(self, heat: Heat) -> int | None:
        """The cursor's row, if the ports are cut as they were when it was put there."""
        if self.spot is None:
            return None
        found = np.flatnonzero((heat.low == self.spot.low) & (heat.high == self.spot.high))
        return int(found[0]) if len(found) else None

    def _put(self, heat: Heat, row: int, number: int) -> None:
        columns, old = self._columns, self.spot
        at = old.at if old and columns.number(old.at) == number else columns.since(number)
        self.spot = Spot(int(heat.low[row]), int(heat.high[row]), at)

    def _place(self, heat: Heat) -> None:
        """Put a lost cursor where most happened: on its row or at its time if these can still be seen."""
        if not self._rows or not len(self._columns):
            self.spot = None
            return
        row, x = self._row(heat), self._x
        seen = np.zeros_like(self._pairs) if x is not None else self._pairs
        if x is not None:
            seen[:, x] = self._pairs[:, x]
        best = view.hottest(seen, self._rows if row is None else [row])
        to_row, to_x = best or (self._rows[0] if row is None else row, None)
        to_x = x if x is not None else to_x
        number = self._columns.right if to_x is None else self._columns.number_at(to_x)
        self._put(heat, to_row, self._columns.right if number is None else number)

    def _settle(self, heat: Heat, since: int, until: int) -> None:
        """Of the columns that the cell under the cursor was divided into, go to the one where most happened."""
        self._zoomed_into = None
        row = self._row(heat)
        if row is not None:
            numbers = self._columns.numbers
            inside = (numbers >= self._columns.number(since)) & (numbers <= self._columns.number(until - 1))
            found = view.hottest(self._pairs * inside, [row])
            if found is not None:
                self._put(heat, row, int(numbers[found[1]]))

    def cell(self) -> CellWish | None:
        if self.frame is None or self.spot is None:
            return None
        columns = self._columns
        since = columns.since(columns.number(self.spot.at))
        return CellWish(self.spot.low, self.spot.high, since, since + columns.bucket, self.frame.wish.source)

    def move(self, across: int, down: int) -> HeatWish | None:
        if self.frame is None or self.spot is None:
            return None
        heat = self.frame.snapshot.heat
        row = self._row(heat)
        if row is None:
            return None
        first, newest = self._limits(self.frame)
        number = max(first, min(newest, self._columns.number(self.spot.at) + across))
        row, offset = row_below(self._rows, row, down, len(heat.low))
        self._offset = self._offset if offset is None else offset
        self._put(heat, row, number)
        if self._columns.x_of(number) is not None or not len(self._columns):
            return None
        return self._ending(self.frame, right_edge(self._columns, number, first, newest), newest)

    def _ending(self, frame: Frame, right: int, newest: int) -> HeatWish:
        return replace(frame.wish, until=None if right >= newest else self._columns.since(right + 1))

    def _limits(self, frame: Frame) -> tuple[int, int]:
        """The oldest bucket that there is, or that is shown; and the newest."""
        columns = self._columns
        first, end = frame.span
        newest = columns.right if frame.wish.until is None else columns.number(self._newest(frame, end))
        oldest = min(columns.number(first), columns.oldest)
        return oldest, max(newest, columns.right)

    @staticmethod
    def _newest(frame: Frame, end: int) -> int:
        """The newest moment there is to see."""
        return end - 1 if frame.snapshot.look.at is None else frame.snapshot.look.at

    def edge(self, step: int) -> HeatWish | None:
        if self.frame is None or self.spot is None:
            return None
        first, newest = self._limits(self.frame)
        number = self._columns.number(self.spot.at)
        moved = self.move((first if step < 0 else newest) - number, 0)
        return replace(self.frame.wish, until=None) if step > 0 and self.frame.wish.until is not None else moved

    def half(self) -> int:
        """Columns of half a screen."""
        return max(1, len(self._columns) // 2)

    def point(self, x: int, y: int) -> bool | None:
        number, line = self._columns.number_at(x - view.LABEL), y - _TOP
        if self.frame is None or number is None or not 0 <= line < len(self._rows):
            return None
        before = self.cell()
        self._put(self.frame.snapshot.heat, self._rows[line], number)
        return before == self.cell()

    def home(self) -> None:
        self._offset = None

    def page(self) -> int:
        return max(1, len(self._rows))

    # Other cuts

    def zoomed(self, bucket: int) -> HeatWish | None:
        """The cut at another bucket, with the cursor's moment in view; on the way in, all that its cell held."""
        if self.frame is None:
            return None
        wish, columns, cell = self.frame.wish, self._columns, self.cell()
        if self.spot is not None and cell is not None and self.frame.focused:
            at = self.spot.at
            if bucket < columns.bucket:
                self._zoomed_into = cell.since, cell.until
                at = cell.until - 1
        elif wish.until is not None:
            at = wish.until - 1
        else:
            return replace(wish, bucket=bucket)
        newest = self._newest(self.frame, self.frame.span[1])
        until = until_keeping(at, columns.right - columns.number(at), bucket, newest, len(columns))
        return replace(wish, bucket=bucket, until=until)

    def kept(self, frame: Frame) -> HeatWish | None:
        """The cut that stands still, where the newest columns would leave the cursor behind."""
        if self.spot is None or frame.wish.until is not None or self._x is None or not frame.focused:
            return None
        columns = self._columns_for(frame)
        number = columns.number(self.spot.at)
        if columns.bucket != self._columns.bucket or number >= columns.oldest:
            return None
        return replace(frame.wish, until=columns.since(number + len(columns)))
