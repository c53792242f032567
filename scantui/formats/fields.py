"""The fields a declared format can name: `column` or `column:reader`, each with the value that reads it.

`sport` is a number that fits the column, `flags:letters` reads `SA` or `S.`, `time:epoch-ms` a clock. Formats give their own
words for actions, flags, protocols and answers in tables; without one the usual words are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from scantui.columns.stamp_layout import layout_of
from scantui.events import ACK, DF, FLAG_BITS, LATER, MF, SYN, Action
from scantui.formats import legs
from scantui.formats.cisco_ports import PORTS
from scantui.formats.epochs import AnyEpoch, named_zone, wordy_time, zone
from scantui.formats.exported import exported_time
from scantui.formats.flag_texts import FLAGS, labelled_flags, session_flags
from scantui.formats.flow_fields import FORTINET_ICMP, argus_icmp, argus_state, icmp_port
from scantui.formats.many_texts import Listed, Templated
from scantui.formats.packet import Packet
from scantui.formats.pf_words import pf_flags, pf_fragment, pf_icmp, pf_icmp6_fields, pf_icmp_fields
from scantui.formats.protocol_texts import PROTOCOLS, protocol_record
from scantui.formats.scan_notice import scan_notice, scan_packet
from scantui.formats.sheet import Record
from scantui.formats.stamp import syslog_stamp, time_of_day
from scantui.formats.stamp_patterns import reader_of
from scantui.formats.stamped_texts import StampedTexts
from scantui.formats.tcp_options import layout
from scantui.formats.tcpdump_text import (
    CHANGING_OPTIONS,
    decoded,
    icmp,
    icmp6,
    old_fragment,
    option_layout,
    padded_ttl,
    worded_length,
    worded_protocol,
)
from scantui.formats.tcpdump_text import fragment as tcpdump_fragment
from scantui.formats.time_values import Epoch, IsoTime, Seconds
from scantui.formats.value_forms import (
    Anything,
    AtLeastOne,
    Beginning,
    Ended,
    HexNumber,
    InUtc,
    OneOf,
    OrNothing,
    Plus,
    Until,
    With,
    only,
)
from scantui.formats.values import Address, Endpoint, Number, Value, Words
from scantui.formats.words import action_of, flag_words
from scantui.formats.zeek import connection_state, history
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
_IPV6_HEADER = 40  # bytes that an IPv6 packet is longer than what it says (RFC 8200 §3)
TEXTS = ("rule", "sensor", "iface")
_LABELLED = re.compile(rb"(?:(?:fw)?[Rr]ule(?: ?(?:Name|name|ID|Id|id))?|Policy ?Name) cs\d=(.*)")
_MOST_PACKETS = 999_999_999  # of one flow
_MOST_DIGITS = 15  # of a number; hostile ones are longer than Python turns into one
_NO_TEXT = (b"", b"-", b"N/A", b"(none)", b"(unknown 0)", b"(unknown)")
Tables_ = Mapping[str, Mapping[str, str]]  # the format's own words: table name to word to meaning


def signature(token: bytes) -> bytes:
    """`gid:sid:rev] name`, as it stands in alerts, without the bracket; Snort 3 quotes the name, Snort 1 has it alone."""
    number, _, name = token.removeprefix(b"[").partition(b"] ")
    name = name.partition(b" [Classification: ")[0].strip(b'" ')
    return number + b" " + name if name else number.rstrip(b"]")


def noticed_by(token: bytes) -> Record | None:
    """Snort's generator, or `gid:sid:rev`: what its port scan preprocessor writes sums up, and stands for no packet."""
    return {"count": 0} if token.partition(b":")[0] == b"122" else {}


def labelled_rule(token: bytes) -> bytes:
    """CEF's `Rule Name cs2=Cleanup`: the rule; nothing where the label is another's."""
    found = _LABELLED.fullmatch(token)
    return re.sub(rb"\\([\\=|])", rb"\1", found[1]) if found else b""


def lasted(token: bytes) -> Record | None:
    """A duration `h:mm:ss`, in microseconds."""
    match = re.fullmatch(rb"([0-9]{1,6}):([0-9]{2}):([0-9]{2})", token)
    return (
        None if match is None else {"lasted": (int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])) * 1_000_000}
    )


_TRUE, _FALSE = (b"true", b"1", b"True"), (b"false", b"0", b"False")


def one_flag(name: str) -> Callable[[bytes], Record | None]:
    """The bit of a flag that has a field of its own."""
    bit = FLAG_BITS[name]
    return lambda token: {"flags": bit} if token in _TRUE else {"flags": 0} if token in _FALSE else None


