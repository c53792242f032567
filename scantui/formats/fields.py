"""The fields a declared format can name: `column` or `column:reader`, each with the value that reads it.

`sport` is a number that fits the column, `flags:letters` reads `SA` or `S.`, `time:epoch-ms` a clock. Formats give their own
words for actions, flags, protocols and answers in tables; without one the usual words are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from scantui.events import ACK, DF, FLAG_BITS, LATER, MF, SYN, Action
from scantui.formats import legs
from scantui.formats.clock_fields import clock_of
from scantui.formats.endpoint_fields import endpoint_value
from scantui.formats.epochs import zone
from scantui.formats.field_spec import FieldSpec, WordTables
from scantui.formats.flag_texts import FLAGS, labelled_flags, session_flags
from scantui.formats.flow_fields import FORTINET_ICMP, argus_icmp, argus_state, icmp_port
from scantui.formats.many_texts import Listed, Templated
from scantui.formats.number_fields import looked_up, number_value
from scantui.formats.packet import Packet
from scantui.formats.pf_words import pf_flags, pf_fragment, pf_icmp, pf_icmp6_fields, pf_icmp_fields
from scantui.formats.protocol_texts import PROTOCOLS, protocol_record
from scantui.formats.sheet import Record
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
from scantui.formats.text_fields import noticed_by, text_value
from scantui.formats.value_forms import Beginning, Ended, Until, only
from scantui.formats.values import Value, Words
from scantui.formats.words import action_of, flag_words
from scantui.formats.zeek import connection_state, history
from scantui.tables import Tables

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


def _tcpdump_options(tables: Tables) -> Value:
    def meaning(token: bytes) -> Record | None:
        shape = option_layout(token)
        return {} if shape is None else {"tcp_options": tables.texts.code(shape)}

    return Templated(meaning, CHANGING_OPTIONS)


_ICMP = ("icmp_type", "icmp_code")
# Fields that are read in one way.
_ONE_WAY: dict[str, Callable[[Tables], Value]] = {
    "options:tcpdump": _tcpdump_options,
    "proto:worded": lambda _: Words(worded_protocol, ("proto", "proto_num")),
    "ttl:padded": lambda _: Words(padded_ttl, ("ttl",)),
    "length:worded": lambda _: Words(worded_length, ("length",)),
    "frag:at": lambda _: Words(old_fragment, ("frag",)),
    "frag:tcpdump": lambda _: Words(tcpdump_fragment, ("frag",)),
    "icmp:tcpdump": lambda _: Words(icmp, _ICMP),
    "icmp6:tcpdump": lambda _: Words(icmp6, _ICMP),
    "proto:tcpdump": lambda _: Words(decoded, ("proto", "proto_num")),
    "icmp:fortinet": lambda _: Listed(FORTINET_ICMP),
    "icmp:port": lambda _: Words(icmp_port, _ICMP),
    "icmp:argus": lambda _: Words(argus_icmp, _ICMP),
    "icmp:pf": lambda _: Words(pf_icmp, _ICMP),
    "icmp:pf-fields": lambda _: Words(pf_icmp_fields, _ICMP),
    "icmp:pf-fields6": lambda _: Words(pf_icmp6_fields, _ICMP),
    "state:argus": lambda _: Words(argus_state, ("flags", "answered")),
    "answered:zeek": lambda _: Words(connection_state, ("answered",)),
    "answered:syn-ack": lambda _: Words(syn_ack_seen, ("answered",)),
    "flags:labelled": lambda _: Beginning(
        Words(labelled_flags, ("flags",)), tuple(b"0x%X" % high for high in range(16))
    ),
    "flags:pf": lambda _: Words(pf_flags, ("flags",)),
    "frag:field": lambda _: Words(fragment_field, ("frag",)),
    "frag:pf": lambda _: Words(pf_fragment, ("frag",)),
}
# Columns that are read in one way, whatever is said of how.
_COLUMNS: dict[str, Callable[[Tables], Value]] = {
    "frag": lambda _: Words(_fragment, ("frag",)),
    "generator": lambda _: Words(noticed_by, ("count",)),
    "history": lambda _: Words(history, ("flags", "answered", "back_flags")),
    "options": lambda tables: Words(_options(tables), ("tcp_options",)),
    "zone": lambda _: Words(zone, ("zone",)),
}


def value_of(text: str, tables: Tables, words: WordTables) -> Value:
    """The value that a field's name stands for. Raises ValueError with what is wrong with it."""
    said, _, rest = text.partition(" ")
    if said in ("check", "host"):
        return only(value_of(rest, tables, words), ("src", "dst") if said == "host" else ())
    if said == "first":
        return Until(value_of(rest, tables, words), b",")
    if said == "sentence":
        return Ended(value_of(rest, tables, words), b".")
    if text in _ONE_WAY:
        return _ONE_WAY[text](tables)
    spec = FieldSpec(text, tables, words)
    for read in (endpoint_value, number_value, text_value, _worded):
        value = read(spec)
        if value is not None:
            return value
    if spec.column in _COLUMNS:
        return _COLUMNS[spec.column](tables)
    raise ValueError(f"'{text}' is no field; see docs/formats.md for their names")


def _worded(spec: FieldSpec) -> Value | None:
    """The value of a field of which the format may have words of its own, or a reader; None when it is none."""
    column, reader, words = spec.column, spec.reader, spec.words
    if column == "proto":
        return Words(PROTOCOLS.get(reader, protocol_record), ("proto", "proto_num"))
    if column == "flags":
        return _flags(spec)
    if column == "flag" and reader in FLAG_BITS:
        return Words(one_flag(reader), ("flags",))
    if column == "packet" and reader.isdigit():
        return Packet(int(reader), spec.tables)
    if column == "action":
        return Words(_action(words.get("action", {})), ("action",))
    if column == "answered":
        return _answered(words.get("answered", {}))
    if column == "event":
        return Listed({number.encode(): _event(meaning) for number, meaning in words.get("event", {}).items()})
    return clock_of(reader) if column == "time" else None


def _flags(spec: FieldSpec) -> Value:
    if "flags" in spec.words:
        table = {word.encode(): flag_words(meaning) for word, meaning in spec.words["flags"].items()}
        return Words(lambda token: looked_up("flags", table, token), ("flags",))
    if (spec.reader or "words") not in FLAGS:
        raise ValueError(f"'{spec.text}': flags are read as {', '.join(FLAGS)}")
    return Words(FLAGS[spec.reader or "words"], ("flags",))
