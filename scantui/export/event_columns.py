"""Events for other programs: a batch of columns with their nulls, numbers as numbers, everything else as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.events import DTYPES, NULLABLE, Action, Array, Events, Proto, TsQuality, flag_text
from scantui.safe_text import harmless
from scantui.tables import NO_ADDRESS

SCHEMA = "scantui.events/1"
# Columns in the order in which they are written, each with what it is of `Events`.
COLUMNS = (
    "ts", "ts_quality", "src", "dst", "proto", "proto_num", "sport", "dport", "flags", "flag_names", "ttl", "ip_id",
    "window", "length", "seq", "ack", "tcp_options", "icmp_type", "icmp_code", "frag", "action", "answered", "count",
    "rule", "sensor", "iface", "input", "offset", "line_length",
)  # fmt: skip
_OF = {"flag_names": "flags", "input": "source"}
_ENUMS: dict[str, type[IntEnum]] = {"ts_quality": TsQuality, "proto": Proto, "action": Action}
_TEXTS = ("tcp_options", "rule", "sensor", "iface")
_ROWS = 1 << 16


@dataclass(frozen=True, slots=True)
class Column:
    """Rows of one column. Numbers stand in `values`; of texts `values` are places in `texts`. `null`: rows that the log did not
    say."""

    name: str
    values: Array
    null: NDArray[np.bool_]
    texts: tuple[str, ...] | None = None


def dtype_of(name: str) -> type[np.generic] | None:
    """The type of a column of numbers; None for texts."""
    if name in ("src", "dst", "flag_names", "input", *_ENUMS, *_TEXTS):
        return None
    return DTYPES[_OF.get(name, name)]


def batches(events: Events, paths: Mapping[int, str]) -> Iterator[list[Column]]:
    """All rows, some ten thousand at a time, with every column of `COLUMNS`. `paths` of inputs by `Events.source`."""
    for start in range(0, len(events), _ROWS):
        part = events.take(slice(start, start + _ROWS))
        yield [_column(part, name, paths) for name in COLUMNS]


def _column(events: Events, name: str, paths: Mapping[int, str]) -> Column:
    of = _OF.get(name, name)
    values: Array = getattr(events, of)
    null = ~events.is_known(of) if of in NULLABLE else np.zeros(len(events), np.bool_)
    if name in ("src", "dst"):
        return _texts(name, values, values == NO_ADDRESS, events.tables.addresses.text)
    if name == "input":
        return _texts(name, values, null, lambda number: paths.get(number, str(number)))
    if name in _TEXTS:
        return _texts(name, values, values == 0, lambda code: harmless(events.tables.texts.text(code)))
    if name in _ENUMS:
        kind = _ENUMS[name]
        unknown = values == 0 if name != "ts_quality" else null
        return _texts(name, values, unknown, lambda value: kind(value).name.lower())
    if name == "flag_names":
        return _texts(name, values, null, flag_text)
    return Column(name, values, null)


def _texts(name: str, values: Array, null: NDArray[np.bool_], text: Callable[[int], str]) -> Column:
    """Each distinct value as text once."""
    distinct, places = np.unique(values, return_inverse=True)
    words: list[Any] = distinct.tolist()
    return Column(name, places.astype(np.int32), null, tuple(text(value) for value in words))
