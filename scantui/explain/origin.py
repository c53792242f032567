"""Who sent it, as far as one log can say: proven or spoofable, decoy or not, how far away, at which hours. No look-ups."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scantui.detect.scan import Cluster, Scan
from scantui.events import ACK, FIN, PSH, RST, SYN, Action, Events, Proto, TsQuality
from scantui.explain.addresses import special
from scantui.explain.audit import Audit
from scantui.explain.headers import initial_ttl
from scantui.explain.observation import Observation

_HOUR = 3_600_000_000
_FULL_BAND = 22  # nmap's TTLs are drawn from 37..59
_NMAP_LOW, _NMAP_HIGH = 37, 59
_MOST_HOURS = 8
PROVEN, LIKELY, SPOOFABLE = "proven", "likely", "spoofable"


def provenance(events: Events, audit: Audit) -> tuple[str, str]:
    """(proven, likely or spoofable; why). Only a finished TCP handshake shows that the source can receive at its address."""
    tcp = events.take(events.proto == Proto.TCP)
    answered = tcp.is_known("answered") & tcp.answered
    flagged = tcp.is_known("flags")
    # Flow records may add up the flags of both sides; data or an orderly end follow only a finished handshake.
    opened = flagged & ((tcp.flags & np.uint16(SYN | ACK)) == (SYN | ACK))
    flows = answered & opened & ((tcp.flags & np.uint16(PSH | FIN)) != 0)
    if flows.any():
        return PROVEN, "a flow record shows a finished handshake: the source received the target's SYN-ACK"
    if _after_accept(tcp):
        return LIKELY, (
            "after an accepted SYN the source went on with ACK in the same connection; a blind forger would have had to "
            "guess the target's sequence number, which this log does not let one check"
        )
    if audit.answered or bool(answered.any()):
        return SPOOFABLE, (
            "a target answered, but nothing shows that the source received it: a forged source would have caused the same"
        )
    if not len(tcp):
        return SPOOFABLE, "no TCP handshake: UDP, ICMP and bare IP packets can carry any source address"
    odd = flagged.any() and not bool(((tcp.flags & (SYN | FIN)) == SYN).any())
    what = ", and packets with such flags hardly ever begin one" if odd else ""
    return (
        SPOOFABLE,
        f"no handshake is logged to its end{what}: the source address is what the packets say, and nothing proves it",
    )


def _after_accept(tcp: Events) -> bool:
    """Whether a connection has an accepted SYN and later ACK or PSH packets of the source on the same ports."""
    said = tcp.is_known("flags") & tcp.is_known("sport") & tcp.is_known("dport")
    key = tcp.dst.astype(np.uint64) << np.uint64(32) | tcp.sport.astype(np.uint64) << np.uint64(16) | tcp.dport
    bare = tcp.flags & np.uint16(SYN | ACK | RST)
    opened = said & (bare == SYN) & (tcp.action == Action.ACCEPT)
    later = said & (bare == ACK) & ((tcp.flags & np.uint16(PSH | FIN)) != 0)
    both = np.intersect1d(key[opened], key[later])
    if not len(both):
        return False
    first = {k: int(tcp.ts[opened & (key == k)].min()) for k in both[:50].tolist()}
    return any(bool((tcp.ts[later & (key == k)] > ts).any()) for k, ts in first.items())


def origin(
    scan: Scan,
    events: Events,
    probes: Events,
    audit: Audit,
    seen: dict[str, Observation],
    cluster: Cluster | None,
    tool: str | None,
) -> tuple[str, ...]:
    """Sentences on where it came from. `events`: all of the source; `probes`: of the episode, those made alike."""
    return tuple(_lines(scan, events, probes, audit, seen, cluster, tool))


def _lines(
    scan: Scan,
    events: Events,
    probes: Events,
    audit: Audit,
    seen: dict[str, Observation],
    cluster: Cluster | None,
    tool: str | None,
) -> Iterator[str]:
    address = events.tables.addresses.text(scan.source)
    found = special(address)
    if found is not None:
        yield f"{address} is a {found[0]} address ({found[1]})"
    grade, why = provenance(events, audit)
    yield f"source {grade}: {why}"
    if cluster is not None and cluster.relation == "decoy":
        twins = "decoys" in seen
        yield (
            f"one of {len(cluster.sources)} addresses that sent the same probes at once: one sender and decoys; "
            + (
                "the shared IP IDs show it, but no logged field tells which address is its own"
                if twins
                else "the log gives no IP ID, so one sender is likely and not proven; which address is its own is not told"
            )
        )
    yield from _distance(seen, probes, tool)
    yield _hours(events)


def _distance(seen: dict[str, Observation], probes: Events, tool: str | None) -> Iterator[str]:
    if "ttl" not in seen:
        return
    known = probes.ttl[probes.is_known("ttl")]
    low, high = int(known.min()), int(known.max())
    if seen["ttl"].value.startswith("from "):
        initial = initial_ttl(high)
        hops = initial - high
        if hops > 32 or seen["ttl"].value == "from 32":
            yield f"TTL {high}: no usual start (64, 128, 255) lies near, so no distance"
        else:
            yield (
                f"the sender is about {hops} hops away if its packets started with TTL {initial}, the next usual value "
                f"from {high} up"
            )
    elif seen["ttl"].value == "band" and tool == "nmap" and high - low == _FULL_BAND:
        yield (
            f"the sender is about {_NMAP_LOW - low} hops away: nmap draws TTLs from {_NMAP_LOW}-{_NMAP_HIGH}, and "
            f"{low}-{high} is that whole range, shifted"
        )
    elif seen["ttl"].value == "band" and tool == "nmap" and _NMAP_LOW - low <= _NMAP_HIGH - high:
        nearest = max(0, _NMAP_LOW - low)
        yield (
            f"the sender is about {nearest} to {_NMAP_HIGH - high} hops away: nmap draws TTLs from {_NMAP_LOW}-{_NMAP_HIGH}, and "
            f"{low}-{high} is a part of that range, shifted"
        )
    else:
        yield "TTLs vary from packet to packet: no distance can be read from them"


def _hours(events: Events) -> str:
    hours = np.unique((events.ts // _HOUR) % 24)
    if len(hours) > _MOST_HOURS:
        return f"active in {len(hours)} of 24 hours of the day (UTC): no hours to read a zone from"
    busiest = ", ".join(f"{hour:02d}h" for hour in hours.tolist())
    guessed = bool(np.any(events.ts_quality >= TsQuality.GUESSED_YEAR))
    clock = "UTC, if the zone guessed for its stamps is right" if guessed else "UTC"
    return f"active at {busiest} {clock}; the log tells nothing of the source's own zone"
