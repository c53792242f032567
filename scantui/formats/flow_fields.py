"""Fields of flow records: nfdump's flags and ICMP ports, Argus' states and protocols, FortiOS' services."""

from __future__ import annotations

import re

from scantui.events import ACK, FLAG_BITS, SYN
from scantui.formats.sheet import Record
from scantui.formats.words import protocol

# nfdump prints CEUAPRSF or the last six of them, a point for each flag that is not set.
_LETTERS = dict(zip("CEUAPRSF", ("CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"), strict=True))
# ra(1), of the argus-clients: states of ICMP, by type and code.
_ICMP_STATES = {
    b"ECO": (8, None),
    b"ECR": (0, None),
    b"SRC": (4, 0),
    b"RED": (5, None),
    b"TXD": (11, None),
    b"URN": (3, 0),
    b"URH": (3, 1),
    b"URP": (3, 3),
}
_OVER_UDP = (b"udt", b"rtp", b"rtcp")


def nfdump_flags(token: bytes) -> Record | None:
    """`.AP.SF`, or bits as `0x1b`. No flag at all is what exporters send that tell of none."""
    if re.fullmatch(rb"0x[0-9a-fA-F]{1,2}", token):
        bits = int(token, 16)
    elif re.fullmatch(rb"[CEUAPRSF.]{6}|[CEUAPRSF.]{8}", token):
        bits = sum(FLAG_BITS[_LETTERS[letter]] for letter in token.decode() if letter != ".")
    else:
        return None
    return {"flags": bits} if bits else {}


def icmp_port(token: bytes) -> Record | None:
    """Type and code in the place of the target's port: `8.0`, or 256 times the type plus the code."""
    kind, point, code = token.partition(b".")
    if not re.fullmatch(rb"[0-9]{1,5}", kind) or (point and not re.fullmatch(rb"[0-9]{1,5}", code)):
        return None
    number, part = (int(kind), int(code)) if point else divmod(int(kind), 256)
    return {"icmp_type": number, "icmp_code": part} if number <= 255 and part <= 255 else None


def argus_state(token: bytes) -> Record | None:
    """`SRPA_SPA`: the flags that source and target sent, each ORed; or a word."""
    match = re.fullmatch(rb"([FSRPAUEC]*)_([FSRPAUEC]*)", token)
    if match is None:
        return {"answered": 0} if token == b"INT" else {}
    source, target = (sum(FLAG_BITS[_LETTERS[letter]] for letter in set(part.decode())) for part in match.groups())
    record: Record = {"answered": int(target & (SYN | ACK) == SYN | ACK)}
    return record | {"flags": source} if match[1] else record


def argus_icmp(token: bytes) -> Record | None:
    """Type, and code where the state tells it."""
    kind, code = _ICMP_STATES.get(token, (None, None))
    return {name: value for name, value in (("icmp_type", kind), ("icmp_code", code)) if value is not None}


def argus_protocol(token: bytes) -> Record | None:
    """A protocol, or what is recognised over UDP."""
    found = protocol("udp" if token in _OVER_UDP else token.decode("latin-1"))
    return {} if found is None else {"proto": int(found[0]), "proto_num": found[1]}


# Type and code in a service's name, `icmp/8/0`. Versions differ in which comes first, so only what both agree on counts.
FORTINET_ICMP: dict[bytes, Record] = {
    text: {"icmp_type": kind, "icmp_code": 0}
    for kind, texts in ((8, (b"icmp/8/0", b"icmp/0/8")), (128, (b"icmp6/128/0", b"icmp6/0/128")))
    for text in texts
}
