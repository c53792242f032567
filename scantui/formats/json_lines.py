"""JSON lines: an object a line, read by paths.

In bulk, lines of a known shape are read in place; what has no such shape is decoded line by line and its values then read
together. Plainly, one line is decoded and read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.json_shape import Leaf, Shape, ShapeBook, leaves, shape_of
from scantui.columns.lines import SLACK, Lines, Mask, Positions
from scantui.formats.base import SMALL
from scantui.formats.board import Board, add, add_micros
from scantui.formats.json_plan import Plan, Plans
from scantui.formats.json_tree import Tree
from scantui.formats.sheet import Record, Sheet
from scantui.formats.values import Value

_CLOSE = ord("}")
_TRAILING = b", \t\r"  # after an object: exports separate the lines of a list
_IS_TRAILING = np.zeros(256, np.bool_)
_IS_TRAILING[list(_TRAILING)] = True


@dataclass(frozen=True)
class _Cells:
    """Values of some lines: (fields, lines) positions over `lines`, start -1 where there is none."""

    lines: Lines
    start: Positions
    end: Positions
    plans: list[Plan]
    plan: NDArray[np.int64]  # by line: place in `plans`, -1 where the line was not claimed

    @classmethod
    def of(cls, lines: Lines, fields: int, count: int) -> _Cells:
        empty = np.full((fields, count), -1, np.int64)
        return cls(lines, empty, empty.copy(), [], np.full(count, -1, np.int64))

    def number(self, plan: Plan) -> int:
        """Place of a plan, which is the same object whenever it is the same."""
        for place, known in enumerate(self.plans):
            if known is plan:
                return place
        self.plans.append(plan)
        return len(self.plans) - 1

    def take(self, some: NDArray[np.int64]) -> _Cells:
        return _Cells(self.lines, self.start[:, some], self.end[:, some], self.plans, self.plan[some])


class JsonLines:
    """Reads objects; `value_of` makes the reader of a field, `need` are columns that an event must have."""

    def __init__(self, plans: Plans, value_of: Callable[[str], Value], need: Sequence[str], holds: Sequence[bytes]) -> None:
        self._plans, self._need, self._holds = plans, need, holds
        self._values = [value_of(name) for name in plans.names]
        self._tree = Tree(plans.paths)
        self._deciding, self._present = frozenset(plans.deciding), frozenset(plans.present)
        self._book: ShapeBook[Plan | None] = ShapeBook(self._shape)

    # One line
    def plain(self, text: bytes) -> Record | None:
        """The columns of one object; {} when it tells of no packet, None when it is damaged or not this format's."""
        said = self._tree.read(text.rstrip(_TRAILING))
        plan = None if said is None else self._plans.of(said)
        if said is None or plan is None:
            return None
        if plan.silent:
            return {}
        record: Record = {}
        for number, paths in plan.fields:
            token = next((said[path] for path in paths if path in said), None)
            if token is None:
                continue
            part = self._values[number].plain(token)
            if part is None:
                return None
            add(record, part)
        record = plan.always | record
        add_micros(record)
        if plan.flow:
            plan.flow.one(record)
        return record if all(name in record for name in self._need) else None

    # Many lines
    def fill(self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions) -> None:
        """Read the objects that begin at `begin` and end with the lines `rows`."""
        if not len(rows):
            return
        end = _trimmed(lines, begin, lines.end[rows])
        cells, strange = self._shaped(lines, sheet, rows, begin, end)
        self._put(sheet, rows, cells)
        left = np.flatnonzero((cells.plan < 0) & ~strange & ~sheet.silent[rows])
        if len(left) >= SMALL:
            self._put(sheet, rows[left], self._decoded(lines, sheet, rows[left], begin[left], end[left]))

    def _shape(self, line: bytes) -> Shape[Plan | None] | None:
        said = self._tree.read(line)
        found = None if said is None else leaves(line)
        if said is None or found is None:
            return None
        names = {leaf.name for leaf in found}
        if not said.keys() <= names or any(path in names and path not in said for path in self._present):
            return None  # a list's first element; a path that is there and says nothing

        def fixed(leaf: Leaf) -> bool:
            return leaf.name in self._deciding

        return shape_of(line, found, fixed, self._plans.of(said))

    def _shaped(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions, end: Positions
    ) -> tuple[_Cells, Mask]:
        """The values of lines of known shapes, and which lines are no such format's."""
        cells = _Cells.of(lines, len(self._values), len(rows))
        strange = np.zeros(len(rows), np.bool_)
        for group in self._book.split(lines, begin, end, SMALL):
            plan, some = group.shape.layout, _slice(group.rows)
            good = np.ones(len(group.rows), np.bool_)
            for path in self._present & group.shape.spans.keys():
                good &= ~group.empty(lines, path, *group.span(path))
            if plan is None:
                strange[group.rows[good]] = True
            elif plan.silent:
                sheet.silent[rows[group.rows[good]]] = True
            else:
                for number, paths in plan.fields:
                    there = [path for path in paths if path in group.shape.spans]
                    if not there:
                        continue
                    start, stop = group.span(there[0])
                    if len(group.slashes):
                        good &= ~group.escaped(start, stop)
                    empty = group.empty(lines, there[0], start, stop)
                    if empty.any():
                        start = np.where(empty, -1, start)
                        if len(there) > 1:
                            good &= ~empty  # the next path may say something
                    cells.start[number, some] = start
                    cells.end[number, some] = stop
                cells.plan[some] = np.where(good, cells.number(plan), -1)
        return cells, strange

    def _decoded(
        self, lines: Lines, sheet: Sheet, rows: NDArray[np.int64], begin: Positions, end: Positions
    ) -> _Cells:
        """The values of lines decoded one by one, in a buffer of their own."""
        tokens: list[bytes] = []
        places: list[tuple[int, int]] = []
        planned: list[tuple[int, Plan]] = []
        for line, (start, stop) in enumerate(zip(begin.tolist(), end.tolist(), strict=True)):
            text = bytes(lines.data[start:stop])
            said = self._tree.read(text) if all(part in text for part in self._holds) else None
            plan = None if said is None else self._plans.of(said)
            if said is None or plan is None:
                continue
            if plan.silent:
                sheet.silent[rows[line]] = True
                continue
            planned.append((line, plan))
            for number, paths in plan.fields:
                for path in paths:
                    if path in said:
                        tokens.append(said[path])
                        places.append((number, line))
                        break
        text = b"\n".join(tokens) + b"\n"
        cells = _Cells.of(Lines(text + bytes(SLACK), len(text)), len(self._values), len(rows))
        if places:
            length = np.fromiter(map(len, tokens), np.int64, len(tokens))
            stops = np.cumsum(length + 1) - 1
            number, line_of = np.array(places).T
            cells.start[number, line_of] = stops - length
            cells.end[number, line_of] = stops
        for line, plan in planned:
            cells.plan[line] = cells.number(plan)
        return cells

    def _put(self, sheet: Sheet, rows: NDArray[np.int64], cells: _Cells) -> None:
        """Read the values of all claimed lines, field by field, and write what they give."""
        claimed = np.flatnonzero(cells.plan >= 0)
        if not len(claimed):
            return
        if len(claimed) < len(rows):
            rows, cells = rows[claimed], cells.take(claimed)
        board = Board(len(rows))
        for number, value in enumerate(self._values):
            start, end = cells.start[number], cells.end[number]
            if start.min() >= 0:
                board.add(*value.bulk(cells.lines, start, end))
            elif start.max() >= 0:
                some = np.flatnonzero(start >= 0)
                board.add(*value.bulk(cells.lines, start[some], end[some]), some)
        board.default([plan.always for plan in cells.plans], cells.plan)
        board.add_micros()
        for told in {plan.flow for plan in cells.plans if plan.flow}:
            board.first_packets(np.array([plan.flow is told for plan in cells.plans])[cells.plan], told)
        for name in self._need:
            board.need(name)
        board.write(sheet, rows)


def _slice(rows: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """The same places as a slice when they are one after the other."""
    first, last = int(rows[0]), int(rows[-1]) + 1
    return slice(first, last) if last - first == len(rows) else rows


def _trimmed(lines: Lines, begin: Positions, end: Positions) -> Positions:
    """Ends of the objects, without what exports put after them."""
    end = np.maximum(end, begin + 1)
    for _ in _TRAILING:
        last = lines.u8[end - 1]
        if (last == _CLOSE).all():
            break
        end = end - (_IS_TRAILING[last] & (end - 1 > begin))
    return end
