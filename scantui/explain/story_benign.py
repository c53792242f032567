"""Stories of what is no scan: answers, late packets, and the ordinary traffic that looks like one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scantui.detect.roles import is_service, is_unsaid_tcp
from scantui.detect.scan import Kind
from scantui.events import ACK, RST, SYN
from scantui.explain.addresses import is_inside
from scantui.explain.case import Case, Story

_MOSTLY = 0.8
_SELDOM = 0.5
# Evidence against a scan, by name (detect.judge), and the traffic that has it.
_TRAFFIC = {
    "allow-listed": (
        "a scanner or monitor of your own",
        "Your allow-list names it for what it does here.",
        "an entry of the allow-list that is out of date, or its address used by another host",
    ),
    "traceroute": (
        "traceroute",
        "Datagrams to the ports that traceroute uses, a few to a host: someone measures the way to it.",
        "the same to many hosts",
    ),
    "peer-to-peer shape": (
        "peer-to-peer traffic",
        "Many peers, each on a high port of its own, as file sharing, calls and games have them.",
        "many ports of one peer, or one port of many",
    ),
    "rounds": (
        "a monitor, or a client that keeps trying",
        "It comes back to the same targets again and again. A monitor or load balancer does that, and so does a client that is "
        "set up wrongly and never gets through.",
        "new targets at each round",
    ),
    "returns": (
        "a client of your services",
        "It comes back to what lets it through, which is use and not search.",
        "many distinct closed ports or hosts in a short time",
    ),
}
_ORDINARY = (
    "ordinary traffic",
    "What failed is too little to be a search.",
    "many distinct closed ports or hosts in a short time",
)


def benign_stories(case: Case) -> Iterator[Story]:
    """The likeliest story of an episode that is judged harmless."""
    if case.scan.kind is Kind.BACKSCATTER:
        yield _answers(case)
    elif case.scan.kind is Kind.REPLIES and np.mean(is_unsaid_tcp(case.during)) > _SELDOM:
        yield Story(
            "the answering side of connections",
            "likely",
            "They go from one port to many high ones, or against packets that the log tells first. No TCP flags show who asked.",
            "ports, and the order in which both sides are told",
            "TCP flags: a SYN of this source without ACK",
        )
    elif case.scan.kind is Kind.REPLIES:
        yield Story(
            "late answers",
            "likely",
            "Answers to the site's own traffic came after the firewall had forgotten the question. Nothing in them asks.",
            "a service's port as source, high ports as targets, no opening packet",
            "a SYN from this source, or answers to hosts that never asked",
        )
    else:
        pieces = {piece.name: piece for piece in case.scan.evidence if piece.weight < 0 and piece.name != "prior"}
        name = next((name for name in _TRAFFIC if name in pieces), "")
        title, text, against = _TRAFFIC.get(name, _ORDINARY)
        rests = ", ".join([piece.text for piece in pieces.values()][:2]) or "the absence of evidence for a scan"
        yield Story(title, "likely", text, rests, against)


def _answers(case: Case) -> Story:
    """SYN-ACK, RST and ICMP errors: of a victim, of the end of connections, or of a host of one's own."""
    said = case.during.is_known("sport") & case.during.is_known("dport") & case.during.is_known("flags")
    bits = case.during.flags & np.uint16(SYN | ACK | RST)
    rows = case.during.take(said & (((bits & RST) != 0) | (bits == (SYN | ACK))))
    to_service = float(np.mean(is_service(rows.dport))) if len(rows) else 0.0
    from_service = float(np.mean(is_service(rows.sport))) if len(rows) else 0.0
    if to_service >= _MOSTLY and from_service < _SELDOM:
        return Story(
            "the ends of its own connections",
            "likely",
            "It closes or resets connections to services which the firewall has forgotten: this host is their client.",
            "high ports as source, service ports as targets, RST or SYN-ACK",
            "hosts in its targets that it never opened a connection to",
        )
    if is_inside(case.address):
        return Story(
            "answers of a host of your own",
            "likely",
            "One of your hosts answers to packets that this log does not show. What asked may be a scan of it.",
            "its packets are answers (SYN-ACK, RST, ICMP errors), and the address is private",
            "a SYN from the same source",
        )
    return Story(
        "backscatter",
        "likely" if from_service >= _MOSTLY or not len(rows) else "possible",
        "Someone attacks this host with forged sources, your addresses among them, and it answers to them. If so it is the "
        "victim and not the attacker.",
        "its packets are answers (SYN-ACK, RST, ICMP errors) to packets this log does not show leaving",
        "packets of your own to that service shortly before, or a SYN from the same source",
    )