def syn_ack_seen(token: bytes) -> Record | None:
    """Answered, if the flags that a target sent (hexadecimal) have SYN and ACK; none say nothing."""
    sent = session_flags(token)
    return sent and {"answered": int(sent["flags"] & (SYN | ACK) == SYN | ACK)}


def _action(words: Mapping[str, str]) -> Callable[[bytes], Record | None]:
    table = {word.lower(): Action[meaning.upper()] for word, meaning in words.items()}

    def meaning(token: bytes) -> Record | None:
        text = token.decode("latin-1").lower()
        found = table.get(text, table.get("*")) if table else action_of(text)
        return {} if not found else {"action": int(found)}

    return meaning


def _answered(words: Mapping[str, str]) -> Listed:
    return Listed(
        {word.encode(): {"answered": int(said == "yes")} for word, said in words.items() if said in ("yes", "no")}
    )


_EVENTS: dict[str, Record] = {
    "opened": {"leg": legs.OPENED},
    "later": {"leg": legs.LATER},
    "notice": {"count": 0},
    **{action.name.lower(): {"action": int(action)} for action in (Action.ACCEPT, Action.DROP, Action.REJECT)},
}


def _event(meaning: str) -> Record:
    """What an event's number says: words of `_EVENTS` and a protocol's name. Raises ValueError."""
    record: Record = {}
    for word in meaning.split():
        said = _EVENTS.get(word) or protocol_record(word.encode())
        if said is None:
            raise ValueError(f"event '{meaning}': {', '.join(_EVENTS)} and protocols are known")
        record |= said
    return record


def fragment_field(token: bytes) -> Record | None:
    """Fragment bits from the 16 bits of IPv4's header that hold them and the offset (RFC 791 §3.1)."""
    if not re.fullmatch(rb"[0-9]{1,5}", token) or int(token) > 65_535:
        return None
    part = int(token)
    return {"frag": DF * (part >> 14 & 1) | MF * (part >> 13 & 1) | LATER * bool(part & 0x1FFF)}


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


def _tcpdump_options(tables: Tables) -> Value:
    def meaning(token: bytes) -> Record | None:
        shape = option_layout(token)
        return {} if shape is None else {"tcp_options": tables.texts.code(shape)}

    return Templated(meaning, CHANGING_OPTIONS)


_TCPDUMP: dict[str, Callable[[Tables], Value]] = {
    "options:tcpdump": _tcpdump_options,
    "proto:worded": lambda _: Words(worded_protocol, ("proto", "proto_num")),
    "ttl:padded": lambda _: Words(padded_ttl, ("ttl",)),
    "length:worded": lambda _: Words(worded_length, ("length",)),
    "frag:at": lambda _: Words(old_fragment, ("frag",)),
    "frag:tcpdump": lambda _: Words(tcpdump_fragment, ("frag",)),
    "icmp:tcpdump": lambda _: Words(icmp, ("icmp_type", "icmp_code")),
    "icmp6:tcpdump": lambda _: Words(icmp6, ("icmp_type", "icmp_code")),
    "proto:tcpdump": lambda _: Words(decoded, ("proto", "proto_num")),
}
_TIDY: dict[str, Callable[[bytes], bytes]] = {
    "signature": signature,
    "scan": lambda token: signature(b"122:" + token),
    "id": lambda token: b"" if token == b"0" else token,
    "csv": lambda token: token.replace(b'""', b'"'),
    "barred": lambda token: re.sub(rb"\\([\\|])", rb"\1", token),
    "snort-csv": lambda token: signature(token.replace(b",", b":", 2).replace(b",", b"] ", 1)),
}
_ENDPOINTS = {
    "source": ("src", "sport", 65_535),
    "target": ("dst", "dport", 65_535),
    "source_type": ("src", "icmp_type", 255),
    "target_code": ("dst", "icmp_code", 255),
}


_ICMP = {
    "port": icmp_port,
    "argus": argus_icmp,
    "pf": pf_icmp,
    "pf-fields": pf_icmp_fields,
    "pf-fields6": pf_icmp6_fields,
}
_ANSWERS = {"zeek": connection_state, "syn-ack": syn_ack_seen}


