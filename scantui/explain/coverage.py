"""How much of the Internet a sweep can be part of: its rate here, were its targets drawn at random from all of IPv4."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network

import numpy as np

from scantui.columns.group import first_seen
from scantui.detect.site import service_key
from scantui.events import Events
from scantui.tables import HANDLES_FROM

# Smallest Ethernet frames a second on a 100 Gbit/s line: 84 bytes each with preamble and gap (RFC 2544, RFC 5180).
_FASTEST = 148_809_523
_HOSTS = 8  # fewer show no network
_WIDEST = 8  # prefix length: targets further apart are no one network
_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """`probes` in `seconds` into `network`, the smallest that holds the targets; `implied` packets a second if they were a
    random sample of IPv4."""

    network: str
    probes: int
    seconds: float
    implied: float

    @property
    def impossible(self) -> bool:
        """Whether no line could send so fast: the targets were not drawn from the whole Internet."""
        return self.implied > _FASTEST

    @property
    def text(self) -> str:
        """In words, where it is impossible."""
        span = f"{self.seconds:.3g} s" if self.seconds < 120 else f"{self.seconds / 60:.3g} min"
        span = "at most 1 s" if self.seconds == 1 else span
        return (
            f"{self.probes:,} probes into {self.network} in {span}: drawn at random from the whole Internet, that would take "
            f"{self.implied / 1e6:,.0f} million packets a second, more than a 100 Gbit/s line carries"
        )


def coverage(events: Events) -> Coverage | None:
    """Of an episode's probes, in time order; None for few hosts, IPv6, or targets that lie far apart."""
    if not len(events) or bool((events.dst >= HANDLES_FROM).any()):
        return None
    hosts = np.unique(events.dst)
    length = 32 - (int(hosts[0]) ^ int(hosts[-1])).bit_length()
    if len(hosts) < _HOSTS or length < _WIDEST:
        return None
    probes = int(np.count_nonzero(first_seen(np.zeros(len(events), np.uint8), service_key(events))))
    coarse = bool(np.all(events.ts % _SECOND == 0))
    seconds = max(1.0, (int(events.ts[-1]) - int(events.ts[0])) / _SECOND + coarse)
    network = str(IPv4Network((int(hosts[0]), length), strict=False))
    return Coverage(network, probes, seconds, probes / seconds * 2.0**length)
