"""A sheet: the columns of a block being filled in, group by group and line by line, in the lines' own order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.civil import Stamps
from scantui.columns.lines import Lines
from scantui.events import DTYPES, FILL, KNOWN

Rows = NDArray[np.int64]
NO_UPTIME = -1
DAYLESS = -1  # as `month`: the stamp has no date, `civil` counts from midnight

# A line as the plain parser reads it: event columns it found (a missing one is null) and its stamp (see Stamp keys below).
# An empty record is a line that was understood and tells of no packet: a header line, statistics.
Record = dict[str, int]

# Beside the event columns a sheet holds the stamp as written; `clock` turns it into `ts`.
STAMP_DTYPES: dict[str, type[np.generic]] = {
    "civil": np.int64,  # see columns.civil.Stamps
    "month": np.int64,
    "zoned": np.bool_,
    "fraction": np.bool_,
    "stamped": np.bool_,  # there was a stamp at all
    "uptime": np.int64,  # kernel uptime, microseconds; NO_UPTIME when not said
    "lasted": np.int64,  # microseconds that the flow had lasted at the time of the stamp
    "leg": np.uint8,  # whether the line tells of a connection when it opens, or later; see `legs`
}
_DTYPES = DTYPES | STAMP_DTYPES
FILLS = FILL | {"uptime": NO_UPTIME}  # what a column holds where nothing was put


class Sheet:
    """Columns over `lines`; `got` says which lines were read, `silent` which hold no event."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.got = np.zeros(len(lines), np.bool_)
        self.silent = np.zeros(len(lines), np.bool_)  # understood, but they tell of no packet
        self.known = np.zeros(len(lines), np.uint32)
        self.columns: dict[str, NDArray[Any]] = {}

    def column(self, name: str) -> NDArray[Any]:
        """The whole column `name`, made on first use."""
        values = self.columns.get(name)
        if values is None:
            values = self.columns[name] = np.full(len(self.lines), FILLS.get(name, 0), _DTYPES[name])
        return values

    def put(self, rows: Rows, name: str, values: Any, where: NDArray[np.bool_] | None = None) -> None:
        """Write `values` for `rows`; with `where` only those rows have one, the others stay null."""
        if where is not None:
            rows, values = rows[where], values[where] if isinstance(values, np.ndarray) else values
        self.column(name)[rows] = values
        if name in KNOWN:
            self.known[rows] |= np.uint32(KNOWN[name])

    def put_stamps(self, rows: Rows, stamps: Stamps, keep: NDArray[np.bool_]) -> None:
        """Write the stamps of those of `rows` that `keep` marks."""
        whole = bool(keep.all())
        rows = rows if whole else rows[keep]
        for name in ("civil", "month", "zoned", "fraction"):
            values = getattr(stamps, name)
            if name in self.columns or values.any():
                self.put(rows, name, values if whole else values[keep])
        self.put(rows, "stamped", True)

    def put_all(self, rows: Rows, columns: list[tuple[str, Any, Any]], keep: NDArray[np.bool_]) -> None:
        """Write columns (name, values, mask of the rows that have one or None) of those of `rows` that `keep` marks, and mark
        these as read."""
        whole = bool(keep.all())
        rows = rows if whole else rows[keep]
        self.got[rows] = True
        said = np.zeros(len(rows), np.uint32)
        for name, values, where in columns:
            values = values if whole or not isinstance(values, np.ndarray) else values[keep]
            where = where if whole or where is None else where[keep]
            if where is not None and name in self.columns:
                self.put(rows, name, values, where)
                continue
            fill, bit = FILLS.get(name, 0), np.uint32(KNOWN.get(name, 0))
            self.column(name)[rows] = values if where is None else np.where(where, values, fill)
            said |= bit if where is None else where * bit
        self.known[rows] |= said

    def put_record(self, row: int, record: Record) -> None:
        """Write what the plain parser found in one line."""
        bits = 0
        for name, values in self.columns.items():
            if name not in record:  # a bulk parser may have begun this line before it gave up
                values[row] = FILLS.get(name, 0)
        for name, value in record.items():
            self.column(name)[row] = value
            bits |= KNOWN.get(name, 0)
        self.known[row] = bits
        self.got[row] = True

    def underlay(self, head: Sheet, rows: Rows) -> NDArray[np.bool_]:
        """Take over from `head`, which read the headers of `rows`, what this sheet does not say of them. False for lines of which
        both say how many packets they stand for."""
        unstamped = rows[~self.column("stamped")[rows]]
        for name, values in head.columns.items():
            if name in STAMP_DTYPES:
                self.column(name)[unstamped] = values[unstamped]
            elif name != "count":
                mine = self.column(name)
                unsaid = rows[mine[rows] == 0]
                mine[unsaid] = values[unsaid]
        if "count" not in head.columns:
            return np.ones(len(rows), np.bool_)
        if "count" in self.columns:
            return head.columns["count"][rows] == 1
        self.column("count")[rows] = head.columns["count"][rows]
        return np.ones(len(rows), np.bool_)

    @property
    def left(self) -> Rows:
        """The lines that nobody has understood yet."""
        rows: Rows = np.flatnonzero(~(self.got | self.silent))
        return rows

    def adopt(self, part: Sheet, rows: Rows) -> None:
        """Take over what `part` read; its line i is this sheet's line `rows[i]`."""
        self.silent[rows[part.silent]] = True
        got = np.flatnonzero(part.got)
        to = rows[got]
        for name in self.columns.keys() | part.columns.keys():
            values = part.columns.get(name)
            self.column(name)[to] = FILLS.get(name, 0) if values is None else values[got]
        self.known[to] = part.known[got]
        self.got[to] = True
