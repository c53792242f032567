"""Detection: `detect(events)` is a pure function from event columns to scans and clusters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen
from scantui.detect import weights as w
from scantui.detect.allow import excuse
from scantui.detect.clusters import Probes, clusters_of
from scantui.detect.episodes import LONG_SILENCE, Episodes, episodes
from scantui.detect.flood import PACKETS as FLOOD_PACKETS
from scantui.detect.flood import floods
from scantui.detect.interest import interest_of
from scantui.detect.judge import PIECES, figures, paths
from scantui.detect.kind import kind_of
from scantui.detect.knobs import Knobs
from scantui.detect.measure import Measures, measure, role_of
from scantui.detect.noticed import with_notices
from scantui.detect.prefixes import judge_networks
from scantui.detect.resume import resumed
from scantui.detect.roles import Role, is_unsaid_tcp
from scantui.detect.scan import Cluster, Evidence, Kind, Scan, Signature, Verdict
from scantui.detect.signature import signature
from scantui.detect.site import Site, service_key, survey
from scantui.detect.technique import techniques
from scantui.events import Events, Proto, concat, notices, without_notices

DEFAULT = Knobs()
FLOOR = 5  # distinct targets from which a harmless source is worth a row of its own
_TARGETS_KEPT = 256
SLOW_GAP = (
    5_000_000  # microseconds: a median time between probes above nmap -T2's 0.4 s and -T1's floor of detection tools
)


@dataclass(frozen=True)
class Detection:
    """All episodes worth a row, by first event, and the clusters of those that scan."""

    scans: tuple[Scan, ...]
    clusters: tuple[Cluster, ...]
    site: Site


def detect(events: Events, site: Site | None = None, knobs: Knobs = DEFAULT) -> Detection:
    """Find the scans in a batch of events (any order). `site` is what a larger log says of the site; these events if None."""
    return detect_in([events], events, site, knobs)


def detect_in(batches: Sequence[Events], log: Events, site: Site | None = None, knobs: Knobs = DEFAULT) -> Detection:
    """`detect` over events in several batches, without ever holding a copy of them all. `log` is the traffic that the
    clusters' signatures are held against."""
    site = site or survey(batches, knobs.home)
    interest = interest_of(batches, sum(map(len, batches)))
    found = judge_sources(concat([interest.worth_a_look(batch) for batch in batches], log.tables), site, knobs)
    probes = {scan.id: asking for scan, asking in found}
    rows = [scan for scan, _ in found] + floods(batches, lambda batch: interest.seldom(batch, FLOOD_PACKETS))
    scans, clusters = cluster(rows, lambda scan: probes[scan.id], without_notices(log))
    return Detection(scans, clusters, site)


def cluster(found: Iterable[Scan], probes: Probes, log: Events) -> tuple[tuple[Scan, ...], tuple[Cluster, ...]]:
    """The scans by first event, each with its cluster, and the clusters. `log` is what their signatures are held against."""
    ordered = sorted(found, key=lambda scan: (scan.first, scan.id))
    clusters = clusters_of(ordered, probes, log)
    member = {scan_id: group.id for group in clusters for scan_id in group.scans}
    return tuple(replace(scan, cluster=member.get(scan.id)) for scan in ordered), tuple(clusters)


def judge_sources(events: Events, site: Site, knobs: Knobs = DEFAULT) -> list[tuple[Scan, Events]]:
    """The episodes worth a row with the packets that speak, of every source in `events` and every IPv6 /64; all their events
    must be there."""
    if not len(events):
        return []
    sent, addresses = without_notices(events), events.tables.addresses
    found = _judge(sent, site, knobs)
    scanning = [scan.source for scan, _ in found if scan.verdict is Verdict.SCAN]
    found += judge_networks(sent, scanning, lambda rows: _judge(rows, site, knobs))
    found = resumed([(excuse(scan, knobs.allowed, addresses), asking) for scan, asking in found])
    found, alone = with_notices(found, notices(events), sent)
    return found + [(excuse(scan, knobs.allowed, addresses), sent.take(slice(0, 0))) for scan in alone]


def _judge(events: Events, site: Site, knobs: Knobs) -> list[tuple[Scan, Events]]:
    """The episodes of every source, each by itself; of sources that come to nothing so, the days together."""
    looked_at = interest_of([events], len(events)).worth_a_look(events)
    table = episodes(looked_at)
    found = _judge_episodes(table, site, knobs)
    told = np.array([scan.source for scan, _ in found], np.uint32)
    sources, parts = np.unique(table.events.src[table.start], return_counts=True)
    left = np.setdiff1d(sources[parts > 1], told)
    if len(left):
        longer = episodes(looked_at.take(np.isin(looked_at.src, left)), LONG_SILENCE)
        found += [
            (scan, asking)
            for scan, asking in _judge_episodes(longer, site, knobs)
            if scan.verdict is not Verdict.BENIGN
        ]
    return found


def _judge_episodes(table: Episodes, site: Site, knobs: Knobs) -> list[tuple[Scan, Events]]:
    """The episodes that are worth a row."""
    role = role_of(table)
    measures = measure(table, role, site)
    ts = table.events.ts[measures.rows]
    score, pieces = paths(measures, ts, tells_accepts=site.tells_accepts)
    found: list[tuple[Scan, Events]] = []
    ends = np.append(measures.start[1:], len(measures.rows)) - 1 if len(measures.start) else measures.start
    asked = np.zeros(len(table), np.bool_)
    for first, last in zip(measures.start.tolist(), ends.tolist(), strict=True):
        if score[last] >= w.SUSPECT or measures.pairs[last] >= FLOOR:
            asked[measures.episode[last]] = True
            found.append(_scan(table, measures, score, pieces, ts, first, last, knobs.scan_from))
    return found + _answers(table, role, asked)


