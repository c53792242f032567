"""nft rules: `tcp flags & (syn|fin) == (syn|fin) drop`, `tcp dport { 22, 1000-2000 }`, alone or within a ruleset."""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.events import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG, Events, Proto
from scantui.explain.rules import clauses as c
from scantui.explain.rules.clauses import Clause, Three
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.iptables import flags_clause, icmp_clauses, protocol_clause
from scantui.explain.rules.members import Members, one_address, one_port
from scantui.explain.rules.ranges import Partly, Ranges
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.words import words
from scantui.safe_text import harmless

_FLAGS = {"fin": FIN, "syn": SYN, "rst": RST, "psh": PSH, "ack": ACK, "urg": URG, "ecn": ECE, "cwr": CWR}
_TOKEN = re.compile(r'"[^"]*"|[0-9A-Za-z.:]+/[0-9a-z]+|[{}(),;|&/]|==|!=|<=|>=|<|>|!|@?[^\s{}(),;|&/=!<>"]+')
_PORTS = {
    "ftp": 21,
    "ssh": 22,
    "telnet": 23,
    "smtp": 25,
    "domain": 53,
    "http": 80,
    "pop3": 110,
    "ntp": 123,
    "imap2": 143,
    "snmp": 161,
    "https": 443,
    "microsoft-ds": 445,
    "imaps": 993,
    "pop3s": 995,
}
_NUMBERS = {
    ("ip", "ttl"): ("ttl", 255),
    ("ip6", "hoplimit"): ("ttl", 255),
    ("ip", "id"): ("ip_id", 65_535),
    ("ip", "length"): ("length", 65_535),
    ("tcp", "window"): ("window", 65_535),
    ("tcp", "sequence"): ("seq", 2**32 - 1),
    ("tcp", "ackseq"): ("ack", 2**32 - 1),
    ("icmp", "code"): ("icmp_code", 255),
    ("icmpv6", "code"): ("icmp_code", 255),
}
_UNLOGGED = {
    "ct": "the state of the connection",
    "meta": "what the kernel knows of the packet",
    "fib": "the routing table",
    "socket": "the local socket",
    "ether": "the link layer",
    "iif": "the interface",
    "oif": "the interface",
    "iifname": "the interface",
    "oifname": "the interface",
    "tcp": "a TCP field",
    "udp": "a UDP field",
    "ip": "an IP field",
    "ip6": "an IPv6 field",
    "vlan": "VLAN",
    "arp": "ARP",
    "rt": "the route",
    "osf": "the sender's fingerprint",
    "exthdr": "IPv6 extension headers",
    "icmp": "an ICMP field",
    "icmpv6": "an ICMPv6 field",
}
_HEADS = frozenset({*_UNLOGGED, "th", "sctp", "limit"})
_VERDICTS = words("accept drop reject return continue queue jump goto masquerade snat dnat redirect notrack")
_STATEMENTS = words("counter log comment packets bytes prefix level flags group with type quota set add update")
_COMMAND = re.compile(
    r"^\s*(?:nft\s+)?(?:add|insert)\s+rule\s+(?:(?:ip|ip6|inet|arp|bridge|netdev)\s+)?\S+\s+\S+\s+"
    r"(?:(?:position|handle|index)\s+\d+\s+)?"
)
_SKIP = re.compile(
    r"\s*(?:table|chain|set|map|type\s+\w+\s+hook|policy|flush|define|include|elements|flags|timeout|size|\})"
)
STARTS = re.compile(
    r"\s*(?:(?:nft\s+)?(?:add|insert)\s+rule\s|(?:tcp|udp|th|sctp|ip|ip6|icmp|icmpv6|meta|ct|fib|iif|oif|iifname|oifname)\s+[a-z\"!{]"
    r"|limit\s+rate\s)"
)


def is_structure(text: str) -> bool:
    """Whether a line of a ruleset is no rule: its tables, chains, sets and their braces."""
    return bool(_SKIP.match(text)) or text.strip() in ("{", "}", "")


