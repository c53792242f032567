"""iptables lines: `-A INPUT -p tcp --tcp-flags SYN,FIN SYN,FIN -j DROP`, with or without the command's name."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field

from scantui.events import ACK, FIN, LATER, PSH, RST, SYN, URG, Events, Proto
from scantui.explain.rules import clauses as c
from scantui.explain.rules.clauses import Clause, Three
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.members import Members, one_address, one_port
from scantui.explain.rules.numbers import PROTOCOLS
from scantui.explain.rules.ranges import Partly, Ranges
from scantui.explain.rules.rule import Rule
from scantui.safe_text import harmless

STARTS = re.compile(r"(?:sudo\s+)?(?:\S*/)?(?:ip6?tables(?:-\w+)?|ipchains)\s|-[AI]\s+\w")
_FLAG_NAMES = {"SYN": SYN, "ACK": ACK, "FIN": FIN, "RST": RST, "URG": URG, "PSH": PSH, "NONE": 0, "ALL": 0x3F}
_PROTOS = {
    "tcp": (Proto.TCP,),
    "udp": (Proto.UDP,),
    "icmp": (Proto.ICMP,),
    "icmpv6": (Proto.ICMP6,),
    "ipv6-icmp": (Proto.ICMP6,),
    "sctp": (Proto.SCTP,),
}
ICMP_TYPES = {
    "echo-reply": (0,),
    "pong": (0,),
    "destination-unreachable": (3,),
    "source-quench": (4,),
    "redirect": (5,),
    "echo-request": (8,),
    "ping": (8,),
    "router-advertisement": (9,),
    "router-solicitation": (10,),
    "time-exceeded": (11,),
    "ttl-exceeded": (11,),
    "parameter-problem": (12,),
    "timestamp-request": (13,),
    "timestamp-reply": (14,),
    "address-mask-request": (17,),
    "address-mask-reply": (18,),
    "host-unreachable": (3, 1),
    "port-unreachable": (3, 3),
    "network-unreachable": (3, 0),
    "protocol-unreachable": (3, 2),
}
# Options whose condition no log of packets shows, with what they ask and how many values follow.
_UNLOGGED = {
    "--ctstate": "the state of the connection",
    "--state": "the state of the connection",
    "--ctstatus": "the state of the connection",
    "--mac-source": "the MAC address",
    "--mark": "the packet's mark",
    "--match-set": "the members of the set",
    "--string": "the payload",
    "--hex-string": "the payload",
    "--tos": "TOS",
    "--dscp": "TOS",
    "--uid-owner": "the sending process",
    "--pkt-type": "the link-layer type",
    "--src-type": "the routing table",
    "--dst-type": "the routing table",
    "--tcp-option": "TCP options",
    "--mss": "TCP maximum segment size",
    "--seconds": "the recent list",
    "--hitcount": "the recent list",
    "--timestart": "the clock of the firewall",
    "--timestop": "the clock of the firewall",
    "--in-interface": "which interface it came by",
    "-i": "which interface it came by",
    "--out-interface": "which interface it leaves by",
    "-o": "which interface it leaves by",
    "--probability": "chance",
    "--every": "chance",
    "--connlimit-above": "the open connections",
    "--limit": "the rate limit's bucket",
    "--hashlimit-above": "the rate limit's bucket",
    "--hashlimit-upto": "the rate limit's bucket",
}
_TWO_VALUES = {"--match-set"}
_IGNORED = {
    "-m",
    "--match",
    "-A",
    "-I",
    "-D",
    "--append",
    "--insert",
    "-t",
    "--table",
    "--comment",
    "--limit-burst",
    "--name",
    "--rsource",
    "--algo",
    "--hashlimit-mode",
    "--hashlimit-name",
    "--hashlimit-burst",
    "--hashlimit-htable-expire",
    "--connlimit-mask",
    "--mask",
    "--to",
    "--from",
    "--mode",
    "--packet",
    "-c",
    "--set-counters",
    "-w",
    "--wait",
}
_ALONE = {
    "--rsource",
    "--rdest",
    "-w",
    "--wait",
    "--set",
    "--rcheck",
    "--update",
    "--remove",
    "--rttl",
    "--validmark",
    "-4",
    "-6",
}


@dataclass
class _Draft:
    clauses: list[Clause] = field(default_factory=list)
    proto: str = ""
    target: str = ""
    comment: str = ""


def parse_iptables(text: str, line: int, path: str, enabled: bool = True) -> Rule:
    """The rule on a line. Raises RuleError."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        raise RuleError("a quotation mark is not closed") from None
    while words and not words[0].startswith("-"):
        words.pop(0)
    draft = _Draft()
    at, negated = 0, False
    while at < len(words):
        word = words[at]
        at += 1
        if word == "!":
            negated = True
            continue
        if word in ("-j", "--jump", "-g", "--goto"):
            draft.target = _value(words, at, word)
            break  # what follows belongs to the target
        at += _take(draft, word, words, at, negated)
        negated = False
    if not draft.clauses and not draft.target:
        raise RuleError("neither a condition nor a target")
    return Rule(
        path=path,
        line=line,
        text=harmless(text, 2000),
        dialect=Dialect.IPTABLES,
        action=draft.target or "(no target)",
        proto=draft.proto or "ip",
        header=(),
        back=(),
        rest=tuple(draft.clauses),
        enabled=enabled,
        message=harmless(draft.comment, 160),
    )


