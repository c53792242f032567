"""Allow-listed sources: they may scan. What they did stays visible, as benign, with the reason.

A list is a text: one network a line, then perhaps `ports=22,80-90` (only a scan of these ports is allowed), `until=2027-01-31`
(events up to the end of that day) or `until=2027-01-31T18:30` (before that minute; both UTC), and the reason. A comment begins at
the start of a line or with a `#` that stands alone, so that a reason can name `ticket #4711`.
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
MOST_REASON = 120  # characters
_DAY, _MINUTE = "%Y-%m-%d", "%Y-%m-%dT%H:%M"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Allowed:
    """One line of an allow-list. `until` is microseconds UTC; an empty `ports` is all ports."""

    network: Network
    reason: str = ""
    until: int | None = None
    ports: frozenset[int] = frozenset()

    @property
    def words(self) -> str:
        """Who is allowed what, and why: how the evidence of an excused scan begins."""
        ports = f" to ports {port_ranges(sorted(self.ports), 5)}" if self.ports else ""
        return f"{self.network} is allowed to scan{ports}" + (f" ({self.reason})" if self.reason else "")

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
        try:
            entry = entry_of(line)
        except ValueError as error:
            raise ValueError(f"{harmless(name)}:{number}: {error}") from None
        if entry is not None:
            found.append(entry)
    return tuple(found)


def entry_of(line: str) -> Allowed | None:
    """What one line of a list says; None for a comment or an empty line. Raises ValueError that says what to write instead."""
    words = line.split()
    if "#" in words:
        words = words[: words.index("#")]
    return None if not words or words[0].startswith("#") else _entry(words)


def line_of(entry: Allowed) -> str:
    """The line of a list that says `entry`, without its end. Raises ValueError for a reason or an end that a line cannot hold."""
    words = [str(entry.network)]
    if entry.ports:
        words.append(f"ports={port_ranges(sorted(entry.ports))}")
    if entry.until is not None:
        words.append(f"until={_end_text(entry.until)}")
    for word in entry.reason.split():
        if word == "#" or word.startswith(("ports=", "until=")):
            raise ValueError(f"a reason cannot hold {harmless(word, 40)!r}: that word means something else in the list")
        words.append(word)
    line = " ".join(words)
    if entry_of(line) != entry:
        raise ValueError(f"the reason must be visible characters, at most {MOST_REASON}, and ends are whole minutes")
    return line


def _end_text(until: int) -> str:
    end = _EPOCH + timedelta(microseconds=until)
    return f"{end - timedelta(days=1):{_DAY}}" if (end.hour, end.minute) == (0, 0) else f"{end:{_MINUTE}}"


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
    return replace(entry, reason=harmless(" ".join(reason), MOST_REASON))


def _ports(text: str) -> frozenset[int]:
    ports: set[int] = set()
    for part in text.split(","):
        low, _, high = part.partition("-")
        if not (low.isdecimal() and (high or low).isdecimal() and int(low) <= int(high or low) <= 65_535):
            raise ValueError(f"{harmless(part, 40)!r} is no port; write ports=22,80-90")
        ports.update(range(int(low), int(high or low) + 1))
    return frozenset(ports)


def _end_of(text: str) -> int:
    form, more = (_MINUTE, timedelta()) if "T" in text else (_DAY, timedelta(days=1))
    try:
        end = datetime.strptime(text.removesuffix("Z"), form).replace(tzinfo=UTC) + more
    except (ValueError, OverflowError):
        raise ValueError(
            f"{harmless(text, 40)!r} is no day; write until=2027-01-31, or until=2027-01-31T18:30 (UTC)"
        ) from None
    return (end - _EPOCH) // timedelta(microseconds=1)


def excuse(scan: Scan, allowed: Sequence[Allowed], addresses: AddressTable) -> Scan:
    """The scan, benign if a line of the list covers it."""
    if not allowed or scan.verdict is Verdict.BENIGN:
        return scan
    packed = addresses.packed(scan.source)
    address = ipaddress.ip_address(packed)
    for entry in allowed:
        if entry.covers(scan, address):
            text = f"{entry.words}; without that the score would be {scan.score:+.1f}"
            piece = Evidence("allow-listed", WEIGHT, text)
            return replace(
                scan,
                verdict=Verdict.BENIGN,
                score=scan.score + WEIGHT,
                flagged_at=None,
                evidence=(piece, *scan.evidence),
            )
    return scan