class _Tokens:
    def __init__(self, text: str) -> None:
        self.all = _TOKEN.findall(text)
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.all[place] if place < len(self.all) else ""

    def next(self) -> str:
        if self.at >= len(self.all):
            raise RuleError("the rule ends in the middle of a condition")
        self.at += 1
        return str(self.all[self.at - 1])

    def accept(self, *words: str) -> bool:
        if self.peek() in words:
            self.at += 1
            return True
        return False


def parse_nft(text: str, line: int, path: str, enabled: bool = True) -> Rule:
    """The rule on a line. Raises RuleError."""
    body = _COMMAND.sub("", text)
    tokens = _Tokens(re.sub(r"\s#.*$", "", body).rstrip("; "))
    made: list[Clause] = []
    verdict, comment = "", ""
    while tokens.peek():
        word = tokens.peek()
        if word in _HEADS:
            made += _condition(tokens)
        elif word == "comment":
            tokens.next()
            comment = tokens.next().strip('"')
        elif word in _VERDICTS:
            verdict = verdict or word
            break
        elif word == "log":
            verdict = verdict or "log"
            tokens.next()
            while tokens.peek() and tokens.peek() not in _VERDICTS | {"counter", "comment"}:
                tokens.next()
        elif word in _STATEMENTS or word.isdecimal() or word == ";":
            tokens.next()
        else:
            raise RuleError(f"{quoted(word)} is no condition or statement of nft that scantui knows")
    if not made and not verdict:
        raise RuleError("neither a condition nor a verdict")
    protos = [clause.text.split()[-1] for clause in made if clause.option == "proto"]
    return Rule(
        path=path,
        line=line,
        text=harmless(text, 2000),
        dialect=Dialect.NFT,
        action=verdict or "(no verdict)",
        proto=protos[0] if protos else "ip",
        header=(),
        back=(),
        rest=tuple(made),
        enabled=enabled,
        message=harmless(comment, 160),
    )


def _condition(tokens: _Tokens) -> list[Clause]:
    begin = tokens.at
    head = tokens.next()
    if head in ("iif", "oif", "iifname", "oifname", "limit"):
        return [_unlogged(tokens, begin, head)]
    name = tokens.next()
    if head in ("tcp", "udp", "sctp", "th") and name in ("dport", "sport"):
        members, _ = _set(tokens, _port)
        text = _shown(tokens, begin)
        own = [] if head == "th" else [protocol_clause(f"protocol {head}", [head], False)]
        return [*own, c.port(name, text, name, Members(Partly.exactly(members)), True)]
    if head == "tcp" and name == "flags":
        return [protocol_clause("protocol tcp", ["tcp"], False), _flag_condition(tokens, begin)]
    if head in ("ip", "ip6") and name in ("saddr", "daddr"):
        if tokens.peek().startswith("@"):
            return [_unlogged(tokens, begin, "set")]
        members, _ = _set(tokens, one_address)
        column = "src" if name == "saddr" else "dst"
        return [c.address(column, _shown(tokens, begin), column, Members(Partly.exactly(members)))]
    if (head, name) in (("ip", "protocol"), ("meta", "l4proto"), ("ip6", "nexthdr")):
        members, _ = _set(tokens, _protocol)
        return [c.number("proto", _shown(tokens, begin), "proto_num", members)]
    if head in ("icmp", "icmpv6") and name == "type":
        negated = tokens.accept("!=")
        value = tokens.next()
        if value == "{":
            tokens.at = begin
            return [_unlogged(tokens, begin, head)]
        return icmp_clauses(_shown(tokens, begin), value, negated)
    if (head, name) in _NUMBERS:
        column, top = _NUMBERS[head, name]
        members, _ = _set(tokens, lambda text: _number(text, top))
        return [c.number(name, _shown(tokens, begin), column, members)]
    return [_unlogged(tokens, begin, head)]


def _shown(tokens: _Tokens, begin: int) -> str:
    text = " ".join(tokens.all[begin : tokens.at]).replace(" ,", ",").replace("( ", "(").replace(" )", ")")
    return harmless(text, 80)


