"""A text looked for in all log lines that are held, of one source or of all, a little at a time between two polls."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scantui.events import Events
from scantui.safe_text import harmless
from scantui.session.options import Feed
from scantui.snapshot import MOST_FOUND, FoundLines, RawLine

_SLICE = 0.02  # seconds between two polls
_SPAN = 256 * 1024  # most bytes that are fetched at once
_GAP = 4 * 1024  # bytes between two lines up to which they are fetched together
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\n\r"  # what stays as it is on the screen, and what ends lines


@dataclass(frozen=True, slots=True)
class _Span:
    """Lines that lie close together in one source, in order of offset."""

    source: int
    offset: NDArray[np.uint64]
    length: NDArray[np.int64]  # bytes
    ts: NDArray[np.int64]
    code: NDArray[np.uint32]  # of who sent them


class LineSearch:
    """Reads lines of a feed, so it belongs to the thread that polls it. `found` is how far it has come; `legible` makes text of
    a line (of source, offset) that is none."""

    def __init__(self, feed: Feed, legible: Callable[[int, int, bytes], bytes]) -> None:
        self._feed = feed
        self._legible = legible
        self._batches: list[Events] = []  # still to be looked at, the newest last
        self._spans: list[_Span] = []  # of the batch that is looked at
        self.found: FoundLines | None = None

    def seek(self, code: int | None, text: str, batches: Sequence[Events]) -> None:
        """Look for `text` in the lines of these events (oldest first), newest first; capitals count where it has some.

        Until a batch is looked at, its events are counted for its lines."""
        self._batches, self._spans = list(batches), []
        self.found = FoundLines(code, text, held=sum(len(batch) for batch in batches))
        if len(batches) == 1:
            self._some()

    def stop(self) -> None:
        """Forget it."""
        self._batches, self._spans = [], []
        self.found = None

    @property
    def busy(self) -> bool:
        """Whether lines are left to look through."""
        return bool(self._spans or self._batches)

    def go_on(self) -> None:
        """Look through some more lines."""
        end = time.monotonic() + _SLICE
        while self.busy and time.monotonic() < end:
            self._some()

    def _some(self) -> None:
        found = self.found
        if found is None or not self.busy:
            return
        if self._spans:
            self.found = self._look(self._spans.pop(), found)
            return
        batch = self._batches.pop()
        self._spans = sorted(_spans(batch), key=lambda span: int(span.ts.max()))
        lines = sum(len(span.ts) for span in self._spans)
        self.found = replace(found, held=found.held - len(batch) + lines)

    def _look(self, span: _Span, found: FoundLines) -> FoundLines:
        """What is found with this span looked through."""
        texts = _hits(self._feed, self._legible, span, found.text)
        gone = sum(text is None for text in texts.values())
        hits = [row for row, text in texts.items() if text is not None]
        lines = list(found.lines)
        oldest = lines[-1].ts if len(lines) >= MOST_FOUND else None
        known = self._feed.sources()
        path = harmless(known[span.source].path) if span.source in known else ""
        for row in hits:
            if oldest is None or span.ts[row] > oldest:
                at, text = int(span.offset[row]), harmless(texts[row] or b"")
                lines.append(RawLine(int(span.ts[row]), path, at, text, int(span.code[row])))
        if len(lines) != len(found.lines):
            lines.sort(key=lambda line: (-line.ts, line.path, -line.offset))
        return replace(
            found,
            looked=found.looked + len(span.ts),
            found=found.found + len(hits),
            gone=found.gone + gone,
            lines=tuple(lines[:MOST_FOUND]),
        )


def _spans(events: Events) -> Iterator[_Span]:
    """Every line of these events once."""
    order = np.lexsort((events.offset, events.source))
    source, offset = events.source[order], events.offset[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (source[1:] != source[:-1]) | (offset[1:] != offset[:-1])
    order = order[first]
    source, offset = events.source[order], events.offset[order].astype(np.uint64)
    length = events.line_length[order].astype(np.int64)
    ends = offset + length.astype(np.uint64)
    far = (source[1:] != source[:-1]) | (offset[1:] > ends[:-1] + np.uint64(_GAP))
    far |= offset[1:] // np.uint64(_SPAN) != offset[:-1] // np.uint64(_SPAN)
    cuts = [0, *(np.flatnonzero(far) + 1).tolist(), len(order)]
    for start, end in pairwise(cuts):
        if end > start:
            rows = order[start:end]
            yield _Span(int(source[start]), offset[start:end], length[start:end], events.ts[rows], events.src[rows])


def _hits(feed: Feed, legible: Callable[[int, int, bytes], bytes], span: _Span, text: str) -> dict[int, bytes | None]:
    """The lines that hold the text, by their place in the span; None for those that can no longer be read."""
    start = int(span.offset[0])
    data = feed.fetch(span.source, start, int(span.offset[-1] + np.uint64(span.length[-1])) - start)
    begin = (span.offset - span.offset[0]).astype(np.int64)
    if data is None:  # some of it is gone: line by line
        lines = [feed.fetch(span.source, int(at), int(n)) for at, n in zip(span.offset, span.length, strict=True)]
    elif text.isascii() and text.isprintable() and not data.translate(None, _PRINTABLE):
        return {
            row: data[begin[row] : begin[row] + span.length[row]] for row in _rows_with(data, begin, span.length, text)
        }
    else:
        lines = [data[at : at + n] for at, n in zip(begin.tolist(), span.length.tolist(), strict=True)]
    fold = text == text.lower()
    offsets = span.offset.tolist()
    lines = [line and legible(span.source, at, line) for at, line in zip(offsets, lines, strict=True)]
    return {row: line for row, line in enumerate(lines) if line is None or text in _shown(line, fold=fold)}


def _shown(line: bytes, *, fold: bool) -> str:
    """As it would stand on the screen: that is what was typed from."""
    shown = harmless(line)
    return shown.lower() if fold else shown


def _rows_with(data: bytes, begin: NDArray[np.int64], length: NDArray[np.int64], text: str) -> Iterator[int]:
    """Lines of printable ASCII that hold the text, each once."""
    needle = text.encode()
    hay = data.lower() if text == text.lower() else data
    at = hay.find(needle)
    while at >= 0:
        row = int(np.searchsorted(begin, at, "right")) - 1
        if at + len(needle) <= begin[row] + length[row]:
            yield row
            if row + 1 == len(begin):
                return
            at = hay.find(needle, int(begin[row + 1]))
        else:
            at = hay.find(needle, at + 1)
