"""Why: every piece of evidence with its weight."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.snapshot import Detail, Snapshot
from scantui.ui.detail.head import verdict_lines
from scantui.ui.detail.pieces import BAR, BLANK, shown, text
from scantui.ui.lines import Parts
from scantui.ui.text import bar, fit, plain


def why_lines(detail: Detail, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """Evidence, the weightiest first; the sum is the score."""
    yield from verdict_lines(detail, snapshot, width)
    if not detail.evidence:
        return
    yield BLANK
    peak = max(abs(piece.weight) for piece in detail.evidence)
    for piece in sorted(detail.evidence, key=lambda e: -abs(e.weight)):
        look = "scan" if piece.weight > 0 else "benign"
        yield ((f" {piece.weight:+6.1f} ", look), (fit(bar(abs(piece.weight), peak, BAR), BAR) + " ", look),
               (plain(piece.name), "plain"))  # fmt: skip
        yield from text(piece.text, width, "muted", indent=8)
    scan = shown(detail)
    if scan is not None:
        yield BLANK
        yield ((f" {scan.score:+6.1f} ", "strong"), ("score, their sum", "plain"))
        yield from text("in natural log-odds: above 0 speaks for a scan", width, "muted", indent=8)
