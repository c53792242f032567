"""IPv6 by network: a scanner with a /64 to itself can use an address for each probe, so the network is judged as one source.

(Hosts hop inside their /64: telescope studies such as Richter et al., "Illuminating Large-Scale IPv6 Scanning", 2022.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Evidence, Scan, Verdict
from scantui.events import Events
from scantui.tables import HANDLES_FROM, NO_ADDRESS, AddressTable, text_of_packed

Judge = Callable[[Events], list[tuple[Scan, Events]]]
PREFIX = 8  # bytes: a /64
_MEMBERS_KEPT = 256
_WIDENED = 20_000  # addresses of one /64 that are judged together while live; a final judgement takes all


class Networks:
    """Which addresses of an address table share a /64, kept up to date as the table grows."""

    def __init__(self, table: AddressTable) -> None:
        self._table = table
        self._met = 0
        self._members: dict[bytes, list[int]] = {}

    def widened(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The codes and the other addresses of their /64s; of a very large network only those asked for."""
        for code in range(HANDLES_FROM + self._met, HANDLES_FROM + len(self._table)):
            packed = self._table.packed(code)
            if len(packed) == 16:
                self._members.setdefault(packed[:PREFIX], []).append(code)
        self._met = len(self._table)
        more: list[int] = []
        six = codes[(codes >= HANDLES_FROM) & (codes < NO_ADDRESS)].tolist()
        for prefix in {self._table.packed(code)[:PREFIX] for code in six}:
            members = self._members.get(prefix, [])
            if 1 < len(members) <= _WIDENED:
                more += members
        return np.union1d(codes, np.array(more, np.uint32)) if more else codes


def judge_networks(events: Events, scanning: Iterable[int], judge: Judge) -> list[tuple[Scan, Events]]:
    """Scans by /64 networks none of whose addresses (the sources in `scanning` aside) is a scanner by itself."""
    codes = np.unique(events.src[(events.src >= HANDLES_FROM) & (events.src < NO_ADDRESS)])
    codes = codes[~np.isin(codes, np.fromiter(scanning, np.uint32))]
    table = events.tables.addresses
    network = table.networks(codes)
    known, count = np.unique(network, return_counts=True)
    several = np.isin(network, known[count > 1])
    codes, network = codes[several], network[several]
    if not len(codes):
        return []
    rows = events.take(np.isin(events.src, codes))
    as_one = replace(rows, src=network[np.searchsorted(codes, rows.src)])
    found = []
    for scan, asking in judge(as_one):
        if scan.verdict is Verdict.BENIGN:
            continue
        mine = (as_one.src == scan.source) & (rows.ts >= scan.first) & (rows.ts <= scan.last)
        members = np.unique(rows.src[mine])
        name = text_of_packed(table.packed(scan.source)[:PREFIX] + bytes(16 - PREFIX))
        text = f"{len(members):,} addresses of {name}/64 taken as one source"
        made = replace(
            scan,
            id=f"{name}/64@{scan.first}",
            members=tuple(members[:_MEMBERS_KEPT].tolist()),
            evidence=(*scan.evidence, Evidence("network", 0.0, text)),
        )
        found.append((made, asking))
    return found
