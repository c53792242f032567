"""The whole port space on a Hilbert curve: a square of 64 ports or more, coloured by how many of them were met.

Near ports lie near each other, so that a probe of all ports is a spray, one of the low ports a solid corner, and a worm's two
ports two dots.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from scantui.looks import CellWish, HeatWish, PortMap
from scantui.ui.heat_face import CURSOR, Face, Frame
from scantui.ui.heat_ink import BRIGHT, GLYPHS, Ink, Levels, drawn, levels
from scantui.ui.hilbert import d2xy, xy2d
from scantui.ui.lines import Part, Parts
from scantui.ui.text import count, wrap

PORTS = 65_536
_FINEST = 5  # a curve of MAP_CELLS squares
_MARGIN = 3  # a blank at the left, two before the words
_RANGES = 32  # that the sentence counts
_TEXT = 30  # columns the words beside the map take at least


def room_for(width: int, lines: int) -> tuple[int, int]:
    """Order of the curve, and columns a square takes: two columns by a line, or one column by half a line.

    The finest curve that fits beside the words; the finest of all in big squares where there is room."""
    if lines >= 1 << _FINEST and width >= (2 << _FINEST) + _TEXT:
        return _FINEST, 2
    fits = (order for order in range(_FINEST, 1, -1) if lines >= 1 << (order - 1) and width >= (1 << order) + _TEXT)
    return next(fits, 1), 1


def coarser(cells: NDArray[np.int64], order: int) -> NDArray[np.int64]:
    """Counts by square of the curve of this order: neighbours along the finest curve share a square."""
    return cells.reshape(1 << (2 * order), -1).sum(axis=1)


@cache
def _places(order: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return d2xy(order, np.arange(1 << (2 * order), dtype=np.int64))


def squares(cells: NDArray[np.int64], order: int) -> Levels:
    """Levels by row and column."""
    side = 1 << order
    grid = np.zeros((side, side), np.uint8)
    x, y = _places(order)
    grid[y, x] = levels(coarser(cells, order), BRIGHT)
    return grid


def half_parts(above: Levels, below: Levels, ink: Ink) -> list[Part]:
    """Two rows of squares as one line of half blocks, a part a square."""
    pairs = zip(above.tolist(), below.tolist(), strict=True)
    if ink is Ink.MONO:
        return [((GLYPHS[max(a, b)] if bool(a) == bool(b) else "▀" if a else "▄"), "accent") for a, b in pairs]
    # Never level 0 in front: where it is the terminal's own background it has no colour to draw with.
    return [(" " if a == b else "▀" if a else "▄", f"half-{a}-{b}" if a else f"half-{b}-{a}") for a, b in pairs]


def whole_parts(row: Levels, ink: Ink) -> list[Part]:
    """A row of squares as a line, two columns a square."""
    return [drawn(level, 2, ink) for level in row.tolist()]


def sentence(ports: NDArray[np.int64]) -> str:
    """The map in words: `200 ports within 0-64895, in 31 of 32 ranges of 2048`."""
    met = int(ports.sum())
    if not met:
        return "no ports"
    at = np.flatnonzero(ports)
    wide = PORTS // len(ports)
    said = f"{met:,} port{'' if met == 1 else 's'} within {int(at[0]) * wide}-{(int(at[-1]) + 1) * wide - 1}"
    ranges = int((ports.reshape(_RANGES, -1).sum(axis=1) > 0).sum())
    return f"{said}, in {ranges} of {_RANGES} ranges of {PORTS // _RANGES}"


def busiest(found: PortMap, lines: int) -> list[str]:
    """The cells with most ports: range, ports, packets."""
    wide = PORTS // len(found.ports)
    best = np.lexsort((-found.packets, -found.ports))[: max(0, lines)]
    return [
        f"{f'{cell * wide}-{cell * wide + wide - 1}':>11} {found.ports[cell]:>3} of {wide} {count(int(found.packets[cell])):>6}"
        for cell in best.tolist()
        if found.ports[cell]
    ]


class PortSpace(Face):
    """The map, and words beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.port: int | None = None  # the first port of the square under the cursor
        self._order, self._scale, self._ink = 1, 1, Ink.COLOUR

    def make(self, frame: Frame) -> list[Parts]:
        self.frame = frame
        # Half blocks need the colours themselves; of sixteen, the five of the ramp are enough here.
        self._ink = Ink.COLOUR if frame.ink is Ink.SIXTEEN else frame.ink
        found = frame.snapshot.portmap
        whose = frame.whose or "all sources"
        if found is None:
            return [frame.title("port space", whose, "waiting for the session", first=BRIGHT)]
        lines = frame.height - 1 - frame.focused
        self._order, self._scale = room_for(frame.width - _MARGIN, lines)
        if self.port is None:
            self.port = int(np.argmax(coarser(found.ports, self._order))) * self._wide
        made = [frame.title("port space", whose, f"{self._wide} ports a square", first=BRIGHT, ink=self._ink)]
        picture = self._picture(frame, found)
        across = self._scale << self._order
        words = _words(found, max(1, frame.width - across - _MARGIN), lines)
        for line in range(min(lines, max(len(picture), len(words)))):
            left = picture[line] if line < len(picture) else [(" " * across, "plain")]
            right = words[line] if line < len(words) else ("", "plain")
            made.append(((" ", "plain"), *left, ("  ", "plain"), right))
        return [*made, self._readout(frame, found)] if frame.focused else made

    def _picture(self, frame: Frame, found: PortMap) -> list[list[Part]]:
        grid = squares(found.ports, self._order)
        if self._scale == 2:
            lines = [whole_parts(row, self._ink) for row in grid]
        else:
            lines = [half_parts(above, below, self._ink) for above, below in zip(grid[::2], grid[1::2], strict=True)]
        if frame.focused:
            x, y = self._xy()
            half = "▄" if y % 2 else "▀"
            sign = half if self._scale == 1 and frame.ink is Ink.COLOUR else CURSOR * self._scale
            lines[y if self._scale == 2 else y // 2][x] = (sign, "cursor")
        return lines

    def _readout(self, frame: Frame, found: PortMap) -> Parts:
        low, high = self.ports()
        each = PORTS // len(found.ports)
        part = slice(low // each, high // each + 1)
        met, packets = int(found.ports[part].sum()), int(found.packets[part].sum())
        said = f"{met} of {high - low + 1} met, {packets:,} packet{'' if packets == 1 else 's'}" if met else "none met"
        wish = self.cell()
        return frame.readout(f"ports {low}-{high}", said, more=frame.who(wish) if wish else "")

    @property
    def _wide(self) -> int:
        """Ports a square."""
        return PORTS >> (2 * self._order)

    def ports(self) -> tuple[int, int]:
        """First and last port under the cursor."""
        low = (self.port or 0) // self._wide * self._wide
        return low, low + self._wide - 1

    def _xy(self) -> tuple[int, int]:
        x, y = d2xy(self._order, np.array([(self.port or 0) // self._wide]))
        return int(x[0]), int(y[0])

    def _put(self, x: int, y: int) -> None:
        most = (1 << self._order) - 1
        at = xy2d(self._order, np.array([max(0, min(most, x))]), np.array([max(0, min(most, y))]))
        self.port = int(at[0]) * self._wide

    def move(self, across: int, down: int) -> HeatWish | None:
        x, y = self._xy()
        self._put(x + across, y + down)
        return None

    def edge(self, step: int) -> HeatWish | None:
        return self.move(step << self._order, 0)

    def half(self) -> int:
        return 1 << (self._order - 1)

    def point(self, x: int, y: int) -> bool | None:
        column, line = (x - 1) // self._scale, y - 1
        lines = 1 << self._order if self._scale == 2 else 1 << (self._order - 1)
        if self.frame is None or not (0 <= column < 1 << self._order and 0 <= line < lines):
            return None
        before = self.ports()
        if self._scale == 2:
            self._put(column, line)
        elif self._xy() not in ((column, 2 * line), (column, 2 * line + 1)):
            self._put(column, 2 * line)
        return before == self.ports()

    def cell(self) -> CellWish | None:
        if self.frame is None or self.port is None:
            return None
        return CellWish(*self.ports(), *self.frame.days, source=self.frame.wish.source)

    def home(self) -> None:
        self.port = None

    def page(self) -> int:
        return 1 << (self._order - 1)


def _words(found: PortMap, width: int, lines: int) -> list[Part]:
    """The map in words, where its quarters lie, and its busiest cells."""
    said: list[Part] = [(line, "strong") for line in wrap(sentence(found.ports), width)]
    quarters = [("", "plain"), ("    0-16383   49152-65535", "muted"), ("16384-32767   32768-49151", "muted")]
    if len(said) + len(quarters) <= lines:
        said += quarters
    left = lines - len(said) - 2
    best = busiest(found, left)
    if best:
        said += [("", "plain"), ("      ports      met packets", "muted"), *((line, "plain") for line in best)]
    return said
