"""What a log can never show, from what is in it: fields, actions, flags, stamps and signs of a rate limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Action, Events, Proto, TsQuality, without_notices
from scantui.explain.limits import Limit, cut_bursts, limit_of, once_each
from scantui.tables import HANDLES_FROM, NO_ADDRESS

_MOST_RULES = 64
_LIMIT_ROWS = 200_000  # newest events in which limits are looked for
_NOTICES_ONLY = "the log has only what other detectors concluded: no packet, port or flag to judge by"
_ENOUGH = 50  # events from which a thing's absence says something
_ODD_ENOUGH = 200  # TCP packets with flags among which an odd set would be expected, if odd sets were logged
_ODD = (0, FIN, SYN | FIN, FIN | PSH | URG, FIN | URG)
_PLAIN = np.uint16(FIN | SYN | RST | PSH | ACK | URG)


@dataclass(frozen=True, slots=True)
class FeedReport:
    """`cannot_see`: one sentence each, the gravest first; `best`: the one setting that would help most, "" if none would.
    `tells_accepts`: the log has accepted packets at all."""

    cannot_see: tuple[str, ...] = ()
    best: str = ""
    tells_accepts: bool = False
    tells_answers: bool = False


def feed_report(events: Events) -> FeedReport:
    """What these events' log cannot show. Says nothing of logs too small to tell."""
    sent = without_notices(events)
    if len(events) and not len(sent):
        return FeedReport((_NOTICES_ONLY,))
    events = sent
    accepts = bool((events.action == Action.ACCEPT).any())
    answers = bool(events.is_known("answered").any())
    if len(events) < _ENOUGH:
        return FeedReport(tells_accepts=accepts, tells_answers=answers)
    found = list(_gaps(events))
    return FeedReport(
        tuple(text for _, text, _ in sorted(found, key=lambda gap: -gap[0])),
        max(found, key=lambda gap: gap[0] if gap[2] else -1.0, default=(0.0, "", ""))[2],
        accepts,
        answers,
    )


def _share(events: Events, name: str, among: NDArray[np.bool_]) -> float:
    """Share of the rows `among` for which the log gave a column."""
    return float(np.mean(events.is_known(name)[among])) if among.any() else 1.0


def _gaps(events: Events) -> Iterator[tuple[float, str, str]]:
    """(how grave, what cannot be seen, the setting that would show it)."""
    tcp = events.proto == Proto.TCP
    for limit in limits(events):
        yield (
            10.0,
            f"the log looks rate-limited{limit.where}: {limit.text}, so most packets of a burst are never logged and "
            "counts of packets and ports are lower bounds",
            "log without a limit (ufw: ufw logging full; iptables: drop -m limit from the LOG rule)",
        )
    yield from _fields(events, tcp)
    yield from _actions(events)
    yield from _targets(events)
    yield from _stamps(events)


def _fields(events: Events, tcp: NDArray[np.bool_]) -> Iterator[tuple[float, str, str]]:
    flagged = _share(events, "flags", tcp)
    if tcp.any() and flagged < 0.05:
        yield (
            9.0,
            "no TCP flags: SYN, FIN, NULL, XMAS and ACK scans cannot be told apart, nor answers from probes",
            "log TCP flags",
        )
    elif np.count_nonzero(tcp) >= _ODD_ENOUGH and flagged > 0.5:
        bare = np.unique(events.flags[tcp & events.is_known("flags")] & _PLAIN)
        dropped = np.isin(events.action[tcp], (Action.DROP, Action.REJECT, Action.UNKNOWN)).any()
        if np.all(bare == SYN):
            yield (
                6.5,
                "only opening SYNs are logged: NULL, FIN, XMAS, SYN-FIN, ACK and Maimon scans cannot be seen, nor SYN-ACK and "
                "RST, which tell backscatter and answers",
                "log packets of state INVALID and TCP without SYN before they are dropped",
            )
        elif dropped and not np.isin(bare, _ODD).any():
            yield (
                6.0,
                "no NULL, FIN, XMAS or SYN-FIN packet was ever logged: either none came, or the firewall drops packets "
                "of conntrack state INVALID without a log line (then such scans cannot be seen)",
                "log packets of state INVALID before they are dropped (ufw: loglevel medium)",
            )
    headers = [
        (title, _share(events, name, tcp if tcp.any() else np.ones(len(events), np.bool_)))
        for name, title in (("ttl", "TTL"), ("window", "window"), ("ip_id", "IP ID"), ("length", "length"))
    ]
    lost = [title for title, share in headers if share < 0.05]
    if lost and (tcp.any() or "TTL" in lost):
        yield (
            7.0,
            f"no {_list(lost)}: tools, decoys and distance cannot be told from packets, only from ports and order",
            "log whole packet headers (netfilter LOG, or nflog, gives TTL, window, IP ID and length)",
        )
    elif tcp.any() and _share(events, "seq", tcp) < 0.05:
        yield (
            3.0,
            "no TCP sequence numbers: Mirai's and masscan's marks and nmap's constant sequence number cannot be seen",
            "add --log-tcp-sequence to the LOG rule (nft: log flags tcp sequence,options)",
        )
    if tcp.any() and not lost and not (events.tcp_options > 0).any() and _share(events, "length", tcp) > 0.5:
        yield (
            2.0,
            "no TCP options: system stacks and raw probes are told apart by length only",
            ("add --log-tcp-options to the LOG rule (nft: log flags tcp sequence,options)"),
        )