def _unlogged(tokens: _Tokens, begin: int, head: str) -> Clause:
    """A condition that no log decides: everything up to what can begin the next."""
    if tokens.at < begin + 2:
        tokens.next()
    stop = _HEADS | _VERDICTS | {"counter", "log", "comment"}
    depth = 0
    while tokens.peek() and (depth or tokens.peek() not in stop):
        word = tokens.next()
        depth += (word in "{(") - (word in "})")
    what = {"limit": "the rate limit's bucket", "set": "the members of the set"}.get(head) or _UNLOGGED.get(
        head, "a field"
    )
    return c.undecidable(head, _shown(tokens, begin), f"{what} (not compared with the log)")


def _set(tokens: _Tokens, read: Callable[[str], Ranges]) -> tuple[Ranges, bool]:
    """The values of a comparison: one, a range, or a set in braces; after `!=` all others."""
    sign = tokens.next() if tokens.peek() in ("==", "!=", "<", ">", "<=", ">=") else "=="
    if tokens.accept("{"):
        parts = []
        while not tokens.accept("}"):
            parts.append(read(tokens.next()))
            tokens.accept(",")
        if not parts:
            raise RuleError("an empty set")
    else:
        parts = [read(tokens.next())]
    found = Ranges.of((span for part in parts for span in part.spans), parts[0].top)
    if sign in ("<", ">", "<=", ">="):
        low, high = found.spans[0][0], found.spans[-1][1]
        span = {"<": (0, low - 1), "<=": (0, high), ">": (high + 1, found.top), ">=": (low, found.top)}[sign]
        found = Ranges.of([span], found.top)
    return (~found if sign == "!=" else found), sign == "!="


def _port(text: str) -> Ranges:
    if text in _PORTS:
        text = str(_PORTS[text])
    return one_port(text.replace("-", ":"))


def _number(text: str, top: int) -> Ranges:
    match = re.fullmatch(r"(0x[0-9a-fA-F]{1,8}|[0-9]{1,10})(?:-([0-9]{1,10}))?", text)
    if not match or int(match[1], 0 if match[1].startswith("0x") else 10) > top:
        raise RuleError(f"{quoted(text)} is no number up to {top}")
    first = int(match[1], 0 if match[1].startswith("0x") else 10)
    return Ranges.of([(first, int(match[2]) if match[2] else first)], top)


def _protocol(text: str) -> Ranges:
    clause = protocol_clause("", [text.lower()], False)
    return Ranges.of(clause.key[2], 255)  # type: ignore[arg-type]


def _flag_condition(tokens: _Tokens, begin: int) -> Clause:
    """`flags syn` (any of), `== syn` (exact), `& (a|b) == b`, `a,b / a,b` (value / mask)."""
    if tokens.accept("&"):
        mask = _bits(tokens)
        sign = tokens.next()
        if sign not in ("==", "!="):
            raise RuleError("tcp flags & … is compared with == or !=")
        wanted = _bits(tokens)
        return flags_clause(_shown(tokens, begin), mask, wanted, sign == "!=")
    sign = tokens.next() if tokens.peek() in ("==", "!=") else ""
    value = _bits(tokens)
    if tokens.accept("/"):
        mask = _bits(tokens)
        return flags_clause(_shown(tokens, begin), mask, value, sign == "!=")
    if sign:
        return flags_clause(_shown(tokens, begin), 0xFF, value, sign == "!=")
    text = _shown(tokens, begin)

    def test(events: Events) -> Three:
        return c.both(c.is_proto(events, Proto.TCP), c.known_as("flags", events, lambda flags: (flags & value) != 0))

    return Clause("flags", text, c.TITLES["flags"], test, ("any flag", value))


def _bits(tokens: _Tokens) -> int:
    """Flags: a name, a number, or names with | or , between them, perhaps in parentheses or braces."""
    closing = {"(": ")", "{": "}"}.get(tokens.peek(), "")
    if closing:
        tokens.next()
    bits = 0
    while True:
        word = tokens.next().lower()
        if word in _FLAGS:
            bits |= _FLAGS[word]
        elif re.fullmatch("0x[0-9a-f]{1,2}|0", word):
            bits |= int(word, 16)
        else:
            raise RuleError(f"{quoted(word)} is no flag; they are fin syn rst psh ack urg ecn cwr")
        if not tokens.accept("|", ","):
            break
    if closing and not tokens.accept(closing):
        raise RuleError(f"a {closing} is missing")
    return bits
