"""A board: columns of some lines while their fields are read one after the other, before all go to the sheet at once.

The first field that says a column counts, and the first stamp; but several fields may each tell of one flag.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Mask
from scantui.formats.flow_flags import MIXED, ORED, Told
from scantui.formats.sheet import Record, Sheet
from scantui.formats.turned import ASIDE, UNTOLD, turn_all
from scantui.formats.values import Column

_STAMP = ("civil", "month", "zoned", "fraction", "stamped")  # one field's, all together


def add(record: Record, part: Record) -> None:
    """Add what one more field of a line says to its record, as a board does for columns."""
    stamped = "stamped" in record
    for name, value in part.items():
        if name == "flags":
            record[name] = record.get(name, 0) | value
        elif not (stamped and name in _STAMP):
            record.setdefault(name, value)


def settle_zone(record: Record) -> None:
    """Take the zone that a field of its own said into a stamp that has none."""
    zone = record.pop("zone", None)
    if zone is not None and record.get("stamped") and not record.get("zoned"):
        record["civil"] -= zone
        record["zoned"] = True


def add_micros(record: Record) -> None:
    """Add the microseconds of a stamp that has them in a field of their own."""
    micros = record.pop("micros", None)
    if micros is not None and "civil" in record and not record.get("fraction"):
        record |= {"civil": record["civil"] + micros, "fraction": True}


class Board:
    """Columns of `count` lines: values, and which lines have one (None: all). `keep` marks the lines that are whole."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._columns: dict[str, tuple[Any, Mask | None]] = {}
        self._keep = np.ones(count, np.bool_)
        self.silent = np.zeros(count, np.bool_)  # lines that tell of no packet

    def add(self, columns: Sequence[Column], ok: Mask, places: NDArray[np.int64] | None = None) -> None:
        """Add the columns of a field that the lines `places` (None: all) have; `ok` marks those in which it is whole."""
        stamped = self._columns.get("stamped")
        unstamped = None
        if stamped is not None:
            unstamped = np.zeros(self._count, np.bool_) if stamped[1] is None else ~stamped[1]
        if places is None or len(places) == self._count:
            self._keep &= ok
            for name, values, where in columns:
                self._add(name, values, where, unstamped if name in _STAMP else None)
            return
        self._keep[places] &= ok
        for name, values, where in columns:
            has = np.zeros(self._count, np.bool_)
            has[places] = True if where is None else where
            if isinstance(values, np.ndarray):
                full = np.zeros(self._count, values.dtype)
                full[places] = values
                values = full
            self._add(name, values, has, unstamped if name in _STAMP else None)

    def _add(self, name: str, values: Any, has: Mask | None, only: Mask | None = None) -> None:
        """One more field's column; with `only` no other lines take it."""
        if only is not None:
            has = only if has is None else has & only
        known = self._columns.get(name)
        if known is None:
            self._columns[name] = values, has
            return
        old, had = known
        both = None if had is None or has is None else had | has
        if name == "flags":
            old = old if had is None else np.where(had, old, 0)
            self._columns[name] = old | (values if has is None else np.where(has, values, 0)), both
        elif had is not None:
            self._columns[name] = np.where(had, old, values), both

    def default(self, records: Sequence[Record], which: NDArray[np.int64]) -> None:
        """Columns of lines whose fields do not say them: those of `records[which]`."""
        for name in {name for record in records for name in record}:
            values = np.array([record.get(name, 0) for record in records])[which]
            has = np.array([name in record for record in records])[which]
            known = self._columns.get(name)
            if known is not None and known[1] is not None:
                self._columns[name] = np.where(known[1], known[0], values), known[1] | has
            elif known is None:
                self._columns[name] = values, has

    def add_micros(self) -> None:
        """Add the microseconds of stamps that have them in a field of their own."""
        micros, has = self._columns.pop("micros", (0, np.zeros(self._count, np.bool_)))
        civil, fraction = self._columns.get("civil"), self._columns.get("fraction")
        if civil is None or fraction is None or (has is not None and not has.any()):
            return
        mine = ~np.broadcast_to(fraction[0], (self._count,)).astype(np.bool_)
        mine &= has if has is not None else True
        self._columns["civil"] = civil[0] + np.where(mine, micros, 0), civil[1]
        self._columns["fraction"] = mine | fraction[0], fraction[1]

    def first_packets(self, flows: Mask, told: Told = ORED) -> None:
        """Turn the columns of flow records into those of their first packet and their number."""
        if "answered" in self._columns:
            answered, told_of = self._columns["answered"]
            self._columns["answered"] = (
                answered,
                (np.asarray(answered) != UNTOLD) & (True if told_of is None else told_of),
            )
        none = np.zeros(self._count, np.bool_)
        if told.one_way:
            count, counted = self._columns.get("count", (none, none))
            self.silent |= flows & (count == 0) & (True if counted is None else counted)
            self._keep &= ~self.silent
            if "ttl" in self._columns:
                ttl, has = self._columns["ttl"]
                one = (count == 1) & (True if counted is None else counted)
                self._columns["ttl"] = ttl, (one | ~flows) & (True if has is None else has)
        if told.turns:
            before = self._columns.get("count", (none, none))[0]
            turn_all(self._columns, flows, by_flags=told.turns == "history")
            flows = flows & ~((before == 0) & (self._columns.get("count", (none, none))[0] > 0))
        count, counted = self._columns.get("count", (np.zeros(self._count, np.int64), None))
        said = count if counted is None else np.where(counted, count, 0)
        if "flags" in self._columns:
            ored, has = self._columns["flags"]
            first = told.first(ored, said)
            known = ~(flows & (first == MIXED)) if has is None else has & ~(flows & (first == MIXED))
            self._columns["flags"] = np.where(flows & known, first, ored), known
        if "count" in self._columns:
            if "answered" in self._columns:
                answered, told_of = self._columns["answered"]
                uncounted = flows & (count == 0) & (True if counted is None else counted) & (np.asarray(answered) == 0)
                self._columns["answered"] = answered, ~uncounted if told_of is None else told_of & ~uncounted
            self._columns["count"] = np.where(flows, np.maximum(count, 1), count), counted

    def settle_zone(self) -> None:
        """As the function above, for all lines."""
        zone = self._columns.pop("zone", None)
        if zone is None or "civil" not in self._columns or "zoned" not in self._columns:
            return
        offset, said = zone
        civil, has = self._columns["civil"]
        zoned, _ = self._columns["zoned"]
        taken = np.broadcast_to(~np.asarray(zoned, np.bool_), self._count)
        for where in (said, has):
            taken = taken if where is None else taken & where
        self._columns["civil"] = civil - np.where(taken, offset, 0), has
        self._columns["zoned"] = taken | zoned, has

    def need(self, name: str) -> None:
        """Drop lines that lack a column."""
        known = self._columns.get(name)
        if known is None:
            self._keep[:] = False
        elif known[1] is not None:
            self._keep &= known[1]

    def write(self, sheet: Sheet, rows: NDArray[np.int64]) -> None:
        """Write the whole lines to the sheet, as its lines `rows`."""
        told = [(name, values, has) for name, (values, has) in self._columns.items() if name not in ASIDE]
        sheet.put_all(rows, told, self._keep)
        if self.silent.any():
            sheet.silent[rows[self.silent]] = True
