"""What is to be blocked: the chosen sources, the other addresses of a /64 that took turns, or the networks around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from scantui import __version__
from scantui.detect.scan import Scan, Verdict
from scantui.export.aggregate import Network, around, collateral, spared
from scantui.export.cautions import cautions_by_source
from scantui.export.guard import held_back
from scantui.export.handover import Handover
from scantui.export.quoting import comment
from scantui.export.report import weightiest_first
from scantui.export.times import iso
from scantui.safe_text import harmless
from scantui.snapshot import Mark

_TURNS = "takes turns with others of its /64: a block of the /64 (aggregated) holds longer"
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Blocked:
    """One address or network. `why` and `cautions` are harmless texts of a line each."""

    network: Network
    sources: tuple[int, ...]
    why: str
    cautions: tuple[str, ...]

    @property
    def single(self) -> bool:
        return self.network.prefixlen == self.network.max_prefixlen

    @property
    def text(self) -> str:
        """The address, or the network as CIDR."""
        return str(self.network.network_address if self.single else self.network)

    def said(self) -> Iterator[str]:
        """A comment line for each caution."""
        for text in self.cautions:
            yield comment(f"CAUTION {self.text}: {text}")


@dataclass(frozen=True, slots=True)
class Blocklist:
    """`entries` do not overlap. `remarks`: sentences on networks that stay single addresses."""

    entries: tuple[Blocked, ...]
    remarks: tuple[str, ...]
    made_at: int
    hours: int

    def of(self, version: int) -> tuple[Blocked, ...]:
        """The entries of IPv4 or IPv6."""
        return tuple(one for one in self.entries if one.network.version == version)

    @property
    def until(self) -> int | None:
        """Microseconds UTC; None is for good."""
        return self.made_at + self.hours * 3_600_000_000 if self.hours else None

    def head(self, *more: str) -> Iterator[str]:
        """The comment lines a file begins with; `more`: how to load it, and what else is to be known."""
        count = f"{len(self.entries):,} entr{'y' if len(self.entries) == 1 else 'ies'}"
        held = f"for {self.hours:,} h" if self.hours else "for good"
        yield comment(f"scantui {__version__}, {second(self.made_at)}: {count}, to be blocked {held}")
        for text in (*more, *self.remarks):
            yield comment(text)


def second(micros: int) -> str:
    """A time to the second, UTC."""
    return iso(micros - micros % 1_000_000).replace(".000000", "")


def blocklist(handover: Handover) -> Blocklist:
    """Raises ValueError when no source was chosen."""
    marks = _marks(handover)
    if not marks:
        raise ValueError("there is no source to block")
    wishes, remarks = handover.wishes, []
    scans = _weightiest(handover, marks)
    cautions = cautions_by_source(handover.snapshot, marks)
    entries = []
    for network, codes in _networks(handover, marks).items():
        whole = wishes.aggregate and len(codes) > 1
        reason = spared(handover, network) if whole and not wishes.force else ""
        if reason:
            remarks.append(f"{network} is not blocked as a whole: {reason}")
        if whole and not reason:
            entries.append(_aggregated(handover, network, codes, cautions))
            continue
        for code in codes:
            scan = scans.get(code)
            turns = (_TURNS,) if scan is not None and len(scan.members) > 1 else ()
            address = ip_network(handover.snapshot.address(code))
            told = (*cautions.get(code, ()), *turns)
            entries.append(Blocked(address, (code,), _why(scan, marks[code]), told))
    return Blocklist(tuple(entries), tuple(remarks), handover.made_at, wishes.hours)


def _marks(handover: Handover) -> Mapping[int, Mark]:
    """The chosen, and the addresses that scanned in turns with them unless they should not be named."""
    marks = dict(handover.marks)
    known = handover.snapshot.marks
    turns = {
        code: known.get(code, Mark(code))
        for scan in handover.snapshot.scans
        if scan.verdict is not Verdict.BENIGN and not marks.keys().isdisjoint(scan.members)
        for code in scan.members
        if code not in marks
    }
    if turns and not handover.wishes.force:
        refused = held_back(replace(handover, marks=turns))
        turns = {code: mark for code, mark in turns.items() if code not in refused}
    return marks | turns


def _networks(handover: Handover, marks: Mapping[int, Mark]) -> dict[Network, list[int]]:
    """The chosen by the network around them, in order."""
    found: dict[Network, list[int]] = {}
    for code in marks:
        found.setdefault(around(ip_address(handover.snapshot.address(code))), []).append(code)
    return found


def _weightiest(handover: Handover, marks: Mapping[int, Mark]) -> dict[int, Scan]:
    found: dict[int, Scan] = {}
    for scan in sorted(handover.snapshot.scans, key=weightiest_first):
        for code in scan.sources:
            if code in marks:
                found.setdefault(code, scan)
    return found


def _why(scan: Scan | None, mark: Mark) -> str:
    said = [what(scan)] if scan is not None else []
    if mark.note:
        said.append(f"note: {harmless(mark.note)}")
    return "; ".join(said) or "chosen by hand"


def what(scan: Scan) -> str:
    """A scan in a few words and numbers."""
    kind = " ".join(filter(None, ("slow" if scan.slow else "", scan.kind.value, scan.proto, ",".join(scan.techniques))))
    ports = f"{scan.ports:,} port{'' if scan.ports == 1 else 's'}"
    hosts = f"{scan.targets:,} host{'' if scan.targets == 1 else 's'}"
    return f"{kind}, {ports} of {hosts}, {scan.packets:,} packets, last {second(scan.last)}"


def _aggregated(
    handover: Handover, network: Network, codes: list[int], cautions: Mapping[int, tuple[str, ...]]
) -> Blocked:
    names = [handover.snapshot.address(code) for code in codes]
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    hit = collateral(handover, network, codes).text
    told: dict[str, int] = {}
    for code in codes:
        for text in cautions.get(code, ()):
            told[text] = told.get(text, 0) + 1
    said = tuple(f"{count:,} of {len(codes):,}: {text}" for text, count in told.items())
    return Blocked(network, tuple(codes), f"{hit}: {', '.join(names[:_MOST_NAMED])}{more}", said)
