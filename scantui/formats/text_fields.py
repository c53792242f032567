"""Fields that are texts: a rule's name, a sensor, an interface, and whom they say it of."""

from __future__ import annotations

import re
from collections.abc import Callable

from scantui.formats.field_spec import FieldSpec
from scantui.formats.scan_notice import scan_notice, scan_packet
from scantui.formats.sheet import Record
from scantui.formats.value_forms import Beginning
from scantui.formats.values import Value, Words
from scantui.safe_text import harmless
from scantui.tables import Tables

TEXTS = ("rule", "sensor", "iface")
_LABELLED = re.compile(rb"(?:(?:fw)?[Rr]ule(?: ?(?:Name|name|ID|Id|id))?|Policy ?Name) cs\d=(.*)")
_NO_TEXT = (b"", b"-", b"N/A", b"(none)", b"(unknown 0)", b"(unknown)")


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


_TIDY: dict[str, Callable[[bytes], bytes]] = {
    "signature": signature,
    "scan": lambda token: signature(b"122:" + token),
    "id": lambda token: b"" if token == b"0" else token,
    "csv": lambda token: token.replace(b'""', b'"'),
    "barred": lambda token: re.sub(rb"\\([\\|])", rb"\1", token),
    "snort-csv": lambda token: signature(token.replace(b",", b":", 2).replace(b",", b"] ", 1)),
}


def _text(column: str, tidy: Callable[[bytes], bytes], tables: Tables) -> Callable[[bytes], Record | None]:
    def meaning(token: bytes) -> Record | None:
        said = token if token in _NO_TEXT else tidy(token)
        return {} if said in _NO_TEXT else {column: tables.texts.code(harmless(said, 120))}

    return meaning


def text_value(spec: FieldSpec) -> Value | None:
    """The value of a field that is a text; None when it is none."""
    column, reader, tables = spec.column, spec.reader, spec.tables
    if column == "scan_notice":
        return Words(scan_notice(tables), ("rule", "iface", "src", "dst"))
    if column == "scan_packet":
        return Words(scan_packet(tables), ("src", "dst"))
    if column not in TEXTS:
        return None
    if spec.text == "rule:labelled":
        return Beginning(Words(_text(column, labelled_rule, tables), (column,)), (b"Rule", b"rule", b"fwRu", b"Poli"))
    if spec.text == "rule:ids":
        told = _text(column, bytes, tables)
        return Words(lambda token: (told(token) or {}) | (noticed_by(token) or {}), (column, "count"))
    return Words(_text(column, _TIDY.get(reader, bytes), tables), (column,))
