"""What is wrong with a filter, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FindError(ValueError):
    """`text` says in one line what to write instead; characters `at` to `end` of the filter are what it is about."""

    def __init__(self, text: str, at: int, end: int) -> None:
        super().__init__(text)
        self.at, self.end = at, end


def near(word: str, known: Iterable[str]) -> str:
    """`, perhaps 'ports'?`, or nothing when no known word is like it."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f", perhaps '{close[0]}'?" if close else ""
