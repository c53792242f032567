"""Audit: what got through, what the log cannot show, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.pieces import section, text
from scantui.ui.lines import Parts


def audit_lines(detail: Detail, _snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """What the firewall did, the log's blind spots, next steps."""
    why = detail.why
    if why is None:
        yield from text("no scan here to audit", width, "muted")
        return
    for line in why.audit:
        yield from text(line, width, hang=3)
    if why.steps:
        yield from section("next", width)
        for number, line in enumerate(why.steps, 1):
            yield from text(f"{number}. {line}", width, hang=4)
    if why.feed:
        yield from section("what this log cannot show", width)
        for line in why.feed:
            yield from text(line, width, "muted", hang=3)
