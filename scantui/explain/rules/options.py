"""Options of Snort and Suricata rules as clauses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from scantui.events import ACK, DF, LATER, MF, SYN, Events, Proto
from scantui.explain.rules import clauses as c
from scantui.explain.rules.clauses import Clause, Three
from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError, quoted
from scantui.explain.rules.flags import FlagTest, Mode, flag_test
from scantui.explain.rules.keywords import KNOWN, LABELS, OF_PAYLOAD, STATE, UNLOGGED
from scantui.explain.rules.limits import DETECTION_FILTER, Limit, parse_limit
from scantui.explain.rules.numbers import number_range, protocol_range
from scantui.explain.rules.payload import carries, payload_size
from scantui.explain.rules.ranges import Bools
from scantui.explain.rules.words import words
from scantui.safe_text import harmless

# keyword: (event column, largest value, protocols)
_NUMBERS: dict[str, tuple[str, int, tuple[Proto, ...]]] = {
    "ttl": ("ttl", 255, ()),
    "id": ("ip_id", 65_535, ()),
    "window": ("window", 65_535, (Proto.TCP,)),
    "tcp.window": ("window", 65_535, (Proto.TCP,)),
    "seq": ("seq", 2**32 - 1, (Proto.TCP,)),
    "tcp.seq": ("seq", 2**32 - 1, (Proto.TCP,)),
    "ack": ("ack", 2**32 - 1, (Proto.TCP,)),
    "tcp.ack": ("ack", 2**32 - 1, (Proto.TCP,)),
    "itype": ("icmp_type", 255, (Proto.ICMP, Proto.ICMP6)),
    "icode": ("icmp_code", 255, (Proto.ICMP, Proto.ICMP6)),
}
_FLOW = words(
    "to_client to_server from_client from_server established not_established stateless no_stream "
    "only_stream no_frag "
    "only_frag"
)
_FRAG_LETTERS = {"M": MF, "D": DF}


@dataclass
class Draft:
    """What the options of a rule come to, as they are read."""

    dialect: Dialect
    proto: str
    clauses: list[Clause] = field(default_factory=list)
    limits: list[Limit] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # msg, sid, gid …
    flags: FlagTest | None = None
    flags_text: str = ""
    flow: tuple[str, ...] = ()
    silent: bool = False
    payload: dict[str, int] = field(default_factory=dict)  # keyword: how often
    strange: list[str] = field(default_factory=list)  # keywords of no list


def take(draft: Draft, name: str, value: str) -> None:
    """Add one option. Raises RuleError when the engine would not read it either."""
    low = name.lower()
    if low in LABELS:
        draft.said.setdefault(low, value)
    elif low in ("flags", "tcp.flags"):
        _flags(draft, value)
    elif low in _NUMBERS:
        column, top, protos = _NUMBERS[low]
        ranges = number_range(low, value, top, draft.dialect)
        draft.clauses.append(c.number(low, f"{low} {harmless(value.strip(), 40)}", column, ranges, *protos))
    elif low == "dsize":
        draft.clauses.append(payload_size(value, draft.dialect))
    elif low == "ip_proto":
        ranges = protocol_range(value, draft.dialect)
        draft.clauses.append(c.number(low, f"ip_proto {harmless(value.strip(), 40)}", "proto_num", ranges))
    elif low == "fragbits":
        _fragbits(draft, value)
    elif low == "fragoffset":
        _fragoffset(draft, value)
    elif low == "sameip":
        draft.clauses.append(Clause("sameip", "sameip", "addresses", _same, ("sameip",)))
    elif low == "flow":
        _flow(draft, value)
    elif low in ("threshold", DETECTION_FILTER):
        draft.limits.append(parse_limit(low, value))
    elif low == "noalert":
        draft.silent = True
    elif low in STATE:
        _state(draft, low, value)
    elif low in UNLOGGED:
        draft.clauses.append(
            c.undecidable(low, f"{low} {harmless(value.strip(), 40)}".strip(), f"{UNLOGGED[low]} (not in these logs)")
        )
    elif low in OF_PAYLOAD:
        pass
    else:
        if low not in KNOWN and not re.fullmatch(r"[a-z0-9_-]+\.[a-z0-9_.-]+", low):
            draft.strange.append(name)
        draft.payload[low] = draft.payload.get(low, 0) + (0 if value.startswith("!") and low == "content" else 1)
        draft.payload.setdefault(low, 0)


def finish(draft: Draft) -> list[Clause]:
    """All clauses, those on the payload last."""
    return draft.clauses + [
        carries(low, times, low in [word.lower() for word in draft.strange]) for low, times in draft.payload.items()
    ]


def _flags(draft: Draft, value: str) -> None:
    test = flag_test(value, draft.dialect)
    draft.flags, draft.flags_text = test, harmless(value.strip(), 40)

    def decide(events: Events) -> Three:
        return c.both(c.is_proto(events, Proto.TCP), c.known_as("flags", events, lambda flags: test.matches(flags)))

    key = ("flags", test.mode, test.listed, test.ignored, test.suricata)
    draft.clauses.append(Clause("flags", f"flags:{draft.flags_text}", c.TITLES["flags"], decide, key))


def _fragbits(draft: Draft, value: str) -> None:
    text = value.strip().upper()
    if not re.fullmatch(r"[+*!]?[MDR]{1,6}[+*!]?", text):
        raise RuleError(f"fragbits {quoted(value)}: it reads the letters M D R and one of + * !")
    mode = Mode(next((char for char in text if char in "+*!"), ""))
    if "R" in text:
        draft.clauses.append(
            c.undecidable("fragbits", f"fragbits:{text}", "the reserved fragment bit (not in these logs)")
        )
        return
    bits = sum({_FRAG_LETTERS[char] for char in text if char in _FRAG_LETTERS})
    test = FlagTest(mode, bits, LATER, draft.dialect is Dialect.SURICATA)

    def decide(events: Events) -> Three:
        return c.known_as("frag", events, test.matches)

    note = " (the reserved bit taken as clear)" if mode is Mode.EXACT else ""
    key = ("fragbits", mode, bits, test.suricata)
    draft.clauses.append(Clause("fragbits", f"fragbits:{text}{note}", c.TITLES["frag"], decide, key))


def _fragoffset(draft: Draft, value: str) -> None:
    ranges = number_range("fragoffset", value, 8191, draft.dialect)
    later_always, later_ever = (
        ranges.spans[:1] in (((0, 8191),), ((1, 8191),)),
        any(high > 0 for _, high in ranges.spans),
    )

    def decide(events: Events) -> Three:
        said = events.is_known("frag")
        later = (events.frag & np.uint8(LATER)) != 0
        yes = said & np.where(later, later_always, 0 in ranges)
        return Three(yes, ~said | (later & later_ever & ~yes))

    text = f"fragoffset {harmless(value.strip(), 20)}"
    draft.clauses.append(Clause("fragoffset", text, "fragment offset", decide, ("fragoffset", ranges.spans)))


def _same(events: Events) -> Three:
    return c.yes_or_no(events.src == events.dst)


def _state(draft: Draft, name: str, value: str) -> None:
    words = [word.strip() for word in value.split(",")]
    if name == "flowbits":
        if words[0] == "noalert":
            draft.silent = True
            return
        if words[0] in ("set", "unset", "toggle", "setx", "reset"):
            return
    if name in ("xbits", "hostbits") and words[0] in ("set", "unset", "toggle"):
        return
    if name == "flowint" and len(words) > 1 and words[1] in ("+", "-", "="):
        return
    draft.clauses.append(
        c.undecidable(name, f"{name}:{harmless(value.strip(), 40)}", f"{STATE[name]} (not in any log)")
    )


def _flow(draft: Draft, value: str) -> None:
    words = tuple(word.strip().lower() for word in value.split(",") if word.strip())
    strange = [word for word in words if word not in _FLOW]
    if strange or not words:
        raise RuleError(
            f"flow {quoted(value)}: {quoted(strange[0]) + ' is no word of it' if strange else 'nothing is said'}"
        )
    chosen = set(words)
    clash = (
        {"established", "not_established"},
        {"stateless", "established"},
        {"stateless", "not_established"},
    )
    client = chosen & {"to_server", "from_client"}
    server = chosen & {"to_client", "from_server"}
    if any(pair <= chosen for pair in clash) or (client and server):
        raise RuleError(f"flow {quoted(value)}: its words exclude each other")
    draft.flow = words
    for word in words:
        if word in ("stateless", "no_stream"):
            continue
        draft.clauses.append(
            Clause("flow", f"flow:{word}", _FLOW_NEEDS.get(word, _CONNECTION), _FLOW_TESTS[word], ("flow", word))
        )


_CONNECTION = "the state of the connection (a log of single packets has none)"
_FLOW_NEEDS = {"no_frag": c.TITLES["frag"], "only_frag": c.TITLES["frag"]}


def _syn(events: Events) -> tuple[Bools, Bools]:
    """Rows that carry SYN without ACK, and with it, by the log."""
    tcp = (events.proto == Proto.TCP) & events.is_known("flags")
    syn = tcp & ((events.flags & SYN) != 0)
    ack = (events.flags & ACK) != 0
    return syn & ~ack, syn & ack


def _established(events: Events) -> Three:
    """A packet with SYN is no part of an established connection; of the others the log cannot tell."""
    opening, answer = _syn(events)
    return Three(np.zeros(len(events), np.bool_), ~(opening | answer))


def _not_established(events: Events) -> Three:
    opening, answer = _syn(events)
    return Three(opening | answer, ~(opening | answer))


def _to_server(events: Events) -> Three:
    """Who sends SYN without ACK is the client."""
    opening, _ = _syn(events)
    return Three(opening, ~opening)


def _to_client(events: Events) -> Three:
    opening, _ = _syn(events)
    return Three(np.zeros(len(events), np.bool_), ~opening)


def _only_stream(events: Events) -> Three:
    opening, answer = _syn(events)
    return Three(np.zeros(len(events), np.bool_), ~(opening | answer))


def _no_frag(events: Events) -> Three:
    return c.known_as("frag", events, lambda frag: (frag & (MF | LATER)) == 0)


def _only_frag(events: Events) -> Three:
    whole = _no_frag(events)
    return Three(np.zeros(len(events), np.bool_), ~whole.yes)


_FLOW_TESTS = {
    "established": _established,
    "not_established": _not_established,
    "to_server": _to_server,
    "from_client": _to_server,
    "to_client": _to_client,
    "from_server": _to_client,
    "only_stream": _only_stream,
    "no_frag": _no_frag,
    "only_frag": _only_frag,
}
