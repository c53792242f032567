"""Whom an export that acts must not name: the site itself, whoever is allowed, addresses that are nobody's on the Internet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import numpy as np

from scantui.detect.allow import line_of
from scantui.export.handover import Handover
from scantui.snapshot import Mark

# Special-purpose address registries (RFC 6890 and the IANA registries it opened): addresses that a packet from outside cannot
# rightly carry. Documentation and benchmarking networks are not among them: examples are made of those.
_SPECIAL = {
    "private": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
    "shared by a carrier's customers (RFC 6598)": ("100.64.0.0/10",),
    "loopback": ("127.0.0.0/8", "::1/128"),
    "link-local": ("169.254.0.0/16", "fe80::/10"),
    "multicast": ("224.0.0.0/4", "ff00::/8"),
    "no sender's": ("0.0.0.0/8", "240.0.0.0/4", "::/128"),
}
_NETWORKS = [(what, ip_network(text)) for what, texts in _SPECIAL.items() for text in texts]
_MOST_NAMED = 3


def held_back(handover: Handover) -> dict[int, str]:
    """Why each of the chosen sources that should not be named should not, by its code."""
    found: dict[int, str] = {}
    for code, mark in handover.marks.items():
        address = ip_address(handover.snapshot.address(code))
        why = next(_reasons(handover, mark, address), None)
        if why is not None:
            found[code] = why
    return found


def guarded(handover: Handover) -> tuple[Handover, tuple[str, ...]]:
    """The handover without those, and a sentence for each reason; all of it when that is forced. Raises ValueError when nobody
    would be left."""
    if handover.wishes.force:
        return handover, ()
    refused = held_back(handover)
    if not refused:
        return handover, ()
    told = tuple(_told(handover, refused))
    left = {code: mark for code, mark in handover.marks.items() if code not in refused}
    if not left:
        raise ValueError(f"nothing to write: {'; '.join(told)}")
    dossiers = {code: one for code, one in handover.dossiers.items() if code in left}
    events = handover.events
    if events is not None:
        events = events.take(~np.isin(events.src, np.array(sorted(refused), np.uint32)))
    return replace(handover, marks=left, dossiers=dossiers, events=events), told


def _reasons(handover: Handover, mark: Mark, address: IPv4Address | IPv6Address) -> Iterator[str]:
    if mark.verdict == "mine":
        yield "you marked it as yours"
    for text in handover.home:
        network = ip_network(text)
        if address.version == network.version and address in network:
            yield f"in your own network {text}" + (", as the log makes it look" if handover.home_guessed else "")
    for one in handover.snapshot.allowed:
        entry = one.entry
        current = entry.until is None or handover.made_at < entry.until
        if current and not entry.ports and address.version == entry.network.version and address in entry.network:
            yield f"on the allow-list: {line_of(entry)}"
    for what, network in _NETWORKS:
        if address.version == network.version and address in network:
            yield f"{what}: {network}"


def _told(handover: Handover, refused: dict[int, str]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for code, why in refused.items():
        by_reason.setdefault(why, []).append(handover.snapshot.address(code))
    for why, names in by_reason.items():
        more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
        yield f"left out {', '.join(names[:_MOST_NAMED])}{more}: {why}"
