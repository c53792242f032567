"""The catalogue: an unknown is named once and recognised from then on; a near miss says what differs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.explain.catalogue import TRAITS, parse, recognise, shipped, with_entry

TRAIT = {"kind": "vertical", "proto": "tcp", "technique": "syn-fin", "sport": "53", "window": "512"}


def test_shipped_entries_are_read_and_fit_themselves() -> None:
    assert len(shipped()) > 8
    for entry in shipped():
        found = recognise(entry.traits).entry
        assert found is not None and len(found.traits) >= len(entry.traits)


def test_named_once_it_is_recognised_and_preferred_to_a_wider_entry() -> None:
    assert recognise(TRAIT).entry is not None  # the shipped, wider one
    own = parse(with_entry("", "Tuesday's visitor", TRAIT), "mine", own=True)
    found = recognise(TRAIT, own).entry
    assert found is not None and found.name == "Tuesday's visitor" and found.own
    assert recognise(TRAIT | {"sport": "54"}, own).entry is None


def test_a_near_miss_says_what_differs_and_what_is_not_logged() -> None:
    found = recognise({"kind": "vertical", "technique": "syn-fin", "sport": "54", "proto": "tcp"})
    assert found.entry is None
    near = {one.entry.name: one for one in found.nearest}
    assert near["SYN-FIN sweep of ports from source port 53"].differs == ("sport: here 54, there 53",)
    unlogged = recognise({"kind": "horizontal", "technique": "syn", "proto": "tcp", "ttl": "band", "window": "1024"})
    assert any(one.unlogged == ("order",) for one in unlogged.nearest)


def test_what_every_scan_has_makes_no_entry_near() -> None:
    """A SYN sweep is not near to Mirai's because both send SYNs, nor a UDP scan to a SYN scan from the same port."""
    assert recognise({"kind": "horizontal", "technique": "syn", "proto": "tcp"}).nearest == ()
    assert recognise({"kind": "vertical", "technique": "udp", "proto": "udp", "sport": "53"}).nearest == ()


def test_nothing_near() -> None:
    assert recognise({"kind": "protocol", "technique": "ip-proto", "proto": "ip"}).nearest == ()


@given(
    name=st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn", "Cf")), min_size=1, max_size=60
    ).filter(lambda text: text.strip() and text.isprintable()),
    traits=st.dictionaries(st.sampled_from(sorted(TRAITS)), st.text(max_size=30).filter(str.isprintable), min_size=1),
)
def test_whatever_is_written_is_read_back(name: str, traits: dict[str, str]) -> None:
    text = with_entry(with_entry("", "first one", TRAIT), name + ".", traits)
    first, second = parse(text, "mine")
    assert (first.name, first.traits) == ("first one", TRAIT)
    assert (second.name, dict(second.traits)) == (name + ".", traits)


def test_a_name_cannot_be_taken_twice_or_hold_controls() -> None:
    text = with_entry("", "one", TRAIT)
    with pytest.raises(ValueError, match="already"):
        with_entry(text, "one", TRAIT)
    for name in ("", "  ", "a\nb", "\x1b[2J", "x" * 121):
        with pytest.raises(ValueError, match="printable"):
            with_entry("", name, TRAIT)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pattern = 3\nversion = 1", "tables"),
        ("", "version = 1"),
        ("version = 2", "version = 1"),
        ("version = 1\n[[pattern]]\ntraits = {kind = 'x'}", "no name"),
        ("version = 1\n[[pattern]]\nname = 'x'", "no traits"),
        ("version = 1\n[[pattern]]\nname = 'x'\ntraits = {colour = 'x'}", "'colour'"),
        ("version = ", "mine"),
    ],
)
def test_a_bad_file_says_where_and_what(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="mine") as error:
        parse(text, "mine")
    assert said in str(error.value)
