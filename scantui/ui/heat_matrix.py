"""Sources by ports: a row a source in the table's ranking, a column a port bin, a cell the distinct ports met in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scantui.looks import CellWish, HeatWish, Matrix
from scantui.ui.heat_face import CURSOR, Face, Frame
from scantui.ui.heat_ink import BRIGHT, cell_parts, levels, with_cursor
from scantui.ui.lines import Parts
from scantui.ui.text import middle, plain

LABEL = 18  # mark, address, gap
_TOP = 3  # title, two lines of port names
_WIDEST = 6


def bin_width(bins: int, columns: int) -> int:
    """Cells a port bin takes: as many as fit, at least one."""
    return max(1, min(_WIDEST, columns // bins)) if bins else 1


def heads(names: Sequence[str], width: int, columns: int) -> tuple[str, str]:
    """Port names over their columns, on two lines; one for which there is no room on either is left out."""
    lines = [[" "] * columns, [" "] * columns]
    free = [0, 0]
    for index, name in enumerate(names):
        x, text = index * width, f"╷{plain(name).split()[0]}" if name[:1].isdigit() else "╷none"
        row = next((row for row in (0, 1) if free[row] <= x), None)
        if row is not None and x + len(text) <= columns:
            lines[row][x : x + len(text)] = text
            free[row] = x + len(text)
    return "".join(lines[0]), "".join(lines[1])


class SourcesByPorts(Face):
    """The fingerprint of each source in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.spot: tuple[int, int, int] | None = None  # source code, ports low and high
        self._top = self._left = 0
        self._lines = self._bins = 0  # that can be seen
        self._width = 1

    def make(self, frame: Frame) -> list[Parts]:
        self.frame = frame
        matrix = frame.snapshot.matrix
        if matrix is None or not matrix.ports.size:
            text = "waiting for the session" if matrix is None else "no sources yet"
            return [frame.title("sources × ports", text, first=BRIGHT)]
        rows, bins = matrix.ports.shape
        columns = max(1, frame.width - LABEL)
        self._width = bin_width(bins, columns)
        self._bins = min(bins, columns // self._width)
        self._lines = max(0, min(rows, frame.height - _TOP - frame.focused))
        at = self._index(matrix)
        self._top = _scrolled(self._top, at[0], self._lines, rows)
        self._left = _scrolled(self._left, at[1], self._bins, bins)
        return self._drawn(frame, matrix, at)

    def _drawn(self, frame: Frame, matrix: Matrix, at: tuple[int, int]) -> list[Parts]:
        seen = slice(self._left, self._left + self._bins)
        hidden = f"{self._lines} of {len(matrix.codes)} sources" if self._lines < len(matrix.codes) else ""
        made = [frame.title("sources × ports", hidden, frame.whose, first=BRIGHT)]
        room = self._bins * self._width
        made += [((" " * LABEL, "muted"), (head, "muted"))
                 for head in heads(matrix.names[seen], self._width, max(room, frame.width - LABEL))]  # fmt: skip
        cells = levels(matrix.ports[self._top : self._top + self._lines, seen], BRIGHT)
        for line, row in enumerate(cells):
            code = int(matrix.codes[self._top + line])
            parts = cell_parts(row, frame.ink, self._width)
            look = "plain"
            if frame.focused and self._top + line == at[0]:
                parts = with_cursor(parts, (at[1] - self._left) * self._width, CURSOR * self._width)
                look = "cursor"
            sign = "›" if code == frame.selected else " "
            address = middle(plain(frame.snapshot.address(code)), LABEL - 2)
            made.append(((sign, "accent"), (f"{address:>{LABEL - 2}}", look), (" ", "plain"), *parts))
        return [*made, self._readout(frame, matrix, at)] if frame.focused else made

    def _readout(self, frame: Frame, matrix: Matrix, at: tuple[int, int]) -> Parts:
        row, column = at
        ports, wish = int(matrix.ports[row, column]), self.cell()
        said = "nothing" if not ports else f"{ports:,} port{'' if ports == 1 else 's'}"
        address = plain(frame.snapshot.address(int(matrix.codes[row])))
        cell = frame.cell(wish) if wish is not None else None
        packets = f"{cell.packets:,} packet{'' if cell.packets == 1 else 's'}" if cell is not None and ports else ""
        return frame.readout(address, matrix.names[column], said, packets, more=frame.who(wish) if wish else "")

    def _index(self, matrix: Matrix) -> tuple[int, int]:
        """The cursor's row and column; of what is gone, the first."""
        if self.spot is None:
            row = int(np.argmax(matrix.codes == self.frame.selected)) if self.frame and self.frame.selected else 0
            self._put(matrix, row, int(np.argmax(matrix.ports[row])))
        assert self.spot is not None
        code, low, high = self.spot
        return int(np.argmax(matrix.codes == code)), int(np.argmax((matrix.low == low) & (matrix.high == high)))

    def _put(self, matrix: Matrix, row: int, column: int) -> None:
        self.spot = (int(matrix.codes[row]), int(matrix.low[column]), int(matrix.high[column]))

    def _matrix(self) -> Matrix | None:
        matrix = None if self.frame is None else self.frame.snapshot.matrix
        return matrix if matrix is not None and matrix.ports.size else None

    def move(self, across: int, down: int) -> HeatWish | None:
        matrix = self._matrix()
        if matrix is not None:
            row, column = self._index(matrix)
            rows, bins = matrix.ports.shape
            self._put(matrix, max(0, min(rows - 1, row + down)), max(0, min(bins - 1, column + across)))
        return None

    def edge(self, step: int) -> HeatWish | None:
        return self.move(step * (1 << 16), 0)

    def half(self) -> int:
        return max(1, self._bins // 2)

    def point(self, x: int, y: int) -> bool | None:
        matrix, line, column = self._matrix(), y - _TOP, (x - LABEL) // self._width
        if matrix is None or not (0 <= line < self._lines and 0 <= column < self._bins):
            return None
        before = self.spot
        self._put(matrix, self._top + line, self._left + column)
        return before == self.spot

    def cell(self) -> CellWish | None:
        if self.frame is None or self.spot is None or self._matrix() is None:
            return None
        code, low, high = self.spot
        return CellWish(low, high, *self.frame.days, source=code)

    def home(self) -> None:
        self.move(0, -(1 << 32))

    def page(self) -> int:
        return max(1, self._lines)


def _scrolled(top: int, at: int, lines: int, total: int) -> int:
    """The first of `lines` shown, moved no further than needed to show `at`."""
    top = max(at - lines + 1, min(top, at)) if lines else at
    return max(0, min(top, total - lines))
