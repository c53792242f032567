"""Rules: the user's on these packets, and drafts of better ones."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.pieces import UNBROKEN, section, text
from scantui.ui.lines import Parts
from scantui.ui.rule_lines import draft_lines, rule_lines


def rules_lines(detail: Detail, _snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """What each rule did and why; on copied pages the drafts in all languages, one line each."""
    if detail.rules is None:
        yield from text("no rules given, and no scan here to draft one for", width, "muted")
        return
    yield from rule_lines(detail.rules, width)
    if detail.rules.trials[0].drafts and width == UNBROKEN:
        yield from section("drafts in all languages", width)
        yield from draft_lines(detail.rules)
    elif detail.rules.trials[0].drafts:
        yield from text("y copies all drafts, in all languages, a line each", width, "muted")
