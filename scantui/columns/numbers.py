"""Numbers and IPv4 addresses read from all lines at once (SWAR: eight digits a 64-bit word)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scantui.columns.lines import Lines, Mask, Positions, U, Words64

_ONES = 0x0101010101010101
_M30, _M76, _M7F, _M80 = U(0x30 * _ONES), U(0x76 * _ONES), U(0x7F * _ONES), U(0x80 * _ONES)
_PAIRS, _QUADS, _LOW32 = U(0x00FF00FF00FF00FF), U(0x0000FFFF0000FFFF), U(0xFFFFFFFF)


# 8 x the digits of 0..255; 256 is what is no octet.
_OCTET_BITS = np.array([8] * 10 + [16] * 90 + [24] * 156 + [0], U)


def _digit_bits(d: Words64) -> Words64:
    """8 x the number of leading digit bytes of windows already xored with '0' (64 when all eight are)."""
    m = ((d & _M7F) + _M76 | d) & _M80
    # Trailing zeros of m are 8 k + 7 for k digits; 64 of them (no mark at all) are eight digits.
    return (np.bitwise_count(~m & (m - U(1))) & np.uint8(0x78)).astype(U)


def _fold(y: Words64) -> Words64:
    """Eight digit bytes, most significant first in memory, to their number."""
    y = (y * U(10) + (y >> U(8))) & _PAIRS
    y = (y * U(100) + (y >> U(16))) & _QUADS
    return (y * U(10000) + (y >> U(32))) & _LOW32


def uint(lines: Lines, p: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Decimal number of up to 7 digits at `p` (any shape): value, number of digits (8: longer; then the value is not all)."""
    d = lines.w8[p] ^ _M30
    bits = _digit_bits(d)
    shift = U(64) - bits
    y = np.where(bits == 0, U(0), d << (shift & U(63)))
    return _fold(y).astype(np.int64), (bits >> U(3)).astype(np.int64)


def uint_long(lines: Lines, p: Positions) -> tuple[NDArray[np.int64], Positions]:
    """Decimal number of up to 15 digits at `p`: value, number of digits (16: longer)."""
    value, digits = uint(lines, p)
    more = np.flatnonzero(digits == 8)
    if len(more):
        rest, count = uint(lines, p[more] + 8)
        value[more] = value[more] * 10 ** np.minimum(count, 8) + rest
        digits[more] += count
    return value, digits


def ipv4(lines: Lines, p: Positions) -> tuple[NDArray[np.uint32], Positions, Mask]:
    """Dotted quad at `p`: address, position after it, whether it is one (1-3 digits a part, each at most 255)."""
    value = np.zeros(p.shape, U)
    ok = np.ones(p.shape, np.bool_)
    at = p
    x = lines.w8[p]
    for part in range(4):
        d = x ^ _M30
        bits = _digit_bits(d)
        # 1 to 3 digits (bits - 8 wraps for none); the last three of them at the top of y.
        ok &= bits - U(8) <= U(16)
        y = d << ((U(64) - bits) & U(63))
        octet = (y >> U(56)) + ((y >> U(48)) & U(255)) * U(10) + ((y >> U(40)) & U(255)) * U(100)
        # A leading zero is refused as the plain parser does: octal or decimal, nobody knows. So the digits must be as many
        # as the octet needs.
        ok &= _OCTET_BITS[np.minimum(octet, U(256))] == bits
        value = value << U(8) | octet
        at = at + (np.minimum(bits, U(32)) >> U(3)).astype(np.int64)
        if part == 3:
            break
        ok &= ((x >> (bits & U(63))) & U(255)) == U(46)
        at = at + 1
        x = x >> ((bits + U(8)) & U(63)) if part in (0, 2) else lines.w8[np.minimum(at, len(lines.w8) - 1)]
    return value.astype(np.uint32), at, ok


def no_digit(windows: Words64) -> Words64:
    """Windows with the high bit of every byte set that is no digit."""
    d = windows ^ _M30
    return ((d & _M7F) + _M76 | d) & _M80


def digit_run(lines: Lines, p: Positions, most: int = 24) -> Positions:
    """How many digits stand at `p` (any shape), counting to `most`."""
    run = _digit_bits(lines.w8[p] ^ _M30) >> U(3)
    step = 8
    while step < most:
        more = np.nonzero(run == step)
        if not len(more[0]):
            break
        run[more] += _digit_bits(lines.w8[np.minimum(p[more] + step, len(lines.w8) - 1)] ^ _M30) >> U(3)
        step += 8
    return run.astype(np.int64)
