"""Columns of some of a group's rows: picked out, spread over all, put in place of others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.formats.values import Column

Rows = NDArray[np.int64]


def picked(column: Column, rows: Rows) -> Column:
    """The column of these rows alone."""
    name, values, where = column
    return name, values[rows] if isinstance(values, np.ndarray) else values, None if where is None else where[rows]


def spread(column: Column, rows: Rows, count: int) -> Column:
    """A column of `rows` as one of all `count`, the others having none."""
    name, values, where = column
    has = np.zeros(count, np.bool_)
    has[rows] = True if where is None else where
    if not isinstance(values, np.ndarray):
        return name, values, has
    full = np.zeros(count, values.dtype)
    full[rows] = values
    return name, full, has


def merged(columns: list[Column], rest: Rows, part: list[Column], count: int) -> list[Column]:
    """`columns` of `count` rows, where those of `rest` have what `part` says instead."""
    named = {name: (values, where) for name, values, where in part}
    made: list[Column] = []
    for name, values, where in columns:
        has = np.ones(count, np.bool_) if where is None else where.copy()
        has[rest] = False
        if name in named:
            theirs, theirs_where = named.pop(name)
            values = values.copy() if isinstance(values, np.ndarray) else np.full(count, values)
            values[rest] = theirs
            has[rest] = True if theirs_where is None else theirs_where
        made.append((name, values, has))
    return made + [spread((name, *said), rest, count) for name, said in named.items()]
