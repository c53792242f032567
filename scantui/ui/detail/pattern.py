"""Pattern: what its packets have in common, and which ports and targets it went for."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.explain.explanation import Explanation
from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.pieces import section, several, table, text
from scantui.ui.lines import Parts

_MOST_TARGETS = 21  # what the session lists, and its count of the others


def pattern_lines(detail: Detail, _snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """The exact pattern, its name, and its reach."""
    if detail.why is not None:
        yield from text(detail.why.line, width, "strong")
    yield from table(detail.pattern, width)
    if detail.why is not None:
        yield from _recognised(detail.why, width)
    yield from section("ports", width)
    yield from text(detail.ports_text or "-", width)
    yield from section(f"targets ({len(detail.targets)})" if len(detail.targets) > 1 else "target", width)
    yield from several(detail.targets, _MOST_TARGETS, width)


def _recognised(why: Explanation, width: int) -> Iterator[Parts]:
    """The pattern's own name and its name in the catalogue, if it has one."""
    entry = why.recognition.entry
    yield from text(f"named {why.name}", width, "muted")
    if entry is None:
        near = ", ".join(f"{one.entry.name}" for one in why.recognition.nearest[:2])
        yield from text("not in the catalogue" + (f"; nearest: {near}" if near else ""), width, "muted")
    else:
        own = " (yours)" if entry.own else ""
        note = f". {entry.note}" if entry.note else ""
        yield from text(f"in the catalogue{own}: {entry.name}{note}", width, "muted")
