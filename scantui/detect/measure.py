"""Measures: what the packets of each episode add up to, packet by packet, so that any prefix can be judged.

Only packets that ask count (roles PROBE and LATE). All arrays are over those rows, sorted by episode and time; a running
figure at row i is the figure of the episode's first packets up to i.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scantui.columns.group import first_seen, group_max, group_sum, previous_time, run_lengths, run_starts, running
from scantui.columns.sweep import NEVER, fan_out
from scantui.detect.episodes import Episodes
from scantui.detect.roles import Role, is_crafted, is_service, is_unsaid_flow, is_unsaid_tcp, roles
from scantui.detect.site import Site, service_key
from scantui.events import ACK, AE, CWR, ECE, FIN, MF, RST, SYN, Action, Events, Proto
from scantui.tables import HANDLES_FROM

Ints = NDArray[np.int64]

# Ports every client uses (IANA); a connection from the inside out to one of them is nobody's scan.
CLIENT_PORTS = np.array([25, 53, 80, 110, 123, 143, 443, 465, 587, 853, 993, 995, 3478, 5228, 8080, 8443])
FAR = (
    3_000_000  # microseconds; a scanner's retries mostly come sooner, and are few (nmap: 0.1 s to 1 s after the first)
)
MINUTE = 60_000_000
BURST = 15  # distinct targets in a minute (Zeek's and CrowdSec's vertical threshold is 15 ports)
TRACEROUTE_PORTS = (33_434, 33_700)
EPHEMERAL = 1024
# Packets that the asking side sent in a connection that was more than a look: SYN, ACK, data, ACK, FIN. What the inside has
# outside after that is use (Jung 2004: scans fail).
_CONVERSATION = 5
_STRAY_PORTS = 5  # distinct ports from which a stray answer shape can be told
_SWEPT_HOSTS = 10  # hosts of one port that bare ACKs must reach to be a sweep
_ECN = ECE | CWR | AE
_PROBED_PORTS = 3  # distinct ports of one host from which mid-connection packets look like an ACK or Maimon scan


@dataclass(frozen=True)
class Measures:
    """Running figures over the asking rows."""

    rows: Ints  # the asking rows' positions in the episodes' events
    episode: Ints  # episode of each
    start: Ints  # first of these rows, for each episode that has any
    pairs: Ints  # distinct (host, port, protocol)
    failed: Ints  # of them never let through
    let_through: Ints  # let through, and it says something
    used: Ints  # let through to a service that others use
    scattered: Ints  # to a high port of no known service, let through or from the inside out
    crafted: Ints  # distinct (target, flag set) that no system sends
    syns: Ints
    bare_syns: Ints
    source_ports: Ints  # distinct, of new TCP connections
    tcp_pairs: Ints  # distinct TCP targets with a known source port
    ttls: Ints
    tiny: Ints  # TCP fragments too small for a header
    unused: Ints  # pairs whose port nobody uses
    traceroute: Ints  # pairs in traceroute's shape
    far: Ints  # returns to a target after FAR
    let_in: Ints  # pairs let through
    far_in: Ints  # returns to those
    burst_at: Ints  # when BURST distinct targets within a minute were reached, NEVER if not
    hosts: Ints
    ports: Ints


def role_of(table: Episodes) -> NDArray[np.uint8]:
    """Roles of all rows; strays from one port of an unlisted service to high ports are told by their shape."""
    events = table.events
    role = roles(events)
    role[_answering(events, np.flatnonzero((role == Role.PROBE) & is_unsaid_tcp(events)))] = Role.REPLY
    _tell_strays(table, role)
    stray = (
        ((role == Role.LATE) | ((role == Role.PROBE) & ((events.proto == Proto.UDP) | is_unsaid_flow(events))))
        & events.is_known("dport")
        & events.is_known("sport")
    )
    rows = np.flatnonzero(stray)
    if not len(rows):
        return role
    # A conversation end: one source port of one source in one episode.
    group = table.of[rows] << 16 | events.sport[rows].astype(np.int64)
    order = np.argsort(group, kind="stable")
    rows, group = rows[order], group[order]
    starts = run_starts(group)
    fresh = first_seen(group, events.dport[rows])
    ports = group_sum(fresh, starts)
    low = group_sum(fresh & (events.dport[rows] < EPHEMERAL), starts)
    high = group_sum(fresh & (events.dport[rows] >= 32_768), starts)
    # NAT spreads its ports over 1024-65535, of which half are above 32767.
    reply = (ports >= _STRAY_PORTS) & (low == 0) & (high * 3 >= ports)
    role[rows[np.repeat(reply, run_lengths(starts, len(rows)))]] = Role.REPLY
    return role


def _answering(events: Events, rows: Ints) -> Ints:
    """Those of `rows` that are the answering direction of a connection of which both directions are among them: the later one, or
    where both are told at once, the one from the lower port."""
    rows = rows[events.is_known("sport")[rows] & events.is_known("dport")[rows]]
    if len(rows) < 2:
        return rows[:0]
    src, dst = events.src[rows].astype(np.uint64), events.dst[rows].astype(np.uint64)
    sport, dport = events.sport[rows].astype(np.uint64), events.dport[rows].astype(np.uint64)
    half, port = np.uint64(32), np.uint64(16)
    hosts = np.concatenate((src << half | dst, dst << half | src))
    ports = np.concatenate((sport << port | dport, dport << port | sport))
    order = np.lexsort((ports, hosts))
    starts = run_starts(hosts[order], ports[order])
    number = np.empty(len(order), np.int64)
    number[order] = np.repeat(np.arange(len(starts)), run_lengths(starts, len(order)))
    this, back = np.split(number, 2)
    first = np.full(len(starts), NEVER)
    np.minimum.at(first, this, events.ts[rows])
    asked, own = first[back], first[this]
    return rows[(asked < own) | ((asked == own) & (sport < dport))]


def _tell_strays(table: Episodes, role: NDArray[np.uint8]) -> None:
    """Mid-connection packets to one or two ports of a host are the rest of forgotten connections."""
    events = table.events
    rows = np.flatnonzero(role == Role.LATE)
    if not len(rows):
        return
    order = np.lexsort((events.dst[rows], table.of[rows]))
    rows = rows[order]
    starts = run_starts(table.of[rows], events.dst[rows])
    host = np.repeat(np.arange(len(starts)), run_lengths(starts, len(rows)))
    ports = group_sum(first_seen(host, events.dport[rows]), starts)
    stray = ports[host] < _PROBED_PORTS
    role[rows[stray & ~_ack_sweep(table, rows)]] = Role.STRAY


def _ack_sweep(table: Episodes, rows: Ints) -> NDArray[np.bool_]:
    """Rows of bare ACKs to one port of many hosts, a few to each: nmap -PA, which finds hosts behind a filter."""
    events = table.events
    group = table.of[rows] << 16 | events.dport[rows].astype(np.int64)
    order = np.lexsort((events.dst[rows], group))
    starts = run_starts(group[order])
    hosts = group_sum(first_seen(group[order], events.dst[rows][order]), starts)
    bare = group_sum((events.flags[rows][order] & ~np.uint16(_ECN)) == ACK, starts)
    count = run_lengths(starts, len(order))
    sweeping = (hosts >= _SWEPT_HOSTS) & (bare >= 0.9 * count) & (count <= 3 * hosts)
    marked = np.zeros(len(rows), np.bool_)
    marked[order] = np.repeat(sweeping, count)
    return marked


def _bare_syn(events: Events) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """SYNs, and those whose IP length leaves room for an MSS option at most (IPv4 44, IPv6 64 bytes)."""
    syn = (
        (events.proto == Proto.TCP)
        & events.is_known("flags")
        & ((events.flags & (SYN | ACK | RST | FIN)) == SYN)
        & events.is_known("length")
    )
    most = np.where(events.src >= HANDLES_FROM, 64, 44)
    return syn, syn & (events.length <= most)


def measure(table: Episodes, role: NDArray[np.uint8], site: Site) -> Measures:
    """Running figures of every episode's asking rows."""
    rows = np.flatnonzero((role == Role.PROBE) | (role == Role.LATE))
    events, episode = table.events.take(rows), table.of[rows]
    start = run_starts(episode) if len(rows) else rows
    ported = events.is_known("dport")
    key = service_key(events)
    fresh = first_seen(episode, key)
    accepted = _ever(episode, key, events.action == Action.ACCEPT)
    refused = _ever(episode, key, (events.action == Action.DROP) | (events.action == Action.REJECT))
    port_key = np.where(ported, events.dport, 0).astype(np.int64) << 8 | events.proto_num
    fresh_host, fresh_port = first_seen(episode, events.dst), first_seen(episode, port_key) & ported
    peer_port = ported & (events.dport >= EPHEMERAL) & ~is_service(events.dport)
    used = site.uses(key)
    client = ported & np.isin(events.dport, CLIENT_PORTS)
    outward = site.inside(events.src) & ~site.inside(events.dst)
    # A log that does not say what became of a packet: from outside it counts as refused; what the inside sends out is use.
    unsaid_use = ~accepted & ~refused & outward
    # A service in use that now refuses is an outage, or a source that was shut out.
    failed = ~accepted & ~unsaid_use & ~used
    talked = _ever(episode, key, events.is_known("answered") & (events.answered != 0) & (events.count >= _CONVERSATION))
    says = (accepted | unsaid_use) & ~used & ~((client | talked) & outward)
    peer = peer_port & ~used & (accepted | outward)
    tcp, udp = events.proto == Proto.TCP, events.proto == Proto.UDP
    crafted = is_crafted(events)
    syn, bare = _bare_syn(events)
    sported = tcp & events.is_known("sport") & ((events.flags & (SYN | ACK)) != (SYN | ACK))
    tiny = tcp & ~ported & (~events.is_known("length") | (events.length < 60) | ((events.frag & MF) != 0))
    trace = udp & ported & (events.dport >= TRACEROUTE_PORTS[0]) & (events.dport <= TRACEROUTE_PORTS[1])
    far = ~fresh & (events.ts - previous_time(episode, key, events.ts) > FAR)

    def total(mask: Any) -> Ints:
        return running(np.asarray(mask, np.int64), start)

    return Measures(
        rows=rows,
        episode=episode,
        start=start,
        pairs=total(fresh),
        failed=total(fresh & failed),
        let_through=total(fresh & says),
        used=total(fresh & accepted & used),
        scattered=total(fresh & peer),
        crafted=total(crafted & first_seen(episode, key, events.flags)),
        syns=total(syn),
        bare_syns=total(bare),
        source_ports=total(first_seen(episode, np.where(sported, events.sport.astype(np.int64), -1)) & sported),
        tcp_pairs=total(sported & first_seen(episode, np.where(sported, key, 0))),
        ttls=total(
            first_seen(episode, np.where(events.is_known("ttl"), events.ttl.astype(np.int64), -1))
            & events.is_known("ttl")
        ),
        tiny=total(tiny),
        unused=total(fresh & ported & ~accepted & ~site.uses_port(events.dport)),
        traceroute=total(fresh & trace),
        far=total(far),
        let_in=total(fresh & accepted),
        far_in=total(far & accepted),
        burst_at=_burst(events, episode, key, len(table)),
        hosts=total(fresh_host),
        ports=total(fresh_port),
    )


def _ever(episode: Ints, key: NDArray[np.uint64], mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows whose (episode, target) is marked at least once."""
    result = np.zeros(len(episode), np.bool_)
    if not len(episode):
        return result
    order = np.lexsort((key, episode))
    starts = run_starts(episode[order], key[order])
    ever = group_max(mark[order].astype(np.int8), starts) > 0
    result[order] = np.repeat(ever, run_lengths(starts, len(order)))
    return result


def _burst(events: Events, episode: Ints, key: NDArray[np.uint64], count: int) -> Ints:
    """When each episode first had BURST distinct targets within a minute, by episode number."""
    crossed = np.full(count, NEVER, np.int64)
    peaks = fan_out(events.ts, episode, key, MINUTE, BURST)
    crossed[peaks.group] = peaks.crossed
    return crossed
