"""The network around an address, whom else a block of it would hit, and whether it may be blocked as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import numpy as np

from scantui.detect.allow import line_of
from scantui.export.handover import Handover
from scantui.snapshot import VERDICT_NAMES
from scantui.tables import HANDLES_FROM

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_PREFIX = {4: 24, 6: 64}
_MOST_SPELT = 1 << 20  # addresses; more are a power of two
_SCAN = VERDICT_NAMES.index("scan")


@dataclass(frozen=True, slots=True)
class Collateral:
    """Whom a block of a network hits besides the chosen. `others` are sources of this log, `peaceful` those that did not scan."""

    addresses: int
    others: int
    peaceful: int

    @property
    def text(self) -> str:
        count = f"{self.addresses:,}" if self.addresses < _MOST_SPELT else f"about 2^{self.addresses.bit_length()}"
        seen = f"{self.others:,} of them in this log" if self.others else "none of them in this log"
        return f"hits {count} addresses besides, {seen}" + (f", {self.peaceful:,} did not scan" if self.others else "")


def around(address: Address) -> Network:
    """The /24 or /64 that holds it."""
    return ip_network((address.packed, _PREFIX[address.version]), strict=False)


def collateral(handover: Handover, network: Network, chosen: Iterable[int]) -> Collateral:
    """What the log says of the network besides the `chosen` codes in it."""
    table, addresses = handover.snapshot.sources, handover.snapshot.tables.addresses
    codes = list(chosen)
    if network.version == 4:
        inside = (table.code >= int(network[0])) & (table.code <= int(network[-1])) & (table.code < HANDLES_FROM)
    else:
        group = addresses.networks(np.array(codes[:1], np.uint32))
        inside = addresses.networks(table.code) == group
    others = inside & ~np.isin(table.code, np.array(codes, np.uint32))
    peaceful = others & (table.verdict != _SCAN)
    return Collateral(
        addresses=network.num_addresses - len(codes),
        others=int(np.count_nonzero(others)),
        peaceful=int(np.count_nonzero(peaceful)),
    )


def spared(handover: Handover, network: Network) -> str:
    """Why the network must not be blocked as a whole; empty when nothing speaks against it."""
    for text in handover.home:
        own = ip_network(text)
        if own.version == network.version and network.overlaps(own):
            return f"it holds some of your own network {own}" + (
                ", as the log makes it look" if handover.home_guessed else ""
            )
    for one in handover.snapshot.allowed:
        entry = one.entry
        current = entry.until is None or handover.made_at < entry.until
        if current and entry.network.version == network.version and network.overlaps(entry.network):
            return f"it holds who is on the allow-list: {line_of(entry)}"
    for mark in handover.snapshot.marks.values():
        if mark.verdict in ("mine", "benign"):
            name = handover.snapshot.address(mark.code)
            if ip_address(name) in network:
                return f"you marked {name} in it as {mark.verdict}"
    return ""
