"""A rule line of Snort or Suricata: action, header, options."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.events import Events, Proto
from scantui.explain.rules import clauses as c
from scantui.explain.rules.clauses import Clause, Three, address, is_proto, port
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.keywords import CARRIED_BY_ANY, CARRIED_BY_TCP
from scantui.explain.rules.lines import ACTIONS, Line, without_comment
from scantui.explain.rules.members import ADDRESS_TOP, Members, addresses, ports
from scantui.explain.rules.numbers import PROTOCOLS
from scantui.explain.rules.options import Draft, finish, take
from scantui.explain.rules.ranges import Partly, Ranges
from scantui.explain.rules.rule import Rule
from scantui.explain.rules.variables import Variables
from scantui.explain.rules.words import words
from scantui.safe_text import harmless

_PLAIN = {
    "tcp": (Proto.TCP,),
    "udp": (Proto.UDP,),
    "icmp": (Proto.ICMP, Proto.ICMP6),
    "sctp": (Proto.SCTP,),
    "icmpv4": (Proto.ICMP,),
    "icmpv6": (Proto.ICMP6,),
    "icmp6": (Proto.ICMP6,),
    "tcp-pkt": (Proto.TCP,),
    "tcp-stream": (Proto.TCP,),
}
_ANY_IP = words("ip ip4 ipv4 ip6 ipv6 any pkthdr")
_DIRECTIONS = ("->", "<>", "=>")
_COLUMNS = (("src", "source"), ("sport", "source port"), ("dst", "destination"), ("dport", "destination port"))
MOST_LENGTH = 65_536  # characters; Suricata and Snort refuse rules well below that


def parse_rule(line: Line, path: str, dialect: Dialect, variables: Variables) -> Rule:
    """The rule on a line. Raises RuleError with the reason when there is none."""
    text = without_comment(line.text)
    if len(text) > MOST_LENGTH:
        raise RuleError(f"longer than {MOST_LENGTH:,} characters")
    if line.spread and dialect is not Dialect.SNORT3:
        raise RuleError(
            f"the rule goes on over the next lines without a backslash; only Snort 3 reads that, not {dialect.title}"
        )
    head, options = _halves(text)
    words = list(_words(head))
    if not words or words[0] not in ACTIONS:
        raise RuleError(
            f"{quoted(words[0]) if words else 'nothing'} is no action; a rule begins with alert, drop, pass …"
        )
    action, proto, parts = _header(words, dialect)
    draft = Draft(dialect, proto)
    for name, value in options:
        take(draft, name, value)
    header, back, members = _header_clauses(parts, proto, variables)
    said = draft.said
    return Rule(
        path=path,
        line=line.number,
        text=harmless(line.text, 2000),
        dialect=dialect,
        action=action,
        proto=proto,
        header=header,
        back=back,
        rest=(*_proto_clauses(proto, dialect), *finish(draft)),
        enabled=line.enabled,
        message=harmless(said.get("msg", "").strip().strip('"'), 160),
        sid=_number("sid", said.get("sid")),
        gid=_number("gid", said.get("gid")) or 1,
        limits=tuple(draft.limits),
        silent=draft.silent,
        flags=draft.flags,
        flags_text=draft.flags_text,
        flow=draft.flow,
        payload=(*draft.payload,),
        variables=tuple(dict.fromkeys(name for found in members.values() for name in found.undefined)),
        header_members=members,
        findings=(),
    )


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise RuleError(f"{name} {quoted(text)} is no number")
    return int(text)


def _halves(text: str) -> tuple[str, list[tuple[str, str]]]:
    """The header, and the options as (keyword, value)."""
    depth = 0
    for at, char in enumerate(text):
        if char == "[":
            depth += 1
        elif char == "]":
            depth -= 1
        elif char == "(" and depth <= 0:
            if not text.endswith(")"):
                raise RuleError("the options do not end with )")
            return text[:at], list(options_of(text[at + 1 : -1]))
    return text, []


def options_of(body: str) -> Iterator[tuple[str, str]]:
    """The options between the parentheses. A ; counts unless it is escaped or in quotes. Raises RuleError."""
    start, quote, escaped = 0, False, False
    for at, char in enumerate(body):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quote = not quote
        elif char == ";" and not quote:
            if body[start:at].strip():
                yield _option(body[start:at])
            start = at + 1
    if quote:
        raise RuleError("a quotation mark is not closed")
    if body[start:].strip():
        raise RuleError(f"the option {quoted(body[start:].strip())} does not end with ;")


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    name = name.strip()
    if not name or any(char.isspace() or char in '"()' for char in name):
        # Snort 3 writes some options without a colon.
        raise RuleError(f"{quoted(text.strip())} is no option")
    return name, value.strip()


def _words(head: str) -> Iterator[str]:
    """The words of a header; blanks within brackets do not part them."""
    word, depth = "", 0
    for char in head:
        if char.isspace() and depth <= 0:
            if word:
                yield word
            word = ""
            continue
        depth += (char == "[") - (char == "]")
        if not char.isspace():
            word += char
    if depth > 0:
        raise RuleError("a [ without its ]")
    if word:
        yield word


def _header(words: list[str], dialect: Dialect) -> tuple[str, str, tuple[str, str, str, str, str] | None]:
    """Action, protocol, and source, port, direction, destination, port; None for a header without addresses."""
    if len(words) <= 2:
        if dialect is not Dialect.SNORT3:
            raise RuleError(f"the header names no addresses; only Snort 3 reads that, not {dialect.title}")
        return words[0], words[1].lower() if len(words) == 2 else "ip", None
    if len(words) != 7:
        raise RuleError(f"the header has {len(words)} words; it is: action protocol source port -> destination port")
    action, proto, src, sport, way, dst, dport = words
    if way not in _DIRECTIONS:
        hint = "; there is no <-, turn the sides round" if way == "<-" else ""
        raise RuleError(f"{quoted(way)} is no direction; it is ->, <> or, in Suricata, =>{hint}")
    if way == "=>" and dialect is not Dialect.SURICATA:
        raise RuleError(f"{dialect.title} does not read the direction =>; Suricata does")
    return action, proto.lower(), (src, sport, way, dst, dport)


def _header_clauses(
    parts: tuple[str, str, str, str, str] | None, proto: str, variables: Variables
) -> tuple[tuple[Clause, ...], tuple[Clause, ...], dict[str, Members]]:
    if parts is None:
        return (), (), {}
    texts = (parts[0], parts[1], parts[3], parts[4])
    ported = proto not in _ANY_IP and proto not in ("icmp", "icmpv4", "icmpv6", "icmp6")
    members: dict[str, Members] = {}
    forward: list[Clause] = []
    backward: list[Clause] = []
    other = {"src": "dst", "dst": "src", "sport": "dport", "dport": "sport"}
    for (column, title), text in zip(_COLUMNS, texts, strict=True):
        is_port = column.endswith("port")
        found = ports(text, variables) if is_port else addresses(text, variables)
        members[column] = found
        if found.set.everything:
            continue
        shown = f"{title} {harmless(text, 60)}"
        for chosen, into in ((column, forward), (other[column], backward)):
            made = port(column, shown, chosen, found, ported) if is_port else address(column, shown, chosen, found)
            into.append(made)
    return tuple(forward), tuple(backward) if parts[2] == "<>" else (), members


def _proto_clauses(proto: str, dialect: Dialect) -> list[Clause]:
    """The protocol's clauses; Suricata 8 writes a hook behind it, the moment of a flow at which the rule is asked."""
    proto, colon, hook = proto.partition(":")
    if not colon:
        return _plain_proto(proto, dialect)
    if dialect is not Dialect.SURICATA or not hook:
        raise RuleError(f"{quoted(f'{proto}:{hook}')}: only Suricata reads a hook behind a protocol")
    asked = c.undecidable("proto", f"hook {harmless(hook, 40)}", "when in a flow the engine asks the rule")
    return _plain_proto(proto, dialect) + ([] if hook == "all" else [asked])


