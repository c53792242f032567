"""The truth table of `flags`: every flag set of nine bits, every form, every mask, both families of engines."""

from __future__ import annotations

import numpy as np
import pytest

from scantui.explain.rules.dialect import Dialect
from scantui.explain.rules.errors import RuleError
from scantui.explain.rules.flags import flag_test
from tests.explain.rules.made import bench, options

ALL_SETS = np.arange(512, dtype=np.uint16)
# Bit numbers of the letters on the wire (RFC 9293 §3.1), written out on their own.
BIT = {"F": 0, "S": 1, "R": 2, "P": 3, "A": 4, "U": 5, "2": 6, "E": 6, "1": 7, "C": 7}
LISTS = [
    "F",
    "S",
    "R",
    "P",
    "A",
    "U",
    "1",
    "2",
    "C",
    "E",
    "12",
    "CE",
    "SF",
    "FPU",
    "SA",
    "RA",
    "SFPU",
    "SFRPAU",
    "SFRPAUCE",
    "0",
]
FORMS = ["{}", "{}+", "+{}", "{}*", "*{}", "!{}", "{}!"]
MASKS = ["", "12", "CE", "1", "2", "P", "PU", "FSRPAUCE"]


def members(letters: str) -> set[int]:
    return {BIT[letter] for letter in letters if letter != "0"}


def snort(form: str, letters: str, mask: str, flags: int) -> bool:
    x = {bit for bit in range(8) if flags >> bit & 1} - members(mask)
    d = members(letters)
    if "+" in form:
        return d <= x
    if "*" in form:
        return len(d & x) > 0
    if "!" in form:
        return len(d & x) == 0
    return x == d


def suricata(form: str, letters: str, mask: str, flags: int) -> bool:
    p = {bit for bit in range(8) if flags >> bit & 1}
    d = members(letters)
    if not d:  # `0`: matches only without any flag; `!0` any flag; nothing is any of none
        return bool(p) if "!" in form else not p and "*" not in form
    x = p - members(mask)
    if "+" in form:
        return d <= x
    if "*" in form:
        return len(d & x) > 0
    if "!" in form:
        return not d <= x
    return x == d


@pytest.mark.parametrize("mask", MASKS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("dialect", "truth"), [(Dialect.SNORT2, snort), (Dialect.SNORT3, snort), (Dialect.SURICATA, suricata)]
)
def test_every_cell(dialect: Dialect, truth: object, form: str, mask: str) -> None:
    assert callable(truth)
    for letters in LISTS:
        text = form.format(letters) + ("," + mask if mask else "")
        got = flag_test(text, dialect).matches(ALL_SETS).tolist()
        want = [truth(form, letters, mask, flags) for flags in range(512)]
        assert got == want, text


def test_the_rows_of_the_table_that_people_get_wrong() -> None:
    fin, syn, psh, ece, cwr = 1, 2, 8, 64, 128
    sets = np.array([syn | fin, syn | fin | ece, syn | fin | psh, syn, 0, 256 | syn | fin], np.uint16)
    assert flag_test("SF", Dialect.SNORT3).matches(sets).tolist() == [True, False, False, False, False, True]
    assert flag_test("SF+", Dialect.SNORT3).matches(sets).tolist() == [True, True, True, False, False, True]
    assert flag_test("SF,CE", Dialect.SURICATA).matches(sets).tolist() == [True, True, False, False, False, True]
    plain_syn = np.array([syn], np.uint16)
    assert not flag_test("!SF", Dialect.SNORT3).matches(plain_syn)[0]
    assert flag_test("!SF", Dialect.SURICATA).matches(plain_syn)[0]
    ecn = np.array([cwr | ece, psh | 4, syn], np.uint16)
    for dialect in (Dialect.SNORT2, Dialect.SNORT3, Dialect.SURICATA):
        assert flag_test("12", dialect).matches(ecn).tolist() == [True, False, False]


@pytest.mark.parametrize("text", ["", "X", "SX", "SF,", "SF,0", "SF,X", "S F", "+,", ",12"])
def test_what_snort_does_not_read(text: str) -> None:
    with pytest.raises(RuleError):
        flag_test(text, Dialect.SNORT3)


@pytest.mark.parametrize("text", ["", "X", "SF,", "+*S", "S+*", "+", "!", "SF,0", "SF,X", "SF;"])
def test_what_suricata_does_not_read(text: str) -> None:
    with pytest.raises(RuleError):
        flag_test(text, Dialect.SURICATA)


def test_case_counts_in_suricata_only() -> None:
    assert flag_test("sf", Dialect.SURICATA).lower_case
    assert not flag_test("sf", Dialect.SNORT2).lower_case
    assert flag_test("sf", Dialect.SNORT2).matches(np.array([3], np.uint16))[0]


def test_only_tcp_has_flags_and_what_is_not_logged_is_unknown() -> None:
    assert options("flags:SF;", bench(flags=[3, 2])) == "yn"
    assert options("flags:SF;", bench(dport=[1, 2])) == "??"
    assert options("flags:SF;", bench(proto=2, dport=[1]), proto="ip") == "n"
    assert options("flags:SF;", bench(proto=0, dport=[1]), proto="ip") == "?"
