"""Rules for a given scan: the narrowest that takes its packets (those of their commonest protocol), and the broadest that
still says what was odd about them.

What is written rests on the packets alone; every draft is read and tried by the same code as any other rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scantui.detect.scan import port_ranges
from scantui.events import ACK, FIN, PSH, RST, SYN, URG, Events, Proto, flag_text
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.flags import flag_letters
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.ruleset import read_rules

FIRST_SID = 1_000_001  # local rules begin at 1,000,000 (Snort and Suricata manuals)
_SIX = SYN | FIN | RST | PSH | ACK | URG
_MOST_RANGES, _MOST_HOSTS = 16, 16
_WINDOW = 60_000_000  # microseconds of the drafted detection_filter
_MOST_COUNT = 20


@dataclass(frozen=True, slots=True)
class DraftRule:
    """One drafted rule. `breadth` is narrowest or broadest; `rule` is the text as read back."""

    breadth: str
    language: str
    text: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the packets have in common, as far as the log says it of all of them."""

    proto: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    sport: int | None
    ports: tuple[int, ...]
    sets: tuple[int, ...]  # distinct flag sets; empty when not logged of all
    constant: dict[str, int]
    icmp: tuple[int, ...]
    filter_count: int


def drafts(events: Events) -> list[DraftRule]:
    """Drafts for the packets of a scan; none when the log does not tell their protocol."""
    rows = events.proto != Proto.UNKNOWN
    numbers, counts = np.unique(events.proto[rows], return_counts=True)
    if not len(numbers):
        return []
    main = Proto(int(numbers[np.argmax(counts)]))
    names = {Proto.TCP: "tcp", Proto.UDP: "udp", Proto.ICMP: "icmp"}
    if main not in names:
        return []
    facts = _facts(events.take(events.proto == main), names[main])
    made = []
    for breadth, narrow in (("narrowest", True), ("broadest", False)):
        for language, text in (
            ("snort3", _ids(facts, narrow)),
            ("suricata", _ids(facts, narrow)),
            ("nft", _nft(facts, narrow)),
            ("iptables", _iptables(facts, narrow)),
        ):
            dialect = Dialect(language) if language in ("snort3", "suricata") else None
            read = read_rules([("draft", text)], dialect=dialect)
            if text and read.rules and not read.refusals:
                made.append(DraftRule(breadth, language, text, read.rules[0]))
    return made


def _facts(events: Events, proto: str) -> _Facts:
    texts = events.tables.addresses.text
    flags = np.unique(events.flags & 0xFF) if events.is_known("flags").all() else np.zeros(0, np.uint16)
    constant = {}
    for name in ("ip_id", "window", "seq", "ack"):
        values = np.unique(getattr(events, name))
        if len(values) == 1 and len(events) > 1 and events.is_known(name).all():
            constant[name] = int(values[0])
    sport = np.unique(events.sport[events.is_known("sport")])
    ports = np.unique(events.dport[events.is_known("dport")])
    ported = events.is_known("dport").all()
    icmp = (
        np.unique(events.icmp_type) if proto == "icmp" and events.is_known("icmp_type").all() else np.zeros(0, np.uint8)
    )
    return _Facts(
        proto=proto,
        sources=tuple(texts(int(code)) for code in np.unique(events.src).tolist()),
        targets=tuple(texts(int(code)) for code in np.unique(events.dst).tolist()),
        sport=int(sport[0]) if len(sport) == 1 and events.is_known("sport").all() else None,
        ports=tuple(ports.tolist()) if ported else (),
        sets=tuple(int(value) for value in flags.tolist()) if proto == "tcp" else (),
        constant=constant,
        icmp=tuple(int(value) for value in icmp.tolist()),
        filter_count=_filter_count(events),
    )


