"""A declared format: a TOML file that says how its lines are recognised, where the message begins, and what its fields are.

    name = "filterlog"            # and title
    holds = ["filterlog"]         # texts every line of it has
    envelope = "program"          # a syslog header before the message; "none": the line is the message;
                                  # "any", "device", "router", "capture": see docs/formats.md
    body = 'filterlog(\\[\\d+\\])?: '   # where the message begins (program envelopes)
    [split]                       # or [headed], [[phrase]], [pairs], [json]
    by = ","
    [[layout]] ...                # fields by number, when other fields have these texts
    [[sample]] ...                # a line and the event it must give

Files are read strictly: every error names the file and the key. `docs/formats.md` tells the whole of it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

ENVELOPES = ("program", "none", "any", "device", "router", "capture")


STYLES = ("zeek", "w3c", "names")


class Split(msgspec.Struct, forbid_unknown_fields=True):
    """Fields between one byte; `quoted`: quotes may stand around a field, and the byte inside them; `trim`: so may a blank."""

    by: str
    quoted: bool = False
    trim: bool = False


class HeadedSpec(msgspec.Struct, forbid_unknown_fields=True):
    """Fields whose names stand in the file: after `#fields` ("zeek") or `#Fields:` ("w3c"), or in a line that has all names of
    `need` ("names"; "a|b": one of these); `quoted` as in `split`. `usual` are the orders of files without such a line, names
    between blanks. With `loose` names are told in small letters and digits alone, however they are written, and one of the
    bytes `others` may stand in the place of `by`."""

    style: str
    by: str
    quoted: bool = False
    need: list[str] = []
    usual: list[str] = []
    loose: bool = False
    others: str = ""


class LayoutSpec(msgspec.Struct, forbid_unknown_fields=True):
    """Fields by number (from 0), or by name where the file names them ("a b": these two, which stand together), for lines of at
    least `least` fields in which the fields of `when` have one of these texts, and that have the fields of `has`. `flow` says
    how to read the flags of a record of several packets; `silent` lines tell of no packet."""

    fields: dict[str, str] = {}
    when: dict[str, str | list[str]] = {}
    has: list[str] = []
    always: dict[str, str] = {}
    least: int = 0
    most: int = 200
    flow: str = ""
    silent: bool = False


class PhraseSpec(msgspec.Struct, forbid_unknown_fields=True):
    """One form of message, or several that say the same by the same names; `fields` maps these to fields when they are not
    fields already. The text follows the file's `opening`, and that one of `ids`; `closing` follows it where it is not open."""

    text: str | list[str]
    ids: list[str] = []
    fields: dict[str, str] = {}
    always: dict[str, str] = {}


class RecordSpec(msgspec.Struct, forbid_unknown_fields=True):
    """Records of several lines: `begins` is what the first begins with, `continues` the bytes one of which begins each other."""

    begins: str = ""
    continues: str = ""


class PairsSpec(msgspec.Struct, forbid_unknown_fields=True):
    """`key=value` messages: the keys that mean something ("a b": these two, which stand together); `marks`: those that
    every line has ("a|b": one of these); `need`: those that a packet's line has; with `rest_silent` lines without
    them tell of no packet, as those whose keys have the texts of `silent`. With `blanks` a value runs to the next
    key. `bars`: fields by the number of bars before them, from where the message begins. `flow` as in layouts. With `colons`
    pairs are `key:"value"`."""

    fields: dict[str, str]
    always: dict[str, str] = {}
    need: list[str] = []
    marks: list[str] = []
    bars: dict[str, str] = {}
    blanks: bool = False
    flow: str = ""
    silent: dict[str, list[str]] = {}
    rest_silent: bool = False
    colons: bool = False


class CaseSpec(msgspec.Struct, forbid_unknown_fields=True):
    """What objects mean in which the paths of `when` have one of these texts ("*": any,
    "text*": what begins so, "!text": any but this, "": none): path to field; with
    `silent` they tell of no packet; `flow` says what the flags of a flow record tell (see LayoutSpec)."""

    fields: dict[str, str] = {}
    when: dict[str, str | list[str]] = {}
    always: dict[str, str] = {}
    silent: bool = False
    flow: str = ""


