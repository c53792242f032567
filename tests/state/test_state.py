"""The state as a whole: what cannot be read is told, and stops nothing."""

from __future__ import annotations

import ipaddress
from pathlib import Path

from scantui.detect.allow import Allowed
from scantui.state import State
from scantui.state.journal import KeptMark


def test_a_directory_that_is_none_is_told_twice_and_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    state = State(tmp_path / "state")
    assert state.marks == () and state.allowed == ()
    assert len(state.told) == 2 and all("Not a directory" in line for line in state.told)


def test_nothing_is_made_before_something_is_kept(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    assert state.told == () and not (tmp_path / "state").exists()
    entry = Allowed(ipaddress.ip_network("192.0.2.0/24"), "ours")
    state.keep(KeptMark("203.0.113.7", "scan"))
    state.keep(entry)
    again = State(tmp_path / "state")
    assert [mark.address for mark in again.marks] == ["203.0.113.7"] and again.allowed == (entry,)
    again.keep(entry, removed=True)
    assert State(tmp_path / "state").allowed == ()


def test_many_broken_lines_are_a_few_sentences(tmp_path: Path) -> None:
    (tmp_path / "marks.jsonl").write_text("nonsense\n" * 50)
    told = State(tmp_path).told
    assert (
        len(told) == 4 and told[0].startswith("marks.jsonl:1: ") and told[-1] == "and 47 more lines that cannot be read"
    )
