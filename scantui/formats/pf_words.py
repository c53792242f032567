"""The words of pf's filterlog: print-tcp.c, print-icmp.c of net/filterlog (pfSense, OPNsense), whose newer ones are pfctl's of
sbin/pfctl/pfctl_parser.c."""

from __future__ import annotations

import re

from scantui.events import DF, LATER, MF
from scantui.formats.flag_texts import letters
from scantui.formats.sheet import Record

# Older filterlogs: the type, or type and code, as one word; what follows are ids, addresses or prose.
_OLD: dict[bytes, Record] = {
    b"request": {"icmp_type": 8},
    b"reply": {"icmp_type": 0},
    b"unreachproto": {"icmp_type": 3, "icmp_code": 2},
    b"unreachport": {"icmp_type": 3, "icmp_code": 3},
    b"needfrag": {"icmp_type": 3, "icmp_code": 4},
    b"unreach": {"icmp_type": 3},
    b"redirect": {"icmp_type": 5},
    b"timexceed": {"icmp_type": 11},
    b"paramprob": {"icmp_type": 12},
    b"tstamp": {"icmp_type": 13},
    b"tstampreply": {"icmp_type": 14},
    b"maskreply": {"icmp_type": 18},
}
_TYPES = {
    b"echorep": 0, b"unreach": 3, b"squench": 4, b"redir": 5, b"althost": 6, b"echoreq": 8, b"routeradv": 9, b"routersol": 10,
    b"timex": 11, b"paramprob": 12, b"timereq": 13, b"timerep": 14, b"inforeq": 15, b"inforep": 16, b"maskreq": 17,
    b"maskrep": 18, b"trace": 30, b"dataconv": 31, b"mobredir": 32, b"ipv6-where": 33, b"ipv6-here": 34, b"mobregreq": 35,
    b"mobregrep": 36, b"skip": 39, b"photuris": 40,
}  # fmt: skip
_TYPES6 = {
    b"unreach": 1, b"toobig": 2, b"timex": 3, b"paramprob": 4, b"echoreq": 128, b"echorep": 129, b"listqry": 130,
    b"listenrep": 131, b"listendone": 132, b"routersol": 133, b"routeradv": 134, b"neighbrsol": 135, b"neighbradv": 136,
    b"redir": 137, b"routrrenum": 138, b"niqry": 139, b"nirep": 140, b"listenrepv2": 143, b"mtraceresp": 200, b"mtrace": 201,
}  # fmt: skip
_CODES = {
    b"net-unr": 0, b"host-unr": 1, b"proto-unr": 2, b"port-unr": 3, b"needfrag": 4, b"srcfail": 5, b"net-unk": 6, b"host-unk": 7,
    b"isolate": 8, b"net-prohib": 9, b"host-prohib": 10, b"net-tos": 11, b"host-tos": 12, b"filter-prohib": 13,
    b"host-preced": 14, b"cutoff-preced": 15, b"redir-net": 0, b"redir-host": 1, b"redir-tos-net": 2, b"redir-tos-host": 3,
    b"normal-adv": 0, b"common-adv": 16, b"transit": 0, b"reassemb": 1, b"badhead": 0, b"optmiss": 1, b"badlen": 2,
    b"unknown-ind": 1, b"auth-fail": 2, b"decrypt-fail": 3,
}  # fmt: skip
_CODES6 = {
    b"noroute-unr": 0, b"admin-unr": 1, b"beyond-unr": 2, b"addr-unr": 3, b"port-unr": 4, b"transit": 0, b"reassemb": 1,
    b"badhead": 0, b"nxthdr": 1, b"redironlink": 0, b"redirrouter": 1,
}  # fmt: skip
_NEW = re.compile(rb"datalength=[0-9]+,(?:([a-z0-9-]+)|unknown\(([0-9]{1,3})\)),([a-z0-9-]+)")


_FRAGMENT = re.compile(rb"([0-9]{1,5}),(none|DF|DF,?\+|\+)?")


def pf_fragment(token: bytes) -> Record | None:
    """`1480,+`: offset and flags, `+` for more fragments; {} for what is neither."""
    match = _FRAGMENT.fullmatch(token)
    if match is None or match[2] is None:
        return {}
    return {"frag": LATER * bool(int(match[1])) | DF * (b"DF" in match[2]) | MF * (b"+" in match[2])}


def pf_flags(token: bytes) -> Record | None:
    """Letters; the field is always there, so none is no flag."""
    return letters(token) if token else {"flags": 0}


def pf_icmp(token: bytes) -> Record | None:
    """The word of an older filterlog."""
    return dict(_OLD.get(token, {"icmp_type": 9} if token.startswith(b"routeradv") else {}))


def _numbered(token: bytes, types: dict[bytes, int], codes: dict[bytes, int]) -> Record | None:
    match = _NEW.fullmatch(token)
    if match is None:
        return {}
    kind = types.get(match[1]) if match[1] else int(match[2])
    code = int(match[3]) if re.fullmatch(rb"[0-9]{1,5}", match[3]) else codes.get(match[3])
    told = (("icmp_type", kind), ("icmp_code", code))
    return {name: value for name, value in told if value is not None and value <= 255}


def pf_icmp_fields(token: bytes) -> Record | None:
    """`datalength=64,echoreq,0`"""
    return _numbered(token, _TYPES, _CODES)


def pf_icmp6_fields(token: bytes) -> Record | None:
    """`datalength=32,neighbrsol,0`"""
    return _numbered(token, _TYPES6, _CODES6)
