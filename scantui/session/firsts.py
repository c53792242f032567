"""When things were first seen: for distinct (owner, item) pairs, and for the one value that all packets of an owner share.

Both can be told as of any moment, and taking the same rows in again changes nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import group_max, group_min, run_lengths, run_starts

NEVER = np.iinfo(np.int64).max
VARIES, NOT_SAID = -1, -2
_PENDING = 1 << 17  # pairs that wait to be sorted in
Ints = NDArray[np.int64]


class FirstPairs:
    """Distinct (owner, item) and the time each was first seen."""

    def __init__(self) -> None:
        self._key = np.zeros(0, np.uint64)  # owner << 32 | item, ascending
        self._first = np.zeros(0, np.int64)
        self._pending: list[tuple[NDArray[np.uint64], Ints]] = []
        self._waiting = 0

    def add(self, owner: NDArray[np.int32], item: NDArray[Any], ts: Ints) -> None:
        """Take rows in. `item` is below 2**32."""
        if not len(ts):
            return
        self._pending.append(_distinct(owner.astype(np.uint64) << np.uint64(32) | item.astype(np.uint64), ts))
        self._waiting += len(self._pending[-1][0])
        if self._waiting > _PENDING + len(self._key) // 4:
            self._settle()

    def _settle(self) -> None:
        if not self._pending:
            return
        key, first = (np.concatenate([part[i] for part in self._pending]) for i in (0, 1))
        key, first = _distinct(key, first)
        self._pending, self._waiting = [], 0
        at = np.searchsorted(self._key, key)
        known = np.zeros(len(key), np.bool_)
        if len(self._key):
            known = self._key[np.minimum(at, len(self._key) - 1)] == key
        mine = at[known]
        self._first[mine] = np.minimum(self._first[mine], first[known])
        new = ~known
        self._first = np.insert(self._first, at[new], first[new])
        self._key = np.insert(self._key, at[new], key[new])

    def count(self, moment: int, owners: int) -> Ints:
        """How many items each of the owners 0 to `owners` - 1 had met by `moment`."""
        self._settle()
        seen = self._key[self._first <= moment]
        return np.bincount((seen >> np.uint64(32)).astype(np.int64), minlength=owners)

    @property
    def nbytes(self) -> int:
        return self._key.nbytes + self._first.nbytes + 16 * self._waiting


def _distinct(key: NDArray[np.uint64], ts: Ints) -> tuple[NDArray[np.uint64], Ints]:
    """Each key once, ascending, with the earliest of its times."""
    order = np.argsort(key)
    key, ts = key[order], ts[order]
    starts = run_starts(key)
    return key[starts], group_min(ts, starts)


class OneValue:
    """The value that all packets of an owner share: which it is, since when it is said, and from when on it varies."""

    def __init__(self) -> None:
        self._value = np.zeros(0, np.int32)
        self._said = np.zeros(0, np.int64)
        self._varies = np.zeros(0, np.int64)

    def grow(self, owners: int) -> None:
        """Room for so many owners."""
        more = owners - len(self._value)
        self._value = np.append(self._value, np.zeros(more, np.int32))
        self._said = np.append(self._said, np.full(more, NEVER))
        self._varies = np.append(self._varies, np.full(more, NEVER))

    def add(
        self, owner: NDArray[np.int32], starts: Ints, values: NDArray[Any], known: NDArray[np.bool_], ts: Ints
    ) -> None:
        """Take rows in: runs of one owner that begin at `starts`, `owner` naming the (distinct) owner of each run."""
        wide = values.astype(np.int32)
        when = np.where(known, ts, NEVER)
        said = group_min(when, starts)
        lengths = run_lengths(starts, len(ts))
        earliest = known & (ts == np.repeat(said, lengths))
        value = group_max(np.where(earliest, wide, np.int32(-1)), starts)
        varies = group_min(np.where(wide != np.repeat(value, lengths), when, NEVER), starts)
        old, old_said, old_varies = self._value[owner], self._said[owner], self._varies[owner]
        mine = old_said <= said
        # Of two different values the later one is where it begins to vary; of one and the same, the earlier of both.
        other = np.where(mine, said, old_said)
        self._value[owner] = np.where(mine, old, value)
        self._varies[owner] = np.where(
            old == value, np.minimum(varies, old_varies), np.minimum(np.where(mine, old_varies, varies), other)
        )
        self._said[owner] = np.minimum(said, old_said)

    def at(self, moment: int) -> NDArray[np.int32]:
        """The value as of `moment`, VARIES or NOT_SAID."""
        told = np.where(self._varies <= moment, np.int32(VARIES), self._value)
        return np.where(self._said <= moment, told, np.int32(NOT_SAID)).astype(np.int32)

    @property
    def nbytes(self) -> int:
        return self._value.nbytes + self._said.nbytes + self._varies.nbytes
