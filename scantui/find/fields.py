"""The fields a filter can ask for: what each means, and what may follow it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scantui.detect.scan import Kind
from scantui.events import Proto
from scantui.snapshot import JUDGEMENTS, VERDICT_NAMES


class Form(Enum):
    """How a field's values are written, in words for an error."""

    NUMBER = "a number"
    MOMENT = "a time"
    TEXT = "a text"
    ADDRESS = "an address"


@dataclass(frozen=True, slots=True)
class Field:
    """`choices` are all words a TEXT field can hold, or the words a NUMBER field takes beside numbers. A TEXT field without
    choices is matched whole unless `loose`, then anywhere. A NUMBER that `names` counts nothing: its values are offered."""

    name: str
    form: Form
    about: str
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    loose: bool = False
    names: bool = False


VARIES = "varies"
NONE = "none"  # a source with too little to judge
MARKED = "marked"  # a mark without a verdict of the analyst's
TRAITS = ("marked", "noted", "clustered", "slow", "ipv4", "ipv6")
_PROTOCOLS = (*(proto.name.lower() for proto in Proto if proto is not Proto.UNKNOWN), "ip")  # ip: many of them

FIELDS = (
    Field("src", Form.ADDRESS, "the source: 203.0.113.7, 203.0.113.0/24, a part", also=("source", "net", "ip")),
    Field("verdict", Form.TEXT, "what the evidence comes to", (*VERDICT_NAMES[:0:-1], NONE)),
    Field("kind", Form.TEXT, "the shape of what it did", tuple(kind.value for kind in Kind)),
    Field("technique", Form.TEXT, "how it probes, in nmap's words: syn, connect, xmas", also=("tech",)),
    Field("flags", Form.TEXT, "TCP flags of its packets, in any order: syn-fin, or a technique"),
    Field("proto", Form.TEXT, "the protocol", _PROTOCOLS, also=("protocol",)),
    Field("ports", Form.NUMBER, "how many destination ports"),
    Field("targets", Form.NUMBER, "how many destination hosts", also=("hosts",)),
    Field("events", Form.NUMBER, "how many log lines", also=("lines",)),
    Field("score", Form.NUMBER, "the sum of the evidence, log-odds"),
    Field("rate", Form.NUMBER, "events a second, from first to last"),
    Field("port", Form.NUMBER, "a port it probed: 22, 20-30", (VARIES,), also=("dport",)),
    Field("sport", Form.NUMBER, "the one source port of its packets", (VARIES,)),
    Field("target", Form.ADDRESS, "a host it probed (of a scan: the first 256)", also=("dst", "host")),
    Field("first", Form.MOMENT, "first seen: first>03:00, first<2d, first:2025-11-22"),
    Field("last", Form.MOMENT, "last seen: last<5m is within five minutes of the newest event"),
    Field("cluster", Form.TEXT, "the cluster's name; cluster:* is any"),
    Field("relation", Form.TEXT, "how its cluster belongs together", ("decoy", "distributed", "campaign", "single")),
    Field("tool", Form.TEXT, "the tool its packets tell, where they do"),
    Field("country", Form.TEXT, "its country by --mmdb (de), or what else it is: private, documentation", also=("cc",)),
    Field("asn", Form.NUMBER, "its autonomous system's number by --mmdb", names=True),
    Field("as", Form.TEXT, "number or a word of the name of its autonomous system", loose=True),
    Field("known", Form.TEXT, "a name that a --known list has for it; known:* is any", also=("listed",)),
    Field("evidence", Form.TEXT, "a word of why it was flagged", also=("why",), loose=True),
    Field("mark", Form.TEXT, "your verdict; mark:* is any mark", (*JUDGEMENTS[1:], MARKED)),
    Field("note", Form.TEXT, "a word of your note", loose=True),
    Field("is", Form.TEXT, "what it is", TRAITS),
)  # fmt: skip
BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.also)}
EQUAL = frozenset({":", "=", "=="})
SIGNS = (">=", "<=", "!=", "==", ":", "=", "<", ">")