def _value(words: list[str], at: int, option: str) -> str:
    if at >= len(words):
        raise RuleError(f"{quoted(option)} has no value")
    return words[at]


def _take(draft: _Draft, word: str, words: list[str], at: int, negated: bool) -> int:
    """Read one option; returns how many words its values take."""
    if word == "--comment":
        draft.comment = _value(words, at, word)
        return 1
    if word in ("--syn",):
        draft.clauses.append(flags_clause("--syn", SYN | RST | ACK | FIN, SYN, negated))
        return 0
    if word in ("-f", "--fragment"):
        draft.clauses.append(_fragment(negated))
        return 0
    if word in _ALONE:
        if word in ("--set", "--rcheck", "--update", "--remove"):
            draft.clauses.append(c.undecidable(word, word, "the recent list (not in these logs)"))
        return 0
    if word in ("-A", "-I", "-D", "--append", "--insert"):
        return 2 if at + 1 < len(words) and words[at + 1].isdecimal() else 1
    if word in _UNLOGGED:
        value = _value(words, at, word)
        shown = f"{'! ' if negated else ''}{word} {harmless(value, 40)}"
        draft.clauses.append(c.undecidable(word, shown, f"{_UNLOGGED[word]} (not compared with the log)"))
        return 2 if word in _TWO_VALUES else 1
    if word in _IGNORED:
        _value(words, at, word)
        return 1
    value = _value(words, at, word)
    if value == "!":  # the old place of the negation
        negated, at = True, at + 1
        value = _value(words, at, word)
        return 1 + _known(draft, word, value, words, at, negated)
    return _known(draft, word, value, words, at, negated)


def _known(draft: _Draft, word: str, value: str, words: list[str], at: int, negated: bool) -> int:
    shown = f"{'! ' if negated else ''}{word} {harmless(value, 60)}"
    if word in ("-p", "--protocol", "--proto"):
        draft.proto = value.lower()
        if draft.proto not in ("all", "ip", "0"):
            draft.clauses.append(protocol_clause(shown, [draft.proto], negated))
    elif word in ("-s", "--source", "--src", "-d", "--destination", "--dst", "--src-range", "--dst-range"):
        column = "src" if word.startswith(("-s", "--s")) else "dst"
        union = Ranges.of(
            (span for part in value.split(",") for span in one_address(part).spans), one_address("any").top
        )
        draft.clauses.append(c.address(column, shown, column, Members(_negate(union, negated))))
    elif word in (
        "--dport",
        "--destination-port",
        "--dports",
        "--destination-ports",
        "--sport",
        "--source-port",
        "--sports",
        "--source-ports",
        "--ports",
        "--port",
    ):
        union = Ranges.of((span for part in value.split(",") for span in one_port(part).spans), 65_535)
        members = Members(_negate(union, negated))
        if word in ("--ports", "--port"):
            draft.clauses.append(_either_port(shown, members))
        else:
            column = "sport" if word.startswith("--s") else "dport"
            draft.clauses.append(c.port(column, shown, column, members, True))
    elif word == "--tcp-flags":
        comp = _value(words, at + 1, word)
        draft.clauses.append(flags_clause(f"{shown} {harmless(comp, 40)}", _names(value), _names(comp), negated))
        return 2
    elif word in ("--icmp-type", "--icmpv6-type"):
        draft.clauses += icmp_clauses(shown, value, negated)
    elif word in ("--ttl-eq", "--ttl-lt", "--ttl-gt", "--ttl", "--length"):
        draft.clauses.append(_numeric(word, value, shown, negated))
    else:
        raise RuleError(f"{quoted(word)} is no option of iptables that scantui knows")
    return 1


