"""Clusters as rows of the table: each summed over its members, and the lines that stand there when some are opened.

A line has a key: a source its address code; a cluster `(n + 1) << 32 | NO_ADDRESS` by its number; a member both. Numbers are
given as clusters are met and stay, so that a key means the same through all re-sorts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.detect.scan import Cluster, Scan
from scantui.snapshot import Snapshot
from scantui.tables import NO_ADDRESS
from scantui.ui.ranking import Sort

Rows = NDArray[np.int64]
_GROUP_BITS = 32


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster and its members in the table, in the table's order. `targets_more`: more than are counted."""

    cluster: Cluster
    codes: tuple[int, ...]  # of the members, the weightiest first
    rows: Rows  # of the snapshot's source table
    best: int  # row of the weightiest member
    events: int
    ports: int  # distinct over the scans of the cluster
    targets: int
    targets_more: bool
    first: int
    last: int
    rates: NDArray[np.int64]


def group_key(number: int, code: int = NO_ADDRESS) -> int:
    """The key of a cluster's line, or of a member's."""
    return (number + 1) << _GROUP_BITS | code


def code_in(key: int) -> int:
    """The address code of a line; NO_ADDRESS for a cluster's."""
    return key & (1 << _GROUP_BITS) - 1


class Groups:
    """The clusters of one snapshot after another. `opened` are ids of those whose members are listed."""

    def __init__(self) -> None:
        self.opened: set[str] = set()
        self._number: dict[str, int] = {}
        self._names: list[str] = []
        self._groups: dict[str, Group] = {}
        self._reach: tuple[object, dict[str, tuple[int, int, bool]]] = (None, {})

    def of(self, key: int | None) -> Group | None:
        """The cluster that a line is, or is a member of."""
        number = -1 if key is None else (key >> _GROUP_BITS) - 1
        return self._groups.get(self._names[number]) if number >= 0 else None

    def holding(self, code: int) -> Group | None:
        """The cluster that a source is a member of."""
        return next((group for group in self._groups.values() if code in group.codes), None)

    def is_open(self, group: Group) -> bool:
        return group.cluster.id in self.opened

    def number(self, cluster: Cluster) -> int:
        if cluster.id not in self._number:
            self._number[cluster.id] = len(self._names)
            self._names.append(cluster.id)
        return self._number[cluster.id]

    def key_of(self, group: Group, code: int = NO_ADDRESS) -> int:
        """The key of its line, or of a member's."""
        return group_key(self.number(group.cluster), code)

    def lines(self, snapshot: Snapshot, rows: Rows, sort: Sort, reverse: bool) -> Rows:
        """Keys of all lines: the clusters that have members among `rows`, members below those that are open, and then the
        sources that are in none."""
        table = snapshot.sources
        place = np.full(len(table), -1, np.int64)
        place[rows] = np.arange(len(rows))
        grouped = np.zeros(len(table), np.bool_)
        found = []
        for cluster in snapshot.clusters:
            members = _rows_of(table.code, cluster.sources)
            members = members[place[members] >= 0]
            if len(members):
                grouped[members] = True
                found.append(self._group(snapshot, cluster, members[np.argsort(place[members])]))
        self._groups = {group.cluster.id: group for group in found}
        parts = []
        for group in sorted(found, key=lambda group: _rank(group, sort, reverse, place)):
            number = self.number(group.cluster)
            parts.append(np.array([group_key(number)], np.int64))
            if self.is_open(group):
                parts.append(table.code[group.rows].astype(np.int64) | (number + 1) << _GROUP_BITS)
        parts.append(table.code[rows[~grouped[rows]]].astype(np.int64))
        return np.concatenate(parts)

    def _group(self, snapshot: Snapshot, cluster: Cluster, members: Rows) -> Group:
        table = snapshot.sources
        counts = table.rates.counts
        ports, targets, more = self._reaches(snapshot)[cluster.id]
        best = int(members[np.argmax(table.score[members])])
        return Group(
            cluster,
            tuple(dict.fromkeys([int(table.code[best]), *table.code[members].tolist()])),
            members,
            best,
            events=int(table.events[members].sum()),
            ports=ports,
            targets=targets,
            targets_more=more,
            first=int(table.first[members].min()),
            last=int(table.last[members].max()),
            rates=counts[members].sum(axis=0, dtype=np.int64) if len(counts) == len(table) else np.zeros(0, np.int64),
        )

    def _reaches(self, snapshot: Snapshot) -> dict[str, tuple[int, int, bool]]:
        """Ports and targets of each cluster, made anew when the clusters are."""
        if self._reach[0] is not snapshot.clusters:
            by_id = {scan.id: scan for scan in snapshot.scans}
            self._reach = snapshot.clusters, {one.id: _reach(one, by_id) for one in snapshot.clusters}
        return self._reach[1]


def _rows_of(codes: NDArray[np.uint32], sources: tuple[int, ...]) -> Rows:
    wanted = np.array(sources, np.uint32)
    at = np.searchsorted(codes, wanted)
    here = at < len(codes)
    here[here] = codes[at[here]] == wanted[here]
    return at[here].astype(np.int64)


def _reach(cluster: Cluster, scans: Mapping[str, Scan]) -> tuple[int, int, bool]:
    """Distinct ports, distinct targets, and whether there are more targets than were listed."""
    own = [scans[name] for name in cluster.scans if name in scans]
    ports = {port for scan in own for port in scan.port_list}
    targets = {host for scan in own for host in scan.target_list}
    return len(ports), len(targets), any(scan.targets > len(scan.target_list) for scan in own)


def _rank(group: Group, sort: Sort, reverse: bool, place: Rows) -> tuple[float, int]:
    """Clusters stand by their own figure where they have one, else where their first member would."""
    at = int(place[group.rows[0]])
    figures = {"events": group.events, "ports": group.ports, "targets": group.targets, "first": group.first,
               "last": group.last, "rate": int(group.rates[-2:].sum())}  # fmt: skip
    figure = figures.get(sort.column, 0)
    return (-figure if sort.descending != reverse else figure), at
