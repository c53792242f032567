"""The detail's tabs: what each says, that none says anything unescaped, and that the line that names them fits any width."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scantui.explain.attribution import Attribution, Candidate
from scantui.explain.case import Story
from scantui.explain.catalogue import Entry, Recognition
from scantui.explain.explanation import Explanation
from scantui.snapshot import Course, Detail, Mark, RawLine, Snapshot
from scantui.ui.detail.head import breadcrumb
from scantui.ui.detail.log_lines import log_lines
from scantui.ui.detail.make import tab_lines, tab_text
from scantui.ui.detail.tabs import Tab, tab_at, tab_line
from scantui.ui.text import width_of
from tests.ui.build import NOW, SECOND, SEED, detail_of, snapshot

NMAP = Candidate(
    "nmap", "raw SYN", 0.93, ("window 1024 in all 200; nmap: 1024",), ("TTL 50 in all 200; nmap: random",), ("seq",)
)
HPING = Candidate("hping3", "TCP", 0.04, (), (), ())
NAMED = Attribution((NMAP, HPING), 0.03, "a program of unknown make", (), ())
OPEN = Attribution((replace(NMAP, probability=0.3),), 0.7, "a program of unknown make", ("window: nmap 1024",), ())


def why(tools: Attribution | None = NAMED, entry: Entry | None = None) -> Explanation:
    return Explanation(
        "the line", "vertical-syn-1a2b", {}, Recognition(entry, ()), tools, ("nmap -sS 192.0.2.1",), ("source spoofable: because",),
        (Story("a look", "likely", "What it is.", "the ports", "other sensors"),), ("of 2 probed, 1 let through", "and more"),
        ("no TTL",), ("block for hours", "ask the owner"),
    )  # fmt: skip


def full(explanation: Explanation | None = None, **changes: object) -> tuple[Detail, Snapshot]:
    snap = snapshot()
    code = snap.tables.addresses.code(SEED)
    dots = np.stack((np.arange(200), 21 + np.arange(200) * 317, np.ones(200)), axis=1).astype(np.int64)
    target = np.array([[n, snap.tables.addresses.code("198.51.100.10"), 1] for n in range(200)])
    events = np.zeros(240, np.int64)
    events[:200] = 1
    course = Course(NOW - 10 * SECOND, 45_000, events, dots, target, NOW - 2 * SECOND, SECOND // 2)
    return replace(detail_of(snap, code), why=explanation or why(), course=course, **changes), snap


def said(tab: Tab, detail: Detail, snap: Snapshot, width: int = 60) -> str:
    return "\n".join("".join(part for part, _ in line) for line in tab_lines(tab, detail, snap, width))


def test_the_overview_answers_every_question_in_a_line_each() -> None:
    told = said(Tab.OVERVIEW, *full(), 72)
    assert "! scan  vertical  tcp SYN-FIN  score 11.4" in told and "the line" in told
    assert told.index("+6.2") < told.index("+4.1") < told.index("+2.3") and "-1.2" not in told
    for label, answer in (("tool", "nmap: raw SYN, 93%"), ("source", "spoofable: because"), ("through", "of 2 probed"),
                          ("maybe", "likely: a look"), ("next", "block for hours"), ("when", "2025-11-22 03:14:00Z")):  # fmt: skip
        assert f" {label:7}  {answer}" in told


def test_the_overview_keeps_to_the_room_there_is() -> None:
    detail, snap = full()
    for width in (40, 60, 80):
        tall, flat = (tab_lines(Tab.OVERVIEW, detail, snap, width, height) for height in (40, 12))
        assert len(flat) <= 13 <= len(tall) + 2
        told = "".join(part for line in flat for part, _ in line)
        assert all(label in told for label in ("sent", "tool", "source", "through", "next", "when"))


def test_the_overview_says_what_would_decide() -> None:
    assert "undecidable from what is logged: window: nmap 1024 would decide" in said(
        Tab.OVERVIEW, *full(why(OPEN)), 100
    )


def test_a_source_that_did_too_little_has_an_overview_too() -> None:
    detail, snap = full()
    bare = replace(detail, episodes=(), evidence=(), why=None, cluster=None)
    told = said(Tab.OVERVIEW, bare, snap)
    assert "too little to judge" in told and "SYN-FIN in all 200" in told
    for tab in Tab:
        assert said(tab, bare, snap)


def test_a_named_tool_with_evidence_for_and_against_and_what_is_missing() -> None:
    told = said(Tab.TOOLS, *full())
    assert "93%" in told and "nmap: raw SYN" in told and "undecidable" not in told
    assert "+ window 1024 in all 200" in told and "- TTL 50 in all 200" in told and "? not logged: seq" in told
    assert "nmap -sS 192.0.2.1" in told


def test_an_undecidable_tool_says_so_and_what_would_decide() -> None:
    told = said(Tab.TOOLS, *full(why(OPEN)))
    assert "undecidable from what is logged" in told and "? would decide: window: nmap 1024" in told


@pytest.mark.parametrize(
    ("entry", "text"),
    [(None, "not in the catalogue"), (Entry("night visitor", {}, "", True), "(yours): night visitor")],
)
def test_the_catalogue_is_named(entry: Entry | None, text: str) -> None:
    assert text in said(Tab.PATTERN, *full(why(NAMED, entry)), 120)


def test_the_other_tabs_hold_the_rest() -> None:
    detail, snap = full()
    assert "+11.4 score" in said(Tab.WHY, detail, snap) and "no answer" in said(Tab.WHY, detail, snap)
    assert "overturned by: other sensors" in said(Tab.ORIGIN, detail, snap) and "two sources, one header" in said(
        Tab.ORIGIN, detail, snap
    )
    audit = said(Tab.AUDIT, detail, snap)
    assert "1. block for hours" in audit and "2. ask the owner" in audit and "no TTL" in audit and "and more" in audit
    assert "198.51.100.10 ×200" in said(Tab.PATTERN, detail, snap)


def test_when_draws_events_ports_and_targets() -> None:
    told = said(Tab.WHEN, *full(), 80)
    assert "longest silence 500ms" in told and "ports over time: 200, 21 to 63104" in told
    assert any(0x2800 < ord(char) < 0x2900 for char in told)
    assert f" 198.51.100.10 {'▇' * 50}" in told
    assert "a column" in told


def test_the_order_stands_for_time_where_stamps_tell_none() -> None:
    detail, snap = full()
    assert detail.course is not None
    told = said(Tab.WHEN, replace(detail, first=detail.last, course=replace(detail.course, by_order=True)), snap, 80)
    assert "one stamp: 200 events" in told and "ports in order: 200" in told and "a column" not in told


def test_episodes_are_listed_and_the_one_shown_is_told() -> None:
    detail, snap = full()
    other = replace(detail.episodes[0], id="s9", first=NOW - 9000 * SECOND, last=NOW - 8000 * SECOND)
    two = replace(detail, episodes=(detail.episodes[0], other), episode=1, first=other.first)
    told = said(Tab.WHEN, two, snap, 80)
    assert "episodes (2" in told and "▸! 2025-11-22 00:44:10" in told
    assert breadcrumb(SEED, two, Tab.TOOLS, 80) == f" sources › {SEED} › vertical 00:44:10 (1 of 2) › tools"


def test_the_breadcrumb_gives_way_around_the_address() -> None:
    detail, _ = full()
    assert breadcrumb(SEED, detail, Tab.OVERVIEW, 80) == f" sources › {SEED} › vertical 03:14:00"
    assert breadcrumb(SEED, detail, Tab.TOOLS, 40) == f" {SEED} › vertical 03:14:00 › tools"
    assert breadcrumb(SEED, detail, Tab.TOOLS, 20) == f" {SEED} › tools"
    assert breadcrumb(SEED, detail, Tab.TOOLS, 6) == "203….7"


def test_marks_say_their_verdict_by_letter() -> None:
    detail, snap = full()
    for mark, text in ((Mark(detail.code), "● marked"), (Mark(detail.code, "job", 0, "mine"), "M marked mine: job")):
        assert text in said(Tab.OVERVIEW, detail, replace(snap, marks={detail.code: mark}))


@given(st.sampled_from(list(Tab)), st.integers(1, 250), st.booleans())
def test_the_tab_line_fits_and_the_open_tab_keeps_its_name(tab: Tab, width: int, focus: bool) -> None:
    line = tab_line(tab, width, focus=focus)
    text = "".join(part for part, _ in line.parts)
    assert width_of(text) >= width
    for each, start, end in line.spans:
        assert text[start:end].startswith(str(each.number + 1))
        if width >= 40:
            assert end <= width
    if width >= 40:
        assert f"{tab.number + 1} {tab.value}" in text
    if width >= 90:
        assert all(each.value in text for each in Tab)


def test_tabs_are_numbered_in_the_order_an_analyst_reasons() -> None:
    assert [tab_at(n).value for n in range(9)] == [
        "overview",
        "pattern",
        "why",
        "tools",
        "rules",
        "origin",
        "audit",
        "log",
        "when",
    ]
    assert tab_at(-3) is Tab.OVERVIEW and tab_at(99) is Tab.WHEN


def test_log_lines_wrap_or_not_and_tell_what_is_left_out() -> None:
    detail, _ = full()
    raw = tuple(RawLine(NOW, "/a.log" if n < 10 else "/b.log", n * 100, "x" * 150) for n in range(20))
    log = log_lines(replace(detail, raw=raw, raw_of=1020), 50, wrapped=True)
    texts = ["".join(part for part, _ in line) for line in log.lines]
    assert " ┆ 1,000 lines between are not shown" in texts and " /a.log" in texts and " /b.log" in texts
    assert len([owner for owner in log.owner if owner == 3]) == 4 and max(map(len, texts)) <= 50
    flat = log_lines(replace(detail, raw=raw), 120, wrapped=False)
    assert len([owner for owner in flat.owner if owner == 3]) == 1
    assert "".join(part for part, _ in flat.lines[2]) == f" {100:>9} {'x' * 150}"


def test_copied_text_is_not_wrapped_and_log_lines_are_as_written() -> None:
    detail, snap = full(why(replace(OPEN, decide=("a " * 300,))))
    assert any(len(line) > 500 for line in tab_text(Tab.TOOLS, detail, snap))
    assert tab_text(Tab.LINES, detail, snap) == [raw.text for raw in detail.raw]


@pytest.mark.parametrize("width", [12, 24, 40, 120])
@pytest.mark.parametrize("tab", Tab)
def test_no_control_character_passes(tab: Tab, width: int) -> None:
    evil = replace(NMAP, name="n\x1b[31mmap", speaks_for=("win\x9bdow\n1024 " * 9,))
    told = why(Attribution((evil,), 0.03, "x", ("w\x1b",), ()), Entry("a\x1b[2Jb", {}))
    detail, snap = full(told, pattern=(("\x1b", "\x9b\u202e"),), targets=("\x1b]0;x\x07",), ports_text="\x1b")
    text = said(tab, detail, snap, width)
    assert "\x1b" not in text and "\x9b" not in text and "\u202e" not in text
