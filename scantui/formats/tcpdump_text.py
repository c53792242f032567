"""The words of tcpdump: how it prints flags, TCP options, ICMP messages, fragments and the protocols it decodes.

Sources: print-tcp.c, print-icmp.c, print-icmp6.c and print-ip.c of the-tcpdump-group/tcpdump; for `old_letters` OpenBSD's
print-tcp.c.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.events import DF, FLAG_BITS, LATER, MF, PROTO_OF_NUMBER, Proto
from scantui.formats.sheet import Record
from scantui.formats.words import protocol

_OLD = {"S": "SYN", "F": "FIN", "P": "PSH", "R": "RST", "W": "CWR", "E": "ECE"}
_FRAGMENT = re.compile(rb"([0-9]{1,5}), flags \[([A-Za-z+, ]*)\Z")
_OLD_FRAGMENT = re.compile(rb"([0-9]{1,5})(\+?)")
_MSS, _WINDOW_SCALE = re.compile(r"mss ([0-9]{1,5})"), re.compile(r"wscale ([0-9]{1,3})")
_TIMES = re.compile(r"TS val [0-9]+ ecr [0-9]+|timestamp [0-9]+ [0-9]+")
CHANGING_OPTIONS = re.compile(rb"TS val ([0-9]+) ecr ([0-9]+)|timestamp ([0-9]+) ([0-9]+)")  # with every packet


def old_letters(token: bytes) -> Record | None:
    """Flags as older tcpdumps print them: SYN, FIN, RST, PSH by letter and `.` for none of these; ACK is told elsewhere."""
    text = token.decode("latin-1")
    if text == ".":
        return {"flags": 0}
    if not text or any(letter not in _OLD for letter in text):
        return None
    return {"flags": sum(FLAG_BITS[_OLD[letter]] for letter in set(text))}


def old_letters_and(more: int) -> Callable[[bytes], Record | None]:
    """As `old_letters`, with flags that are told elsewhere in the line."""

    def read(token: bytes) -> Record | None:
        record = old_letters(token)
        return None if record is None else {"flags": record["flags"] | more}

    return read


def option_layout(token: bytes) -> str | None:
    """TCP options as hex, time stamp values as dots; None where the text does not tell every byte. See `tcp_options`."""
    made = ""
    for part in re.split(r", ?", token.decode("latin-1").strip()):
        mss, scale = _MSS.fullmatch(part), _WINDOW_SCALE.fullmatch(part)
        if part in ("nop", "eol"):
            made += {"nop": "01", "eol": "00"}[part]
        elif mss and int(mss[1]) <= 0xFFFF:
            made += f"0204{int(mss[1]):04X}"
        elif part in ("sackOK", "sackOK eol"):
            made += "0402"
        elif _TIMES.fullmatch(part):
            made += "080A" + "." * 16
        elif scale and int(scale[1]) <= 255:
            made += f"0303{int(scale[1]):02X}"
        else:
            return None
    return made


def fragment(token: bytes) -> Record | None:
    """`0, flags [DF`: a fragment's offset in bytes, and its flags."""
    match = _FRAGMENT.match(token)
    if match is None:
        return None
    words = match[2].replace(b" ", b"").split(b",")
    bits = LATER if int(match[1]) else 0
    return {"frag": bits | (DF if b"DF" in words else 0) | (MF if b"+" in words or b"MF" in words else 0)}


def old_fragment(token: bytes) -> Record | None:
    """`1480+` of `(frag 242:1480@1480+)`: where it begins in the packet, and whether more follow."""
    match = _OLD_FRAGMENT.fullmatch(token)
    return None if match is None else {"frag": (LATER if int(match[1]) else 0) | (MF if match[2] else 0)}


_WORDED = re.compile(rb":? ?(?:[A-Za-z0-9._-]+ \(([0-9]{1,3})\)|([0-9]{1,3}))")


def worded_protocol(token: bytes) -> Record | None:
    """What stands between `proto` and `, length` with -v: ` TCP (6)`, `: TCP (6)`, ` 6`."""
    match = _WORDED.fullmatch(token)
    number = int(match[1] or match[2]) if match else -1
    return {"proto": int(PROTO_OF_NUMBER.get(number, Proto.OTHER)), "proto_num": number} if 0 <= number <= 255 else None


def padded_ttl(token: bytes) -> Record | None:
    """A number of up to three places, blanks before it."""
    digits = token.lstrip(b" ")
    return {"ttl": int(digits)} if re.fullmatch(rb"[0-9]{1,3}", digits) and int(digits) <= 255 else None


def worded_length(token: bytes) -> Record | None:
    """` 60`, `: 60`, ` 60, options (...`"""
    match = re.match(rb":? ([0-9]{1,6})(?:,|\Z)", token)
    return None if match is None else {"length": int(match[1])}