def _plain_proto(proto: str, dialect: Dialect) -> list[Clause]:
    if proto in _PLAIN:
        protos = _PLAIN[proto]
        made = [_proto_clause(proto, *protos)]
        if proto == "tcp-stream":
            made.append(c.undecidable("tcp-stream", "protocol tcp-stream", "the reassembled stream"))
        return made
    if proto in ("ip4", "ipv4", "ip6", "ipv6"):
        top = 2**32 - 1
        four = Ranges.of([(0, top)], ADDRESS_TOP)
        wanted = four if proto.endswith("4") else ~four
        return [address("proto", f"protocol {proto}", "src", Members(Partly.exactly(wanted)))]
    if proto in _ANY_IP:
        return []
    if proto == "arp":
        return [c.undecidable("proto", "protocol arp", "ARP (not in these logs)")]
    if proto in PROTOCOLS:
        number = PROTOCOLS[proto]
        return [c.number("proto", f"protocol {proto}", "proto_num", Ranges.of([(number, number)], 255))]
    if dialect is Dialect.SNORT2:
        raise RuleError(f"{quoted(proto)} is no protocol of Snort 2; it reads tcp, udp, icmp and ip")
    needs = f"the application protocol {harmless(proto, 20)}"
    unknown = c.undecidable("proto", f"application protocol {harmless(proto, 20)}", needs)
    if proto in CARRIED_BY_TCP:
        return [_proto_clause("tcp", Proto.TCP), unknown]
    if proto in CARRIED_BY_ANY or dialect is Dialect.SNORT3:
        return [unknown]
    raise RuleError(f"{quoted(proto)} is no protocol scantui knows")


def _proto_clause(name: str, *protos: Proto) -> Clause:
    def test(events: Events) -> Three:
        return is_proto(events, *protos)

    return Clause("proto", f"protocol {name}", "protocol", test, ("proto", protos))
