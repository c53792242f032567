"""What detection says: scans and clusters, each with the evidence it rests on. Addresses are codes (see `tables`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from scantui.tables import NO_ADDRESS


class Verdict(Enum):
    """How the evidence adds up."""

    SCAN = "scan"
    SUSPECT = "suspect"
    BENIGN = "benign"


class Kind(Enum):
    """The shape of what a source did."""

    VERTICAL = "vertical"  # many ports of few hosts
    HORIZONTAL = "horizontal"  # few ports of many hosts
    BLOCK = "block"  # many ports of many hosts
    PROTOCOL = "protocol"  # IP protocols of a host (nmap -sO)
    ICMP_SWEEP = "icmp-sweep"
    FINGERPRINT = "fingerprint"  # odd packets at few ports (nmap -O)
    BACKSCATTER = "backscatter"  # answers to packets the site never sent
    REPLIES = "replies"  # late answers to the site's own packets
    TRAFFIC = "traffic"  # ordinary use
    FLOOD = "flood"  # very many sources, a packet or two each
    NOTICED = "noticed"  # a sensor's own detector says that it scanned; the log has no packets that do


@dataclass(frozen=True, slots=True)
class Evidence:
    """One named piece of a verdict. `weight` is in log-odds (natural log); above zero speaks for a scan."""

    name: str
    weight: float
    text: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What is constant in a scan's packets. `fields` maps a column's name to its value or a short description."""

    name: str
    fields: dict[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scan:
    """One episode of one source. Times are microseconds UTC.

    `source` is an address code; that of a /64 when `members` lists the addresses of it that took part; NO_ADDRESS for a flood.
    """

    id: str
    source: int
    kind: Kind
    slow: bool
    proto: str
    techniques: tuple[str, ...]
    first: int
    last: int
    flagged_at: int | None  # event time at which the evidence first sufficed; None when it never did
    events: int  # log rows
    packets: int  # rows weighted by their count
    targets: int
    ports: int
    port_list: tuple[int, ...]  # sorted, distinct
    target_list: tuple[int, ...]  # address codes, at most the first 256 in order of appearance
    score: float  # sum of the evidence, log-odds
    verdict: Verdict
    signature: Signature
    evidence: tuple[Evidence, ...]
    cluster: str | None = None
    members: tuple[int, ...] = ()

    @property
    def sources(self) -> tuple[int, ...]:
        """Address codes of everyone who took part; none for a flood, whose sources are too many to name."""
        return self.members or ((self.source,) if self.source != NO_ADDRESS else ())


@dataclass(frozen=True, slots=True)
class Cluster:
    """Scans that belong together, and what they share."""

    id: str
    scans: tuple[str, ...]
    sources: tuple[int, ...]
    relation: str  # single, decoy, distributed, campaign
    signature: dict[str, int | str]
    first: int
    last: int
    text: str = ""


def port_ranges(ports: tuple[int, ...] | list[int], most: int | None = None) -> str:
    """Sorted distinct ports as ranges, `21-25,80`; at most `most` ranges, then an ellipsis."""
    parts: list[str] = []
    start = previous = -2
    for port in [*ports, -2]:
        if port == previous + 1 and port != -2:
            previous = port
            continue
        if start >= 0:
            parts.append(str(start) if start == previous else f"{start}-{previous}")
        start = previous = port
    if most is not None and len(parts) > most:
        parts = [*parts[:most], "…"]
    return ",".join(parts)