# Types of RFC 792, 1122, 1812 by the words print-icmp.c has for them, and codes where the words tell them (that of an echo
# may be any); the first that fits counts.
_ICMP = [
    (re.compile(pattern.encode()), kind, code)
    for pattern, kind, code in (
        (r"echo request", 8, None),
        (r"echo reply", 0, None),
        (r"\S+ (?:tcp|udp) port \S+ unreachable", 3, 3),
        (r"\S+ protocol \S+ unreachable", 3, 2),
        (r"net \S+ unreachable\Z", 3, 0),
        (r"host \S+ unreachable\Z", 3, 1),
        (r"host \S+ unreachable - admin prohibited filter", 3, 13),
        (r"host \S+ unreachable - admin prohibited", 3, 10),
        (r"net \S+ unreachable - admin prohibited", 3, 9),
        (r"\S+ unreachable - need to frag", 3, 4),
        (r"\S+ unreachable - source route failed", 3, 5),
        (r"time exceeded in-transit", 11, 0),
        (r"ip reassembly time exceeded", 11, 1),
        (r"redirect \S+ to net", 5, 0),
        (r"redirect \S+ to host", 5, 1),
        (r"source quench", 4, None),
        (r"router advertisement", 9, None),
        (r"router solicitation", 10, None),
        (r"time stamp query", 13, None),
        (r"time stamp reply", 14, None),
        (r"address mask request", 17, None),
        (r"address mask is", 18, None),
        (r"parameter problem", 12, None),
    )
]
# RFC 4443 and 4861 by the words of print-icmp6.c.
_ICMP6 = [
    (re.compile(pattern.encode()), kind, code)
    for pattern, kind, code in (
        (r"echo request", 128, None),
        (r"echo reply", 129, None),
        (r"destination unreachable, unreachable port", 1, 4),
        (r"destination unreachable, unreachable address", 1, 3),
        (r"destination unreachable, unreachable route", 1, 0),
        (r"destination unreachable,  ?unreachable prohibited", 1, 1),
        (r"destination unreachable", 1, None),
        (r"packet too big", 2, None),
        (r"time exceeded in-transit \(reassembly|time exceeded in-reassembly", 3, 1),
        (r"time exceeded in-transit", 3, 0),
        (r"parameter problem", 4, None),
        (r"multicast listener query", 130, None),
        (r"multicast listener report v2", 143, None),
        (r"multicast listener report", 131, None),
        (r"multicast listener done", 132, None),
        (r"router solicitation", 133, None),
        (r"router advertisement", 134, None),
        (r"neighbor sol(?:icitation)?(?![a-z])", 135, None),
        (r"neighbor adv(?:ertisement)?(?![a-z])", 136, None),
        (r"redirect", 137, None),
    )
]


def _message(token: bytes, known: list[tuple[re.Pattern[bytes], int, int | None]]) -> Record:
    for pattern, kind, code in known:
        if pattern.match(token):
            return {"icmp_type": kind} if code is None else {"icmp_type": kind, "icmp_code": code}
    return {}


def icmp(token: bytes) -> Record | None:
    """Type and code of an ICMP message; {} for words that are not known."""
    return _message(token, _ICMP)


def icmp6(token: bytes) -> Record | None:
    """Type and code of an ICMPv6 message; {} for words that are not known."""
    return _message(token, _ICMP6)


# What print-udp.c hands to decoders begins so; TCP always begins with its flags.
_OVER_UDP = re.compile(
    rb"(?:UDP,?|udp|NTPv[0-9],?|isakmp(?:-nat-keep-alive|:)?|SIP:?|BOOTP/DHCP,?|NBT|SYSLOG|RADIUS,?|TFTP,?|VXLAN,?|RIPv[0-9],?"
    rb"|HSRPv[0-9]\S*|L2TP|STUN,?|quic,?|[0-9]{1,5}\*?[+*|%$-]*)\Z"
)
_NUMBERED = re.compile(rb"ip-proto-([0-9]{1,3})\Z")
_TITLES = (
    (b"ESP(", "esp"),
    (b"AH(", "ah"),
    (b"GRE", "gre"),
    (b"igmp", "igmp"),
    (b"OSPF", "ospf"),
    (b"VRRP", "vrrp"),
    (b"PIM", "pim"),
    (b"sctp", "sctp"),
    (b"DCCP", "dccp"),
    (b"tcp", "tcp"),
)


def decoded(token: bytes) -> Record | None:
    """The protocol by the first word of what tcpdump decoded; {} when that does not tell, None for TCP's own form."""
    if token.startswith((b"Flags", b"[|", b"ICMP")):
        return None
    numbered = _NUMBERED.match(token)
    if numbered and int(numbered[1]) <= 255:
        number = int(numbered[1])
        return {"proto": int(PROTO_OF_NUMBER.get(number, Proto.OTHER)), "proto_num": number}
    if _OVER_UDP.match(token):
        return {"proto": int(Proto.UDP), "proto_num": 17}
    for title, name in _TITLES:
        found = protocol(name) if token.startswith(title) else None
        if found:
            return {"proto": int(found[0]), "proto_num": found[1]}
    return {}
