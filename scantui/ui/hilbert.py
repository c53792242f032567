"""The Hilbert curve: a line through every cell of a square on which neighbours stay neighbours.

Hilbert, "Ueber die stetige Abbildung einer Linie auf ein Flächenstück", 1891. It begins in the top left corner and ends in
the top right one; its quarters are top left, bottom left, bottom right, top right.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


def d2xy(order: int, d: Numbers) -> tuple[Numbers, Numbers]:
    """Column and row, both 0 to 2**order - 1, of the places `d`, 0 to 4**order - 1, along the curve."""
    left = np.array(d, np.int64)
    x, y = np.zeros_like(left), np.zeros_like(left)
    for bit in range(order):
        side = np.int64(1 << bit)
        right = (left >> 1) & 1
        lower = (left ^ right) & 1
        x, y = _turned(x, y, right, lower, side)
        x, y = x + side * right, y + side * lower
        left >>= 2
    return x, y


def xy2d(order: int, x: Numbers, y: Numbers) -> Numbers:
    """The place along the curve of column `x` and row `y`: the inverse of `d2xy`."""
    x, y = np.array(x, np.int64), np.array(y, np.int64)
    d = np.zeros_like(x)
    for bit in reversed(range(order)):
        side = np.int64(1 << bit)
        right, lower = (x >> bit) & 1, (y >> bit) & 1
        d += side * side * ((3 * right) ^ lower)
        x, y = _turned(x & (side - 1), y & (side - 1), right, lower, side)
    return d


def _turned(x: Numbers, y: Numbers, right: Numbers, lower: Numbers, side: np.int64) -> tuple[Numbers, Numbers]:
    """The curve of a quarter in the turn it has there: mirrored top right, transposed in both top quarters."""
    mirror, swap = (right == 1) & (lower == 0), lower == 0
    x, y = np.where(mirror, side - 1 - x, x), np.where(mirror, side - 1 - y, y)
    return np.where(swap, y, x), np.where(swap, x, y)
