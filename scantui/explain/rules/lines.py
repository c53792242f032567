"""Files of rules as logical lines: continuations put together, comments taken off, disabled rules kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scantui.explain.rules.words import words

ACTIONS = words(
    "alert log pass drop reject sdrop block react rewrite activate dynamic rejectsrc rejectdst rejectboth config_drop"
)
_START = re.compile(r"\s*(?:" + "|".join(sorted(ACTIONS)) + r")\b(?=\s*\(|\s)")
_DISABLED = re.compile(r"\s*#[#\s]*(.*)", re.DOTALL)
_MOST_JOINED = 400  # lines of one rule


@dataclass(frozen=True, slots=True)
class Line:
    """One rule or directive. `spread`: it went over lines with no backslash between them, as only Snort 3 reads."""

    number: int
    text: str
    enabled: bool = True
    spread: bool = False


def lines_of(text: str) -> list[str]:
    """Lines as the engines part them: at line feeds only, a carriage return before one belonging to it."""
    return [line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")]


def logical(text: str) -> Iterator[Line]:
    """The lines of `text` that say something. A comment that holds a rule is a disabled rule; other comments are left out."""
    lines = lines_of(text)
    at, outside = 0, True
    while at < len(lines):
        start = at
        line = lines[at]
        at += 1
        mark = line.strip().lower()
        if mark in ("#begin", "#end"):  # Snort 3: comments of many lines
            outside = mark == "#end"
            continue
        if not outside or not mark:
            continue
        commented = line.lstrip().startswith("#")
        joined = [line]
        while joined[-1].rstrip().endswith("\\") and at < len(lines) and len(joined) < _MOST_JOINED:
            joined[-1] = joined[-1].rstrip()[:-1]
            more = lines[at]
            joined.append(re.sub(r"^\s*#", "", more) if commented else more)
            at += 1
        whole = " ".join(joined)
        if commented:
            match = _DISABLED.match(whole)
            inner = match[1] if match else ""
            if _rule_like(inner):
                yield Line(start + 1, inner.strip(), enabled=False)
            continue
        spread = False
        if (
            _START.match(whole)
            and not _closed(whole)
            and ("(" in whole or (at < len(lines) and lines[at].lstrip()[:1] == "("))
        ):
            end = _end_of_spread(lines, at)
            if end:
                whole, at, spread = " ".join((whole, *lines[at:end])), end, True
        yield Line(start + 1, whole.strip(), spread=spread)


def _rule_like(text: str) -> bool:
    """Whether a comment reads as a rule: an action, a direction or no addresses at all, and options."""
    if not _START.match(text):
        return False
    head, options, _ = text.partition("(")
    words = head.split()
    return bool(options) and ")" in text and (len(words) <= 2 or not {"->", "<>", "=>"}.isdisjoint(words))


def _closed(rule: str) -> bool:
    return _uncommented(rule).endswith(")")


def _uncommented(rule: str) -> str:
    """A rule without what is written after its closing parenthesis as a comment."""
    head, found, tail = rule.rstrip().rpartition(")")
    return head + found if found and (not tail.strip() or tail.lstrip().startswith("#")) else rule.rstrip()


def _end_of_spread(lines: list[str], at: int) -> int:
    """Where a rule that goes on over the next lines ends; 0 when it does not."""
    for end in range(at, min(len(lines), at + _MOST_JOINED)):
        if _START.match(lines[end]) or not lines[end].strip():
            return 0
        if _closed(lines[end]):
            return end + 1
    return 0


def without_comment(rule: str) -> str:
    return _uncommented(rule)
