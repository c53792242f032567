"""What a scanner chose to do: source ports, retries, order of ports and hosts. Any script can choose the same."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen
from scantui.detect.site import service_key
from scantui.events import Events
from scantui.explain.headers import counter
from scantui.explain.observation import Observation
from scantui.explain.probes import Probes

# nmap sends these first of those it scans, shuffled (portlist.cc, random_port_cheat: top 25 TCP ports, 113, 554 and 256).
POPULAR = (
    80, 23, 443, 21, 22, 25, 3389, 110, 445, 139, 143, 53, 135, 3306, 8080, 1723, 111, 995, 993, 5900, 1025, 587, 8888, 199,
    1720, 113, 554, 256,
)  # fmt: skip
# Of these, what other programs' short lists of well-known ports leave out (nmap's own top 20 has none of them): that they
# come first is what tells nmap's order from anybody's "important ports first".
_PECULIAR = (1025, 587, 8888, 199, 1720, 113, 554, 256)
_PECULIAR_ENOUGH = 3
_LEAST = 8  # ports or hosts that show an order
_BY_CHANCE = 1e-5  # chance of so many popular ports in front below which it is no accident
_IN_FRONT = 0.9  # of the popular ports scanned; lines lost or late move a few
_SHUFFLED = 4.0  # standard deviations from the ascents of a random order
_WELL_KNOWN = 1024
_OFTEN = 10  # times the usual number of packets: another use of that port, not a retry
_MOST_SHIFT = 16  # nmap's retries leave from a port a few above the first (scan_engine_raw.cc)


def behaviour_observations(probes: Probes) -> Iterator[Observation]:
    """One observation for each choice that these probes show."""
    rows = probes.rows
    if probes.proto not in ("tcp", "udp") or not rows.is_known("dport").all():
        yield from _hosts(rows.dst)
        return
    fresh = probes.fresh()
    first = rows.take(fresh)
    if rows.is_known("sport").all():
        yield from _sport(first)
        yield from _retry(rows, fresh)
    yield from _tries(np.unique(service_key(rows), return_counts=True)[1])
    if probes.proto == "tcp":
        yield from _ports(first)
    yield from _order(first, tcp=probes.proto == "tcp")
    yield from _hosts(first.dst)


def _sport(first: Events) -> Iterator[Observation]:
    sport = first.sport
    if len(sport) < 3:
        return
    distinct = len(np.unique(sport))
    if distinct == 1:
        value = str(int(sport[0])) if sport[0] < _WELL_KNOWN else "constant"
        yield Observation("sport", value, f"source port {int(sport[0])} for every first try", "constant")
    elif np.mean(sport == first.dport) >= 0.95:
        yield Observation("sport", "as dport", "source port = destination port")
    elif counter(sport):
        same = len(np.unique((sport.astype(np.int64) - first.dport) % 65536)) == 1
        text = "source port and destination port step together" if same else "the source port counts up"
        yield Observation("sport", "counter", f"{text} from {int(sport[0])}")
    elif distinct <= max(2, len(sport) // 4):
        yield Observation("sport", "few", f"{distinct} source ports, {int(sport.min())} to {int(sport.max())}")
    else:
        yield Observation(
            "sport", "random", f"{distinct:,} source ports in {len(sport):,}, {int(sport.min())} to {int(sport.max())}"
        )


def _retry(rows: Events, fresh: NDArray[np.bool_]) -> Iterator[Observation]:
    again = np.flatnonzero(~fresh)
    if len(again) < 3:
        return
    _, member = np.unique(service_key(rows), return_inverse=True)
    first = np.zeros(member.max() + 1, np.int64)
    first[member[fresh]] = rows.sport[fresh]
    shift = rows.sport[again].astype(np.int64) - first[member[again]]
    if np.mean(shift == 0) >= 0.9:
        yield Observation("retry", "same", f"{len(again):,} retries, from the same source port")
    elif np.mean((shift > 0) & (shift <= _MOST_SHIFT)) >= 0.8 and len(np.unique(shift)) <= 10:
        low, high = int(shift[shift > 0].min()), int(np.median(shift[shift > 0]))
        text = f"+{low}" if low == high else f"+{low} or more"
        yield Observation("retry", "shifted", f"{len(again):,} retries, from the first try's source port {text}")
    else:
        yield Observation("retry", "new", f"{len(again):,} retries, from other source ports")


def _tries(counts: NDArray[np.int64]) -> Iterator[Observation]:
    """Packets a target port, by `counts` of each; the few targets asked far more often than the rest are told apart."""
    usual = counts[counts <= max(_OFTEN, _OFTEN * int(np.median(counts)))]
    each, often = float(np.mean(usual)), len(counts) - len(usual)
    value = "many"
    for name, limit in (("once", 1.05), ("some", 1.5), ("twice", 2.5), ("many", 7.0), ("eight", 8.1)):
        if each <= limit:
            value = name
            break
    text = "one packet a target port" if value == "once" else f"{each:.1f} packets a target port"
    more = f", but {often:,} of them up to {int(counts.max()):,} times" if often else ""
    yield Observation("tries", value, text + more)


def _ports(first: Events) -> Iterator[Observation]:
    if len(first) < 10:
        return
    telnet, other = int(np.count_nonzero(first.dport == 23)), int(np.count_nonzero(first.dport == 2323))
    if telnet + other >= 0.95 * len(first) and telnet > 3 * other:
        value = "23 and 2323" if other else "23"
        yield Observation("ports", value, f"port 23 {telnet:,} times" + (f", 2323 {other:,} times" if other else ""))
    else:
        yield Observation("ports", "other", f"{len(np.unique(first.dport)):,} ports")


def _order(first: Events, *, tcp: bool) -> Iterator[Observation]:
    """The order of ports at the target that was asked for most."""
    hosts, counts = np.unique(first.dst, return_counts=True)
    ports = first.dport[first.dst == hosts[np.argmax(counts)]].astype(np.int64)
    if len(ports) < _LEAST:
        return
    rising = float(np.mean(np.diff(ports) > 0))
    if rising >= 0.9:
        yield Observation("order", "ascending", "ports in ascending order")
        return
    if rising <= 0.1:
        yield Observation("order", "descending", "ports in descending order")
        return
    popular = np.isin(ports, POPULAR)
    wanted = int(np.count_nonzero(popular))
    hits = int(np.count_nonzero(popular[:wanted]))
    ranks = [POPULAR.index(port) for port in ports[popular].tolist()]
    if len(ranks) >= 5 and float(np.mean(np.diff(ranks) > 0)) >= 0.8:  # a list by frequency, as many programs carry one
        yield Observation("order", "by popularity", "the popular ports in the order of their popularity")
        return
    chance = by_chance(len(ports), wanted, hits)
    peculiar = int(np.count_nonzero(np.isin(ports[:wanted], _PECULIAR)))
    shuffled = _is_shuffled(ports[:wanted]) and _is_shuffled(ports[wanted:])
    in_front = wanted and hits >= _IN_FRONT * wanted and chance <= _BY_CHANCE
    if tcp and in_front and shuffled and peculiar >= _PECULIAR_ENOUGH:  # nmap orders TCP ports only
        text = (
            f"{hits} of the {wanted} popular ports that nmap puts first come first, {peculiar} of them on few other "
            f"lists, and both parts are shuffled (by chance: {chance:.0e})"
        )
        yield Observation("order", "popular first", text, decisive=True)
        return
    yield Observation("order", "shuffled", f"{len(ports):,} ports in no order")


def _is_shuffled(values: NDArray[np.int64]) -> bool:
    """Whether so many ascents are what a random order shows: (n - 1)/2 on average, variance (n + 1)/12."""
    if len(values) < 2:
        return True
    ascents = int(np.count_nonzero(np.diff(values) > 0))
    return abs(ascents - (len(values) - 1) / 2) <= _SHUFFLED * float(np.sqrt((len(values) + 1) / 12))


def by_chance(ports: int, popular: int, hits: int) -> float:
    """Chance that at least `hits` of the first `popular` ports are popular ones when the order is random (hypergeometric)."""
    if not 0 < popular <= ports:
        return 1.0
    ways = sum(comb(popular, k) * comb(ports - popular, popular - k) for k in range(hits, popular + 1))
    return ways / comb(ports, popular)


def _hosts(dst: NDArray[np.uint32]) -> Iterator[Observation]:
    hosts = dst[first_seen(np.zeros(len(dst), np.uint8), dst)].astype(np.int64)
    if len(hosts) < _LEAST:
        return
    rising = float(np.mean(np.diff(hosts) > 0))
    value = "ascending" if rising >= 0.85 else "shuffled"
    yield Observation("hosts", value, f"{len(hosts):,} hosts in {'ascending' if value == 'ascending' else 'no'} order")
