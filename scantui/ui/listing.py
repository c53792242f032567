"""The lines of the source table without the screen: what stands on which, found again through every re-sort."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.find import Filter
from scantui.snapshot import Snapshot
from scantui.tables import NO_ADDRESS
from scantui.ui.cells import INDENT, group_parts, row_parts
from scantui.ui.columns import Placed
from scantui.ui.groups import Group, Groups, code_in
from scantui.ui.lines import Parts
from scantui.ui.ranking import Ranking


class Listing:
    """One key a line (see groups.py): sources in the ranking's order, or clusters, members of the open ones, and the rest."""

    def __init__(self) -> None:
        self.ranking = Ranking()
        self.clustered = False
        self.keys: NDArray[np.int64] = np.zeros(0, np.int64)
        self.passing = 0  # sources that pass the filter
        self._groups = Groups()
        self._snapshot: Snapshot | None = None

    def see(self, snapshot: Snapshot, *, arrange: bool = True) -> None:
        """Take a newer snapshot; keep the lines as they stand unless they are to be arranged anew."""
        self._snapshot = snapshot
        if not arrange and not self.clustered:
            return
        rows = self.ranking.rows(snapshot)
        keys = (
            self._groups.lines(snapshot, rows, self.ranking.sort, self.ranking.reverse)
            if self.clustered
            else snapshot.sources.code[rows].astype(np.int64)
        )
        if arrange:
            self.keys, self.passing = keys, len(rows)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Address code of each line; NO_ADDRESS for a cluster's."""
        return self.keys.astype(np.uint32)

    @property
    def indent(self) -> int:
        """Cells that the source column needs beside the address."""
        return INDENT if self.clustered else 0

    def row_of(self, code: int) -> int | None:
        """Row number of a source in the snapshot's table (which is in order of code)."""
        if self._snapshot is None:
            return None
        table = self._snapshot.sources.code
        at = int(np.searchsorted(table, np.uint32(code)))
        return at if at < len(table) and int(table[at]) == code else None

    def line_of(self, key: int | None) -> int | None:
        """The line of a key; of a member that is not listed its cluster's line, or the line that it has by itself."""
        if key is None:
            return None
        code = code_in(key)
        group = (self._groups.of(key) or self._groups.holding(code)) if self.clustered else None
        around = (self._groups.key_of(group, code), self._groups.key_of(group)) if group is not None else ()
        for one in (key, *around, code):
            found = np.flatnonzero(self.keys == one)
            if len(found):
                return int(found[0])
        return None

    def sources(self, key: int | None) -> tuple[int, ...]:
        """The sources that a line stands for: one, or all members of a cluster, the weightiest first."""
        if key is None:
            return ()
        if code_in(key) != NO_ADDRESS:
            return (code_in(key),)
        group = self._groups.of(key)
        return group.codes if group is not None else ()

    # Clusters
    def cluster_at(self, key: int | None) -> Group | None:
        """The cluster whose own line this is."""
        return self._groups.of(key) if key is not None and code_in(key) == NO_ADDRESS else None

    def cluster_around(self, key: int | None) -> Group | None:
        """The cluster that a line is, or is a listed member of."""
        return self._groups.of(key) if self.clustered else None

    def is_open(self, group: Group) -> bool:
        return self._groups.is_open(group)

    def open(self, group: Group, opened: bool) -> int:
        """List a cluster's members from the next arrangement on, or no longer; gives the cluster's key."""
        (self._groups.opened.add if opened else self._groups.opened.discard)(group.cluster.id)
        return self._groups.key_of(group)

    # What stands on a line
    def parts(self, key: int, columns: tuple[Placed, ...]) -> Parts:
        """The line of a source, a cluster or a member."""
        snapshot, code = self._snapshot, code_in(key)
        if snapshot is None:
            return ()
        if code == NO_ADDRESS:
            group = self._groups.of(key)
            if group is None:
                return (("  this cluster is no longer there", "muted"),)
            return group_parts(snapshot, group, columns, self._groups.is_open(group))
        row = self.row_of(code)
        if row is None:
            return ((f"  {snapshot.address(code)} was folded away", "muted"),)
        return row_parts(snapshot, row, columns, INDENT if key != code else 0)

    def matches(self, wanted: Filter) -> NDArray[np.int64]:
        """Lines that a filter lets through: of sources, and of clusters with such a member."""
        if self._snapshot is None or not wanted:
            return np.zeros(0, np.int64)
        mask = wanted.mask(self._snapshot, self.ranking.facts)
        codes = self.codes
        fits = np.isin(codes, self._snapshot.sources.code[mask])
        for line in np.flatnonzero(codes == NO_ADDRESS).tolist():
            group = self._groups.of(int(self.keys[line]))
            fits[line] = group is not None and bool(mask[group.rows].any())
        return np.flatnonzero(fits)
