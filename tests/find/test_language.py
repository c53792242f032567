"""The filter language: what it reads, what it says is wrong and where, and what it lets through."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scantui.find import Facts, Filter, FindError
from scantui.find.fields import BY_NAME, FIELDS, Form
from scantui.find.parser import parse
from scantui.snapshot import Mark, Snapshot
from tests.find import reference
from tests.find.pictures import rich
from tests.ui.build import SEED, snapshot

NUMBERS = ("22", "20-30", "1..9", "0", "1k", "2.5", "-1", "-2--1", "443", "*", "1e3")
MOMENTS = ("5m", "1h30m", "90s", "0s", "03:00", "3:14:09", "2025-11-22", "2025-11-21T03:00", "2025-11-22t03:14:00z",
           "02:00..03:13", "23:00..01:00", "1m..2h", "2025-11-20..03:00")  # fmt: skip
ADDRESSES = ("203.0.113.7", "203.0.113.0/24", "0.0.0.0/0", "2001:db8::/32", "5.0.0.0-5.9.0.0", "5.*", "7334", "198.51",
             "2001:db8::1", "::ffff:203.0.113.7", '"5.0"', "240.0.0.0/4", "2001:db8::-2001:db8:f::", "*:db8*")  # fmt: skip
TEXTS = ("syn", "syn-fin", "fin-syn", "null", "*", "s?n*", "c-one", "c*", "nmap", '"night job"', "hello", "odd*", "odd",
         "FIN", "é", '"*"', "n*p", "xmas")  # fmt: skip
CHOICES = {field.name: (*field.choices, "*") for field in FIELDS}


def _values(name: str) -> st.SearchStrategy[str]:
    field = BY_NAME[name]
    pool = {Form.NUMBER: NUMBERS + (field.choices if field.form is Form.NUMBER else ()), Form.MOMENT: MOMENTS,
            Form.ADDRESS: ADDRESSES, Form.TEXT: CHOICES[field.name] if field.choices else TEXTS}[field.form]  # fmt: skip
    return st.sampled_from(pool)


def _comparisons(name: str) -> st.SearchStrategy[str]:
    ordered = BY_NAME[name].form in (Form.NUMBER, Form.MOMENT)
    single = st.sampled_from(
        ("22", "0", "1.5", "-1") if BY_NAME[name].form is Form.NUMBER else ("5m", "03:00", "2025-11-22")
    )
    listed = st.builds(lambda sign, values: f"{name}{sign}{','.join(values)}", st.sampled_from((":", "=", "!=", "==")),
                       st.lists(_values(name), min_size=1, max_size=3))  # fmt: skip
    if not ordered:
        return listed
    return listed | st.builds(lambda sign, value: name + sign + value, st.sampled_from(("<", "<=", ">", ">=")), single)


words = st.sampled_from(("scan", "syn-fin", "203.0", "c-one", '"or"', "marked", "203.0.113.0/24", "zzz", "v*l", "nmap", "7334",
                         "2001:db8::/32", "203.0.113.7", "2?", "night"))  # fmt: skip
terms = st.one_of(words, st.sampled_from(tuple(BY_NAME)).flatmap(_comparisons))
filters = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.builds(lambda sign, part: f"{sign}({part})", st.sampled_from(("!", "-", "not ", "")), inner),
        st.builds(lambda sign, part: f"{sign}{part}", st.sampled_from(("!", "not ")), inner),
        st.builds(lambda parts, between: between.join(parts), st.lists(inner, min_size=2, max_size=3),
                  st.sampled_from((" ", " and ", " or ", " AND ", " | ", " && "))),
    ),
    max_leaves=5,
)  # fmt: skip


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from('()!-"<>=:,*/ .andorportslast0123456789é'), st.characters()), max_size=40
    )
)
def test_any_text_is_a_filter_or_an_error_with_its_place(text: str) -> None:
    try:
        node = parse(text)
    except FindError as error:
        assert 0 <= error.at <= error.end <= len(text)
        assert "\n" not in str(error).replace(text, "")
    else:
        assert node is None or parse(str(node)) == node


@given(filters)
def test_a_filter_prints_as_what_it_is(text: str) -> None:
    node = parse(text)
    assert parse(str(node)) == node


@settings(max_examples=300)
@given(filters)
def test_masks_equal_the_plain_reading(text: str) -> None:
    snap = rich()
    assert Filter(text).mask(snap, Facts()).tolist() == reference.rows(parse(text), snap)


@given(st.lists(filters, min_size=2, max_size=4), st.permutations(range(60)))
def test_kept_columns_are_those_of_the_snapshot_at_hand(texts: list[str], order: list[int]) -> None:
    one = rich()
    keep = np.sort(np.array(order[:30]))
    names = [name for name in one.sources.__slots__ if name not in ("order", "rates")]
    fewer = replace(one.sources, **{name: getattr(one.sources, name)[keep] for name in names}, order=np.arange(30))
    other = replace(one, sources=fewer, marks={}, scans=one.scans[:-1], clusters=one.clusters[:1])
    facts = Facts()
    for text in texts:
        for snap in (one, other):
            assert Filter(text).mask(snap, facts).tolist() == reference.rows(parse(text), snap)


def passing(snap: Snapshot, text: str) -> set[str]:
    return set(snap.tables.addresses.texts(snap.sources.code[Filter(text).mask(snap, Facts())]))


V6 = "2001:db8:85a3:1111:2222:8a2e:370:7334"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("113.7", {SEED}), ("vertical", {SEED}), ("SYN-FIN", {SEED}), ("c1", {SEED}), ("scan vertical", {SEED}),
        ("port=338", {SEED}), ("7334", {V6}), ("no-such-thing", set()), ("203.0.113.0/24", {SEED}),
        ("2001:db8::/32", {V6}), ("ports>=200", {SEED}), ("sport=53", {SEED}), ("!port=338 scan", {V6}),
        ("scan -vertical", {V6}), ("scan and not kind:vertical", {V6}), ("kind:vertical or kind:horizontal", {SEED, V6}),
        ("kind:vertical,horizontal", {SEED, V6}), ("verdict:scan port:445,446", {V6}), ("flags:fin-syn", {SEED}),
        ("verdict:scan (is:ipv6 or ports>100)", {SEED, V6}), ("target:198.51.100.10", {SEED, V6}),
        ('evidence:"odd flags" sport:53', {SEED}), ("relation:distributed cluster:c*", {SEED}),
        ("src:203.0.113.7,2001:db8::/32", {SEED, V6}),
    ],
)  # fmt: skip
def test_what_analysts_write(text: str, wanted: set[str]) -> None:
    assert passing(snapshot(), text) == wanted


def test_the_flag_set_of_an_unjudged_source_is_searched_too() -> None:
    snap = snapshot()
    with_ack = {snap.address(int(c)) for c, f in zip(snap.sources.code, snap.sources.flags, strict=True) if f == 18}
    assert with_ack and passing(snap, "syn-ack") == with_ack == passing(snap, "flags:ack-syn")


def test_marks_by_verdict_and_note() -> None:
    snap = snapshot()
    code = snap.tables.addresses.code(SEED)
    assert not Filter("ports>3").uses_marks and all(
        Filter(text).uses_marks for text in ("marked", "note:x", "x", "!mark:*")
    )
    marked = replace(snap, marks={code: Mark(code, "Night job", 0, "watch")})
    for text in (
        "marked",
        "is:marked",
        "mark:watch",
        "note:night",
        "night",
        'note:"night job"',
        "mark:*",
        "!mark:mine mark:*",
    ):
        assert passing(marked, text) == {SEED}, text
    assert passing(marked, "mark:mine") == passing(snap, "marked") == set()


def test_what_was_not_said_fits_no_comparison() -> None:
    snap = snapshot()
    silent = {snap.address(int(c)) for c, p in zip(snap.sources.code, snap.sources.sport, strict=True) if p == -2}
    assert silent and not silent & (
        passing(snap, "sport<50000") | passing(snap, "sport!=1") | passing(snap, "sport:varies")
    )
    assert silent <= passing(snap, "!sport:*")


@pytest.mark.parametrize(
    ("text", "at", "end", "says"),
    [
        ("10.0.0.0/99", 0, 11, "not a network"), ("x ports>", 8, 8, "a number must follow >"),
        ("ports>many", 6, 10, "not 'many'"), ("weight>3", 0, 6, "no field is called 'weight'"),
        ("pots>5", 0, 4, "perhaps 'ports'?"), ("a verdict:scam", 10, 14, "perhaps 'scan'?"),
        ("port:22,", 8, 8, "must follow ,"), ("(a or b", 0, 1, "not closed"), ("a)", 1, 2, "no bracket is open"),
        ("a or", 4, 4, "must follow 'or'"), ("or a", 0, 2, "must stand before 'or'"), ("kind>x", 4, 5, "no order"),
        ("ports>1,2", 6, 9, "one number"), ("last:soon", 5, 9, "a time must stand here"), ('note:"x', 5, 7, "quote"),
        ('a"b"c', 1, 5, "quotes go around"), ("!", 1, 1, "must follow '!'"), ("last:2025-13-01", 5, 15, "a time"),
        ("src:1.2.3.4-2001:db8::", 4, 22, "mixes"), ("src:1.2.3.4-x", 4, 13, "not a range"),
        ("(" * 60 + "a", 51, 52, "too many brackets"),
    ],
)  # fmt: skip
def test_errors_say_what_and_where(text: str, at: int, end: int, says: str) -> None:
    with pytest.raises(FindError) as caught:
        Filter(text)
    assert says in str(caught.value)
    assert (caught.value.at, caught.value.end) == (at, end)


def test_an_empty_filter_lets_all_through() -> None:
    snap = snapshot()
    assert not Filter("  ") and Filter("  ").mask(snap, Facts()).all() and Filter("x")


def test_texts_of_addresses_are_made_once_a_source() -> None:
    first = snapshot(20)
    facts = Facts()
    old = facts.see(first).sources().texts()
    more = snapshot(30, tables=first.tables)
    new = facts.see(more).sources().texts()
    assert new.tolist() == more.tables.addresses.texts(more.sources.code)
    assert {id(text) for text in old} <= {id(text) for text in new}


def test_addresses_are_ordered_by_number_and_family() -> None:
    snap = rich()
    column = Facts().see(snap).sources()
    by_rank = [text for _, text in sorted(zip(column.order(), column.texts(), strict=True))]

    assert by_rank == sorted(by_rank, key=lambda text: (":" in text, int(ipaddress.ip_address(text))))


def test_every_field_says_what_it_is_and_no_name_is_used_twice() -> None:
    names = [name for field in FIELDS for name in (field.name, *field.also)]
    assert len(names) == len(set(names)) == len(BY_NAME) and all(field.about for field in FIELDS)