def _negate(ranges: Ranges, negated: bool) -> Partly:
    return Partly.exactly(~ranges if negated else ranges)


def _names(text: str) -> int:
    bits = 0
    for name in text.split(","):
        bit = _FLAG_NAMES.get(name.strip().upper())
        if bit is None:
            raise RuleError(f"{quoted(name)} is no flag; they are SYN ACK FIN RST URG PSH ALL NONE")
        bits |= bit
    return bits


def flags_clause(text: str, mask: int, wanted: int, negated: bool) -> Clause:
    """The flags under `mask` must be exactly `wanted`."""

    def test(events: Events) -> Three:
        found = c.known_as("flags", events, lambda flags: ((flags & mask) == wanted) != negated)
        return c.both(c.is_proto(events, Proto.TCP), found)

    return Clause("flags", text, c.TITLES["flags"], test, ("mask", mask, wanted, negated))


def protocol_clause(text: str, names: list[str], negated: bool) -> Clause:
    """The protocol must be one of `names`. Raises RuleError."""
    numbers = []
    for name in names:
        number = int(name) if name.isdecimal() and len(name) <= 3 else PROTOCOLS.get(name)
        if number is None or number > 255:
            raise RuleError(f"{quoted(name)} is no protocol scantui knows; give its number")
        numbers.append(number)
    ranges = Ranges.of(((number, number) for number in numbers), 255)
    return c.number("proto", text, "proto_num", ~ranges if negated else ranges)


def _either_port(text: str, members: Members) -> Clause:
    source, target = (c.port(name, text, name, members, True) for name in ("sport", "dport"))

    def test(events: Events) -> Three:
        one, other = source.test(events), target.test(events)
        yes = one.yes | other.yes
        return Three(yes, (one.unknown | other.unknown) & ~yes)

    return Clause("port", text, "ports", test, ("either port", members.set.sure.spans))


def _fragment(negated: bool) -> Clause:
    def test(events: Events) -> Three:
        return c.known_as("frag", events, lambda frag: ((frag & LATER) != 0) != negated)

    return Clause("fragment", f"{'! ' if negated else ''}-f", c.TITLES["frag"], test, ("later fragment", negated))


def icmp_clauses(text: str, value: str, negated: bool) -> list[Clause]:
    """An ICMP type by name or number, perhaps with its code. Raises RuleError."""
    low = value.strip().lower()
    if low == "any":
        return []
    numbers = ICMP_TYPES.get(low) or tuple(
        int(part) if re.fullmatch("[0-9]{1,3}", part) else -1 for part in low.split("/")
    )
    if not 1 <= len(numbers) <= 2 or min(numbers) < 0 or max(numbers) > 255:
        raise RuleError(f"{quoted(value)} is no ICMP type scantui knows; give its number")
    if len(numbers) == 2 and negated:
        raise RuleError(f"! {quoted(value)}: not a type and code together")
    made = []
    for column, number in zip(("icmp_type", "icmp_code"), numbers, strict=False):
        ranges = Ranges.of([(number, number)], 255)
        made.append(c.number(column, text, column, ~ranges if negated else ranges, Proto.ICMP, Proto.ICMP6))
    return made


def _numeric(word: str, value: str, shown: str, negated: bool) -> Clause:
    column, top = ("length", 2**32 - 1) if word == "--length" else ("ttl", 255)
    low, colon, high = value.partition(":")
    if not re.fullmatch("[0-9]{1,6}", low) or (colon and not re.fullmatch("[0-9]{0,6}", high)):
        raise RuleError(f"{word} {quoted(value)} is no number")
    first, last = int(low), int(high or top) if colon else int(low)
    if word == "--ttl-lt":
        first, last = 0, first - 1
    elif word == "--ttl-gt":
        first, last = first + 1, top
    ranges = Ranges.of([(first, last)], top)
    return c.number(column, shown, column, ~ranges if negated else ranges)
