"""The page of inputs: who read how much, how sure that is, what the format cannot tell, and what is in doubt."""

from __future__ import annotations

import pytest

from scantui.snapshot import FormatShare, InputStatus
from scantui.ui.pages import InputsPage
from scantui.ui.status_line import facts_of, fit_facts
from tests.ui.build import snapshot, status

MIXED = InputStatus(
    "/var/log/messages", "following", "cisco", 1000, 900, 60, ("sshd: odd",), done=3, left=1,
    formats=(FormatShare("cisco", 919, ("TTL", "window")), FormatShare("netfilter", 21, ())),
    recognised="claims 180 of the first 200 lines", lag=75.0,
)  # fmt: skip
WRONG = InputStatus(
    "/var/log/x", "following", "cisco", 50, 0, 50, (), doubt="no line of 50 is in the format given, cisco"
)


def page(*inputs: InputStatus, width: int = 100) -> list[str]:
    made = InputsPage(snapshot(status=status(inputs=inputs))).make(width)[1]
    return ["".join(text for text, _ in line).rstrip() for line in made]


def test_each_format_is_told_with_its_share_and_its_gaps() -> None:
    lines = [line.strip() for line in page(MIXED)]
    assert "cisco, 1,000 lines, 900 events, 60 unread" in lines
    assert "cisco read 919 lines, 91.9% (claims 180 of the first 200 lines)" in lines
    assert "cannot tell: TTL, window" in lines
    assert "netfilter read 21 lines, 2.1%" in lines
    assert {"lag 1m15s", "75% read", "┆ sshd: odd"} <= set(lines)


def test_a_share_is_all_only_when_it_is() -> None:
    one = InputStatus("a", "following", "cisco", 100_000, 1, 1, (), formats=(FormatShare("cisco", 99_999, ()),))
    two = InputStatus("a", "following", "cisco", 7, 7, 0, (), formats=(FormatShare("cisco", 7, ()),))
    assert "cisco read 99,999 lines, 99.9%" in "\n".join(page(one))
    assert "cisco read 7 lines, all" in "\n".join(page(two))


@pytest.mark.parametrize("width", [30, 60, 200])
def test_a_doubt_is_told_on_the_page_and_in_the_status_bar(width: int) -> None:
    told = " ".join(line.strip() for line in page(WRONG, width=width))
    assert WRONG.doubt in told
    bar = [text for text, _ in fit_facts(facts_of(status(inputs=(WRONG, MIXED))), width)]
    assert "FORMAT? (i)" in bar or "format of 1 input in doubt (i)" in bar
    assert not any("doubt" in text for text, _ in fit_facts(facts_of(status(inputs=(MIXED,))), 200))
