"""Clusters: scans with one signature that run at one time against the same targets or the same ports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen
from scantui.detect.scan import Cluster, Scan, Verdict
from scantui.detect.site import service_key
from scantui.events import Events, flag_bits

_SLACK = 60_000_000  # microseconds between the end of one scan and the start of the next of a cluster
_TOGETHER = 1_000_000  # decoys send the same probe within a millisecond; logs with whole seconds blur it
_FEW_PORTS = 4
_LOOKED_AT = 2_000  # probes of a member; more add nothing to how it relates to the others
Probes = Callable[[Scan], Events]


def _mode(value: int | str | None) -> str:
    """constant, few, many or unknown."""
    if value is None:
        return "unknown"
    return "constant" if isinstance(value, int) else "few" if " or " in value else "many"


def _likeness(scan: Scan) -> tuple[object, ...]:
    """What two scans of one cluster must share in their packets. Values that one tool sets alike at every source count as
    they are; values that differ by path or by bot count by how they vary."""
    fields = scan.signature.fields
    sport = fields.get("sport")
    steady = "steady" if _mode(sport) in ("constant", "few") else _mode(sport)
    ttl = _mode(fields.get("ttl"))
    return (
        scan.techniques[:1],
        fields.get("flags"),
        fields.get("length"),
        fields.get("tcp_options"),
        steady,
        "many" if ttl == "many" else "unknown" if ttl == "unknown" else "steady",
        _mode(fields.get("window")),
    )


def _meeting_points(scan: Scan) -> Iterable[tuple[object, ...]]:
    """Where two scans can meet: the same set of targets, or the same few ports."""
    if scan.targets <= len(scan.target_list):
        yield "targets", frozenset(scan.target_list)
    if 0 < scan.ports <= _FEW_PORTS:
        yield "port", scan.port_list[0]


def clusters_of(scans: Sequence[Scan], probes: Probes, log: Events) -> list[Cluster]:
    """Clusters of the scans with that verdict, each of two sources or more. `probes` gives a scan's packets, in time
    order; `log` is the traffic around them, in which a shared signature may be common or rare."""
    found = [scan for scan in scans if scan.verdict is Verdict.SCAN]
    meet: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, scan in enumerate(found):
        for point in _meeting_points(scan):
            meet[(_likeness(scan), *point)].append(i)
    parent = list(range(len(found)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for members in meet.values():
        members.sort(key=lambda i: found[i].first)
        until, last = -(1 << 62), -1
        for i in members:
            scan = found[i]
            if last >= 0 and scan.first <= until + _SLACK:
                parent[root(i)] = root(last)
            until, last = max(until, scan.last), i
    groups: dict[int, list[Scan]] = defaultdict(list)
    for i, scan in enumerate(found):
        groups[root(i)].append(scan)
    made = [
        _cluster(sorted(group, key=lambda scan: (scan.first, scan.id)), probes, log)
        for group in groups.values()
        if len({scan.source for scan in group}) > 1
    ]
    return sorted(made, key=lambda cluster: (cluster.first, cluster.id))


def _cluster(scans: list[Scan], probes: Probes, log: Events) -> Cluster:
    sources = tuple(dict.fromkeys(scan.source for scan in scans))
    shared = {
        name: value
        for name, value in scans[0].signature.fields.items()
        if all(scan.signature.fields.get(name) == value for scan in scans)
    }
    relation, why = _relation([probes(scan).take(slice(0, _LOOKED_AT)) for scan in scans])
    first, last = min(scan.first for scan in scans), max(scan.last for scan in scans)
    words = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shared.items()) or "their technique"
    where = _networks(sources, log)
    text = f"{len(sources)} sources{where} share {words} ({_rarity(shared, sources, log)}); {why}"
    return Cluster(
        f"c-{scans[0].id}", tuple(scan.id for scan in scans), sources, relation, dict(shared), first, last, text
    )


def _networks(sources: tuple[int, ...], log: Events) -> str:
    """In how many networks the sources are: /24 for IPv4, /48 for IPv6 (what one site is given, RFC 6177)."""
    packed = [log.tables.addresses.packed(code) for code in sources]
    four = len({address[:3] for address in packed if len(address) == 4})
    six = len({address[:6] for address in packed if len(address) == 16})
    parts = [
        f"{count:,} {name}{'' if count == 1 else 's'}"
        for count, name in ((four, "/24 network"), (six, "/48 network"))
        if count
    ]
    return f" in {' and '.join(parts)}"


def _rarity(shared: dict[str, int | str], sources: tuple[int, ...], log: Events) -> str:
    """How many of the other sources' packets look so too, by the shared fields that are one value."""
    others = ~np.isin(log.src, np.array(sources, np.uint32))
    alike, said = others.copy(), 0
    for name in ("window", "length", "sport", "ttl"):
        value = shared.get(name)
        if isinstance(value, int):
            alike &= log.is_known(name) & (getattr(log, name) == value)
            said += 1
    flags = shared.get("flags")
    if isinstance(flags, str) and "," not in flags:
        alike &= log.is_known("flags") & (log.flags == flag_bits(flags))
        said += 1
    total = int(np.count_nonzero(others))
    if not said or not total:
        return "nothing else in this log to compare with" if not total else "no single value to look for elsewhere"
    share = np.count_nonzero(alike) / total
    return f"{share:.2%} of the other packets look so too" if share else "no other packet in this log looks so"


def _relation(members: list[Events]) -> tuple[str, str]:
    """How the members belong together, and the fact it rests on."""
    probes = [_probe_keys(events) for events in members]
    joint = np.concatenate(probes)
    owner = np.repeat(np.arange(len(members)), [len(keys) for keys in probes])
    keys, count = np.unique(joint[first_seen(joint, owner)], return_counts=True)
    if len(keys) and float(np.mean(count >= min(len(members), 3))) >= 0.5:
        fields = (
            "IP ID, source port and target" if members[0].is_known("ip_id").any() else "source port, target and second"
        )
        return "decoy", f"their probes carry the same {fields} at the same time: one sender behind several addresses"
    targets = np.concatenate([np.unique(service_key(events)) for events in members])
    _, touched = np.unique(targets, return_counts=True)
    starts = [int(events.ts[0]) for events in members]
    spread = max(starts) - min(starts)
    if float(np.mean(touched == 1)) >= 0.8 and spread <= 10 * _SLACK:
        return "distributed", "each takes its own part of the targets and they began together"
    return "campaign", "they ran at the same time against the same targets or ports; what they send is alike"


def _probe_keys(events: Events) -> NDArray[np.uint64]:
    """One number a probe: target port, source port, IP ID where logged, and the second."""
    ip_id = np.where(events.is_known("ip_id"), events.ip_id, 0).astype(np.uint64)
    key = (
        events.dport.astype(np.uint64) << np.uint64(48)
        | events.sport.astype(np.uint64) << np.uint64(32)
        | ip_id << np.uint64(16)
    )
    return np.unique(key ^ (events.ts // _TOGETHER).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
