"""Helpers for tests: bytes to blocks, blocks to events, and events from plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from scantui.events import Action, Events, Proto, concat, events, known_bits
from scantui.formats.reader import Reader
from scantui.ingest.block import SLACK, Block, Source
from scantui.tables import Tables

MODIFIED = 1_800_000_000_000_000  # 2027-01-15T08:00:00Z, microseconds
SECOND = 1_000_000


def source(number: int = 1, modified_us: int = MODIFIED, last_line: bytes = b"") -> Source:
    return Source(number, f"log{number}", 0, number, modified_us, last_line)


def blocks(data: bytes, cuts: Sequence[int] = (), of: Source | None = None) -> list[Block]:
    """`data` as blocks of whole lines, cut at the line ends nearest after each of `cuts`."""
    of = of or source()
    if data and not data.endswith(b"\n"):
        data += b"\n"
    ends = sorted({data.find(b"\n", cut) + 1 for cut in cuts if 0 <= cut < len(data)} | {len(data)})
    made, start = [], 0
    for end in ends:
        if end > start:
            made.append(Block(of, bytearray(data[start:end] + bytes(SLACK)), end - start, start, MODIFIED))
            start = end
    return made


def read(data: bytes, cuts: Sequence[int] = (), of: Source | None = None, reader: Reader | None = None) -> Events:
    """All events of `data`."""
    reader = reader or Reader(Tables())
    tables = reader._tables
    return concat([reader.read(block) for block in blocks(data, cuts, of)] + reader.flush(), tables)


def same_events(one: Events, other: Events) -> None:
    """Fail unless both hold the same events, by what they say, not by table numbers."""
    assert rows(one) == rows(other)


def rows(batch: Events, columns: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Every event as plain values: null columns are None, addresses and texts are text."""
    made = []
    for i in range(len(batch)):
        row: dict[str, Any] = {}
        for name in columns or (
            "ts",
            "ts_quality",
            "src",
            "dst",
            "proto",
            "action",
            "count",
            "rule",
            "sensor",
            "iface",
            "tcp_options",
            *NULLABLE,
        ):
            value = getattr(batch, name)[i].item()
            if name in ("src", "dst"):
                value = batch.tables.addresses.text(value)
            elif name in ("rule", "sensor", "iface", "tcp_options"):
                value = batch.tables.texts.text(value) or None
            elif name in NULLABLE and not batch.is_known(name)[i]:
                value = None
            row[name] = value
        made.append(row)
    return made


NULLABLE = (
    "sport",
    "dport",
    "proto_num",
    "flags",
    "ttl",
    "ip_id",
    "window",
    "length",
    "seq",
    "ack",
    "icmp_type",
    "icmp_code",
    "frag",
    "answered",
)


def packets(tables: Tables, *groups: dict[str, Any]) -> Events:
    """Events from groups of equal-length columns; scalars are repeated. `src` and `dst` are text, `t` is seconds."""
    made = []
    for group in groups:
        length = max(len(value) for value in group.values() if isinstance(value, (list, range, np.ndarray)))
        columns: dict[str, np.ndarray] = {}
        for name, value in group.items():
            values = list(value) if isinstance(value, (list, range, np.ndarray)) else [value] * length
            if name in ("src", "dst"):
                values = [tables.addresses.code(text) for text in values]
            columns["ts" if name == "t" else name] = np.array(
                [int(v * SECOND) for v in values] if name == "t" else values
            )
        columns.setdefault("proto", np.full(length, Proto.TCP))
        if "proto_num" not in columns:
            columns["proto_num"] = np.where(
                columns["proto"] == Proto.TCP, 6, np.where(columns["proto"] == Proto.UDP, 17, 1)
            )
        columns.setdefault("action", np.full(length, Action.DROP))
        said = [name for name in columns if name in NULLABLE]
        columns["offset"] = np.arange(length) + sum(map(len, made))
        columns["known"] = np.full(length, known_bits(said))
        made.append(events(tables, length, columns))
    return concat(made, tables)
