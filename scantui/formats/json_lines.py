"""JSON lines: an object a line, read by paths; the object may stand inside another's (`json_within.py`).

In bulk, lines of a known shape are read in place; what has no such shape is decoded line by line and its values then read
together. Plainly, one line is decoded and read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.json_match import ShapeBook
from scantui.columns.json_shape import Leaf, Shape, Spans, leaves, shape_of
from scantui.columns.lines import SLACK, Lines, Mask, Positions
from scantui.formats.base import SMALL
from scantui.formats.board import Board, add, add_micros
from scantui.formats.json_plan import Fields, Plan, Plans
from scantui.formats.json_within import Said, Within
from scantui.formats.sheet import Record, Sheet
from scantui.formats.time_values import Epoch
from scantui.formats.values import Number, Value

_CLOSE = ord("}")
_TRAILING = b", \t\r"  # after an object: exports separate the lines of a list
_IS_TRAILING = np.zeros(256, np.bool_)
_IS_TRAILING[list(_TRAILING)] = True
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class _Reading:
    """How lines of one shape are read: the fields that have a value (by number), where these and then the values of which only
    their being there matters stand, and which of all these must not be empty for the shape to tell the plan."""

    plan: Plan | None
    numbers: NDArray[np.int64]
    spans: Spans
    certain: NDArray[np.int64]


@dataclass(frozen=True)
class _Cells:
    """Values of lines of one plan: fields by number, and (fields, lines) positions; start -1 where there is none."""

    plan: Plan
    rows: Rows
    numbers: NDArray[np.int64]
    start: Positions
    end: Positions


class JsonLines:
    """Reads objects, and those `inside` others; `value_of` makes the reader of a field, `need` are columns that an event must
    have."""

    def __init__(
        self,
        plans: Plans,
        value_of: Callable[[str], Value],
        need: Sequence[str],
        holds: Sequence[bytes],
        *,
        inside: bool = True,
    ) -> None:
        self._plans, self._need, self._holds = plans, need, holds
        self._values = [value_of(name) for name in plans.names]
        self._within = Within(plans, inside=inside)
        self._book: ShapeBook[_Reading] = ShapeBook(self._shape)

    # One line
    def plain(self, text: bytes) -> Record | None:
        """The columns of one object; {} when it tells of no packet, None when it is damaged or not this format's."""
        said = self._within.read(text.rstrip(_TRAILING))
        plan = None if said is None else said.plan
        if said is None or plan is None:
            return None
        if plan.silent:
            return {}
        record: Record = {}
        for number, paths in said.fields:
            token = next((said.texts[path] for path in paths if path in said.texts), None)
            if token is None:
                continue
            part = self._values[number].plain(token)
            if part is None:
                return None
            add(record, part)
        record = plan.always | record
        add_micros(record)
        if plan.flow and not plan.flow.one(record):
            return {}
        return record if all(name in record for name in self._need) else None

    # Many lines
    def fill(self, lines: Lines, sheet: Sheet, rows: Rows, begin: Positions) -> None:
        """Read the objects that begin at `begin` and end with the lines `rows`."""
        if not len(rows):
            return
        end = _trimmed(lines, begin, lines.end[rows])
        cells, done = self._shaped(lines, sheet, rows, begin, end)
        self._put(lines, sheet, cells)
        left = np.flatnonzero(~done)
        if len(left) >= SMALL:
            self._decoded(lines, sheet, rows[left], begin[left], end[left])

    def _shape(self, line: bytes) -> tuple[Shape, _Reading] | None:
        said = self._within.read(line)
        found = None if said is None else leaves(line)
        if said is None or found is None or not said.texts.keys() <= {leaf.name for leaf in found}:
            return None  # damaged, or the first of a list is told

        texts, present = self._within.deciding(said)

        def fixed(leaf: Leaf) -> bool:
            return leaf.name in texts

        fields = () if said.plan is None or said.plan.silent else said.fields
        shape = shape_of(line, found, fixed, self._numbers(fields, {leaf.name for leaf in found}))
        return None if shape is None else self._reading(shape, said, present, fields)

    def _numbers(self, fields: Fields, names: set[str]) -> set[str]:
        """Paths that are read by readers of decimal numbers."""
        first = ((number, next((path for path in paths if path in names), None)) for number, paths in fields)
        return {path for number, path in first if path is not None and _reads_number(self._values[number])}

    @staticmethod
    def _reading(shape: Shape, said: Said, mattering: set[str], fields: Fields) -> tuple[Shape, _Reading] | None:
        """The shape and how to read it, learned from a line that says this; of some paths it mattered whether they do."""
        plan = said.plan
        present = [path for path in mattering if path in shape.spans]
        if any(path not in said.texts for path in present):
            return None  # a line that says something there may have another plan
        found = [(number, [path for path in paths if path in shape.spans]) for number, paths in fields]
        found = [(number, paths) for number, paths in found if paths]
        spans = [shape.spans[paths[0]] for _, paths in found] + [shape.spans[path] for path in present]
        several = [place for place, (_, paths) in enumerate(found) if len(paths) > 1]
        certain = np.array([*several, *range(len(found), len(spans))], np.int64)
        return shape, _Reading(plan, np.array([number for number, _ in found], np.int64), Spans(spans), certain)

    def _shaped(
        self, lines: Lines, sheet: Sheet, rows: Rows, begin: Positions, end: Positions
    ) -> tuple[list[_Cells], Mask]:
        """The values of lines of known shapes, and which lines are done with."""
        made: list[_Cells] = []
        done = np.zeros(len(rows), np.bool_)
        for group in self._book.split(lines, begin, end, SMALL):
            reading = group.layout
            first, last, empty, escaped = group.values(lines, reading.spans)
            wanted = len(reading.numbers)
            good = ~(empty[reading.certain].any(axis=0) | escaped[:wanted].any(axis=0))
            some = group.rows
            first, last = np.where(empty[:wanted], -1, first[:wanted]), last[:wanted]
            if not good.all():
                first, last, some = first[:, good], last[:, good], some[good]
            if not len(some):
                continue
            done[some] = True
            if reading.plan is not None and reading.plan.silent:
                sheet.silent[rows[some]] = True
            elif reading.plan is not None:
                made.append(_Cells(reading.plan, rows[some], reading.numbers, first, last))
        return made, done

    def _decoded(self, lines: Lines, sheet: Sheet, rows: Rows, begin: Positions, end: Positions) -> None:
        """Read lines that are decoded one by one; their values are read in a buffer of their own."""
        tokens: list[bytes] = []
        of_plan: dict[int, tuple[Plan, list[int], list[tuple[int, int, int]]]] = {}
        for row, start, stop in zip(rows.tolist(), begin.tolist(), end.tolist(), strict=True):
            text = bytes(lines.data[start:stop])
            said = self._within.read(text) if all(part in text for part in self._holds) else None
            plan = None if said is None else said.plan
            if said is None or plan is None:
                continue
            if plan.silent:
                sheet.silent[row] = True
                continue
            _, its, places = of_plan.setdefault(id(plan), (plan, [], []))
            for place, (_, paths) in enumerate(said.fields):
                token = next((said.texts[path] for path in paths if path in said.texts), None)
                if token is not None:
                    places.append((place, len(its), len(tokens)))
                    tokens.append(token)
            its.append(row)
        text = b"\n".join(tokens) + b"\n"
        length = np.fromiter(map(len, tokens), np.int64, len(tokens))
        stops = np.cumsum(length + 1) - 1
        cells = []
        for plan, its, places in of_plan.values():
            start, last = (np.full((len(plan.fields), len(its)), -1, np.int64) for _ in range(2))
            at = np.array(places, np.int64).reshape(-1, 3).T
            start[at[0], at[1]], last[at[0], at[1]] = stops[at[2]] - length[at[2]], stops[at[2]]
            cells.append(
                _Cells(plan, np.array(its, np.int64), np.array([number for number, _ in plan.fields]), start, last)
            )
        self._put(Lines(text + bytes(SLACK), len(text)), sheet, cells)

    def _put(self, lines: Lines, sheet: Sheet, cells: Sequence[_Cells]) -> None:
        """Read the values of lines, field by field, and write what they give."""
        if not cells:
            return
        counts = [len(one.rows) for one in cells]
        start, end = (np.full((len(self._values), sum(counts)), -1, np.int64) for _ in range(2))
        at = 0
        for one, count in zip(cells, counts, strict=True):
            start[one.numbers, at : at + count], end[one.numbers, at : at + count] = one.start, one.end
            at += count
        board = Board(at)
        for number, value in enumerate(self._values):
            there = np.flatnonzero(start[number] >= 0)
            if len(there) == at:
                board.add(*value.bulk(lines, start[number], end[number]))
            elif len(there):
                board.add(*value.bulk(lines, start[number, there], end[number, there]), there)
        which = np.repeat(np.arange(len(cells)), counts)
        board.default([one.plan.always for one in cells], which)
        board.add_micros()
        for told in {one.plan.flow for one in cells if one.plan.flow}:
            board.first_packets(np.array([one.plan.flow is told for one in cells])[which], told)
        for name in self._need:
            board.need(name)
        board.write(sheet, np.concatenate([one.rows for one in cells]))


def _trimmed(lines: Lines, begin: Positions, end: Positions) -> Positions:
    """Ends of the objects, without what exports put after them."""
    end = np.maximum(end, begin + 1)
    for _ in _TRAILING:
        last = lines.u8[end - 1]
        if (last == _CLOSE).all():
            break
        end = end - (_IS_TRAILING[last] & (end - 1 > begin))
    return end


def _reads_number(value: Value) -> bool:
    """Whether `bulk` refuses what begins with a digit and is no decimal number, zeros before it aside."""
    return isinstance(value, Epoch) or (isinstance(value, Number) and value.bare)