class JsonSpec(msgspec.Struct, forbid_unknown_fields=True):
    """Objects, one a line, and with `inside` those that shippers put into objects of their own; all cases that hold count, and
    `fields` after theirs."""

    case: list[CaseSpec]
    fields: dict[str, str] = {}
    inside: bool = True


class SampleSpec(msgspec.Struct, forbid_unknown_fields=True):
    """A line and columns of its event, as text or numbers; the word "null" says that a column is not known. `header` is the line
    of names above it."""

    line: str
    event: dict[str, str | int | bool]
    header: str = ""


class Spec(msgspec.Struct, forbid_unknown_fields=True):
    """What a file declares."""

    name: str
    title: str
    holds: list[str]
    sample: list[SampleSpec]
    envelope: str = "program"
    body: str = ""
    from_word: bool = False  # the message begins with the word before the first of `holds`
    before: str = ""  # pattern of what may stand between a header and the message ("any" envelopes)
    split: Split | None = None
    headed: HeadedSpec | None = None
    layout: list[LayoutSpec] = []
    phrase: list[PhraseSpec] = []
    pairs: PairsSpec | None = None
    json: JsonSpec | None = None
    names: dict[str, str] = {}  # phrase names to fields
    opening: str = ""  # what stands before a phrase's text, after its id
    closing: str = ""  # what stands after it, unless anything may
    silent: str = ""  # pattern of the beginning of messages that tell of no packet
    noise: str = ""  # pattern of lines around those of the format that tell of no packet
    claims: str = ""  # pattern of the format's lines, where `holds` alone would claim others'
    groups: bool = False  # lines that name a group of hosts as their source are turned around (see groups.py)
    general: bool = False  # anyone's lines: tried last, and not on those that the input's own format knows
    record: RecordSpec | None = None
    words: dict[str, dict[str, str]] = {}  # the format's own words for actions, flags, answers
    need: tuple[str, ...] = ("src", "dst")


class FormatError(ValueError):
    """A format file that cannot be used; the text says where and what to write instead."""


def read_spec(path: Path) -> Spec:
    """The declaration in a file that comes with scantui. Raises FormatError."""
    return parse_spec(path.read_text("utf-8"), str(path))


def parse_spec(text: str, path: str) -> Spec:
    """The declaration that the text of the file `path` is. Raises FormatError."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormatError(f"{path}: not TOML: {error}") from error
    try:
        spec = msgspec.convert(data, Spec)
    except msgspec.ValidationError as error:
        raise FormatError(f"{path}: {_said(str(error))}") from error
    ways = [name for name in ("split", "headed", "phrase", "pairs", "json") if getattr(spec, name)]
    if len(ways) != 1:
        found = " and ".join(ways) or "none"
        raise FormatError(f"{path}: needs one of [split], [headed], [[phrase]], [pairs] and [json]; has {found}")
    for by in (spec.split, spec.headed):
        if by and len(by.by.encode()) != 1:
            raise FormatError(f"{path}: by: one byte between fields; found '{by.by}'")
    if spec.headed and (spec.headed.style not in STYLES or (spec.headed.style == "names" and not spec.headed.need)):
        raise FormatError(f"{path}: headed: style is one of {', '.join(STYLES)}; 'names' has `need`")
    if spec.envelope not in ENVELOPES:
        raise FormatError(f"{path}: envelope: one of {', '.join(ENVELOPES)}; found '{spec.envelope}'")
    if not spec.sample:
        raise FormatError(f"{path}: needs at least one [[sample]]")
    return spec


_AT = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.*)`")
_PARTS = (Split, HeadedSpec, LayoutSpec, PhraseSpec, RecordSpec, PairsSpec, CaseSpec, JsonSpec, SampleSpec, Spec)


def _said(error: str) -> str:
    """What msgspec says of a value, as `key: what`."""
    match = _AT.fullmatch(error)
    what, where = (match[1], match[2] or "") if match else (error, "")
    under = f"{where}." if where else ""
    unknown, missing = _UNKNOWN.fullmatch(what), _MISSING.fullmatch(what)
    if unknown:
        near = difflib.get_close_matches(unknown[1], {name for part in _PARTS for name in part.__struct_fields__}, 1)
        return f"{under}{unknown[1]}: unknown key" + (f" (did you mean '{near[0]}'?)" if near else "; remove it")
    return f"{under}{missing[1]}: is missing" if missing else f"{where or 'file'}: {what[:1].lower()}{what[1:]}"
