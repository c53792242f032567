"""Literal texts found in all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scantui.columns.lines import LOW, Lines, Mask, Positions, U, find_any, word

_NEAR = 64  # bytes in which a text is looked for line by line


def first_of(lines: Lines, literal: bytes) -> Positions:
    """Where `literal` (1 to 16 bytes) first stands in each line; -1 where it does not. One pass over the buffer."""
    found = np.full(len(lines), -1, np.int64)
    if not len(lines) or not 1 <= len(literal) <= 16:
        return found
    low, high = int(lines.start[0]), int(lines.end[-1])
    head, tail = literal[:8], literal[8:]
    places = np.flatnonzero(lines.u8[low:high] == head[0]) + low
    places = places[(lines.w8[places] ^ word(head)) & LOW[len(head)] == U(0)]
    if tail and len(places):
        after = np.minimum(places + 8, len(lines.w8) - 1)
        places = places[(lines.w8[after] ^ word(tail)) & LOW[len(tail)] == U(0)]
    owner = np.searchsorted(lines.end, places)
    inside = (owner < len(lines)) & (places + len(literal) <= lines.end[np.minimum(owner, len(lines) - 1)])
    inside &= places >= lines.start[np.minimum(owner, len(lines) - 1)]
    owner, places = owner[inside], places[inside]
    first = np.ones(len(owner), np.bool_)
    first[1:] = owner[1:] != owner[:-1]
    found[owner[first]] = places[first]
    return found


def holds(lines: Lines, at: Positions, text: bytes) -> Mask:
    """Whether `text` stands at these positions."""
    same = np.ones(len(at), np.bool_)
    for step in range(0, len(text), 8):
        part = text[step : step + 8]
        window = lines.w8[np.minimum(at + step, len(lines.w8) - 1)]
        same &= ((window ^ word(part)) & LOW[len(part)]) == U(0)
    return same


_COMMON = " 0123456789etaoinsrdhlcumpf.:,/-_="  # what log lines have most of


def _rarity(byte: int) -> int:
    """How seldom a byte is in log lines."""
    place = _COMMON.find(chr(byte))
    return place if place >= 0 else len(_COMMON)


def first_after(
    lines: Lines, start: Positions, end: Positions, texts: Sequence[bytes], most: int
) -> tuple[Positions, Mask]:
    """Where the first of `texts` stands at or after `start` and wholly before `end`: position (-1: nowhere), and whether that
    is known (a single byte is looked for no further than `most` bytes on)."""
    singles = b"".join(text for text in texts if len(text) == 1)
    found, known = np.full(len(start), -1, np.int64), np.ones(len(start), np.bool_)
    if singles:
        place = find_any(lines, np.minimum(start, lines.size), singles, most)
        known = (place >= 0) | (start + most >= end)
        found = np.where((place >= 0) & (place < end), place, -1)
    for text in texts:
        if len(text) > 1:
            place = _next_of(lines, start, text)
            found = np.where((place + len(text) <= end) & ((found < 0) | (place < found)), place, found)
    return found, known


def _next_of(lines: Lines, start: Positions, text: bytes) -> Positions:
    """The first place of `text` at or after `start`, in whatever line: looked for nearby, then among all places."""
    offset = _rarest(text)
    place = find_any(lines, np.minimum(start + offset, lines.size), text[offset : offset + 1], _NEAR) - offset
    far = np.flatnonzero(~holds(lines, np.maximum(place, 0), text) | (place < start))
    if len(far):
        places = _occurrences(lines, text, offset)
        place[far] = places[np.searchsorted(places, start[far])]
    return place


@lru_cache(1024)
def _rarest(text: bytes) -> int:
    """Where the byte of `text` is that lines have least of."""
    return max(range(len(text)), key=lambda at: _rarity(text[at]))


def _occurrences(lines: Lines, text: bytes, offset: int) -> Positions:
    """Where `text` stands in the whole buffer, found by its byte at `offset`, and a place beyond the buffer at the end;
    remembered."""
    places = lines.remembered.get(text)
    if places is None:
        places = np.flatnonzero(lines.u8[offset : lines.size] == text[offset])
        places = np.append(places[holds(lines, places, text)], len(lines.u8))
        lines.remembered[text] = places
    return places
