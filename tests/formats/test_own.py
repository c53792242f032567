"""A user's format file: proved when it loads, told by file and key what is wrong, and harmless whatever its patterns are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scantui.formats import FORMATS, registry
from scantui.formats.base import Format
from scantui.formats.faults import faults
from scantui.formats.patterns import linear, ours
from scantui.formats.proof import differences, own_format
from scantui.formats.registry import extended
from scantui.formats.spec import FormatError, Spec, parse_spec

FILES = sorted((Path(registry.__file__).parent / "files").glob("*.toml"))
GOOD = """
name = "acme"
title = "ACME gateway"
holds = ["ACME "]
body = 'ACME '
silent = 'link '
[names]
from = "source:/"
to = "target:/"
[[phrase]]
text = "deny {proto} {from} -> {to}(? ttl {ttl}?)"
always = { action = "drop" }
[[phrase]]
text = "pass {proto} {from} -> {to}"
always = { action = "accept" }
[[sample]]
line = "Nov 10 06:33:03 gw1 ACME deny tcp 203.0.113.7/53 -> 192.0.2.1/21 ttl 44"
event = { src = "203.0.113.7", sport = 53, dst = "192.0.2.1", dport = 21, proto = "tcp", ttl = 44, action = "drop", sensor = "gw1" }
[[sample]]
line = "Nov 10 06:33:04 gw1 ACME pass udp 203.0.113.7/53 -> 192.0.2.1/123"
event = { dport = 123, ttl = "null", flags = "null", action = "accept", ts = "2025-11-10T06:33:04Z" }
"""


def wrong(text: str) -> list[str]:
    with pytest.raises(FormatError) as told:
        own_format(text, "acme.toml")
    lines = str(told.value).split("\n")
    assert all(line.startswith("acme.toml: ") for line in lines)
    return [line.removeprefix("acme.toml: ") for line in lines]


def test_a_good_one_is_proved_and_is_the_users() -> None:
    form = own_format(GOOD, "acme.toml")
    assert (form.name, form.own) == ("acme", True)
    assert set(form.fields) == {
        "ts",
        "sensor",
        "count",
        "src",
        "sport",
        "dst",
        "dport",
        "proto",
        "proto_num",
        "ttl",
        "action",
    }


CHANGES = [
    ('name = "acme"', 'name = "Ac me"', "name: expected lower-case letters, digits and '-', found 'Ac me'"),
    ('name = "acme"\n', "", "name: is missing"),
    ('title = "ACME gateway"', "title = 7", "title: expected `str`, got `int`"),
    ('holds = ["ACME "]', "holds = []", "holds: expected at least one text that every line has"),
    ('holds = ["ACME "]', 'hold = ["ACME "]', "hold: unknown key (did you mean 'holds'?)"),
    ('"drop" }\n[[ph', '"dorp" }\n[[ph', "phrase[0].always.action: always.action: 'dorp' says nothing"),
    ('always = { action = "drop" }', "alway = { }", "phrase[0].alway: unknown key (did you mean 'always'?)"),
    ('from = "source:/"', 'from = "sauce:/"', "phrase[0].text: 'sauce:/' is no field; see docs/formats.md for their names"),
    ("{from} -> {to}(? ttl", "{source:/} -> {to}(? ttl", "phrase[0].text: {source:/} is no name of a field; give it one in [names]"),
    ("(? ttl {ttl}?)", "(? ttl {ttl}", "phrase[0].text: phrase 'deny {proto} {from} -> {to}(? ttl {ttl}': '(?' without '?)'"),
    ("body = 'ACME '", "body = 'ACME (?=deny)'", "body: 'ACME (?=deny)': invalid perl operator: (?="),
    ("body = 'ACME '", "body = 'ACME ('", "body: 'ACME (': missing ): ACME ("),
    ("body = 'ACME '", "envelope = \"syslog\"\nbody = 'ACME '", "envelope: one of program, none"),
    ("[names]", "need = [\"source\"]\n[names]", "need[0]: 'source' is no column of events"),
    ("ttl = 44,", "ttl = 45,", "sample[0].event.ttl: expected 45, read 44"),
    ("ttl = 44,", "hops = 44,", "sample[0].event.hops: is no column of events"),
    ('ttl = "null", ', 'ttl = 3, ', "sample[1].event.ttl: expected 3, read null"),
    ("06:33:04Z", "06:33:05Z", "sample[1].event.ts: expected 2025-11-10T06:33:05Z, read 2025-11-10T06:33:04+00:00"),
    ("ACME pass udp", "ACME pass udp,", "sample[1].line: is not read: 'pass udp, 203.0.113.7/53 -> 192.0.2.1/123' is not as declared"),
    ("Nov 10 06:33:03 gw1 ACME", "Nov 99 06:33:03 gw1 ACME", "sample[0].line: is not read: envelope: 'Nov 99 06:33:03 gw1 ' is no header of 'program'"),
    ("gw1 ACME deny", "gw1 ACNE deny", "sample[0].line: is not read: it lacks a text of `holds`, or is not like `claims`"),
    ("ACME deny tcp 203", "ACME link tcp 203", "sample[0].line: is not read: 'link tcp 203.0.113.7/53 -> 192.0.2.1/21 ttl 44' is silent"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says"), CHANGES, ids=range(len(CHANGES)))
def test_what_is_wrong_is_told_by_key(old: str, new: str, says: str) -> None:
    assert GOOD.count(old) >= 1
    assert any(line.startswith(says) for line in wrong(GOOD.replace(old, new, 1))), wrong(GOOD.replace(old, new, 1))


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = (
        GOOD.replace('"source:/"', '"sauce"')
        .replace("body = 'ACME '", "body = '('")
        .replace('"accept" }\n[[s', '"ok" }\n[[s')
    )
    assert {line.split(":")[0] for line in wrong(text)} == {
        "body",
        "phrase[0].text",
        "phrase[1].text",
        "phrase[1].always.action",
    }


def test_not_toml_is_told() -> None:
    assert wrong("name = ")[0].startswith("file: ") or wrong("name = ")[0].startswith("not TOML: ")
    assert wrong("[" * 5000)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_comes_with_scantui_has_no_faults(path: Path) -> None:
    """But for patterns that look around, which only scantui's own files may have."""
    assert [line for line in faults(parse_spec(path.read_text(), path.name)) if "RE2" not in line] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_the_proof_passes_every_format(form: Format) -> None:
    for sample in form.samples:
        assert list(differences(form, sample)) == []


