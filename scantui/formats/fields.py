"""The fields a declared format can name: `column` or `column:reader`, each with the value that reads it.

`sport` is a number that fits the column, `flags:letters` reads `SA` or `S.`, `time:epoch-ms` a clock. Formats give their own
words for actions, flags, protocols and answers in tables; without one the usual words are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from scantui.events import DF, FLAG_BITS, MF, Action
from scantui.formats.sheet import Record
from scantui.formats.stamp import syslog_stamp
from scantui.formats.stamp_patterns import reader_of
from scantui.formats.tcp_options import layout
from scantui.formats.values import Address, Endpoint, Epoch, IsoTime, Number, Seconds, Value, Words
from scantui.formats.words import action_of, flag_words, protocol
from scantui.safe_text import harmless
from scantui.tables import Tables

# Largest value of a column, by its width on the wire (RFC 791, 792, 9293); IP lengths with jumbograms and IPv6 payloads.
LARGEST = {
    "sport": 65_535,
    "dport": 65_535,
    "ttl": 255,
    "ip_id": 65_535,
    "window": 65_535,
    "length": 0xFFFFFFFF,
    "seq": 0xFFFFFFFF,
    "ack": 0xFFFFFFFF,
    "icmp_type": 255,
    "icmp_code": 255,
    "count": 0xFFFFFFFF,
}
TEXTS = ("rule", "sensor", "iface")
Tables_ = Mapping[str, Mapping[str, str]]  # the format's own words: table name to word to meaning

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


def number(token: bytes) -> Record | None:
    """Flag bits as a decimal number."""
    if not token:
        return {}
    return {"flags": int(token)} if re.fullmatch(rb"[0-9]{1,3}", token) and int(token) <= 511 else None


def word_flags(token: bytes) -> Record | None:
    """Flag words, joined as `SYN-FIN`, `SYN,FIN` or `SYN FIN`."""
    if not token or token == b"-":
        return {}
    bits = flag_words(token.decode("latin-1"))
    return None if bits is None else {"flags": bits}


_FLAGS: dict[str, Callable[[bytes], Record | None]] = {
    "letters": letters,
    "hex": hexadecimal,
    "number": number,
    "words": word_flags,
}


def protocol_record(token: bytes) -> Record | None:
    """A protocol's name or IANA number."""
    if token in (b"", b"-"):
        return {}
    found = protocol(token.decode("latin-1"))
    return None if found is None else {"proto": int(found[0]), "proto_num": found[1]}


def named_protocol(name: str) -> Record:
    """The columns of a protocol known by name."""
    found = protocol(name)
    if found is None:
        raise ValueError(f"'{name}' is no protocol")
    return {"proto": int(found[0]), "proto_num": found[1]}


def _action(words: Mapping[str, str]) -> Callable[[bytes], Record | None]:
    table = {word.lower(): Action[meaning.upper()] for word, meaning in words.items()}

    def meaning(token: bytes) -> Record | None:
        text = token.decode("latin-1").lower()
        found = table.get(text, table.get("*")) if table else action_of(text)
        return {} if not found else {"action": int(found)}

    return meaning


def _answered(words: Mapping[str, str]) -> Callable[[bytes], Record | None]:
    table = {word: meaning == "yes" for word, meaning in words.items() if meaning in ("yes", "no")}
    return lambda token: {"answered": int(table[token.decode("latin-1")])} if token.decode("latin-1") in table else {}


_FRAGMENT_WORDS = {b"none": 0, b"DF": DF, b"DF,+": DF | MF, b"+": MF, b"MF": MF}


def _fragment(token: bytes) -> Record | None:
    """Fragment bits as tcpdump and pf print them: `DF`, `+` for more fragments, `none`."""
    bits = _FRAGMENT_WORDS.get(token)
    return {} if bits is None else {"frag": bits}


def _options(tables: Tables) -> Callable[[bytes], Record | None]:
    def meaning(token: bytes) -> Record | None:
        shape = layout(token.upper())
        return {} if shape is None else {"tcp_options": tables.texts.code(shape)}

    return meaning


def _month_first(token: bytes) -> Record | None:
    found = syslog_stamp(token)
    return None if found is None else dict(found)


def value_of(spec: str, tables: Tables, words: Tables_) -> Value:
    """The value that a field specification names. Raises ValueError with what is wrong with it."""
    column, _, reader = spec.partition(":")
    if column in ("src", "dst"):
        return Address(column, tables, (b"-", b""))
    if column in ("source", "target"):
        names = ("src", "sport") if column == "source" else ("dst", "dport")
        return Endpoint(*names, tables, (reader or ":").encode())
    if column in LARGEST:
        return Number(column, LARGEST[column], joint=reader.encode() or None)
    if column in TEXTS:
        return Words(lambda token: {column: tables.texts.code(harmless(token, 120))} if token else {}, (column,))
    if column == "proto":
        return Words(protocol_record, ("proto", "proto_num"))
    if column == "flags":
        if "flags" in words:
            table = {word.encode(): flag_words(meaning) for word, meaning in words["flags"].items()}
            return Words(lambda token: _looked_up("flags", table, token), ("flags",))
        if (reader or "words") not in _FLAGS:
            raise ValueError(f"'{spec}': flags are read as {', '.join(_FLAGS)}")
        return Words(_FLAGS[reader or "words"], ("flags",))
    if column == "action":
        return Words(_action(words.get("action", {})), ("action",))
    if column == "answered":
        return Words(_answered(words.get("answered", {})), ("answered",))
    if column == "frag":
        return Words(_fragment, ("frag",))
    if column == "options":
        return Words(_options(tables), ("tcp_options",))
    if column == "time":
        return clock_of(reader)
    raise ValueError(f"'{spec}' is no field; see docs/formats.md for their names")


def _looked_up(column: str, table: Mapping[bytes, int | None], token: bytes) -> Record | None:
    found = table.get(token)
    return {} if found is None else {column: found}


_CLOCKS: dict[str, Callable[[], Value]] = {
    "": IsoTime,
    "iso": IsoTime,
    "syslog": lambda: Seconds(_month_first),
    "epoch": Epoch,
    "epoch-ms": lambda: Epoch(1_000),
    "epoch-us": lambda: Epoch(1),
    "epoch-ns": lambda: Epoch(0.001),
}


def clock_of(reader: str) -> Value:
    """The value of a time: one of the names above, or a pattern such as `%m/%d/%Y-%H:%M:%S`."""
    if reader in _CLOCKS:
        return _CLOCKS[reader]()
    if "%" not in reader:
        raise ValueError(f"'time:{reader}': a time is {', '.join(sorted(filter(None, _CLOCKS)))} or a pattern with %")
    return Seconds(reader_of(reader))
