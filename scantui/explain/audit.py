"""The audit: which probed ports were let through or answered, on which targets, during the scan, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen
from scantui.detect.scan import Kind, Scan, Verdict
from scantui.detect.site import service_key
from scantui.events import ACK, RST, SYN, Action, Events, Proto

_MOST = 12


@dataclass(frozen=True, slots=True)
class Audit:
    """`probed` target ports (host, port, protocol); those let through and those seen to answer, as `host:port`."""

    probed: int
    let_through: tuple[str, ...]
    through: int  # how many were let through; the list is cut
    answered: tuple[str, ...]
    refused: int  # how many were answered by RST
    outside: int  # accepted packets of this source before or after the scan
    tells_accepts: bool
    tells_answers: bool
    verb: str = "probed"
    portless: bool = False  # some targets are hosts, not ports

    def lines(self) -> Iterator[str]:
        """In words."""
        noun = f"target{'' if self.portless else ' port'}{'' if self.probed == 1 else 's'}"
        if self.through:
            more = f" and {self.through - len(self.let_through)} more" if self.through > len(self.let_through) else ""
            yield (
                f"of {self.probed:,} {noun} {self.verb}, {self.through:,} let through: {', '.join(self.let_through)}{more}"
            )
        elif self.tells_accepts:
            yield f"of {self.probed:,} {noun} {self.verb}, none let through as far as the log tells"
        else:
            yield f"{self.probed:,} {noun} {self.verb}; no accepted packet is in this log, so what was let through is unknown"
        if self.answered:
            yield f"answered as open: {', '.join(self.answered)}"
        if self.refused:
            yield f"{self.refused:,} answered with RST: closed, or refused by a firewall in their name"
        if self.through and not self.answered:
            yield "let through is the firewall's word: whether the ports were open, the log does not tell"
        if self.outside:
            noun = "packet" if self.outside == 1 else "packets"
            yield f"outside this scan, {self.outside:,} accepted {noun} of this source"


def audit(scan: Scan, events: Events, answers: Events, *, tells_accepts: bool, tells_answers: bool) -> Audit:
    """`events`: everything of the source, in time order; `answers`: packets from its targets back to it."""
    inside = (events.ts >= scan.first) & (events.ts <= scan.last)
    passed = events.action == Action.ACCEPT
    during = events.take(inside)
    # What answers to the source's own packets is no probe.
    flags = np.where(during.is_known("flags"), during.flags, 0)
    answers_only = scan.kind in (Kind.BACKSCATTER, Kind.REPLIES)
    probe = ~((during.proto == Proto.TCP) & ((flags & RST) != 0)) | answers_only
    key = service_key(during)
    probed = int(np.count_nonzero(first_seen(np.zeros(len(during), np.uint8), key) & probe))
    through = during.take(probe & passed[inside])
    through = through.take(first_seen(np.zeros(len(through), np.uint8), service_key(through)))
    opened = during.take(during.is_known("answered") & during.answered)
    opened = opened.take(first_seen(np.zeros(len(opened), np.uint8), service_key(opened)))
    names = list(_names(opened, opened.dst, opened.dport, opened.is_known("dport")))
    back = answers.take(answers.is_known("flags") & (answers.ts >= scan.first))
    bits = back.flags & np.uint16(SYN | ACK | RST)
    accepted = back.take(bits == (SYN | ACK))
    names += _names(accepted, accepted.src, accepted.sport, accepted.is_known("sport"))
    reset = back.take((bits & RST) != 0)
    pairs = np.unique(reset.src.astype(np.uint64) << np.uint64(16) | reset.sport)
    return Audit(
        probed=probed,
        let_through=_short(_names(through, through.dst, through.dport, through.is_known("dport"))),
        through=len(through),
        answered=_short(names),
        refused=len(pairs),
        outside=int(np.count_nonzero(passed & ~inside)),
        tells_accepts=tells_accepts,
        tells_answers=tells_answers,
        portless=not bool(during.is_known("dport").all()),
        verb="sent to" if answers_only else "asked for" if scan.verdict is Verdict.BENIGN else "probed",
    )


def _names(
    events: Events, hosts: NDArray[np.uint32], ports: NDArray[np.uint16], ported: NDArray[np.bool_]
) -> Iterator[str]:
    """`host:port` of each row, with the protocol where it is not TCP."""
    rows = zip(hosts.tolist(), ports.tolist(), ported.tolist(), events.proto.tolist(), strict=True)
    for host, port, known, proto in rows:
        name = events.tables.addresses.text(host)
        shown = f"[{name}]" if ":" in name and known else name
        which = "" if proto == Proto.TCP else Proto(proto).name.lower()
        if known:
            yield f"{shown}:{port}" + (f"/{which}" if which else "")
        else:
            yield f"{shown} ({which or 'no port'})"


def _short(names: Iterable[str]) -> tuple[str, ...]:
    """Distinct names, the first so many; a host that is the one before is left out."""
    shown, last = [], ""
    for name in list(dict.fromkeys(names))[:_MOST]:
        host, colon, port = name.rpartition(":")
        shown.append(f":{port}" if colon and host == last else name)
        last = host
    return tuple(shown)
