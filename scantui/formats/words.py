"""The vocabulary that formats share: protocol names, flag words, actions, as written in logs."""

from __future__ import annotations

import re
from functools import lru_cache

from scantui.events import FLAG_BITS, PROTO_OF_NUMBER, Action, Proto

# Names by IANA "Protocol Numbers"; the kernel's nf_log_syslog.c prints these and numbers for the rest.
_NAMES = {
    "tcp": 6,
    "udp": 17,
    "icmp": 1,
    "icmpv6": 58,
    "icmp6": 58,
    "ipv6-icmp": 58,
    "sctp": 132,
    "udplite": 136,
    "ah": 51,
    "esp": 50,
    "gre": 47,
    "igmp": 2,
    "ipip": 4,
    "ospf": 89,
    "dccp": 33,
    "pim": 103,
    "vrrp": 112,
    "l2tp": 115,
    "ipcomp": 108,
}


def protocol(word: str) -> tuple[Proto, int] | None:
    """Protocol and IANA number of a name or number; None when it is neither."""
    number = _NAMES.get(word.lower())
    if number is None:
        if not re.fullmatch(r"[0-9]{1,3}", word) or int(word) > 255:
            return None
        number = int(word)
    return PROTO_OF_NUMBER.get(number, Proto.OTHER), number


_NO_FLAGS = {"NONE", "NULL", "0"}


def flag_words(text: str) -> int | None:
    """Flag bits of words joined by `-`, `,`, `|`, `+`, `/` or blanks (`SYN-FIN`); None when it does not say or is no flag set."""
    text = text.upper()
    if text in _NO_FLAGS:
        return 0
    bits = 0
    words = [word for word in re.split(r"[-,|+/ ]+", text) if word]
    for word in words:
        bit = FLAG_BITS.get({"NS": "AE"}.get(word, word))
        if bit is None:
            return None
        bits |= bit
    return bits if words else None


# Words of prefixes and event names, in the order they are tried: AUDIT lines say nothing of the packet's fate, and
# "limit block" is a drop though it holds "limit".
_ACTIONS = (
    (Action.OBSERVED, re.compile(r"audit|policy[ _-]?accept[ _-]?log", re.I)),
    (Action.REJECT, re.compile(r"(?<![a-z])(rej(ect(ed)?)?|rst)(?![a-z])|-R-|reject", re.I)),
    (
        Action.DROP,
        re.compile(r"drop|deny|denied|block|blacklist|refus|discard|-D-|(?<![a-z])DPT?(?![a-z])", re.I),
    ),
    (Action.ACCEPT, re.compile(r"accept|allow|permit|pass(?![a-z])|-A-|(?<![a-z])ACC(?![a-z])", re.I)),
    (Action.ALERT, re.compile(r"alert|alarm|attack|scan", re.I)),
)


# EdgeOS, VyOS, UniFi: `[WAN_LOCAL-default-D]`, `[WAN_IN-A-2147483647]`; whatever the description after it says.
_TAG = re.compile(r"\[[\w.:-]*-([ADR])(?:-[0-9]+)?\]")
_TAGGED = {"A": Action.ACCEPT, "D": Action.DROP, "R": Action.REJECT}


@lru_cache(4096)
def action_of(text: str) -> Action:
    """What a prefix or event name says was done with the packet; UNKNOWN when it does not say."""
    tag = _TAG.search(text)
    if tag:
        return _TAGGED[tag[1]]
    for action, pattern in _ACTIONS:
        if pattern.search(text):
            return action
    return Action.UNKNOWN
