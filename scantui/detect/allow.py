"""Allow-listed sources: they may scan. What they did stays visible, as benign, with the reason."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import replace

from scantui.detect.scan import Evidence, Scan, Verdict
from scantui.tables import AddressTable

WEIGHT = -100.0  # outweighs any evidence
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """The networks written so. Raises ValueError for what is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def excuse(scan: Scan, allowed: Sequence[Network], addresses: AddressTable) -> Scan:
    """The scan, benign if its source is in one of the networks."""
    if not allowed or scan.verdict is Verdict.BENIGN:
        return scan
    address = ipaddress.ip_address(addresses.packed(scan.source))
    for network in allowed:
        if address.version == network.version and address in network:
            piece = Evidence(
                "allow-listed",
                WEIGHT,
                f"{network} is allowed to scan; without that the score would be {scan.score:+.1f}",
            )
            return replace(
                scan,
                verdict=Verdict.BENIGN,
                score=scan.score + WEIGHT,
                flagged_at=None,
                evidence=(piece, *scan.evidence),
            )
    return scan
