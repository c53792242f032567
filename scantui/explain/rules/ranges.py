"""Sets of whole numbers as sorted, disjoint, inclusive ranges; and such sets of which not every member is known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranges:
    """A set of numbers from 0 to `top`."""

    spans: tuple[Span, ...]
    top: int

    @classmethod
    def of(cls, spans: Iterable[Span], top: int) -> Ranges:
        """The union of inclusive (low, high) pairs; what lies outside 0..top is cut off."""
        merged: list[Span] = []
        for low, high in sorted((max(low, 0), min(high, top)) for low, high in spans):
            if low > high:
                continue
            if merged and low <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(merged[-1][1], high))
            else:
                merged.append((low, high))
        return cls(tuple(merged), top)

    @classmethod
    def all(cls, top: int) -> Ranges:
        return cls(((0, top),), top)

    @property
    def everything(self) -> bool:
        return self.spans == ((0, self.top),)

    def __or__(self, other: Ranges) -> Ranges:
        return Ranges.of((*self.spans, *other.spans), self.top)

    def __invert__(self) -> Ranges:
        gaps, at = [], 0
        for low, high in self.spans:
            gaps.append((at, low - 1))
            at = high + 1
        return Ranges.of((*gaps, (at, self.top)), self.top)

    def __and__(self, other: Ranges) -> Ranges:
        return ~(~self | ~other)

    def __contains__(self, value: int) -> bool:
        at = bisect_right(self.spans, (value, self.top)) - 1
        return at >= 0 and self.spans[at][0] <= value <= self.spans[at][1]

    def holds(self, values: NDArray[np.int64]) -> Bools:
        """Which of `values` are members; for sets whose numbers fit 63 bits, or of which only those below are asked."""
        if not self.spans:
            return np.zeros(len(values), np.bool_)
        most = np.iinfo(np.int64).max
        inside = np.zeros(len(values), np.bool_)
        spans = [span for span in self.spans if span[0] <= most]
        if len(spans) <= 4:
            for low, high in spans:
                inside |= (values >= low) & (values <= min(high, most))
            return inside
        lows = np.array([low for low, _ in spans], np.int64)
        highs = np.array([min(high, most) for _, high in spans], np.int64)
        at = np.searchsorted(lows, values, side="right") - 1
        return (at >= 0) & (values <= highs[np.maximum(at, 0)])


@dataclass(frozen=True, slots=True)
class Partly:
    """A set known in part: `sure` are members, `maybe` may be (a superset). An undefined variable may be anything."""

    sure: Ranges
    maybe: Ranges

    @classmethod
    def exactly(cls, ranges: Ranges) -> Partly:
        return cls(ranges, ranges)

    @classmethod
    def undefined(cls, top: int) -> Partly:
        return cls(Ranges((), top), Ranges.all(top))

    @property
    def empty(self) -> bool:
        return not self.maybe.spans

    @property
    def everything(self) -> bool:
        return self.sure.everything

    def __or__(self, other: Partly) -> Partly:
        return Partly(self.sure | other.sure, self.maybe | other.maybe)

    def __and__(self, other: Partly) -> Partly:
        return Partly(self.sure & other.sure, self.maybe & other.maybe)

    def __invert__(self) -> Partly:
        return Partly(~self.maybe, ~self.sure)
