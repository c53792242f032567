"""Addresses in filters: one, a network, a range, or a part of one; and the column of addresses they are held against."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.find.values import Pattern
from scantui.tables import HANDLES_FROM, AddressTable

Mask = NDArray[np.bool_]
_LOW64 = (1 << 64) - 1
_HELD = 16  # answers kept: a live table asks the same again and again
ADDRESS_CHARS = frozenset("0123456789abcdef.:*?")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses `low` to `high` of one IP `version`, or (version 0) those whose text holds `pattern`."""

    pattern: Pattern
    version: int = 0
    low: int = 0
    high: int = 0

    def __str__(self) -> str:
        return str(self.pattern)


def addresses(pattern: Pattern) -> Addresses:
    """`203.0.113.7`, `203.0.113.0/24`, `203.0.113.5-203.0.113.9`, the same of IPv6, or a part of an address.

    Raises ValueError for a network or a range that is none."""
    text = pattern.text
    if "/" in text:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise ValueError(f"'{text}' is not a network: write 198.51.100.0/24 or 2001:db8::/32") from error
        return Addresses(pattern, network.version, int(network.network_address), int(network.broadcast_address))
    first, dash, second = text.partition("-")
    low = _single(first)
    high = _single(second) if dash else low
    if low is None or high is None:
        if dash:
            raise ValueError(f"'{text}' is not a range: write 198.51.100.1-198.51.100.9")
        return Addresses(pattern)
    if low[0] != high[0]:
        raise ValueError(f"'{text}' mixes IPv4 and IPv6")
    return Addresses(pattern, low[0], min(low[1], high[1]), max(low[1], high[1]))


def _single(text: str) -> tuple[int, int] | None:
    """(version, number) of an address; an IPv4 address written as IPv6 is the IPv4 address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.version, int(address)


class AddressColumn:
    """Address codes as numbers that can be compared: IPv4 in one column, IPv6 in two halves."""

    def __init__(self, codes: NDArray[np.uint32], table: AddressTable) -> None:
        self.codes, self._table = codes, table
        self._four: NDArray[np.int64] = codes.astype(np.int64)  # -1: not IPv4
        self._six: NDArray[np.int64] = np.zeros(0, np.int64)  # rows of IPv6
        self._halves: NDArray[np.uint64] = np.zeros((0, 2), np.uint64)
        self._texts: NDArray[Any] | None = None
        self._held: dict[Pattern, Mask] = {}
        self._order: NDArray[np.int64] | None = None
        handles = np.flatnonzero(codes >= HANDLES_FROM)
        if len(handles):
            packed = [table.packed(code) for code in codes[handles].tolist()]
            wide = np.fromiter((len(one) == 16 for one in packed), np.bool_, len(packed))
            self._four[handles] = [-1 if len(one) == 16 else int.from_bytes(one, "big") for one in packed]
            self._six = handles[wide]
            joined = b"".join(one for one in packed if len(one) == 16)
            self._halves = np.frombuffer(joined, ">u8").reshape(-1, 2).astype(np.uint64)

    @property
    def is_six(self) -> Mask:
        return self._four < 0

    def adopt(self, before: AddressColumn | None) -> None:
        """Take over the texts that the column before this one made."""
        if before is None or before._texts is None or not len(before.codes):
            return
        self._texts = np.full(len(self.codes), None, object)
        at = np.minimum(np.searchsorted(before.codes, self.codes), len(before.codes) - 1)
        known = before.codes[at] == self.codes
        self._texts[known] = before._texts[at[known]]
        fresh = np.flatnonzero(~known)
        self._texts[fresh] = self._table.texts(self.codes[fresh])

    def texts(self) -> NDArray[Any]:
        """One text a row."""
        if self._texts is None:
            self._texts = np.empty(len(self.codes), object)
            self._texts[:] = self._table.texts(self.codes)
        return self._texts

    def where(self, pattern: Pattern) -> Mask:
        """Rows whose text holds `pattern`; one with wildcards must be all of it."""
        held = self._held.get(pattern)
        if held is None:
            if len(self._held) >= _HELD:
                self._held.clear()
            test = pattern.equals if pattern.is_wild else pattern.within
            held = self._held[pattern] = np.fromiter(map(test, self.texts()), np.bool_, len(self.codes))
        return held

    def order(self) -> NDArray[np.int64]:
        """Ranks of the rows by address, IPv4 before IPv6."""
        if self._order is not None:
            return self._order
        halves = np.zeros((len(self.codes), 2), np.uint64)
        halves[self._six] = self._halves
        rows = np.lexsort((halves[:, 1], halves[:, 0], self._four, self.is_six))
        rank = np.empty(len(rows), np.int64)
        rank[rows] = np.arange(len(rows))
        self._order = rank
        return rank

    def within(self, wanted: Addresses) -> Mask:
        """Rows whose address lies between the bounds of `wanted`."""
        if wanted.version == 4:
            return (self._four >= wanted.low) & (self._four <= wanted.high)
        mask = np.zeros(len(self.codes), np.bool_)
        upper, lower = self._halves[:, 0], self._halves[:, 1]
        mask[self._six] = _not_below(upper, lower, wanted.low) & _not_above(upper, lower, wanted.high)
        return mask


def _not_below(upper: NDArray[np.uint64], lower: NDArray[np.uint64], bound: int) -> Mask:
    top, bottom = np.uint64(bound >> 64), np.uint64(bound & _LOW64)
    return np.asarray((upper > top) | ((upper == top) & (lower >= bottom)))


def _not_above(upper: NDArray[np.uint64], lower: NDArray[np.uint64], bound: int) -> Mask:
    top, bottom = np.uint64(bound >> 64), np.uint64(bound & _LOW64)
    return np.asarray((upper < top) | ((upper == top) & (lower <= bottom)))
