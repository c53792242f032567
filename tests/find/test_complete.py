"""Completion: what is offered where, and that taking it makes a filter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.find import Facts, Filter
from scantui.find.complete import Completion, complete
from scantui.find.fields import BY_NAME, FIELDS, Form
from tests.find.pictures import rich
from tests.find.test_language import filters
from tests.ui.build import SEED, snapshot


def offered(text: str, cursor: int | None = None) -> Completion:
    return complete(text, len(text) if cursor is None else cursor, Facts().see(rich()))


def names(text: str) -> list[str]:
    return [choice for choice, _ in offered(text).choices]


def test_fields_are_offered_by_how_they_begin_and_by_their_other_names() -> None:
    assert names("po") == ["ports>", "port:"] and names("!po") == ["ports>", "port:"]
    assert names("a (verd") == ["verdict:"] and names("dst") == ["target:"]
    assert len(names("")) == len(names("scan ")) == len(FIELDS)
    assert names("a o") == ["or"] and "marked" in names("mar") and names("zzz") == []


def test_values_are_those_at_hand_most_frequent_first() -> None:
    found = offered("kind:")
    counts = [count for _, count in found.choices]
    assert counts == sorted(counts, reverse=True) and sum(counts) == 30
    assert found.about == BY_NAME["kind"].about and (found.at, found.end) == (5, 5)
    assert names("verdict:s") == [n for n in names("verdict:") if n.startswith("s")] != []
    assert names("cluster:") == ["c-one", "c-two"] and sorted(names("tool:")) == ["masscan", "nmap"]
    assert names("kind:vertical,ho") == ["horizontal"] and names("evidence:od") == ['"odd flags"']
    assert names("sport:") == ["varies"] and names("ports>") == names("first>") == names("pots:") == []


def test_places_are_offered_by_number_and_by_any_word_of_a_name() -> None:
    assert names("as") == ["asn:", "as:"] and names("asn:") == ["3320", "64500"] and names("asn:6") == ["64500"]
    assert (
        names("as:dt") == [] and names("as:tele") == ['"as3320 deutsche telekom ag"'] and names("country:d") == ["de"]
    )
    assert sorted(names("known:")) == ["blocklist", "shodan"]


def test_sources_are_offered_in_the_order_of_interest() -> None:
    snap = snapshot()
    found = complete("src:203", 7, Facts().see(snap))
    assert found.choices == ((SEED, -1),) and found.applied("src:203") == (f"src:{SEED}", 4 + len(SEED))


@pytest.mark.parametrize(("text", "cursor", "wanted"), [
    ("verdict:s ports>3", 9, "verdict:scan ports>3"), ('evidence:"odd', 13, 'evidence:"odd flags"'),
    ("ver ports>3", 3, "verdict: ports>3"),
])  # fmt: skip
def test_taking_one_replaces_what_was_begun(text: str, cursor: int, wanted: str) -> None:
    found = offered(text, cursor)
    number = next(
        n for n, (choice, _) in enumerate(found.choices) if choice.strip('"') in ("scan", "odd flags", "verdict:")
    )
    made, at = found.applied(text, number)
    assert made == wanted and 0 < at <= len(made)


@given(st.text(alphabet='()!-"<>=:, verdictsporkind:evidence:"od', max_size=25), st.integers(0, 25))
def test_completion_never_fails_and_stays_in_the_text(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    found = offered(text, cursor)
    assert 0 <= found.at <= found.end == cursor


@given(filters, st.data())
def test_every_value_offered_is_one(text: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([f for f in FIELDS if f.form in (Form.TEXT, Form.ADDRESS)]))
    facts = Facts().see(rich())
    begun = f"{text} {field.name}:"
    found = complete(begun, len(begun), facts)
    for number, (_, count) in enumerate(found.choices):
        made, _ = found.applied(begun, number)
        mask = Filter(made.removeprefix(text)).mask(rich(), facts)
        assert count in (-1, int(mask.sum())) and Filter(made)
