"""Flag sets as logs write them: letters, words, numbers, and places that stand for one flag each."""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.events import ACK, FLAG_BITS, URG
from scantui.formats.flow_fields import nfdump_flags
from scantui.formats.sheet import Record
from scantui.formats.tcpdump_text import old_letters, old_letters_and
from scantui.formats.words import flag_words

# Flag letters of tcpdump (print-tcp.c), pf, Snort and Suricata. `.` is ACK in tcpdump; W and C both stand for CWR, e for AE.
_LETTERS = {
    "F": "FIN",
    "S": "SYN",
    "R": "RST",
    "P": "PSH",
    ".": "ACK",
    "A": "ACK",
    "U": "URG",
    "E": "ECE",
    "W": "CWR",
    "C": "CWR",
    "e": "AE",
}


def letters(token: bytes) -> Record | None:
    """Flag letters; `*` and `-` fill a place (Snort), `none` is no flag."""
    text = token.decode("latin-1")
    if text in ("none", "[none]"):
        return {"flags": 0}
    bits = 0
    for letter in text:
        if letter in "*-_":
            continue
        name = _LETTERS.get(letter)
        if name is None:
            return None
        bits |= FLAG_BITS[name]
    return {"flags": bits} if text else {}


def hexadecimal(token: bytes) -> Record | None:
    """Flag bits as a hexadecimal number, with or without 0x."""
    if not token:
        return {}
    if not re.fullmatch(rb"(?:0[xX])?[0-9A-Fa-f]{1,4}", token) or int(token, 16) > 511:
        return None
    return {"flags": int(token, 16)}


def session_flags(token: bytes) -> Record | None:
    """The same of a session: none are seen of packets that belong to no session, whatever flags they have."""
    found = hexadecimal(token)
    return {} if found == {"flags": 0} else found


def number(token: bytes) -> Record | None:
    """Flag bits as a decimal number."""
    if token in (b"", b"-"):
        return {}
    return {"flags": int(token)} if re.fullmatch(rb"[0-9]{1,3}", token) and int(token) <= 511 else None


def word_flags(token: bytes) -> Record | None:
    """Flag words, joined as `SYN-FIN`, `SYN,FIN` or `SYN FIN`."""
    if not token or token == b"-":
        return {}
    bits = flag_words(token.decode("latin-1"))
    return None if bits is None else {"flags": bits}


def snort_letters(token: bytes) -> Record | None:
    """Snort's eight places `12UAPRSF`, where 1 and 2 are the bits that are now CWR and ECE, and `*` is none."""
    return letters(token.translate(bytes.maketrans(b"12", b"CE"))) if len(token) == 8 else None


def scanlogd_letters(token: bytes) -> Record | None:
    """scanlogd's eight places: a capital is set in all packets, a small letter in none, `?` in some."""
    if not re.fullmatch(rb"[fF?][sS?][rR?][pP?][aA?][uU?][xX?][yY?]", token):
        return None
    if b"?" in token:
        return {}
    return letters(re.sub(rb"[a-z]", b"", token).translate(bytes.maketrans(b"XY", b"EC"))) or {"flags": 0}


def any_flags(token: bytes) -> Record | None:
    """Flag words or letters; what is neither says nothing."""
    found = word_flags(token)
    return found if found is not None else letters(token) or {}


def named_flags(token: bytes) -> Record | None:
    """`SYN: 1 FIN: 1 ACK: 0`"""
    said = re.findall(rb"([A-Z]{3}): ([01])(?: |\Z)", token)
    known = {name: FLAG_BITS.get(name.decode()) for name, _ in said}
    if not said or None in known.values():
        return None
    return {"flags": sum(known[name] or 0 for name, one in dict(said).items() if one == b"1")}


def noted_flags(token: bytes) -> Record | None:
    """`TCP Flag(s): ACK RST` in a remark; other remarks say nothing."""
    said = re.search(rb"TCP Flag\(s\): ([A-Z ]+)", token)
    bits = flag_words(said[1].decode().strip()) if said else None
    return {} if bits is None else {"flags": bits}


def labelled_flags(token: bytes) -> Record | None:
    """CEF's `0x12 ACK SYN cs2Label=TCP Flags`: the words, or where there are none the byte; other labels say nothing."""
    said = re.fullmatch(rb"0[xX]([0-9A-Fa-f]{2})((?: [A-Z]{3})*) +cs\dLabel=TCP Flags", token.strip())
    if said is None:
        return {}
    bits = flag_words(said[2].decode().strip()) if said[2] else int(said[1], 16)
    return {} if bits is None else {"flags": bits}


FLAGS: dict[str, Callable[[bytes], Record | None]] = {
    "letters": letters,
    "hex": hexadecimal,
    "session": session_flags,
    "number": number,
    "words": word_flags,
    "list": lambda token: word_flags(token) if token.strip() else {"flags": 0},
    "snort": snort_letters,
    "nfdump": nfdump_flags,
    "scanlogd": scanlogd_letters,
    "any": any_flags,
    "named": named_flags,
    "noted": noted_flags,
    "old": old_letters,
    "old+ack": old_letters_and(ACK),
    "old+urg": old_letters_and(URG),
    "old+ack+urg": old_letters_and(ACK | URG),
}