def test_ones_own_goes_first_and_replaces_its_namesake() -> None:
    mine, theirs = own_format(GOOD, "acme.toml"), own_format(GOOD.replace('"acme"', '"cisco"'), "cisco.toml")
    known = extended([mine, theirs])
    assert [form.name for form in known[:2]] == ["acme", "cisco"]
    assert len(known) == len(FORMATS) + 1 and known[1] is theirs
    anyones = own_format("general = true\n" + GOOD, "acme.toml")
    assert extended([anyones])[-1] is anyones


@pytest.mark.parametrize("text", [r"(x+x+)+y", r"(a|a)*b", r"^(\w+\s?)*$", r".*.*.*.*=.*;"])
def test_a_hostile_pattern_is_tried_in_linear_time(text: str) -> None:
    """Python's engine would take longer than the sun has on such a line; this test ends because RE2's does not."""
    line = b"x" * 30_000 + b"a" * 30_000 + b"!"
    assert linear(text).search(line) is None or text == r"(a|a)*b"


@pytest.mark.parametrize("text", [r"EX(?P<a>\d+)?: ", r"a|b", r"^\S+ x"])
def test_both_engines_answer_alike(text: str) -> None:
    for line in (b"xEX12: y", b"EX: ", b"aEXb", b"q x", b"\xff x", b""):
        one, other = ours(text), linear(text)
        for way in ("search", "fullmatch"):
            mine, theirs = getattr(one, way)(line), getattr(other, way)(line)
            assert (mine and mine.span()) == (theirs and theirs.span())
        assert one.sub(b"-", line, count=1) == other.sub(b"-", line, count=1)
        assert dict(one.groupindex) == dict(other.groupindex)


def test_every_key_that_holds_a_pattern_is_guarded() -> None:
    bare = re.sub("(?m)^(body|silent) .*$", "", GOOD)
    for name in ("body", "before", "silent", "noise", "claims"):
        assert name in Spec.__struct_fields__
        told = wrong(f"{name} = '(?=x)'\n{bare}")
        assert any(line.startswith(f"{name}: ") and "RE2" in line for line in told)
