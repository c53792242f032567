"""The head of the detail: verdict, mark and breadcrumb."""

from __future__ import annotations

from collections.abc import Iterator

from scantui.snapshot import Detail, Mark, Snapshot
from scantui.ui.columns import VERDICT_SIGNS
from scantui.ui.detail.pieces import shown, text
from scantui.ui.detail.tabs import Tab
from scantui.ui.lines import Parts
from scantui.ui.marks import mark_sign
from scantui.ui.text import SECOND, middle, plain, stamp, width_of


def verdict_lines(detail: Detail, snapshot: Snapshot, width: int) -> Iterator[Parts]:
    """What it is judged, since when, and what the analyst says of it."""
    scan = shown(detail)
    if scan is None:
        yield ((" too little to judge", "muted"),)
    else:
        verdict = scan.verdict.value
        kind = f"{'slow ' if scan.slow else ''}{scan.kind.value}"
        techniques = ", ".join(plain(name).upper() for name in scan.techniques) or "-"
        sign = f" {VERDICT_SIGNS[verdict]} {verdict}"
        rest = f"  {kind}  {plain(scan.proto)} {techniques}  score {scan.score:.1f}"
        flagged = f"flagged {stamp(scan.flagged_at - scan.flagged_at % SECOND)}" if scan.flagged_at is not None else ""
        if width_of(sign + rest) + len(flagged) + 2 <= width:
            yield ((sign, verdict), (rest, "strong"), (f"  {flagged}", "muted"))
            flagged = ""
        elif width_of(sign + rest) <= width:
            yield ((sign, verdict), (rest, "strong"))
        else:
            yield ((sign, verdict),)
            yield from text(rest.strip(), width, "strong")
        if flagged:
            yield from text(flagged, width, "muted")
    if mark := snapshot.marks.get(detail.code):
        yield from text(mark_text(mark), width, "accent")


def mark_text(mark: Mark) -> str:
    """`S marked scan: night job`."""
    said = f"{mark_sign(mark)} marked {mark.verdict}".rstrip()
    return f"{said}: {mark.note}" if mark.note else said


def breadcrumb(address: str, detail: Detail | None, tab: Tab, width: int) -> str:
    """`sources › 203.0.113.7 › vertical 03:14:01 › tools`, or as much of it around the address as fits."""
    address = plain(address)
    episode, which = "", ""
    scan = shown(detail) if detail is not None else None
    if detail is not None and scan is not None:
        episode = f" › {scan.kind.value} {stamp(scan.first)[11:19]}"
        if len(detail.episodes) > 1:
            which = f" ({len(detail.episodes) - detail.episode} of {len(detail.episodes)})"
    at = "" if tab is Tab.OVERVIEW else f" › {tab.value}"
    forms = (
        f" sources › {address}{episode}{which}{at}",
        f" sources › {address}{episode}{at}",
        f" {address}{episode}{at}",
        f" {address}{at}",
        f" {address}",
        address,
    )
    return next((form for form in forms if width_of(form) <= width), middle(address, width))
