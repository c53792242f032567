"""The allow-list on disk: what is made on the screen is what `--allow-file` reads."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.detect.allow import Allowed, entry_of, line_of, parse
from scantui.state.allow_list import FILE, AllowList
from scantui.state.directory import Directory
from scantui.ui.allow_entry import read_entry

NETWORKS = st.one_of(
    st.ip_addresses().map(str), st.builds(lambda a, n: f"{a}/{n}", st.ip_addresses(v=4).map(str), st.integers(8, 32))
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=12)
MINUTES = st.integers(0, 200 * 365 * 1440).map(lambda minutes: minutes * 60_000_000)
ENTRIES = st.builds(
    lambda network, reason, until, ports: Allowed(ipaddress.ip_network(network, strict=False), reason, until, frozenset(ports)),
    NETWORKS, st.lists(WORDS, max_size=6).map(" ".join), st.none() | MINUTES, st.sets(st.integers(0, 65_535), max_size=8),
)  # fmt: skip
NOW = datetime(2026, 11, 22, 10, 30, 15, tzinfo=UTC)


@given(ENTRIES)
def test_an_entry_reads_back_or_is_refused(entry: Allowed) -> None:
    try:
        line = line_of(entry)
    except ValueError as told:
        assert str(told).isprintable()
        return
    assert "\n" not in line and entry_of(line) == entry and parse(f"# a list\n{line}\n", "list") == (entry,)


@given(st.text(max_size=60))
def test_any_line_is_an_entry_or_nothing_or_refused(line: str) -> None:
    try:
        entry = entry_of(line)
    except ValueError as told:
        assert str(told).isprintable()
        return
    if entry is not None and not {"#", *(w for w in entry.reason.split() if w.startswith(("ports=", "until=")))} & {
        *entry.reason.split()
    }:
        assert entry_of(line_of(entry)) == entry


@pytest.mark.parametrize("word", ["#", "ports=80", "until=never"])
def test_words_that_mean_something_else_are_refused(word: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        line_of(Allowed(ipaddress.ip_network("192.0.2.1"), f"our {word} scanner"))


def test_a_ticket_number_is_a_reason_and_a_lone_sign_a_comment() -> None:
    entry = entry_of("192.0.2.1 pentest ticket #4711 # until spring")
    assert entry is not None and entry.reason == "pentest ticket #4711"
    assert entry_of("#192.0.2.1 gone") is None and entry_of("  # gone") is None


@pytest.mark.parametrize(("text", "end"), [
    ("until=2026-11-22", datetime(2026, 11, 23, tzinfo=UTC)), ("until=2026-11-22T18:30", datetime(2026, 11, 22, 18, 30, tzinfo=UTC)),
    ("until=2026-11-22T18:30Z", datetime(2026, 11, 22, 18, 30, tzinfo=UTC)),
])  # fmt: skip
def test_ends(text: str, end: datetime) -> None:
    entry = entry_of(f"192.0.2.1 {text} x")
    assert entry is not None and entry.until == int(end.timestamp()) * 1_000_000


@pytest.mark.parametrize("text", ["until=9999-12-31", "until=soon", "until="])
def test_what_is_no_end_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="until=2027-01-31"):
        entry_of(f"192.0.2.1 {text}")


def test_added_entries_load_and_removed_ones_are_gone_and_comments_stay(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("# ours\n10.0.0.0/8 office\nnonsense\n", "utf-8")
    kept = AllowList(Directory(tmp_path))
    entry = Allowed(ipaddress.ip_network("192.0.2.0/24"), "ticket #4711", None, frozenset({22, 80}))
    kept.add(entry)
    found, wrong = kept.load()
    assert (
        [one.reason for one in found] == ["office", "ticket #4711"]
        and len(wrong) == 1
        and wrong[0].startswith(f"{FILE}:3: ")
    )
    kept.remove(found[0])
    assert (tmp_path / FILE).read_text("utf-8") == "# ours\nnonsense\n192.0.2.0/24 ports=22,80 ticket #4711\n"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("until", "end"), [
    ("7d", "2026-11-29T10:31"), ("12h", "2026-11-22T22:31"), ("2w", "2026-12-06T10:31"), ("2027-01-31", "2027-01-31"),
    ("2027-01-31 18:30", "2027-01-31T18:30"),
])  # fmt: skip
def test_a_typed_end_is_shown_as_it_will_stand(until: str, end: str) -> None:
    entry = read_entry("192.0.2.1", "22, 80-90", "our scanner", until, NOW)
    assert line_of(entry) == f"192.0.2.1/32 ports=22,80-90 until={end} our scanner"


@pytest.mark.parametrize(("network", "ports", "reason", "until", "said"), [
    ("192.0.2", "", "x", "", "is no network"), ("192.0.2.1", "http", "x", "", "is no port"), ("192.0.2.1", "", " ", "", "write a reason"),
    ("192.0.2.1", "", "x", "soon", "is no end"), ("192.0.2.1", "", "x", "2020-01-01", "has passed"),
    ("192.0.2.1", "", "a # b", "", "cannot hold"), ("192.0.2.1", "", "only ports=1", "", "cannot hold"),
])  # fmt: skip
def test_what_is_typed_wrong_is_told(network: str, ports: str, reason: str, until: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_entry(network, ports, reason, until, NOW)
