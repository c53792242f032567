"""The heatmap's numbers: distinct (source, port) pairs by port bin and time bucket, kept up to date as events come.

A bucket's set of pairs is kept while it may still grow; a bucket long past keeps its counts only.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import run_starts
from scantui.events import Events
from scantui.snapshot import HEAT_BUCKETS, Heat

BUCKETS = 96  # columns kept
MINUTE = 60_000_000
_SHOWN = 64  # columns that fit beside the table of a common terminal
_WIDEST = 5 * MINUTE  # chosen without being asked; eight hours of columns
_OPEN = 4  # newest buckets whose pairs are still told apart

# Ports most scanned (DShield, GreyNoise and nmap-services agree on these), with their IANA or usual names.
WATCHED = {
    21: "ftp",
    22: "ssh",
    23: "telnet",
    25: "smtp",
    53: "dns",
    80: "http",
    110: "pop3",
    123: "ntp",
    135: "msrpc",
    139: "netbios",
    143: "imap",
    161: "snmp",
    443: "https",
    445: "smb",
    1433: "mssql",
    2323: "telnet",
    3306: "mysql",
    3389: "rdp",
    5060: "sip",
    5432: "postgres",
    5900: "vnc",
    6379: "redis",
    8080: "http",
    8443: "https",
}
RANGES = ((0, 1023), (1024, 4095), (4096, 16_383), (16_384, 32_767), (32_768, 49_151), (49_152, 65_535))
NO_PORT = -1


def _bins() -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...], NDArray[np.uint8]]:
    rows = [(port, port, f"{port} {name}") for port, name in WATCHED.items()]
    rows += [(low, high, f"{low}-{high}") for low, high in RANGES]
    rows.sort(key=lambda row: (row[1], row[0]))
    rows.append((NO_PORT, NO_PORT, "no port"))
    bin_of = np.zeros(65_536, np.uint8)
    for number, (low, high, _) in enumerate(rows):
        if high > low:
            bin_of[low : high + 1] = number
    for number, (low, high, _) in enumerate(rows):
        if low == high and low >= 0:
            bin_of[low] = number
    return (
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.int32),
        tuple(row[2] for row in rows),
        bin_of,
    )


LOW, HIGH, NAMES, BIN_OF = _bins()


def _bin_of_key(keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Port bin of (source << 17 | port << 1 | ported)."""
    port = (keys >> np.uint64(1)).astype(np.uint16)
    return np.where((keys & np.uint64(1)) != 0, BIN_OF[port], len(LOW) - 1)


class _Bucket:
    """One time bucket: counts by bin, and the pairs seen while it is open."""

    __slots__ = ("packets", "pairs", "seen")

    def __init__(self) -> None:
        self.pairs = np.zeros(len(LOW), np.int64)
        self.packets = np.zeros(len(LOW), np.int64)
        self.seen: NDArray[np.uint64] | None = np.zeros(0, np.uint64)

    def add(self, keys: NDArray[np.uint64], weight: NDArray[np.uint32]) -> None:
        self.packets += np.bincount(_bin_of_key(keys), weights=weight, minlength=len(LOW)).astype(np.int64)
        if self.seen is None:
            return
        fresh = np.sort(keys)
        fresh = fresh[run_starts(fresh)]
        if len(self.seen):
            fresh = fresh[self.seen[np.minimum(np.searchsorted(self.seen, fresh), len(self.seen) - 1)] != fresh]
        self.pairs += np.bincount(_bin_of_key(fresh), minlength=len(LOW))
        self.seen = np.sort(np.concatenate((self.seen, fresh)))


class HeatKeeper:
    """Buckets of one width."""

    def __init__(self, bucket: int = MINUTE) -> None:
        self.bucket = bucket
        self._buckets: dict[int, _Bucket] = {}
        self._newest = -(1 << 62)

    def add(self, batch: Events) -> None:
        """Count a batch (any order). Events older than the columns kept are left out."""
        if not len(batch):
            return
        number = batch.ts // self.bucket
        newest = int(number.max())
        ported = batch.is_known("dport")
        port = np.where(ported, batch.dport, 0).astype(np.uint64)
        keys = (batch.src.astype(np.uint64) << np.uint64(17)) + (port << np.uint64(1)) + ported.astype(np.uint64)
        order = np.argsort(number, kind="stable")  # nearly in order already, which a merge sort likes
        number, keys, weight = number[order], keys[order], batch.count[order]
        for begin, end in pairwise([*run_starts(number).tolist(), len(number)]):
            which = int(number[begin])
            if which > max(newest, self._newest) - BUCKETS:
                self._buckets.setdefault(which, _Bucket()).add(keys[begin:end], weight[begin:end])
        if newest > self._newest:
            self._newest = newest
            for which in [which for which in self._buckets if which <= newest - BUCKETS]:
                del self._buckets[which]
            for which, bucket in self._buckets.items():
                if which <= newest - _OPEN:
                    bucket.seen = None

    def picture(self) -> Heat:
        """The columns from the oldest bucket kept to the newest."""
        if not self._buckets:
            none = np.zeros((len(LOW), 0), np.int64)
            return Heat(LOW, HIGH, NAMES, 0, self.bucket, none, none)
        oldest = min(self._buckets)
        pairs = np.zeros((len(LOW), self._newest - oldest + 1), np.int64)
        packets = np.zeros_like(pairs)
        for which, bucket in self._buckets.items():
            pairs[:, which - oldest], packets[:, which - oldest] = bucket.pairs, bucket.packets
        return Heat(LOW, HIGH, NAMES, oldest * self.bucket, self.bucket, pairs, packets)

    def fits(self, since: int, until: int) -> bool:
        """Whether the span fits the columns of a common terminal, or no wider bucket would be chosen."""
        return self.bucket >= _WIDEST or (until - since) // self.bucket < _SHOWN


def zoom_for(since: int, until: int) -> int:
    """The narrowest bucket of a minute or more whose columns hold the span; five minutes when none does."""
    wide = (bucket for bucket in HEAT_BUCKETS if bucket >= MINUTE and (until - since) // bucket < _SHOWN)
    return min(next(wide, _WIDEST), _WIDEST)
