"""Allow-listed sources: they may scan. What they did stays visible, as benign, with the reason.

A list is a text: one network a line, then perhaps `ports=22,80-90` (only a scan of these ports is allowed), `until=2027-01-31`
(events up to that day, UTC), and the reason. `#` begins a comment.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scantui.detect.scan import Evidence, Scan, Verdict, port_ranges
from scantui.safe_text import harmless
from scantui.tables import AddressTable

WEIGHT = -100.0  # outweighs any evidence
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """One line of an allow-list. `until` is microseconds UTC; an empty `ports` is all ports."""

    network: Network
    reason: str = ""
    until: int | None = None
    ports: frozenset[int] = frozenset()

    def covers(self, scan: Scan, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
        """Whether it excuses this scan of this source."""
        if address.version != self.network.version or address not in self.network:
            return False
        if self.until is not None and scan.last >= self.until:
            return False
        return not self.ports or (scan.ports > 0 and self.ports.issuperset(scan.port_list))


def networks(texts: Sequence[str]) -> tuple[Allowed, ...]:
    """Networks as given one by one. Raises ValueError for what is none."""
    return tuple(Allowed(ipaddress.ip_network(text, strict=False)) for text in texts)


def parse(text: str, name: str) -> tuple[Allowed, ...]:
    """An allow-list. Raises ValueError that names the line and what to do."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if words:
            try:
                found.append(_entry(words))
            except ValueError as error:
                raise ValueError(f"{harmless(name)}:{number}: {error}") from None
    return tuple(found)


def _entry(words: list[str]) -> Allowed:
    try:
        network = ipaddress.ip_network(words[0], strict=False)
    except ValueError:
        raise ValueError(
            f"{harmless(words[0], 60)!r} is no network; begin the line with one, as 192.0.2.0/24"
        ) from None
    entry, reason = Allowed(network), []
    for word in words[1:]:
        key, equals, value = word.partition("=")
        if equals and key == "ports":
            entry = replace(entry, ports=_ports(value))
        elif equals and key == "until":
            entry = replace(entry, until=_end_of(value))
        else:
            reason.append(word)
    return replace(entry, reason=harmless(" ".join(reason), 120))


def _ports(text: str) -> frozenset[int]:
    ports: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        if not (low.isdecimal() and (high or low).isdecimal() and int(low) <= int(high or low) <= 65_535):
            raise ValueError(f"{harmless(part, 40)!r} is no port; write ports=22,80-90")
        ports.update(range(int(low), int(high or low) + 1))
    return frozenset(ports)


def _end_of(text: str) -> int:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{harmless(text, 40)!r} is no day; write until=2027-01-31") from None
    return int((day + timedelta(days=1)).timestamp()) * 1_000_000


def excuse(scan: Scan, allowed: Sequence[Allowed], addresses: AddressTable) -> Scan:
    """The scan, benign if a line of the list covers it."""
    if not allowed or scan.verdict is Verdict.BENIGN:
        return scan
    packed = addresses.packed(scan.source)
    address = ipaddress.ip_address(packed)
    for entry in allowed:
        if entry.covers(scan, address):
            ports = f" to ports {port_ranges(sorted(entry.ports), 5)}" if entry.ports else ""
            reason = f" ({entry.reason})" if entry.reason else ""
            text = (
                f"{entry.network} is allowed to scan{ports}{reason}; without that the score would be {scan.score:+.1f}"
            )
            piece = Evidence("allow-listed", WEIGHT, text)
            return replace(
                scan,
                verdict=Verdict.BENIGN,
                score=scan.score + WEIGHT,
                flagged_at=None,
                evidence=(piece, *scan.evidence),
            )
    return scan
