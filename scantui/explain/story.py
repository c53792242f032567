"""Stories: what may lie behind a scan, each with what it rests on and what would overturn it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scantui.detect.scan import Cluster, Kind, Scan, Verdict
from scantui.explain.addresses import is_inside, special
from scantui.explain.attribution import Attribution
from scantui.explain.observation import Observation
from scantui.explain.origin import PROVEN, SPOOFABLE

_SURVEYORS = ("zmap", "masscan")
_WIDE = 8  # hosts: more than one target picked by hand
_MANY_PORTS = 15
_ODD = {"syn-fin", "null", "fin", "xmas", "maimon", "full-xmas", "syn-rst", "fragment"}


@dataclass(frozen=True, slots=True)
class Story:
    """One explanation: `grade` is likely, possible or unlikely."""

    title: str
    grade: str
    text: str
    rests_on: str
    overturned_by: str


@dataclass(frozen=True, slots=True)
class _Case:
    """What the stories may look at."""

    scan: Scan
    address: str
    cluster: Cluster | None
    named: str
    grade: str
    seen: dict[str, Observation]
    through: int

    @property
    def relation(self) -> str:
        return self.cluster.relation if self.cluster is not None else ""


def stories(
    scan: Scan,
    address: str,
    cluster: Cluster | None,
    tools: Attribution | None,
    grade: str,
    seen: dict[str, Observation],
    through: int,
) -> tuple[Story, ...]:
    """The stories that this scan leaves open, likeliest first."""
    named = tools.named.name if tools is not None and tools.named is not None else ""
    case = _Case(scan, address, cluster, named, grade, seen, through)
    found = list(_harmless(case)) if scan.verdict is Verdict.BENIGN else list(_hostile(case))
    found.sort(key=lambda story: ("likely", "possible", "unlikely").index(story.grade))
    return tuple(found)


def _harmless(case: _Case) -> Iterator[Story]:
    kind = case.scan.kind
    if kind is Kind.BACKSCATTER:
        yield Story(
            "backscatter",
            "likely",
            "A host that someone attacks with forged sources answers to your addresses, which the forger picked. It is "
            "the victim, not the attacker, and knows nothing of you.",
            "its packets are answers (SYN-ACK, RST, ICMP errors) to packets this log does not show leaving",
            "packets of your own to that service shortly before, or a SYN from the same source",
        )
    elif kind is Kind.REPLIES:
        yield Story(
            "late answers",
            "likely",
            "Answers to the site's own traffic came after the firewall had forgotten the question. Nobody scans here.",
            "one service port as source, high ports as targets, no opening packet",
            "a SYN from this source, or answers to hosts that never asked",
        )
    else:
        yield Story(
            "ordinary traffic",
            "likely",
            "It uses services the way clients do, and what failed is too little to be a search.",
            _evidence(case.scan),
            "many distinct closed ports or hosts in a short time",
        )


def _evidence(scan: Scan) -> str:
    pieces = [piece.name for piece in scan.evidence if piece.weight < 0 and piece.name != "prior"]
    return ", ".join(pieces[:3]) or "the absence of evidence for a scan"


def _hostile(case: _Case) -> Iterator[Story]:
    scan = case.scan
    yield from _many_senders(case)
    if is_inside(case.address):
        yield Story(
            "a host of your own, scanning",
            "likely",
            "The address is private, so the sender is inside your networks or forges an inside address. An inventory or "
            "monitoring system does this as well as an intruder does.",
            "the source address, which no one outside can have",
            "an interface in the log line that faces outward (then it is forged)",
        )
    if case.named == "mirai-like":
        proof = case.seen.get("seq") is not None and case.seen["seq"].value == "destination"
        yield Story(
            "a bot looking for more devices",
            "likely" if proof else "possible",
            (
                "The packets are those of the telnet scanner that Mirai and its descendants carry, so the source is most "
                "likely an infected device that scans on its own, without choosing you."
                if proof
                else "The packets look like those of the telnet scanner that Mirai and its descendants carry; without sequence "
                "numbers that is a likeness and no proof. If it is one, the source is an infected device that did not choose you."
            ),
            "sequence number equal to the destination address"
            if proof
            else "ports, size and TTL of the packets; no sequence number",
            "a sequence number that differs from the destination address",
        )
    elif case.named in _SURVEYORS and scan.targets >= _WIDE:
        yield Story(
            "an Internet-wide sweep",
            "likely",
            f"The packets are consistent with {case.named}, made to cover whole networks; you are most likely in its way "
            "and not its aim. Research projects and intruders run the same program, and this log does not tell which.",
            f"{_reach(scan)}, packets consistent with {case.named}",
            "targets that only an insider would choose, or a return to the ports that let it through",
        )
    yield from _shape(case)
    if case.grade == SPOOFABLE and scan.proto in ("tcp", "udp") and case.relation != "decoy":
        system = "connect" in scan.techniques
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


def _reach(scan: Scan) -> str:
    ports = f", {scan.ports:,} port{'s' if scan.ports > 1 else ''}" if scan.ports else ""
    return f"{scan.targets:,} host{'s' if scan.targets > 1 else ''}{ports}"


def _many_senders(case: _Case) -> Iterator[Story]:
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
            f"{number} sources with like packets each took their own part of the targets: one operation, by rented or "
            "compromised hosts, or by one owner of many addresses.",
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


def _shape(case: _Case) -> Iterator[Story]:
    scan = case.scan
    if scan.kind is Kind.FINGERPRINT:
        yield Story(
            "someone identifies a host",
            "likely",
            "Odd packets to a few ports tell operating systems apart. Who does that has an interest in this host in "
            "particular.",
            f"{scan.events:,} packets of unlike kinds to {scan.ports:,} ports",
            "the same packets to many hosts",
        )
    elif scan.kind in (Kind.VERTICAL, Kind.PROTOCOL) and scan.targets < _WIDE:
        many = scan.ports >= _MANY_PORTS or scan.kind is Kind.PROTOCOL
        odd = _ODD & set(scan.techniques)
        evades = " Packets with such flags pass filters that look for SYN only." if odd else ""
        hosts = "one host" if scan.targets == 1 else f"{scan.targets} hosts"
        yield Story(
            f"a look at {'this host' if scan.targets == 1 else 'these hosts'} in particular",
            "likely" if many and case.relation not in ("distributed", "campaign") else "possible",
            f"{scan.ports:,} ports of {hosts} were tried, which is a search for what runs there.{evades} Whether the same "
            "sender did the same to others elsewhere, this log cannot tell.",
            f"{scan.ports:,} ports on {hosts}" + (f", {', '.join(sorted(odd))}" if odd else ""),
            "the same pattern against many other networks (compare with other sensors)",
        )
    elif case.named not in (*_SURVEYORS, "mirai-like"):
        what = f"port {scan.port_list[0]}" if scan.ports == 1 else "services" if scan.ports else "hosts that answer"
        yield Story(
            f"a sweep for {what}",
            "likely",
            f"Many hosts were asked the same ({_reach(scan)}): the sender looks for a kind of service, and not for one "
            "host. Sweeps like this are the Internet's background, and a first step of an attack as well.",
            _reach(scan),
            "a return of the source to hosts that let it through",
        )  # fmt: skip
    if case.grade == PROVEN and case.through:
        yield Story(
            "a scan that found something",
            "possible",
            f"{case.through:,} of the probed ports let it through, and the source finished a connection. What it did "
            "there is in the logs of those services.",
            "accepted packets and a finished handshake",
            "service logs that show no request",
        )
    found = special(case.address)
    if found is not None and found[0] not in ("private", "link-local", "loopback"):
        yield Story(
            "a test or a forged address",
            "likely",
            f"{case.address} is a {found[0]} address and is not routed on the Internet: this log comes from a laboratory "
            "or an example, or the source is forged.",
            found[1],
            "a route to that address in your network",
        )