def _actions(events: Events) -> Iterator[tuple[float, str, str]]:
    actions = set(np.unique(events.action).tolist())
    stopped, passed = {Action.DROP, Action.REJECT} & actions, Action.ACCEPT in actions
    if stopped and not passed:
        yield (
            5.0,
            "only stopped packets are logged: which probes were let through, and answers to them, cannot be seen",
            "log new accepted connections too",
        )
    elif passed and not stopped:
        yield (
            8.0,
            "only accepted packets are logged: probes of closed and filtered ports, most of any scan, cannot be seen",
            "log dropped packets",
        )
    elif not stopped and not passed and actions <= {Action.UNKNOWN, Action.OBSERVED}:
        yield 1.0, "no action: what the firewall did with a packet cannot be seen", ""


def _targets(events: Events) -> Iterator[tuple[float, str, str]]:
    hosts = np.unique(events.dst)
    if len(events) >= _ODD_ENOUGH and len(hosts) == 1:
        yield (
            4.0,
            "one target only: a sweep across many hosts shows here as a single probe, and cannot be told from a stray one",
            "",
        )
    tcp = events.proto == Proto.TCP
    opening = tcp & events.is_known("flags") & ((events.flags & np.uint16(SYN | ACK)) == SYN)
    two_way = bool(np.isin(events.src, np.unique(events.dst[opening])).any()) or bool(events.is_known("answered").any())
    if np.count_nonzero(opening) >= _ODD_ENOUGH and not two_way:
        yield 1.0, "no packet of a target is logged: whether a port that was let through is open cannot be seen", ""


def _stamps(events: Events) -> Iterator[tuple[float, str, str]]:
    quality = np.bincount(events.ts_quality, minlength=len(TsQuality)) / len(events)
    if quality[TsQuality.ARRIVAL] > 0.05:
        yield 5.0, "no time stamps: times are when lines were read, so rates and hours tell nothing", "log time stamps"
    if quality[TsQuality.GUESSED_YEAR] + quality[TsQuality.GUESSED_ZONE] > 0.5:
        yield (
            2.5,
            "stamps without " + ("year and zone" if quality[TsQuality.GUESSED_YEAR] > 0.5 else "zone")
            + ": both times across logs and hours of day rest on a guess",
            "log ISO 8601 stamps with a zone (rsyslog: RSYSLOG_FileFormat)",
        )  # fmt: skip
    if bool(np.all(events.ts % 1_000_000 == 0)):
        yield (
            1.5,
            "whole-second stamps: order within a second is the order of lines; rates above it and regularity cannot be seen",
            "log sub-second stamps",
        )


def limits(events: Events) -> list[Limit]:
    """Rate limits that show in the lines of each rule: each LOG rule has its own bucket, and one for IPv6."""
    found = []
    events = events.take(slice(max(0, len(events) - _LIMIT_ROWS), None))
    rules = np.unique(events.rule)
    for rule in rules.tolist()[:_MOST_RULES]:
        mine = events if len(rules) == 1 else events.take(events.rule == rule)
        name = events.tables.texts.text(rule) if rule and len(rules) > 1 else ""
        chains = mine.iface.astype(np.int64) << 1 | ((mine.dst >= HANDLES_FROM) & (mine.dst < NO_ADDRESS))
        limit = None
        for chain in np.unique(chains).tolist()[:_MOST_RULES]:
            limit = limit or limit_of(np.sort(mine.ts[chains == chain]), name)
        limit = limit or cut_bursts(mine, name) or once_each(mine, name)
        if limit is not None:
            found.append(limit)
    return found


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
