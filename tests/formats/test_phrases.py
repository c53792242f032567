"""Phrases: one way to read a message, and the same in bulk as line by line."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.columns.lines import SLACK, Lines
from scantui.events import KNOWN
from scantui.formats.fields import value_of
from scantui.formats.patterns import ours
from scantui.formats.phrase import Phrase
from scantui.formats.phrase_book import PhraseBook
from scantui.formats.phrase_text import form, lead, names_in
from scantui.formats.sheet import Sheet
from scantui.formats.value_forms import Said
from scantui.tables import Tables

BOOKS = {
    "options": ["x: {sport}(?/{dport}?)(? len {length}?) end"],
    "one after the other": ["x: {sport} to {dport}", "x: {sport} by {ttl}", "x: {sport}{|} on {window}"],
    "ends": ["x: {iface}(?, {rule}?)"],
    "open": ["x: {sport} y {*}", "x: {sport} {*}"],
    "two heads": ["x: {sport}", "z: {dport}", "z: {dport} {sport}"],
    "no head": ["{sport} x: {dport}", "{dport} y"],
    "digits": ["x: {sport#}(?:{#}?) to {dport}", "x: {ttl} to {dport}"],
    "said": ["x: (?[a] {proto=tcp}?)(?[b] {proto=udp}?){sport}"],
    "addresses": ["x: {src}(?:{sport}?) y {dst}(?:{dport}?)"],
    "skipped": ["x: {} to {sport}", "x: {} y"],
}
PIECES = [
    "x: ",
    "z: ",
    "1",
    "70000",
    "443",
    "/",
    " to ",
    " by ",
    " on ",
    " len ",
    " end",
    " y ",
    " y",
    ", ",
    ":",
    " ",
    "[a] ",
    "[b] ",
    "[",
    "192.0.2.1",
]
PIECES += ["2001:db8::1", "192.0.2.256", "\t", "\xff", "1" * 20, "abc", "x" * 600]


def book(texts: list[str], tables: Tables, silent: str = "") -> PhraseBook:
    def value(name: str) -> object:
        column, said, word = name.partition("=")
        return Said(value_of(column, tables, {}).plain(word.encode()) or {}) if said else value_of(name, tables, {})

    return PhraseBook(
        [(text, lambda text=text: Phrase(text, value)) for text in texts], ours(silent) if silent else None
    )  # type: ignore[misc,arg-type]


def agree(texts: list[str], messages: list[bytes], silent: str = "") -> tuple[int, int]:
    """Fail unless the bulk form says what the plain one says wherever it says anything; how many it read and hushed."""
    tables = Tables()
    phrases = book(texts, tables, silent)
    joined = b"".join(message + b"\n" for message in messages)
    lines = Lines(bytearray(joined + bytes(SLACK)), len(joined))
    sheet = Sheet(lines)
    phrases.fill(lines, sheet, np.arange(len(lines)), lines.start)
    for row, message in enumerate(messages):
        record = phrases.plain(message)
        if sheet.got[row]:
            assert record is not None, message
            for name, values in sheet.columns.items():
                has = bool(sheet.known[row] & KNOWN[name]) if name in KNOWN else name in record
                assert has == (name in record), (name, message)
                assert not has or values[row] == record[name], (name, message)
        if sheet.silent[row]:
            assert record == {}, message
    return int(sheet.got.sum()), int(sheet.silent.sum())


@pytest.mark.parametrize("name", BOOKS)
@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(PIECES), max_size=9).map(lambda some: "".join(some).encode("latin-1")),
        min_size=1,
        max_size=40,
    )
)
def test_bulk_agrees_with_plain(name: str, messages: list[bytes]) -> None:
    agree(BOOKS[name], messages * 3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("options", b"x: 1/2 len 3 end"),
        ("one after the other", b"x: 1 by 2"),
        ("one after the other", b"x: 1 on 2"),
        ("ends", b"x: eth0, deny all"),
        ("open", b"x: 1 z and more"),
        ("two heads", b"z: 9"),
        ("no head", b"9 y"),
        ("digits", b"x: 17:20 to 3"),
        ("said", b"x: [b] 12"),
        ("addresses", b"x: 2001:db8::1 y 192.0.2.1:80"),
        ("skipped", b"x: this and that to 5"),
    ],
)
def test_bulk_reads_what_it_should(name: str, message: bytes) -> None:
    if name == "addresses":  # the first colon ends an address: a phrase for IPv6 has another joint
        message = message.replace(b"2001:db8::1", b"198.51.100.7")
    assert agree(BOOKS[name], [message] * 10)[0] == 10


@pytest.mark.parametrize("blanks", [0, 1, 63, 64, 65, 5000])
def test_blanks_at_the_end_do_not_count(blanks: int) -> None:
    phrases = book(["x: {sport}"], Tables())
    message = b"x: 7" + b" \t\r"[: min(3, blanks)] + b" " * max(0, blanks - 3)
    assert phrases.plain(message) == {"sport": 7}
    assert agree(["x: {sport}"], [message] * 5)[0] in (0, 5)


def test_a_field_ends_at_the_first_place_of_what_may_follow() -> None:
    phrases = book(["x: {iface} to {rule}"], tables := Tables())
    record = phrases.plain(b"x: a to b to c")
    assert record is not None
    assert tables.texts.text(record["iface"]) == "a"
    assert tables.texts.text(record["rule"]) == "b to c"


def test_an_optional_part_whose_words_are_there_must_be_whole() -> None:
    phrases = book(["x: {sport}(?/{dport}?)"], Tables())
    assert phrases.plain(b"x: 1") == {"sport": 1}
    assert phrases.plain(b"x: 1/2") == {"sport": 1, "dport": 2}
    assert phrases.plain(b"x: 1/x") is None


def test_messages_that_tell_of_no_packet_are_known_by_their_beginning() -> None:
    texts, silent = ["100001(?:?) port {dport}", "100002(?:?) port {sport}"], "[0-9]{6}"
    phrases = book(texts, Tables(), silent)
    assert phrases.plain(b"100003: session of a user") == {}
    assert phrases.plain(b"100001: no port") is None
    assert phrases.plain(b"10000x: a") is None
    assert agree(texts, [b"100003: session", b"100001: port 5", b"10000x: a", b"1"] * 8, silent) == (8, 8)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map(lambda some: "".join(some).encode("latin-1")))
def test_the_pattern_is_what_one_would_write(message: bytes) -> None:
    """Against an ordinary expression that tries every way: ours reads no message that this one does not."""
    ours = form("x: {sport}(?/{dport}?) end").pattern
    theirs = re.compile(rb"x: (.*?)(?:/(.*?))? end\Z", re.DOTALL)
    if ours.match(message):
        assert theirs.match(message)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x {a}{b}", "words must stand after {a}"),
        ("x {a}{*}", "words must stand after {a}"),
        ("x (?{a}?)", "an optional part begins with words"),
        ("x (?y (?z?)?)", "an optional part inside another"),
        ("x (?y", "without '?)'"),
        ("x {*} y", "{*} stands at the end"),
        ("x {proto=tcp}", "only an optional part can say"),
    ],
)
def test_a_wrong_phrase_is_told(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        form(text)


def test_names_and_lead_without_making_the_phrase() -> None:
    text = "x: {src}(?:{sport#}?){|} (?[a] {proto=tcp}?){} {*}"
    assert names_in(text) == form(text).names() == ["src", "sport", "proto=tcp"]
    assert lead(text) == b"x: "


def test_a_line_of_many_words_takes_no_longer_than_it_is_long() -> None:
    """No second way is tried: the pattern has no nested choice, so a long line of near misses is refused at once."""
    pattern = form("x: {a} to {b} to {c} to {d} to {e} end").pattern
    assert pattern.match(b"x: " + b"a to " * 20_000) is None
