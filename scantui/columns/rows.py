"""Distinct rows of bytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ODD = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio
_HALF = np.uint64(32)


def distinct_rows(matrix: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(a row of each kind, of every row the number of its kind), for a matrix whose rows are a multiple of 8 bytes long.

    Rows are told apart by a hash, which is then held against their bytes.
    """
    words = np.ascontiguousarray(matrix).view(np.uint64)
    mixed = np.zeros(len(words), np.uint64)
    for i in range(words.shape[1]):
        mixed = (mixed ^ words[:, i]) * np.uint64(_ODD)
        mixed ^= mixed >> _HALF
    _, first, kind = np.unique(mixed, return_index=True, return_inverse=True)
    if not np.array_equal(words[first[kind]], words):
        _, first, kind = np.unique(words, axis=0, return_index=True, return_inverse=True)
        kind = kind.reshape(-1)
    return first, kind