def value_of(spec: str, tables: Tables, words: Tables_) -> Value:
    """The value that a field specification names. Raises ValueError with what is wrong with it."""
    said, _, rest = spec.partition(" ")
    if said in ("check", "host"):
        return only(value_of(rest, tables, words), ("src", "dst") if said == "host" else ())
    if said == "first":
        return Until(value_of(rest, tables, words), b",")
    if said == "sentence":
        return Ended(value_of(rest, tables, words), b".")
    column, _, reader = spec.partition(":")
    if column in ("sport", "dport") and reader in ("tcp", "udp"):
        return With(Number(column, LARGEST[column]), protocol_record(reader.encode()) or {})
    if column in ("src", "dst") and reader == "?":
        return OneOf([Address(column, tables, (b"-", b"")), Anything()])
    if column in ("src", "dst"):
        return Address(column, tables, (b"-", b""), names=reader == "name")
    if column in _ENDPOINTS:
        joint = reader.removesuffix("?").encode() or b":"
        address, port, largest = _ENDPOINTS[column]
        if reader == "colons":
            return Words(_colons(column == "source", tables), (address, port, "iface"))
        if reader == "either":
            return OneOf([Address(address, tables, (b"-", b"")), Endpoint(address, port, tables)])
        return Endpoint(address, port, tables, joint, loose=reader.endswith("?"), largest=largest)
    if spec in _TCPDUMP:
        return _TCPDUMP[spec](tables)
    if column in LARGEST and reader in ("hex", "hex?"):
        return HexNumber(column, LARGEST[column], empty=reader.endswith("?"))
    if column in LARGEST and column in words:
        numbers = {word.encode(): int(number) for word, number in words[column].items()}
        return Words(lambda token: _number_or_word(column, numbers, token), (column,))
    if column in ("sport", "dport") and reader == "cisco":
        return OneOf(
            [Number(column, 65_535, ()), Words(lambda token: _looked_up(column, PORTS, token) or None, (column,))]
        )
    if spec == "icmp_type:icmp":
        return OneOf([With(Number(column, LARGEST[column], ()), protocol_record(b"icmp") or {}), Anything()])
    if column == "packets":
        return AtLeastOne(Number("count", _MOST_PACKETS, ()))
    if spec == "lasted:ms":
        return Number("lasted", 10**11, unit=1_000)
    if column == "lasted":
        return Words(lasted, ("lasted",)) if reader else Number("lasted", 10**8, unit=1_000_000)
    if spec == "length:payload":
        return Plus(Number(column, LARGEST[column] - _IPV6_HEADER), _IPV6_HEADER)
    if column in LARGEST and reader == "number?":
        return OneOf([Number(column, LARGEST[column]), Anything()])
    if column in LARGEST and reader == "positive":
        return Number(column, LARGEST[column], (b"", b"-", b"0"))
    if column in LARGEST:
        return Number(column, LARGEST[column], joint=reader.encode() or None)
    if spec == "rule:labelled":
        return Beginning(Words(_text(column, labelled_rule, tables), (column,)), (b"Rule", b"rule", b"fwRu", b"Poli"))
    if column == "scan_notice":
        return Words(scan_notice(tables), ("rule", "iface", "src", "dst"))
    if column == "scan_packet":
        return Words(scan_packet(tables), ("src", "dst"))
    if spec == "rule:ids":
        told = _text(column, bytes, tables)
        return Words(lambda token: (told(token) or {}) | (noticed_by(token) or {}), (column, "count"))
    if column in TEXTS:
        return Words(_text(column, _TIDY.get(reader, bytes), tables), (column,))
    if column == "zone":
        return Words(zone, ("zone",))
    if spec == "icmp:fortinet":
        return Listed(FORTINET_ICMP)
    if column == "icmp" and reader in _ICMP:
        return Words(_ICMP[reader], ("icmp_type", "icmp_code"))
    if spec == "state:argus":
        return Words(argus_state, ("flags", "answered"))
    if column == "proto":
        return Words(PROTOCOLS.get(reader, protocol_record), ("proto", "proto_num"))
    if spec == "flags:labelled":
        return Beginning(Words(labelled_flags, ("flags",)), tuple(b"0x%X" % high for high in range(16)))
    if spec == "flags:pf":
        return Words(pf_flags, ("flags",))
    if column == "flags":
        if "flags" in words:
            table = {word.encode(): flag_words(meaning) for word, meaning in words["flags"].items()}
            return Words(lambda token: _looked_up("flags", table, token), ("flags",))
        if (reader or "words") not in FLAGS:
            raise ValueError(f"'{spec}': flags are read as {', '.join(FLAGS)}")
        return Words(FLAGS[reader or "words"], ("flags",))
    if column == "flag" and reader in FLAG_BITS:
        return Words(one_flag(reader), ("flags",))
    if column == "packet" and reader.isdigit():
        return Packet(int(reader), tables)
    if column == "history":
        return Words(history, ("flags", "answered", "back_flags"))
    if column == "action":
        return Words(_action(words.get("action", {})), ("action",))
    if column == "answered" and reader in _ANSWERS:
        return Words(_ANSWERS[reader], ("answered",))
    if column == "answered":
        return _answered(words.get("answered", {}))
    if column == "event":
        return Listed({number.encode(): _event(meaning) for number, meaning in words.get("event", {}).items()})
    if column == "frag" and reader == "field":
        return Words(fragment_field, ("frag",))
    if column == "frag" and reader == "pf":
        return Words(pf_fragment, ("frag",))
    if column == "micros":
        return Number("micros", 999_999)
    if column == "generator":
        return Words(noticed_by, ("count",))
    if column == "back":
        return Number("back", 0xFFFFFFFF)
    if column == "frag":
        return Words(_fragment, ("frag",))
    if column == "options":
        return Words(_options(tables), ("tcp_options",))
    if column == "time":
        return clock_of(reader)
    raise ValueError(f"'{spec}' is no field; see docs/formats.md for their names")


