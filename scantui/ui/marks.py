"""The signs of an analyst's marks: a letter for each verdict, so that no colour is needed to tell them apart."""

from __future__ import annotations

from scantui.snapshot import JUDGEMENTS, Mark

BARE = "●"  # a mark without a verdict
SIGNS = {"": BARE} | {name: name[0].upper() for name in JUDGEMENTS if name}
MEANINGS = {
    "": "no verdict",
    "scan": "a scan",
    "benign": "harmless",
    "mine": "our own scanner",
    "watch": "keep an eye on it",
}


def mark_sign(mark: Mark | None) -> str:
    """One cell."""
    return " " if mark is None else SIGNS.get(mark.verdict, BARE)


assert SIGNS.keys() == MEANINGS.keys() == set(JUDGEMENTS)
