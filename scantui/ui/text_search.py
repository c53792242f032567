"""Looking for a text in lines: where it is, and those lines with it lit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from scantui.ui.lines import Part, Parts


class TextSearch:
    """The text looked for; empty is no search. Capitals count where the text has some."""

    def __init__(self) -> None:
        self.text = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def _same(self, text: str) -> str:
        lower = text.lower()
        return text if self.text != self.text.lower() or len(lower) != len(text) else lower

    def found(self, lines: Sequence[str]) -> list[int]:
        """Which lines hold it."""
        return [number for number, line in enumerate(lines) if self.text in self._same(line)] if self.text else []

    def lit(self, parts: Parts, look: str = "loud") -> Parts:
        """The parts, with what was looked for in another look."""
        whole = self._same("".join(text for text, _ in parts))
        spans: list[tuple[int, int]] = []
        at = whole.find(self.text) if self.text else -1
        while at >= 0:
            spans.append((at, at + len(self.text)))
            at = whole.find(self.text, at + len(self.text))
        return _relooked(parts, spans, look) if spans else parts


def _relooked(parts: Parts, spans: Sequence[tuple[int, int]], look: str) -> Parts:
    """The parts with the characters of these spans in another look."""
    edges = sorted({edge for span in spans for edge in span})
    out: list[Part] = []
    begin = 0
    for text, own in parts:
        end = begin + len(text)
        cuts = [begin, *edges[bisect_right(edges, begin) : bisect_left(edges, end)], end]
        for start, stop in pairwise(cuts):
            inside = any(low <= start < high for low, high in spans)
            out.append((text[start - begin : stop - begin], look if inside else own))
        begin = end
    return tuple(part for part in out if part[0])


def next_of(found: Sequence[int], at: int, step: int) -> tuple[int, int]:
    """The next of these ascending numbers after `at` (`step` 0: from it on; -1: before it), around the end: its place, from
    1, and itself; (0, -1) when there are none."""
    if not found:
        return 0, -1
    if step < 0:
        place = bisect_left(found, at) - 1
    else:
        place = bisect_right(found, at) if step else bisect_left(found, at)
    place %= len(found)
    return place + 1, found[place]
