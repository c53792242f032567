"""How many sources are judged what, and how that is said."""

from __future__ import annotations

from scantui.snapshot import VERDICT_NAMES, Snapshot

SCAN, SUSPECT = VERDICT_NAMES.index("scan"), VERDICT_NAMES.index("suspect")


def judged(snapshot: Snapshot) -> tuple[int, int]:
    """Sources that scan, and suspects."""
    verdict = snapshot.sources.verdict
    return int((verdict == SCAN).sum()), int((verdict == SUSPECT).sum())


def judged_text(scans: int, suspects: int) -> str:
    """`51 scans, 1 suspect`."""
    return f"{scans:,} scan{'' if scans == 1 else 's'}, {suspects:,} suspect{'' if suspects == 1 else 's'}"