def _scan(
    table: Episodes,
    m: Measures,
    score: NDArray[np.float64],
    pieces: dict[str, NDArray[np.float64]],
    ts: NDArray[np.int64],
    first: int,
    last: int,
    scan_from: float,
) -> tuple[Scan, Events]:
    """One episode's scan, from its asking rows `first..last`."""
    asking = table.events.take(m.rows[first : last + 1])
    final = float(score[last])
    verdict = Verdict.SCAN if final >= scan_from else Verdict.SUSPECT if final >= w.SUSPECT else Verdict.BENIGN
    facts = figures(m, last)
    evidence = tuple(
        sorted(
            (
                Evidence(piece.name, round(float(pieces[piece.name][last]), 2), piece.text(facts))
                for piece in PIECES
                if piece.name in pieces and pieces[piece.name][last] != 0
            ),
            key=lambda piece: -abs(piece.weight),
        )
    )
    evidence += (Evidence("prior", w.PRIOR, "a source picked at random; most do not scan"),)
    flagged = int(ts[first + int(np.argmax(score[first : last + 1] >= scan_from))]) if verdict is Verdict.SCAN else None
    names = techniques(asking)
    kind = kind_of(asking, facts["hosts"], facts["ports"]) if verdict is not Verdict.BENIGN else Kind.TRAFFIC
    if kind is Kind.FINGERPRINT:
        names = ("os", *names)  # nmap -O
    scan = _row(asking, kind, names, verdict, final, evidence, flagged, signature(asking, names))
    return scan, asking


def _row(
    asking: Events,
    kind: Kind,
    names: tuple[str, ...],
    verdict: Verdict,
    score: float,
    evidence: tuple[Evidence, ...],
    flagged: int | None,
    sign: Signature,
) -> Scan:
    source, first, last = int(asking.src[0]), int(asking.ts[0]), int(asking.ts[-1])
    ports = np.unique(asking.dport[asking.is_known("dport")])
    fresh_targets = asking.dst[first_seen(np.zeros(len(asking), np.uint8), asking.dst)]
    fresh = first_seen(np.zeros(len(asking), np.uint8), service_key(asking))
    gaps = np.diff(asking.ts[fresh])
    address = asking.tables.addresses.text(source)
    return Scan(
        id=f"{address}@{first}",
        source=source,
        kind=kind,
        slow=bool(len(gaps) >= 3 and float(np.median(gaps)) >= SLOW_GAP),
        proto=_proto_name(asking),
        techniques=names,
        first=first,
        last=last,
        flagged_at=flagged,
        events=len(asking),
        packets=int(asking.count.sum(dtype=np.int64)),
        targets=len(fresh_targets),
        ports=len(ports),
        port_list=tuple(ports.tolist()),
        target_list=tuple(fresh_targets[:_TARGETS_KEPT].tolist()),
        score=round(score, 2),
        verdict=verdict,
        signature=sign,
        evidence=evidence,
    )


def _proto_name(asking: Events) -> str:
    """The protocol of most packets, by name; `ip` when there are many."""
    numbers, counts = np.unique(asking.proto, return_counts=True)
    if len(np.unique(asking.proto_num)) >= 5:
        return "ip"
    return Proto(int(numbers[np.argmax(counts)])).name.lower()


def _answers(table: Episodes, role: NDArray[np.uint8], asked: NDArray[np.bool_]) -> list[tuple[Scan, Events]]:
    """Episodes that only answered: late replies and backscatter, told as what they are."""
    found = []
    rows = np.flatnonzero((role == Role.REPLY) | (role == Role.ANSWER))
    key = service_key(table.events)[rows]
    fresh = first_seen(table.of[rows], key)
    count = np.bincount(table.of[rows][fresh], minlength=len(table))
    for episode in np.flatnonzero((count >= FLOOR) & ~asked).tolist():
        mine = rows[table.of[rows] == episode] if len(table) < 64 else _rows_of(rows, table, episode)
        events = table.events.take(mine)
        replies = int(np.count_nonzero(role[mine] == Role.REPLY))
        back = len(mine) - replies
        kind = Kind.BACKSCATTER if back > replies else Kind.REPLIES
        names = techniques(events)
        what = (
            "answers (SYN-ACK, RST, ICMP errors) to packets that carried this site's addresses"
            if kind is Kind.BACKSCATTER
            else "shaped as a server's side of connections; the log tells no flags, which would show who asked"
            if np.count_nonzero(is_unsaid_tcp(events)) * 2 > len(mine)
            else "packets from a service's port to high ports: answers that came after the firewall forgot the question"
        )
        evidence = (
            Evidence("answer shape", -8.0, f"{max(back, replies):,} of {len(mine):,} are {what}"),
            Evidence("prior", w.PRIOR, "a source picked at random; most do not scan"),
        )
        found.append(
            (
                _row(
                    events,
                    kind,
                    names,
                    Verdict.BENIGN,
                    w.PRIOR - 8.0,
                    evidence,
                    None,
                    signature(events, names),
                ),
                events,
            )
        )
    return found


def _rows_of(rows: NDArray[np.int64], table: Episodes, episode: int) -> NDArray[Any]:
    low, high = np.searchsorted(rows, (table.start[episode], table.end[episode]))
    return rows[low:high]
