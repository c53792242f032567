"""Lists for drafts: ports and hosts as narrow as a language can write them, and what that leaves in beyond the scan's own."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scantui.tables import HANDLES_FROM, AddressTable

MOST_TEXT = 7_500  # characters of a list; Suricata refuses rules of 8,192 (detect.h, DETECT_MAX_RULE_SIZE)
SURICATA_PORTS = 1_023  # characters of a port list (detect-engine-port.c, DetectPortParseDo)
MULTIPORT = 15  # ports; a range counts for two (iptables-extensions(8))
_MOST_NETWORKS = 64
_LEAST_PREFIX = {4: 8, 6: 19}  # shorter than any block that is given to one site
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hosts:
    """`networks` hold the `count` hosts and, unless `exact`, more; none is any. `version` is 4, 6 or, mixed, 0."""

    networks: tuple[str, ...]
    count: int
    exact: bool
    version: int


def hosts(codes: NDArray[np.uint32], addresses: AddressTable) -> Hosts:
    """The hosts of these address codes, in as few networks as hold no other host, or in the one network around them all."""
    codes = np.unique(codes)
    if not len(codes):
        return Hosts((), 0, True, 0)
    if codes[-1] < HANDLES_FROM:
        version, numbers = 4, codes.astype(np.int64)
        spans = _spans(numbers)
    else:
        packed = [addresses.packed(int(code)) for code in codes[: _MOST_NETWORKS + 1].tolist()]
        if len(packed) > _MOST_NETWORKS or {len(one) for one in packed} != {16}:
            return Hosts((), len(codes), False, 0)
        version = 6
        spans = sorted((number, number) for number in (int.from_bytes(one, "big") for one in packed))
    of = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    if len(spans) <= _MOST_NETWORKS:
        networks = [net for low, high in spans for net in ipaddress.summarize_address_range(of(low), of(high))]
        if len(networks) <= _MOST_NETWORKS:
            return Hosts(tuple(_shown(net) for net in networks), len(codes), True, version)
    around = _around(spans[0][0], spans[-1][1], version)
    return Hosts((str(around),) if around.prefixlen >= _LEAST_PREFIX[version] else (), len(codes), False, version)


def _shown(net: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    return str(net.network_address) if net.prefixlen == net.max_prefixlen else str(net)


def _around(low: int, high: int, version: int) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The smallest network that holds both."""
    bits = 32 if version == 4 else 128
    kept = bits - (low ^ high).bit_length()
    base = low >> (bits - kept) << (bits - kept)
    return ipaddress.IPv4Network((base, kept)) if version == 4 else ipaddress.IPv6Network((base, kept))


def _spans(numbers: NDArray[np.int64]) -> list[Span]:
    """Sorted distinct numbers as inclusive ranges."""
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    lows = numbers[np.concatenate(([0], breaks + 1))]
    highs = numbers[np.concatenate((breaks, [len(numbers) - 1]))]
    return list(zip(lows.tolist(), highs.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports as written: `parts` hold `held` ports, of which the scan probed `probed`."""

    parts: tuple[str, ...]
    held: int
    probed: int

    @property
    def exact(self) -> bool:
        return self.held == self.probed


def ports(numbers: Sequence[int], between: str, fits: Callable[[Sequence[str]], bool]) -> Ports:
    """The most ranges that fit: exactly the ports when all do, else with the smallest gaps between ranges closed."""
    if not numbers:
        return Ports((), 0, 0)
    spans = _spans(np.unique(np.array(numbers, np.int64)))
    low, high = 1, len(spans)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_written(_closed(spans, middle), between)):
            low = middle
        else:
            high = middle - 1
    chosen = _closed(spans, low)
    return Ports(tuple(_written(chosen, between)), _size(chosen), _size(spans))


def _size(spans: Sequence[Span]) -> int:
    return sum(high - low + 1 for low, high in spans)


def _closed(spans: list[Span], most: int) -> list[Span]:
    """At most `most` ranges that hold all of `spans`: the widest gaps stay open."""
    if len(spans) <= most:
        return spans
    gaps = np.array([later[0] - earlier[1] for earlier, later in pairwise(spans)])
    breaks = np.sort(np.argsort(-gaps, kind="stable")[: most - 1]).tolist()
    starts, ends = [0, *(at + 1 for at in breaks)], [*breaks, len(spans) - 1]
    return [(spans[start][0], spans[end][1]) for start, end in zip(starts, ends, strict=True)]


def _written(spans: Sequence[Span], between: str) -> list[str]:
    return [str(low) if low == high else f"{low}{between}{high}" for low, high in spans]