def _filter_count(events: Events) -> int:
    """A count that the busiest source of these packets passes within the window: half of what it sent, at most 20."""
    best = 0
    for code in np.unique(events.src).tolist()[:64]:
        ts = np.sort(events.ts[events.src == code])
        within = np.searchsorted(ts, ts + _WINDOW - 1_000_000, side="left") - np.arange(len(ts))
        best = max(best, int(within.max(initial=0)))
    return max(0, min(_MOST_COUNT, best // 2))


def _odd(facts: _Facts) -> int | None:
    """Flags that all packets have and no opening packet of a connection has together; None when there are none."""
    if not facts.sets:
        return None
    common = _SIX
    for flags in facts.sets:
        common &= flags
    usual = common & ~PSH in (SYN, ACK, SYN | ACK, RST, RST | ACK, FIN | ACK)
    return None if usual or not common else common


def _flag_option(facts: _Facts, narrow: bool) -> str:
    """The `flags` option of the drafts, empty when none holds for all packets."""
    if not facts.sets:
        return ""
    if narrow and len(facts.sets) == 1:
        return f"flags:{flag_letters(facts.sets[0])}; "
    without_ecn = {flags & _SIX for flags in facts.sets}
    if without_ecn == {0}:
        return "flags:0,CE; " if set(facts.sets) != {0} else "flags:0; "
    odd = _odd(facts)
    if odd:
        return f"flags:{flag_letters(odd)}+; "
    if len(without_ecn) == 1:
        return f"flags:{flag_letters(next(iter(without_ecn)))},CE; "
    common = _SIX
    for flags in without_ecn:
        common &= flags
    return f"flags:{flag_letters(common)}+; " if common else ""


def _hosts(hosts: Sequence[str]) -> str:
    if len(hosts) > _MOST_HOSTS or not all(hosts):
        return "any"
    return hosts[0] if len(hosts) == 1 else "[" + ",".join(hosts) + "]"


def _ports(ports: tuple[int, ...], between: str, most: int = _MOST_RANGES) -> tuple[list[str], bool]:
    """The ports as ranges; as one range, and False, when there are too many."""
    parts = port_ranges(ports).split(",") if ports else []
    if len(parts) > most:
        return [f"{ports[0]}{between}{ports[-1]}"], False
    return [part.replace("-", between) for part in parts], True


def _ids(facts: _Facts, narrow: bool) -> str:
    src, sport, dst, dport = "any", "any", "any", "any"
    options = ""
    if narrow:
        src, dst = _hosts(facts.sources), _hosts(facts.targets)
        sport = str(facts.sport) if facts.sport is not None and facts.proto != "icmp" else "any"
        parts, _ = _ports(facts.ports, ":")
        if parts and facts.proto != "icmp":
            dport = parts[0] if len(parts) == 1 else "[" + ",".join(parts) + "]"
    if facts.proto == "tcp":
        options += "flow:stateless; " + _flag_option(facts, narrow)
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        options += f"itype:{facts.icmp[0]}; "
    if narrow:
        names = {"ip_id": "id", "window": "window", "seq": "seq", "ack": "ack"}
        options += "".join(f"{names[name]}:{value}; " for name, value in sorted(facts.constant.items()))
    elif not _telling(facts) and facts.filter_count:
        options += f"detection_filter:track by_src, count {facts.filter_count}, seconds {_WINDOW // 1_000_000}; "
    label = _label(facts) + (f" from {facts.sources[0]}" if narrow and len(facts.sources) == 1 else "")
    sid = FIRST_SID + (0 if narrow else 1)
    return (
        f'alert {facts.proto} {src} {sport} -> {dst} {dport} (msg:"SCAN {label}"; {options}'
        f"classtype:attempted-recon; sid:{sid}; rev:1;)"
    )


def _telling(facts: _Facts) -> bool:
    """Whether the flags alone set these packets apart from the opening of a connection."""
    return bool(_odd(facts)) or (bool(facts.sets) and {flags & _SIX for flags in facts.sets} == {0})


def _label(facts: _Facts) -> str:
    if facts.sets:
        return "/".join(flag_text(flags & _SIX) for flags in facts.sets[:3])
    return facts.proto.upper()


def _mask(facts: _Facts, narrow: bool) -> tuple[int, int] | None:
    """Mask and value of the flags for nft and iptables (six flags); None when none hold for all packets."""
    if not facts.sets:
        return None
    distinct = {flags & _SIX for flags in facts.sets}
    if distinct == {0}:
        return _SIX, 0
    if narrow and len(distinct) == 1:
        return _SIX, next(iter(distinct))
    odd = _odd(facts)
    if odd:
        return odd, odd
    if len(distinct) == 1:
        return SYN | FIN | RST | ACK, next(iter(distinct)) & (SYN | FIN | RST | ACK)
    return None


def _nft(facts: _Facts, narrow: bool) -> str:
    parts = []
    six = any(":" in host for host in (*facts.sources, *facts.targets))
    family = "ip6" if six else "ip"
    if narrow:
        for word, hosts in (("saddr", facts.sources), ("daddr", facts.targets)):
            if len(hosts) <= _MOST_HOSTS and all(hosts) and len({":" in host for host in hosts}) == 1:
                parts.append(f"{family} {word} " + (hosts[0] if len(hosts) == 1 else "{ " + ", ".join(hosts) + " }"))
        if facts.proto != "icmp":
            if facts.sport is not None:
                parts.append(f"{facts.proto} sport {facts.sport}")
            ranges, _ = _ports(facts.ports, "-")
            if ranges:
                parts.append(
                    f"{facts.proto} dport " + (ranges[0] if len(ranges) == 1 else "{ " + ", ".join(ranges) + " }")
                )
        if "window" in facts.constant and facts.proto == "tcp":
            parts.append(f"tcp window {facts.constant['window']}")
        if "ip_id" in facts.constant and not six:
            parts.append(f"ip id {facts.constant['ip_id']}")
    mask = _mask(facts, narrow) if facts.proto == "tcp" else None
    if mask:
        names = {FIN: "fin", SYN: "syn", RST: "rst", PSH: "psh", ACK: "ack", URG: "urg"}
        words = ["|".join(name for bit, name in names.items() if part & bit) for part in mask]
        parts.append(f"tcp flags & ({words[0]}) == " + (f"({words[1]})" if words[1] else "0"))
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        parts.append(f"icmp type {facts.icmp[0]}")
    elif not any(part.startswith(facts.proto) for part in parts):
        parts.append(f"meta l4proto {facts.proto}")
    tail = " flags tcp sequence,options" if facts.proto == "tcp" else ""
    return " ".join(parts) + f' log prefix "{_label(facts)[:20]} "{tail} counter'


def _iptables(facts: _Facts, narrow: bool) -> str:
    if any(":" in host for host in (*facts.sources, *facts.targets)):
        return ""
    parts = [f"-p {facts.proto}"]
    if narrow:
        for word, hosts in (("-s", facts.sources), ("-d", facts.targets)):
            if len(hosts) <= _MOST_HOSTS and all(hosts):
                parts.append(f"{word} {','.join(hosts)}")
        if facts.proto != "icmp":
            if facts.sport is not None:
                parts.append(f"--sport {facts.sport}")
            ranges, _ = _ports(facts.ports, ":", most=7)  # multiport takes 15 ports, a range counts for two
            if len(ranges) == 1:
                parts.append(f"--dport {ranges[0]}")
            elif ranges:
                parts.append(f"-m multiport --dports {','.join(ranges)}")
    mask = _mask(facts, narrow) if facts.proto == "tcp" else None
    if mask:
        names = {SYN: "SYN", FIN: "FIN", RST: "RST", PSH: "PSH", ACK: "ACK", URG: "URG"}
        words = [",".join(name for bit, name in names.items() if part & bit) or "NONE" for part in mask]
        parts.append(f"--tcp-flags {'ALL' if mask[0] == _SIX else words[0]} {words[1]}")
    elif facts.proto == "icmp" and len(facts.icmp) == 1:
        parts.append(f"--icmp-type {facts.icmp[0]}")
    tail = " --log-tcp-sequence --log-tcp-options" if facts.proto == "tcp" else ""
    return f'iptables -A FORWARD {" ".join(parts)} -j LOG --log-prefix "{_label(facts)[:20]} "{tail}'
