"""Drafts in the languages of nft and iptables."""

from __future__ import annotations

from collections.abc import Sequence

from scantui.events import ACK, FIN, PSH, RST, SYN, URG
from scantui.explain.rules.draft_facts import SIX, Facts
from scantui.explain.rules.draft_lists import MOST_TEXT, MULTIPORT, Ports, ports

_ORDER = {FIN: "fin", SYN: "syn", RST: "rst", PSH: "psh", ACK: "ack", URG: "urg"}


def _mask(facts: Facts, narrow: bool) -> tuple[int, int] | None:
    """Mask and value of the flags (six flags); None when none hold for all packets."""
    bare = facts.without_ecn
    if bare == {0} or (narrow and len(bare) == 1):
        return SIX, next(iter(bare))
    if facts.odd:
        return facts.odd, facts.odd
    if len(bare) == 1:
        return SYN | FIN | RST | ACK, next(iter(bare)) & (SYN | FIN | RST | ACK)
    return None


def nft_flags(mask: int, value: int) -> str:
    """The match on packets of which the flags in `mask` are those in `value`."""
    words = ["|".join(name for bit, name in _ORDER.items() if part & bit) for part in (mask, value)]
    return f"tcp flags & ({words[0]}) == " + (f"({words[1]})" if words[1] else "0")


def iptables_flags(mask: int, value: int) -> str:
    """As `nft_flags`."""
    words = [",".join(name.upper() for bit, name in _LISTED if part & bit) or "NONE" for part in (mask, value)]
    return f"--tcp-flags {'ALL' if mask == SIX else words[0]} {words[1]}"


def nft_rule(facts: Facts, narrow: bool) -> tuple[str, Ports | None]:
    """The rule, and the ports it lists."""
    parts: list[str] = []
    listed = None
    family = "ip6" if facts.six else "ip"
    if narrow:
        for word, hosts in (("saddr", facts.sources), ("daddr", facts.targets)):
            if hosts.networks:
                parts.append(f"{family} {word} {_set(hosts.networks)}")
        if facts.proto != "icmp":
            if facts.sport is not None:
                parts.append(f"{facts.proto} sport {facts.sport}")
            listed = ports(facts.ports, "-", lambda written: len(_set(written)) <= MOST_TEXT)
            if listed.parts:
                parts.append(f"{facts.proto} dport {_set(listed.parts)}")
        if "window" in facts.constant and facts.proto == "tcp":
            parts.append(f"tcp window {facts.constant['window']}")
        if "ip_id" in facts.constant and not facts.six:
            parts.append(f"ip id {facts.constant['ip_id']}")
    mask = _mask(facts, narrow)
    if mask:
        parts.append(nft_flags(*mask))
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        parts.append(f"icmp type {facts.icmp[0]}")
    elif not any(part.startswith(facts.proto) for part in parts):
        parts.append(f"meta l4proto {facts.proto}")
    tail = " flags tcp sequence,options" if facts.proto == "tcp" else ""
    return " ".join(parts) + f' log prefix "{facts.label[:20]} "{tail} counter', listed


def _set(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else "{ " + ", ".join(parts) + " }"


def iptables_rule(facts: Facts, narrow: bool) -> tuple[str, Ports | None]:
    """The rule, and the ports it lists; no rule for IPv6."""
    if facts.six:
        return "", None
    parts = [f"-p {facts.proto}"]
    listed = None
    if narrow:
        for word, hosts in (("-s", facts.sources), ("-d", facts.targets)):
            if hosts.networks:
                parts.append(f"{word} {','.join(hosts.networks)}")
        if facts.proto != "icmp":
            if facts.sport is not None:
                parts.append(f"--sport {facts.sport}")
            listed = ports(facts.ports, ":", lambda written: sum(1 + (":" in part) for part in written) <= MULTIPORT)
            if listed.parts:
                many = len(listed.parts) > 1
                parts.append(f"{'-m multiport --dports' if many else '--dport'} {','.join(listed.parts)}")
    mask = _mask(facts, narrow)
    if mask:
        parts.append(iptables_flags(*mask))
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        parts.append(f"--icmp-type {facts.icmp[0]}")
    tail = " --log-tcp-sequence --log-tcp-options" if facts.proto == "tcp" else ""
    return f'iptables -A FORWARD {" ".join(parts)} -j LOG --log-prefix "{facts.label[:20]} "{tail}', listed


_LISTED = sorted(_ORDER.items(), key=lambda item: (item[0] != SYN, item[0]))
