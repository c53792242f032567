"""The status bar shrinks by priority and never cuts a word."""

from __future__ import annotations

import pytest

from scantui.snapshot import InputStatus
from scantui.ui.status_line import Fact, facts_of, fit_facts
from tests.ui.build import status

BUSY = status(
    sources=100_000, unread=1234, evicted=5_000_000, folded=40_000, lag=75.0, rate=31_000.0,
    inputs=(InputStatus("a", "following", "iptables", 1, 1, 0, ()), InputStatus("b", "error", "", 0, 0, 0, (), "gone"),
            InputStatus("c", "waiting", "", 0, 0, 0, ())),
)  # fmt: skip


@pytest.mark.parametrize("width", range(220))
def test_whole_facts_only(width: int) -> None:
    facts = facts_of(BUSY, "edge sensor")
    shown = fit_facts(facts, width)
    forms = {text for fact in facts for text in fact.texts}
    assert all(text in forms for text, _ in shown)
    assert sum(len(text) + 2 for text, _ in shown) - 2 <= width or not shown


def test_what_is_wrong_outlives_what_is_nice_to_know() -> None:
    shown = " ".join(text for text, _ in fit_facts(facts_of(BUSY), 60))
    assert "LIVE" in shown and "1 failed" in shown and "unread" in shown
    assert "memory" not in shown and "folded" not in shown


def test_a_lag_that_makes_no_sense_is_not_shown() -> None:
    assert not any("lag" in text for fact in facts_of(status(lag=None)) for text in fact.texts)


def test_history_is_told_from_live() -> None:
    assert facts_of(status(backlog=True))[0].texts[0] == "READING HISTORY"
    half = InputStatus("a", "following", "", 1, 1, 0, (), done=300, left=100)
    assert facts_of(status(backlog=True, inputs=(half, half)))[0].texts == ("READING HISTORY 75%", "READING 75%")
    assert facts_of(status(paused=True))[0].texts[0] == "PAUSED"


def test_long_forms_come_back_with_room() -> None:
    facts = [Fact(("memory 41 MiB", "41 MiB"), 1), Fact(("LIVE",), 0)]
    assert fit_facts(facts, 40)[0][0] == "memory 41 MiB"
    assert fit_facts(facts, 14)[0][0] == "41 MiB"
    assert fit_facts(facts, 5) == [("LIVE", "title")]


def test_a_session_that_stopped_reading_is_told_above_all() -> None:
    stopped = status(failure="ValueError: \x1b[31mboom")
    texts = [text for text, _ in fit_facts(facts_of(stopped), 200)]
    assert texts[0].startswith("READING STOPPED: ValueError: \\x1b")
    assert "LIVE" not in texts
