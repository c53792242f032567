"""Literal texts found in all lines at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scantui.columns.lines import LOW, Lines, Mask, Positions, U, find_any, word

_TRIES = 64  # places that look like the text and are not, before a line is given up


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


def first_after(
    lines: Lines, start: Positions, end: Positions, texts: Sequence[bytes], most: int
) -> tuple[Positions, Mask]:
    """Where the first of `texts` stands at or after `start` and wholly before `end`: position (-1: nowhere), and whether that
    is known (not where it is further off than `most` bytes)."""
    found = np.full(len(start), -1, np.int64)
    known = np.ones(len(start), np.bool_)
    firsts = bytes(sorted({text[0] for text in texts}))
    short = all(len(text) == 1 for text in texts)
    going, at = np.arange(len(start)), np.minimum(start, lines.size)
    for _ in range(_TRIES):
        place = find_any(lines, at, firsts, most)
        beyond = (place < 0) & (at + most < end[going])
        known[going[beyond]] = False
        inside = (place >= 0) & (place < end[going])
        going, place = going[inside], place[inside]
        if short or not len(going):
            found[going] = place
            return found, known
        hit = np.zeros(len(going), np.bool_)
        for text in texts:
            hit |= holds(lines, place, text) & (place + len(text) <= end[going])
        found[going[hit]] = place[hit]
        going, at = going[~hit], place[~hit] + 1
        if not len(going):
            return found, known
    known[going] = False
    return found, known
