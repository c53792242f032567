"""Stories: what may lie behind a scan, each with what it rests on and what would overturn it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from scantui.detect.scan import Kind, Scan, Verdict
from scantui.explain.addresses import is_inside, special
from scantui.explain.case import Case, Story
from scantui.explain.observation import ODD
from scantui.explain.origin import PROVEN, SPOOFABLE
from scantui.explain.story_benign import benign_stories

_SURVEYORS = ("zmap", "masscan")
_WIDE = 8  # hosts: more than one target picked by hand
_MANY_PORTS = 15
_FEW_PORTS = 3  # what a worm or bot spreads by


def stories(case: Case) -> tuple[Story, ...]:
    """The stories that an episode leaves open, likeliest first."""
    benign = case.scan.verdict is Verdict.BENIGN
    return likeliest_first(benign_stories(case) if benign else _hostile(case))


def likeliest_first(found: Iterable[Story]) -> tuple[Story, ...]:
    """The stories by grade; those of the same grade stay in their order."""
    return tuple(sorted(found, key=lambda story: ("likely", "possible", "unlikely").index(story.grade)))


def _hostile(case: Case) -> Iterator[Story]:
    yield from _many_senders(case)
    yield from _program(case)
    yield from _shape(case)
    yield from _whose(case)
    yield from _several_behind(case)
    yield from _lone_sender(case)
    if case.grade == SPOOFABLE and case.scan.proto in ("tcp", "udp") and case.relation != "decoy":
        system = "connect" in case.scan.techniques[:1] and not case.alike
        yield Story(
            "a forged source",
            "unlikely" if system else "possible",
            "Nothing in the log proves that these packets come from the address they carry. "
            + (
                "But they are those of an operating system's connect(), which is of no use to a sender who gets no answers."
                if system
                else "A scanner wants answers, so forging is the exception; blaming the address or blocking it for long rests on "
                "trust."
            ),
            "no handshake is logged to its end",
            "a finished handshake, or a later connection of the same source to what it found",
        )


def _whose(case: Case) -> Iterator[Story]:
    """What the address alone says."""
    found = special(case.address)
    if found is None:
        return
    name, why = found
    if is_inside(case.address):
        yield Story(
            "a host of your own, scanning",
            "likely",
            "The address is private, so the sender is inside your networks or forges an inside address. An inventory or "
            "monitoring system does this as well as an intruder or an infected host does.",
            "the source address, which no one outside can have",
            "an interface in the log line that faces outward (then it is forged)",
        )
    elif name == "shared":
        yield Story(
            "a neighbour at your provider",
            "likely",
            f"{case.address} is used between a provider and its customers: the sender is a customer of your provider too, or "
            "the address is forged.",
            why,
            "an interface in the log line that does not face the provider",
        )
    else:
        yield Story(
            "a test or a forged address",
            "likely",
            f"{case.address} is a {name} address and is not routed on the Internet: this log comes from a laboratory or an "
            "example, or the source is forged.",
            why,
            "a route to that address in your network",
        )


def _program(case: Case) -> Iterator[Story]:
    """What the program says of its user."""
    wide = case.covers is not None and case.covers.impossible
    local = (
        f" But {case.covers.text}: no random targets, as Mirai draws them." if wide and case.covers is not None else ""
    )
    if case.named == "mirai-like" or case.shows("ports", "23 and 2323"):
        proof = case.shows("seq", "destination")
        yield Story(
            "a bot looking for more devices",
            "likely" if proof else "possible",
            (
                "The packets are those of the scanner that Mirai and its descendants carry, so the source is most likely an "
                "infected device that scans on its own."
                if proof
                else "Ports 23 and 2323, the first far more often, are what Mirai and its descendants ask for; without sequence "
                "numbers that is a likeness and no proof. If it is one, the source is an infected device."
            )
            + (local or " Such a bot draws its targets at random and did not choose you."),
            "sequence number equal to the destination address"
            if proof
            else "ports 23 and 2323; no sequence number logged",
            "a sequence number that differs from the destination address",
        )
    elif case.named in _SURVEYORS and case.scan.targets >= _WIDE and wide and case.covers is not None:
        yield Story(
            "a sweep of this network",
            "likely",
            f"{case.named} takes its targets in random order from the networks it is given. {_upper(case.covers.text)}. So this "
            "network was on a short list, whoever made it.",
            f"{_reach(case.scan)}, packets consistent with {case.named}",
            "the same source at unrelated networks in the same minutes",
        )
    elif case.named in _SURVEYORS and case.scan.targets >= _WIDE:
        yield Story(
            "an Internet-wide sweep",
            "possible",
            f"The packets are consistent with {case.named}, made to cover whole networks: you may be in its way and not its aim. "
            "Research projects and intruders run the same program, and this log does not tell which.",
            f"{_reach(case.scan)}, packets consistent with {case.named}; its rate here fits a random sample of the Internet",
            "targets that only an insider would choose, or a return to the ports that let it through",
        )


def _several_behind(case: Case) -> Iterator[Story]:
    if case.alike and case.scan.kind is not Kind.FINGERPRINT:
        yield Story(
            "several programs or machines behind one address",
            "possible",
            f"Only {case.alike}; the others differ in protocol, flags, window, length or TTL. A gateway with several hosts "
            "behind it does that, and so does one host that runs two programs, or one program that talks to what it finds.",
            "packets made in different ways in one episode",
            "one program that is known to send all of them",
        )


def _lone_sender(case: Case) -> Iterator[Story]:
    """Who else may be behind a public address: no packet tells its owner from an intruder."""
    found = special(case.address)
    if case.relation or (found is not None and (is_inside(case.address) or found[0] == "multicast")):
        return
    if case.named == "mirai-like" or case.shows("ports", "23 and 2323"):
        return
    spreads = case.scan.targets >= _WIDE and 0 < case.scan.ports <= _FEW_PORTS
    how = " Worms and bots spread by such sweeps, and so do people look for one service." if spreads else ""
    yield Story(
        "a machine in other hands",
        "possible",
        f"Home computers and rented servers are used to scan without their owners' knowledge, alone or as one of many.{how} "
        "No other source in this log was found to belong to it; if it is one of many, the others did not come here.",
        (f"{_reach(case.scan)}; " if spreads else "")
        + "no packet tells the owner of a machine from one who misuses it",
        "a name or list that shows a scanning service; that it is one of many, only other sensors can show",
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _reach(scan: Scan) -> str:
    ports = f", {scan.ports:,} port{'s' if scan.ports > 1 else ''}" if scan.ports else ""
    return f"{scan.targets:,} host{'s' if scan.targets > 1 else ''}{ports}"


def _many_senders(case: Case) -> Iterator[Story]:
    if case.cluster is None or case.relation not in ("decoy", "distributed", "campaign"):
        return
    number = len(case.cluster.sources)
    if case.relation == "decoy":
        sure = "decoys" in case.seen
        yield Story(
            "one sender among decoys",
            "likely" if sure else "possible",
            f"{number} addresses sent the same probes at the same moment: one sender, the others forged. This address may "
            "be a decoy whose owner has nothing to do with it.",
            "the same IP IDs and ports at once" if sure else "the same ports at the same time; the log gives no IP ID",
            "different IP IDs or sequence numbers from each address",
        )
    elif case.relation == "distributed":
        yield Story(
            "one search shared among many sources",
            "likely",
            f"{number} sources with like packets each took their own part of the targets: one operation, {_owners(case)}.",
            case.cluster.text or "their common fields and their split of the targets",
            "sources that begin or end at unrelated times, or packets that differ",
        )
    else:
        yield Story(
            "several sources at the same time",
            "possible",
            f"{number} sources with like packets were at the same targets or ports. That may be one operation, or one "
            "fashion.",
            case.cluster.text or "their common fields and times",
            "header fields that differ when more of them are logged",
        )


def _owners(case: Case) -> str:
    """Whose the sources of a cluster may be, by how many networks they are in (/24, or /48 for IPv6)."""
    sources = case.cluster.sources if case.cluster is not None else ()
    packed = [case.during.tables.addresses.packed(code) for code in sources]
    networks = {address[: 3 if len(address) == 4 else 6] for address in packed}
    if len(networks) == 1:
        return "and since all are in one network, more likely of one owner of addresses than of many compromised hosts"
    return "by rented or compromised hosts, or by one owner of many addresses"


def _shape(case: Case) -> Iterator[Story]:
    scan = case.scan
    if scan.kind is Kind.FINGERPRINT:
        yield Story(
            "someone identifies a host",
            "likely",
            "Odd packets to a few ports tell operating systems apart. Whether only this host is of interest or each of many, the "
            f"log tells for your own hosts only: here it was {'one' if scan.targets == 1 else f'{scan.targets:,}'}.",
            f"{scan.events:,} packets of unlike kinds to {scan.ports:,} ports",
            "packets with the same marks that belong to connections",
        )
    elif scan.kind in (Kind.VERTICAL, Kind.PROTOCOL) and scan.targets < _WIDE:
        yield _few_hosts(case)
    elif scan.kind is Kind.BLOCK and case.named not in (*_SURVEYORS, "mirai-like"):
        yield Story(
            "a look at this range of hosts",
            "likely",
            f"The same {scan.ports:,} ports were asked of {scan.targets:,} hosts, which is a search for what runs in this "
            f"network. {_larger(case)}",
            _reach(scan),
            "a return of the source to one host in particular",
        )
    elif case.named not in (*_SURVEYORS, "mirai-like"):
        what = f"port {scan.port_list[0]}" if scan.ports == 1 else "services" if scan.ports else "hosts that answer"
        yield Story(
            f"a sweep for {what}",
            "likely",
            f"Many hosts were asked the same ({_reach(scan)}): the sender looks for "
            f"{'a kind of service' if scan.ports else 'hosts that are up'}, and not for one host. {_larger(case)}",
            _reach(scan),
            "a return of the source to hosts that let it through",
        )
    if case.grade == PROVEN and case.through:
        yield Story(
            "a scan that found something",
            "possible",
            f"{case.through:,} of the probed ports let it through, and the source finished a connection. What it did "
            "there is in the logs of those services.",
            "accepted packets and a finished handshake",
            "service logs that show no request",
        )


def _few_hosts(case: Case) -> Story:
    scan = case.scan
    protocols = scan.kind is Kind.PROTOCOL
    many = scan.ports >= _MANY_PORTS or protocols
    odd = ODD & set(scan.techniques[:1])
    evades = " Packets with such flags pass filters that look for SYN only." if odd else ""
    hosts = "one host" if scan.targets == 1 else f"{scan.targets} hosts"
    what = f"{scan.ports:,} port{'' if scan.ports == 1 else 's'}"
    if protocols:
        what = f"{len(np.unique(case.during.proto_num[case.during.is_known('proto_num')])):,} IP protocols"
    return Story(
        f"a look at {'this host' if scan.targets == 1 else 'these hosts'} in particular",
        "likely" if many and case.relation not in ("distributed", "campaign") else "possible",
        f"{what} of {hosts} were tried, which is a search for what runs there; an assessment that was ordered looks the same."
        f"{evades} Whether the same sender did the same to others elsewhere, this log cannot tell.",
        f"{what} on {hosts}" + (f", {', '.join(sorted(odd))}" if odd else ""),
        "the same pattern against many other networks (compare with other sensors)",
    )


def _larger(case: Case) -> str:
    """Whether a sweep here may be part of a larger one."""
    if case.covers is not None and case.covers.impossible and not case.shows("hosts", "ascending"):
        return f"{_upper(case.covers.text)}: it was given this network, or goes through the Internet block by block."
    return "It may be a part of a larger sweep: such sweeps are the Internet's background, and a first step of attacks as well."
