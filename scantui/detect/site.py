"""What the log says of the site itself: its networks, and which services it lets people use."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import distinct_counts, run_starts
from scantui.detect.allow import Network
from scantui.detect.roles import is_private
from scantui.events import Action, Events, without_notices
from scantui.tables import HANDLES_FROM, AddressTable

USED_BY = 3  # sources; a service that as many were let through to is in use
_HOME_FROM = 5  # distinct sources; a network that fewer ask is not taken for home
_SLOT_BITS = 16
_SAMPLE = 250_000  # events from which home is guessed; of a larger log a sample of the sources
_HOME_SHARE = 0.05  # nor one that so small a share of all sources asks


def service_key(events: Events) -> NDArray[np.uint64]:
    """(host, port, protocol) as one number."""
    port = np.where(events.is_known("dport"), events.dport, 0).astype(np.uint64)
    return (events.dst.astype(np.uint64) << np.uint64(24)) + (port << np.uint64(8)) + events.proto_num.astype(np.uint64)


@dataclass(frozen=True)
class Site:
    """Sorted keys of the services in use and their ports; whether the log tells of accepted packets at all; the home
    networks as sorted address ranges (IPv4 numbers; an IPv6 address is a range of its own code) and in words."""

    services: NDArray[np.uint64]
    ports: NDArray[np.uint16]
    tells_accepts: bool
    low: NDArray[np.uint32]
    high: NDArray[np.uint32]
    home: tuple[str, ...]
    home_guessed: bool

    def uses(self, key: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return _among(key, self.services)

    def uses_port(self, port: NDArray[np.uint16]) -> NDArray[np.bool_]:
        return _among(port, self.ports)

    def inside(self, code: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Addresses of the home networks; private ones always are."""
        if not len(self.low):
            return is_private(code)
        at = np.searchsorted(self.low, code, side="right") - 1
        return is_private(code) | ((at >= 0) & (code <= self.high[np.maximum(at, 0)]))


def _among(values: NDArray[Any], table: NDArray[Any]) -> NDArray[np.bool_]:
    if not len(table):
        return np.zeros(len(values), np.bool_)
    found: NDArray[np.bool_] = table[np.minimum(np.searchsorted(table, values), len(table) - 1)] == values
    return found


def survey(batches: Sequence[Events], home: Sequence[Network] = ()) -> Site:
    """The site as these events show it. `home` networks are taken as given; guessed when there are none."""
    batches = [without_notices(batch) for batch in batches]
    low, high, names = _given(home, batches) if home else _guessed(batches)
    services = [service_key(batch)[batch.action == Action.ACCEPT] for batch in batches]
    sources = [batch.src[batch.action == Action.ACCEPT] for batch in batches]
    used = np.sort(_used_by_many(services, sources))
    ports = np.unique((used >> np.uint64(8)).astype(np.uint16))
    return Site(used, ports[ports > 0], any(map(len, services)), low, high, names, not home)


def _used_by_many(services: list[NDArray[np.uint64]], sources: list[NDArray[np.uint32]]) -> NDArray[np.uint64]:
    """The services that USED_BY (three) or more sources were let through to, by one table of slots: a slot keeps one
    service and its lowest and highest source, and a source between them is the third. Services that share a slot with
    another are sorted out exactly."""
    size = 1 << _SLOT_BITS
    held = np.zeros(size, np.uint64)
    low, high = np.full(size, 0xFFFFFFFF, np.uint32), np.zeros(size, np.uint32)
    third = np.zeros(size, np.bool_)
    slots = [(key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _SLOT_BITS) for key in services]
    for slot, key in zip(slots, services, strict=True):
        held[slot] = key
    odd: list[tuple[NDArray[np.uint64], NDArray[np.uint32]]] = []
    for slot, key, src in zip(slots, services, sources, strict=True):
        mine = held[slot] == key
        if not mine.all():
            odd.append((key[~mine], src[~mine]))
        np.minimum.at(low, slot[mine], src[mine])
        np.maximum.at(high, slot[mine], src[mine])
    for slot, key, src in zip(slots, services, sources, strict=True):
        between = (held[slot] == key) & (src > low[slot]) & (src < high[slot])
        third[slot[between]] = True
    found = held[third]
    if odd:
        key, src = (np.concatenate([pair[i] for pair in odd]) for i in (0, 1))
        names = np.sort(key)
        names = names[run_starts(names)]
        place, count = distinct_counts(np.searchsorted(names, key).astype(np.uint32), src)
        found = np.concatenate((found, names[place[count >= USED_BY]]))
    return found


def _guessed(batches: Sequence[Events]) -> tuple[NDArray[np.uint32], NDArray[np.uint32], tuple[str, ...]]:
    """The IPv4 /24 networks that many different sources ask: an outside network is asked by the few inside that use it."""
    one_in = np.uint32(1 + sum(map(len, batches)) // _SAMPLE)
    pairs = np.concatenate([_asked(batch, one_in) for batch in batches] or [np.zeros(0, np.uint64)])
    network, sources = distinct_counts((pairs >> np.uint64(32)).astype(np.uint32), pairs & np.uint64(0xFFFFFFFF))
    sources = sources * int(one_in)
    least = max(_HOME_FROM, _HOME_SHARE * int(sources.max(initial=0)))
    mine = network[(sources >= least) & ~is_private(network << np.uint32(8))]
    low = mine << np.uint32(8)
    return low, low + np.uint32(255), tuple(f"{ipaddress.IPv4Address(int(first))}/24" for first in low.tolist())


def _asked(batch: Events, one_in: np.uint32) -> NDArray[np.uint64]:
    """The distinct (target /24, source) of a batch's IPv4 targets, for one source in so many, chosen by its hash."""
    v4 = (batch.dst < HANDLES_FROM) & ((batch.dst >> np.uint32(28)) != 0xE)  # multicast is nobody's
    if one_in > 1:
        v4 &= ((batch.src * np.uint32(2_654_435_761)) >> np.uint32(8)) % one_in == 0
    network = (batch.dst[v4] >> np.uint32(8)).astype(np.uint64)
    pairs = np.sort((network << np.uint64(32)) + batch.src[v4].astype(np.uint64))
    return pairs[run_starts(pairs)]


def _given(
    home: Sequence[Network], batches: Sequence[Events]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], tuple[str, ...]]:
    ranges = [(int(n.network_address), int(n.broadcast_address)) for n in home if n.version == 4]
    six = [n for n in home if isinstance(n, ipaddress.IPv6Network)]
    if six and batches:
        codes = np.unique(np.concatenate([column for batch in batches for column in (batch.src, batch.dst)]))
        table = batches[0].tables.addresses
        ranges += [(code, code) for code in codes[codes >= HANDLES_FROM].tolist() if _in(six, table, code)]
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    low, high = (np.array([pair[i] for pair in merged], np.uint32) for i in (0, 1))
    return low, high, tuple(map(str, home))


def _in(networks: Sequence[ipaddress.IPv6Network], table: AddressTable, code: int) -> bool:
    if not table.text(code):
        return False
    address = ipaddress.ip_address(table.packed(code))
    return isinstance(address, ipaddress.IPv6Address) and any(address in network for network in networks)
