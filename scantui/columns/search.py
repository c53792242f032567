"""Literal texts found in all lines at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scantui.columns.lines import LOW, WIDE, Lines, Mask, Positions, U, Words64, find_any, word

_NEAR = 64  # bytes in which a text is looked for line by line


def first_of(lines: Lines, literal: bytes) -> Positions:
    """Where `literal` (1 to 16 bytes) first stands in each line; -1 where it does not. One pass over the buffer."""
    found = np.full(len(lines), -1, np.int64)
    if not len(lines) or not 1 <= len(literal) <= WIDE:
        return found
    offset = _rarest(literal)
    low, high = int(lines.start[0]), int(lines.end[-1])
    places = np.flatnonzero(lines.u8[low + offset : high] == literal[offset])
    places += low
    if len(literal) > 1:
        places = places[holds(lines, places, literal)]
    if len(places) == len(lines) and bool(
        ((places >= lines.start) & (places + len(literal) <= lines.end)).all()
    ):  # one in each line
        return places
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
    same: Mask | None = None
    for step in range(0, len(text), WIDE):
        part = text[step : step + WIDE]
        want, mask = _wide(part)
        if len(part) <= 8:
            x = lines.w8[np.minimum(at + step, len(lines.w8) - 1)]
            x ^= want[0]
            x &= mask[0]
        else:
            both = lines.w16[np.minimum(at + step, len(lines.w16) - 1)].view("<u8").reshape(-1, 2)
            both ^= want
            both &= mask
            x = both[:, 0] | both[:, 1]
        same = x == U(0) if same is None else same & (x == U(0))
    return np.ones(len(at), np.bool_) if same is None else same


@lru_cache(1024)
def _wide(text: bytes) -> tuple[Words64, Words64]:
    """Up to sixteen bytes as two windows, and their mask."""
    return (
        np.array([word(text), word(text[8:])], U),
        np.array([LOW[min(8, len(text))], LOW[max(0, len(text) - 8)]], U),
    )


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
    if len(texts) == 1 and len(texts[0]) > 1:
        place = _next_of(lines, start, texts[0])
        return np.where(place + len(texts[0]) <= end, place, -1), np.ones(len(start), np.bool_)
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
    begin = int(start[0]) if len(start) else 0
    if lines.data.find(text, begin, begin + _NEAR) < 0:  # a sample
        places = _occurrences(lines, text, offset)
        return places[np.searchsorted(places, start)]
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


def blanks(lines: Lines) -> Positions:
    """Where blanks stand in the whole buffer, and a place beyond it; remembered."""
    places = lines.remembered.get(b" ")
    if places is None:
        places = lines.remembered[b" "] = np.append(np.flatnonzero(lines.u8[: lines.size] == 32), len(lines.u8))
    return places


def _occurrences(lines: Lines, text: bytes, offset: int) -> Positions:
    """Where `text` stands in the whole buffer, found by its byte at `offset`, and a place beyond the buffer at the end;
    remembered."""
    places = lines.remembered.get(text)
    if places is None:
        places = np.zeros(0, np.int64)
        if lines.data.find(text, 0, lines.size) >= 0:
            places = np.flatnonzero(lines.u8[offset : lines.size] == text[offset])
            places = places[holds(lines, places, text)]
        places = lines.remembered[text] = np.append(places, len(lines.u8))
    return places
