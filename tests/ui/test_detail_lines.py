"""The detail pane's lines: tools with what speaks for and against them, and nothing a log wrote unescaped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scantui.explain.attribution import Attribution, Candidate
from scantui.explain.catalogue import Entry, Recognition
from scantui.explain.explanation import Explanation
from scantui.explain.story import Story
from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail_lines import detail_lines
from tests.ui.build import SEED, detail_of, snapshot

NMAP = Candidate(
    "nmap", "raw SYN", 0.93, ("window 1024 in all 200; nmap: 1024",), ("TTL 50 in all 200; nmap: random",), ("seq",)
)
HPING = Candidate("hping3", "TCP", 0.04, (), (), ())


def why(tools: Attribution | None, entry: Entry | None = None) -> Explanation:
    return Explanation(
        "the line", "vertical-syn-1a2b", {}, Recognition(entry, ()), tools, ("nmap -sS 192.0.2.1",), ("source spoofable: why",),
        (Story("a look", "likely", "What it is.", "the ports", "other sensors"),), ("of 2 probed, 1 let through",), ("no TTL",),
        ("block for hours",),
    )  # fmt: skip


def shown(explanation: Explanation | None, width: int = 60) -> str:
    snap = snapshot()
    detail = replace(detail_of(snap, snap.tables.addresses.code(SEED)), why=explanation)
    return text(detail, snap, width)


def text(detail: Detail, snap: Snapshot, width: int) -> str:
    return "\n".join("".join(part for part, _ in line) for line in detail_lines(detail, snap, width))


def test_a_named_tool_with_evidence_for_and_against_and_what_is_missing() -> None:
    told = shown(why(Attribution((NMAP, HPING), 0.03, "a program of unknown make", (), ())))
    assert "93%" in told and "nmap: raw SYN" in told and "undecidable" not in told
    assert "+ window 1024 in all 200" in told and "- TTL 50 in all 200" in told and "? not logged: seq" in told
    for section in (
        "tools",
        "origin",
        "what got through",
        "what may lie behind it",
        "what this log cannot show",
        "next",
    ):
        assert f" {section} ─" in told


def test_an_undecidable_tool_says_so_and_what_would_decide() -> None:
    tools = Attribution((replace(NMAP, probability=0.3),), 0.7, "a program of unknown make", ("window: nmap 1024",), ())
    told = shown(why(tools))
    assert "undecidable from what is logged" in told and "? would decide: window: nmap 1024" in told


@pytest.mark.parametrize(
    ("entry", "said"),
    [(None, "not in the catalogue"), (Entry("night visitor", {}, "", True), "(yours): night visitor")],
)
def test_the_catalogue_is_named(entry: Entry | None, said: str) -> None:
    assert said in shown(why(None, entry), 120)


def test_a_source_without_an_explanation_has_no_such_sections() -> None:
    assert " tools ─" not in shown(None) and " origin ─" not in shown(None)


@pytest.mark.parametrize("width", [24, 40, 120])
def test_no_control_character_passes(width: int) -> None:
    evil = replace(NMAP, name="n\x1b[31mmap", speaks_for=("win\x9bdow\n1024 " * 9,))
    told = shown(why(Attribution((evil,), 0.03, "x", ("w\x1b",), ()), Entry("a\x1b[2Jb", {})), width)
    assert "\x1b" not in told and "\x9b" not in told
