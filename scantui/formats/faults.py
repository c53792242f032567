"""What is wrong with a declaration of the right shape, key by key: fields that are none, patterns, phrases, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from scantui.events import COLUMNS
from scantui.formats.fields import value_of
from scantui.formats.flow_flags import told_by
from scantui.formats.layouts import constants
from scantui.formats.patterns import linear
from scantui.formats.phrase_text import TOKEN, form, names_in
from scantui.formats.spec import CaseSpec, LayoutSpec, PairsSpec, PhraseSpec, Spec
from scantui.tables import Tables

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_BRACES = re.compile(r"\{[a-z_0-9]+[:/][^{} ]*\}")  # a field where its name belongs
_PATTERNS = ("body", "before", "silent", "noise", "claims")
_SAMPLED = {*COLUMNS} - {"source", "offset", "line_length", "known"}


def faults(spec: Spec) -> Iterator[str]:
    """All of them, as `key: what`."""
    if not _NAME.fullmatch(spec.name):
        yield f"name: expected lower-case letters, digits and '-', found '{spec.name}'"
    if not spec.holds or not all(spec.holds):
        yield "holds: expected at least one text that every line has"
    for key in _PATTERNS:
        if getattr(spec, key):
            yield from _tried(key, linear, getattr(spec, key))
    if spec.headed and not spec.claims:
        yield "claims: is missing; with [headed] it says which lines are the format's, header lines too"
    for number, column in enumerate(spec.need):
        if column not in _SAMPLED:
            yield f"need[{number}]: '{column}' is no column of events"
    for number, layout in enumerate(spec.layout):
        yield from _layout(f"layout[{number}]", layout, spec)
    for number, phrase in enumerate(spec.phrase):
        yield from _phrase(f"phrase[{number}]", phrase, spec)
    if spec.pairs:
        yield from _pairs(spec.pairs, spec)
    if spec.json:
        yield from _fields("json.fields", spec.json.fields, spec)
        for number, case in enumerate(spec.json.case):
            yield from _case(f"json.case[{number}]", case, spec)
    for number, sample in enumerate(spec.sample):
        for column in sample.event.keys() - _SAMPLED:
            yield f"sample[{number}].event.{column}: is no column of events"


def _layout(key: str, layout: LayoutSpec, spec: Spec) -> Iterator[str]:
    yield from _fields(f"{key}.fields", layout.fields, spec)
    yield from _always(key, layout.always, spec)
    yield from _tried(f"{key}.flow", told_by, layout.flow)
    if spec.split:
        for table in ("fields", "when"):
            for numbers in getattr(layout, table):
                if not re.fullmatch(r"[0-9]{1,3}( [0-9]{1,3})*", numbers):
                    yield f"{key}.{table}.{numbers}: fields are numbered from 0 where the file does not name them"


def _phrase(key: str, phrase: PhraseSpec, spec: Spec) -> Iterator[str]:
    for text in [phrase.text] if isinstance(phrase.text, str) else phrase.text:
        yield from _tried(f"{key}.text", form, text)
        for odd in _BRACES.findall(re.sub(TOKEN, "", text)):
            yield f"{key}.text: {odd} is no name of a field; give it one in [names]"
        for name in names_in(spec.opening + text + spec.closing):
            column, said, word = name.partition("=")
            if said:
                yield from _always(f"{key}.text", {column: word}, spec)
            else:
                yield from _tried(f"{key}.text", _value(spec), phrase.fields.get(name) or spec.names.get(name, name))
    yield from _always(key, {name: said.replace("{id}", "1") for name, said in phrase.always.items()}, spec)


def _pairs(pairs: PairsSpec, spec: Spec) -> Iterator[str]:
    yield from _fields("pairs.fields", pairs.fields, spec)
    yield from _fields("pairs.bars", pairs.bars, spec)
    yield from _always("pairs", pairs.always, spec)
    yield from _tried("pairs.flow", told_by, pairs.flow)
    for number in pairs.bars:
        if not number.isdecimal():
            yield f"pairs.bars.{number}: expected the number of bars before the field"


def _case(key: str, case: CaseSpec, spec: Spec) -> Iterator[str]:
    yield from _fields(f"{key}.fields", case.fields, spec)
    yield from _always(key, case.always, spec)
    yield from _tried(f"{key}.flow", told_by, case.flow)


def _fields(key: str, fields: Mapping[str, str], spec: Spec) -> Iterator[str]:
    for name, said in fields.items():
        yield from _tried(f"{key}.{name}", _value(spec), said)


def _always(key: str, always: Mapping[str, str], spec: Spec) -> Iterator[str]:
    for name, said in always.items():
        yield from _tried(f"{key}.always.{name}", partial(_constant, name, spec), said)


def _constant(name: str, spec: Spec, text: str) -> None:
    constants({name: text}, Tables(), spec.words)


def _value(spec: Spec) -> Callable[[str], Any]:
    return lambda said: value_of(said, Tables(), spec.words)


def _tried(key: str, made: Callable[[str], Any], text: str) -> Iterator[str]:
    """What is wrong with a text that something is made of."""
    try:
        made(text)
    except (ValueError, KeyError) as error:
        yield f"{key}: {str(error) if isinstance(error, ValueError) else f'unknown word {error}'}"