_COLONS = re.compile(rb"([0-9.]{7,15}|(?=:))(?::([0-9]{0,5}))?(?::([^:]*))?(?::.*)?")


def _colons(source: bool, tables: Tables) -> Callable[[bytes], Record | None]:
    """`192.0.2.1:53:X1`: address, port and interface, perhaps a name; the address may stand elsewhere."""
    address, port = ("src", "sport") if source else ("dst", "dport")

    def meaning(token: bytes) -> Record | None:
        match = _COLONS.fullmatch(token)
        record = None if match is None else Address(address, tables).plain(match[1]) if match[1] else {}
        if match is None or record is None or int(match[2] or 0) > LARGEST[port]:
            return None
        if match[2]:
            record[port] = int(match[2])
        if match[3] and source:
            record["iface"] = tables.texts.code(harmless(match[3], 40))
        return record

    return meaning


def _text(column: str, tidy: Callable[[bytes], bytes], tables: Tables) -> Callable[[bytes], Record | None]:
    def meaning(token: bytes) -> Record | None:
        said = token if token in _NO_TEXT else tidy(token)
        return {} if said in _NO_TEXT else {column: tables.texts.code(harmless(said, 120))}

    return meaning


def _number_or_word(column: str, words: Mapping[bytes, int], token: bytes) -> Record | None:
    """A number, or one of the format's words for one; another word says nothing."""
    if token.isdigit():
        return {column: int(token)} if len(token) <= _MOST_DIGITS and int(token) <= LARGEST[column] else None
    return _looked_up(column, words, token.lower())


def _looked_up(column: str, table: Mapping[bytes, Any], token: bytes) -> Record | None:
    found = table.get(token)
    return {} if found is None else {column: found}


_CLOCKS: dict[str, Callable[[], Value]] = {
    "": IsoTime,
    "iso": IsoTime,
    "iso-utc": lambda: InUtc(IsoTime()),
    "syslog": lambda: Seconds(_month_first),
    "clock": lambda: Seconds(time_of_day),
    "epoch": Epoch,
    "epoch-ms": lambda: Epoch(1_000),
    "epoch-us": lambda: Epoch(1),
    "epoch-ns": lambda: Epoch(0.001),
    "epoch-any": AnyEpoch,
    "wordy": lambda: StampedTexts(wordy_time, ("civil", "month", "zoned", "fraction", "stamped")),
    "exported": lambda: Words(exported_time, ("civil", "zoned", "fraction", "stamped")),
    "exported-utc": lambda: InUtc(Words(exported_time, ("civil", "zoned", "fraction", "stamped"))),
    "windows": lambda: Words(named_zone, ("civil", "zoned", "fraction", "stamped")),
}


def clock_of(reader: str) -> Value:
    """The value of a time: one of the names above, or a pattern such as `%m/%d/%Y-%H:%M:%S`."""
    if reader in _CLOCKS:
        return _CLOCKS[reader]()
    if reader.endswith("?"):
        return OrNothing(clock_of(reader[:-1]), ("civil", "month", "zoned", "fraction", "stamped"))
    if "|" in reader:
        return OneOf([clock_of(one) for one in reader.split("|")])
    if "%" not in reader:
        raise ValueError(f"'time:{reader}': a time is {', '.join(sorted(filter(None, _CLOCKS)))} or a pattern with %")
    return Seconds(reader_of(reader), layout=layout_of(reader))
