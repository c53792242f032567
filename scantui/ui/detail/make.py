"""The lines of any tab but the log lines, which have a cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.audit import audit_lines
from scantui.ui.detail.log_lines import log_lines
from scantui.ui.detail.origin import origin_lines
from scantui.ui.detail.overview import overview_lines
from scantui.ui.detail.pattern import pattern_lines
from scantui.ui.detail.pieces import UNBROKEN
from scantui.ui.detail.rules import rules_lines
from scantui.ui.detail.tabs import Tab
from scantui.ui.detail.tools import tools_lines
from scantui.ui.detail.when import when_lines
from scantui.ui.detail.why import why_lines
from scantui.ui.lines import Parts

_MAKERS: dict[Tab, Callable[[Detail, Snapshot, int], Iterable[Parts]]] = {
    Tab.PATTERN: pattern_lines, Tab.WHY: why_lines, Tab.TOOLS: tools_lines, Tab.RULES: rules_lines,
    Tab.ORIGIN: origin_lines, Tab.AUDIT: audit_lines, Tab.WHEN: when_lines,
}  # fmt: skip


def tab_lines(tab: Tab, detail: Detail, snapshot: Snapshot, width: int, height: int | None = None) -> list[Parts]:
    """One tab for a width. The overview keeps to `height` lines if it can."""
    if tab is Tab.OVERVIEW:
        return overview_lines(detail, snapshot, width, height)
    if tab is Tab.LINES:
        return list(log_lines(detail, width, wrapped=True).lines)
    return list(_MAKERS[tab](detail, snapshot, width))


def tab_text(tab: Tab, detail: Detail, snapshot: Snapshot) -> list[str]:
    """One tab as plain text, nothing wrapped; log lines as they are, without anything around them."""
    if tab is Tab.LINES:
        return [line.text for line in detail.raw]
    lines = tab_lines(tab, detail, snapshot, UNBROKEN)
    return ["".join(text for text, _ in parts).rstrip() for parts in lines]
